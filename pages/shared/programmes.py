"""Which supported homes does the visitor ask about, and what has been worked out for them?

Kept as in `cached`: for everybody where the data are shared, for the session where they are the visitor's own; keyed by
the data's digest, the homes with their starts, and the key question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd
import streamlit as st

from analysis.design import Others
from analysis.inspections import spells_of
from analysis.ratings import ObservedExpected, Transitions, transitions
from analysis.ratings.base_rates import By, Dates
from analysis.ratings.curves import Curves, supported_curves
from analysis.ratings.key_questions import by_question, order, supported_by_question
from analysis.ratings.placebos import Placebos, placebos
from analysis.ratings.supported import below_good, intervention_starts, listed_starts, other_starts
from analysis.ratings.waits import times
from analysis.results import Effects
from analysis.words.phrases import called
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.fields import kept_month
from pages.shared.frame import told

A_LIST = "A list of homes"
ALONGSIDE: Mapping[Others, str] = {
    "leave out": "Compared until it began",
    "keep": "Kept, as if nothing else had been done there",
    "estimate": "Kept, and the answer is net of it",
}
SEED = 20261126
"""Of the resampling behind the order of key questions, and of the lots of placebo programmes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Supported:
    """Homes that were supported.

    Parameters
    ----------
    called : str
        Such as "the manager training".
    started : Series of datetime64, index home
    key : str
        SHA-256 of both.
    intervention : str
        Its name in the store; none of a list of homes.
    others : Others
        What becomes of homes with another intervention.
    """

    called: str
    started: pd.Series
    key: str
    intervention: str = ""
    others: Others = "leave out"

    @property
    def listed(self) -> pd.DataFrame:
        """Homes with their starts, for a download: home, started."""
        return self.started.sort_index().rename("started").rename_axis("home").reset_index()


def supported(data: Loaded, months: list[str]) -> Supported | None:
    """Ask which homes were supported; None while nothing is asked.

    Parameters
    ----------
    data : Loaded
    months : list of str
        Months in which a list of homes can have started.
    """
    named = _by_need(data)
    column, other = st.columns([1, 2])
    asked = column.selectbox(
        "Supported homes", [*named, A_LIST], format_func=called, key="supported", bind="query-params"
    )
    if asked == A_LIST:
        return _listed(data, months, other)
    others = _others(data, str(asked), other)
    with told():
        starts = intervention_starts(data.store, str(asked))
        return _kept(f"the {called(str(asked))}", starts, others, str(asked))


def _listed(data: Loaded, months: list[str], column) -> Supported | None:
    text = column.text_area(
        "One home a line: its CQC location id or its name", key="homes", height=140, bind="query-params"
    )
    month = column.selectbox("Supported from", months, index=max(0, len(months) - 37), **kept_month("since", months))
    others = _others(data, "", column)
    if not text.strip():
        st.info("Paste the homes, and choose the month from which they were supported.")
        return None
    with told():
        day = pd.Timestamp(f"{month}-01")
        return _kept("the support", listed_starts(data.store, cached.inspections(data), text, day), others)


def _others(data: Loaded, intervention: str, column) -> Others:
    """Ask what becomes of homes in which something else was done, where any is known to have been."""
    if other_starts(data.store, intervention).empty:
        return "leave out"
    asked = column.selectbox("Homes with another intervention", list(ALONGSIDE),
                             format_func=ALONGSIDE.__getitem__, key="alongside", bind="query-params")  # fmt: skip
    return asked or "leave out"


def _kept(called: str, started: pd.Series, others: Others, intervention: str = "") -> Supported:
    text = "\n".join(f"{home} {day:%Y-%m-%d}" for home, day in started.sort_index().items())
    key = sha256(f"{called}\n{others}\n{text}".encode()).hexdigest()
    return Supported(called=called, started=started, key=key, intervention=intervention, others=others)


def until_when(data: Loaded, homes: Supported) -> pd.Series | None:
    """Find the day another intervention began in each home; None where such homes are kept."""
    return None if homes.others == "keep" else other_starts(data.store, homes.intervention)


def _by_need(data: Loaded) -> list[str]:
    """Interventions, those with most homes below Good first: they are the ones that ratings can say something about."""

    def made() -> list[str]:
        known, names = cached.inspections(data), [*cached.interventions(data)["intervention"]]
        low = {name: below_good(known, intervention_starts(data.store, name)) for name in names}
        return sorted(names, key=lambda name: (-low[name], name))

    return remembered(data, ("interventions",), made)


def compared(data: Loaded, homes: Supported, key_question: str) -> Effects:
    """Compare supported homes with homes like them."""

    def made() -> Effects:
        model = ObservedExpected(key_question=key_question, other_interventions=homes.others)
        return model.fit(cached.inspections(data), homes.started, other_starts(data.store, homes.intervention))

    return remembered(data, ("compared", homes.key, key_question), made)


def curves(data: Loaded, homes: Supported, key_question: str) -> Curves:
    """Follow supported homes and homes like them."""

    def made() -> Curves:
        spells = spells_of(cached.inspections(data), key_question)
        return supported_curves(spells, homes.started, until_when(data, homes))

    return remembered(data, ("curves", homes.key, key_question), made)


def nothing_done(data: Loaded, homes: Supported, key_question: str) -> Placebos:
    """Run placebo programmes in other councils and quarters."""

    def made() -> Placebos:
        other = other_starts(data.store, homes.intervention)
        return placebos(cached.inspections(data), homes.started, key_question, other, homes.others, seed=SEED)

    return remembered(data, ("placebos", homes.key, key_question), made)


def supported_questions(data: Loaded, homes: Supported) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the key questions of supported homes, one by one and in their order."""

    def made() -> tuple[pd.DataFrame, pd.DataFrame]:
        known = cached.inspections(data)
        other = other_starts(data.store, homes.intervention)
        rows = supported_by_question(known, homes.started, other, homes.others)
        return rows, order(known, homes.started, seed=SEED)

    return remembered(data, ("supported questions", homes.key), made)


def every_question(data: Loaded) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the key questions of all homes, one by one and in their order."""

    def made() -> tuple[pd.DataFrame, pd.DataFrame]:
        known = cached.inspections(data)
        return by_question(known), order(known, seed=SEED)

    return remembered(data, ("questions",), made)


def soon(data: Loaded, key_question: str) -> tuple[pd.DataFrame, str]:
    """Say how soon ratings come, and what is known of homes that left."""

    def made() -> tuple[pd.DataFrame, str]:
        spells = spells_of(cached.inspections(data), key_question)
        return times(spells), spells.leaving

    return remembered(data, ("soon", key_question), made)


def moved(data: Loaded, by: By | None, dates: Dates, key_question: str) -> Transitions:
    """Count how ratings moved from one inspection to the next."""

    def made() -> Transitions:
        known, helped = cached.inspections(data), other_starts(data.store)
        return transitions(known, by=by, dates=dates, key_question=key_question, supported=helped)

    return remembered(data, ("moved", str(by), dates, key_question), made)
