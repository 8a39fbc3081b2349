"""Did fewer supported homes leave the register than homes like them? How that is asked and told."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import disclosure
from analysis.inspections import Inspections, stored_inspections
from analysis.outcomes import Closures
from analysis.protocol import Protocol
from analysis.questions import Question, made_from_inspections
from analysis.ratings.closures import Following, following_from
from analysis.results import TIDY, Effects, Fitted
from analysis.store import Store
from analysis.words import closures as words
from analysis.words.phrases import called

ACCOUNT = ("what", "homes", "why")


def observe(store: Store, outcome: Closures) -> Inspections:
    """Give every home, its ratings, and how it ended."""
    return stored_inspections(store, outcome.services)


def design(observed: Inspections, spells: pd.DataFrame, protocol: Protocol) -> Following:
    """Say who is followed, from when to when."""
    outcome = protocol.outcome
    assert isinstance(outcome, Closures)
    return following_from(observed, spells, protocol.plan, outcome)


def compare(fitted: Fitted[Inspections, Following]) -> pd.DataFrame:
    """Say what every method finds."""
    rows = [answer.tidy().assign(method=name, why="") for name, answer in fitted.answers.items()]
    return pd.concat(rows, ignore_index=True).reindex(columns=["method", *TIDY, "why"])


def account(fitted: Fitted[Inspections, Following]) -> pd.DataFrame:
    """Say which homes the answer rests on, and which were left out: `ACCOUNT`; supported ones are all that were."""
    return pd.DataFrame([*_rows(fitted)], columns=list(ACCOUNT)).astype({"homes": "Int64"})


def _rows(fitted: Fitted[Inspections, Following]) -> Iterator[tuple]:
    summary, following = fitted.effects.summary, fitted.design
    treated, others = (int(summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    yield "used", treated, "supported homes on which the answer rests"
    yield "used", others, "other homes that were followed"
    out = int(following.supported.sum()) - treated
    if out:
        yield "left out", out, "supported homes: too few others stood at their rating on the day they started"
    yield from (("left out", row.homes, f"supported homes: {row.reason}") for row in following.left_out.itertuples())


def headline(protocol: Protocol, fitted: Fitted[Inspections, Following]) -> str:
    """Say how often supported homes closed beside homes like them."""
    return words.headline(fitted.effects, f"the {called(protocol.plan.intervention)}")


def _made_from(observed: Inspections) -> dict[str, dict[str, str]]:
    days = pd.concat([observed.frame["date"], observed.homes["deregistered"]]).dropna()
    return made_from_inspections(observed, days)


def _glance(effects: Effects) -> dict[str, Any]:
    """Give the glance with a small number of closures missing."""
    shown = effects.glance().iloc[0]
    events = pd.NA if disclosure.small(float(shown["events"])) else shown["events"]
    return {str(name): value for name, value in {**shown, "events": events}.items()}


QUESTION: Question[Inspections, Following] = Question(
    observe=observe,
    design=design,
    compare=compare,
    account=account,
    headline=headline,
    made_from=_made_from,
    glance=_glance,
    disclosure="Registrations are published, and counts are of homes; numbers of closures from 1 to 7 are kept back.",
    written=("registered_again",),
)
