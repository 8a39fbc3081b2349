"""What is done with each kind of outcome: what is observed, how it is designed, who is asked, and how it is told?

One row per question (`Question`), one module each; `analysis.evaluation` carries any of them out and knows none.
A new question is an outcome (`analysis.outcomes`), its keys (`analysis.protocol`), and a row here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Generic, TypeVar

import pandas as pd

from analysis.inspections import Inspections
from analysis.outcomes import AreaMeasure, Closures, Outcome, Rate, Ratings, Residents, Stays
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.results import By, Effects, Fitted, Model
from analysis.store import Store

Observed = TypeVar("Observed")
Designed = TypeVar("Designed")


def fitted_by(model: Model, observed: Any, designed: Any) -> Effects:
    """Fit a model: its only verb."""
    return model.fit(observed, designed)


def as_it_is(effects: Effects, observed: Any, designed: Any, outcome: Outcome) -> Effects:
    """Give an answer as it is: small numbers were kept back where it was made."""
    return effects


def with_notes(effects: Effects, observed: Any, designed: Any, outcome: Outcome) -> Effects:
    """Give an answer as it is, with what the design has to say: of what is published and counts no people."""
    return replace(effects, notes=(*designed.notes, *effects.notes))


def whole_estimates(effects: Effects, by: By) -> pd.DataFrame:
    """Give every estimate of a grouping: for answers in which what is small was kept back where they were made."""
    return effects.tidy(by)


def whole_glance(effects: Effects) -> dict[str, Any]:
    """Give every value of `GLANCE`: for outcomes that count no people."""
    return {str(name): value for name, value in effects.glance().iloc[0].items()}


def made_from_panel(panel: Panel) -> dict[str, dict[str, str]]:
    """Give digest and months of a panel."""
    return {"panel": {"digest": panel.digest, "first": str(panel.months[0]), "last": str(panel.months[-1])}}


def made_from_inspections(observed: Inspections, days: pd.Series) -> dict[str, dict[str, str]]:
    """Give digest and months of ratings, or of what else happened on some days."""
    first, last = ("", "") if days.empty else (f"{days.min():%Y-%m}", f"{days.max():%Y-%m}")
    return {"inspections": {"digest": observed.digest, "first": first, "last": last}}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question(Generic[Observed, Designed]):
    """How one kind of outcome is asked about. Its methods and checks are named in `analysis.protocol.registry`.

    Parameters
    ----------
    observe : callable (Store, Outcome) -> O
        What was observed.
    show : callable (Observed, Store, Outcome) -> Observed, optional
        The same as it may be handed on, which methods are fitted to; as it is where there is none.
    told : callable (Store, Outcome) -> object, optional
        What `show` then needs of the store beside, as its last argument: worked out while it is observed.
    design : callable (Observed, DataFrame, Protocol) -> D
        Who is compared with whom; the frame holds who had which intervention from when to when, by home.
    compare : callable (Fitted) -> DataFrame
        What every method says of the one effect.
    account : callable (Fitted) -> DataFrame
        What was used, noticed and left out, with the reason in the last column.
    headline : callable (Protocol, Fitted) -> str
    judge : callable (Fitted) -> object, optional
        What all answers come to together: `Fitted.judged`.
    disclosure : str
        How counts were protected, or why they need not be.
    fit : callable (Model, Observed, Designed) -> Effects
    publish : callable (Effects, Observed, Designed, Outcome) -> Effects
        An answer as it may be handed on.
    estimates : callable (Effects, By) -> DataFrame
        Rows of one grouping as they may be handed on.
    glance : callable (Effects) -> Mapping
        One value per name of `GLANCE`, as it may be handed on.
    made_from : callable (Observed) -> dict
        Digest and months of what was observed, by what it is called; for the provenance.
    written : tuple of str
        Checks whose tables are written with the diagnostics: none that counts people.
    """

    observe: Callable[[Store, Any], Observed]
    design: Callable[[Observed, pd.DataFrame, Protocol], Designed]
    compare: Callable[[Fitted[Observed, Designed]], pd.DataFrame]
    account: Callable[[Fitted[Observed, Designed]], pd.DataFrame]
    headline: Callable[[Protocol, Fitted[Observed, Designed]], str]
    disclosure: str
    fit: Callable[[Model, Observed, Designed], Effects] = fitted_by
    publish: Callable[[Effects, Observed, Designed, Any], Effects] = as_it_is
    estimates: Callable[[Effects, By], pd.DataFrame] = whole_estimates
    glance: Callable[[Effects], Mapping[str, Any]] = whole_glance
    made_from: Callable[[Any], dict[str, dict[str, str]]] = made_from_panel
    written: tuple[str, ...] = ()
    show: Callable[..., Observed] | None = None
    told: Callable[[Store, Any], Any] | None = None
    judge: Callable[[Fitted[Observed, Designed]], Any] | None = None


QUESTIONS: Mapping[type, str] = {
    Rate: "analysis.questions.rates:QUESTION",
    Ratings: "analysis.questions.ratings:QUESTION",
    Closures: "analysis.questions.closures:QUESTION",
    AreaMeasure: "analysis.questions.areas:QUESTION",
    Residents: "analysis.questions.residents:QUESTION",
    Stays: "analysis.questions.stays:QUESTION",
}
"""Outcome to its question, loaded when it is asked."""


def question_of(outcome: Outcome) -> Question:
    """Give the question that an outcome asks."""
    module, name = QUESTIONS[type(outcome)].split(":")
    return getattr(import_module(module), name)
