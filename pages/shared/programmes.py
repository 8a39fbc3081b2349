"""Which supported homes does the visitor ask about, and what has been worked out for them?

Each choice is a field; together they are a protocol, whose answers are those of `homeward evaluate`. A pasted list of
homes stands in for an intervention of the store: its download is a file of interventions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from analysis.design import Others, Plan
from analysis.figures import Source
from analysis.outcomes import AlsoOfRatings, Ratings
from analysis.protocol import MODELS, Protocol, always
from analysis.protocol.registry import LEADING, RATINGS
from analysis.ratings import anyway
from analysis.ratings.base_rates import Dates
from analysis.ratings.key_questions import by_question, order
from analysis.ratings.supported import below_good, intervention_starts, listed_starts, other_starts
from analysis.tables import csv
from analysis.words.phrases import called
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.fields import fold, in_address, month_in_address
from pages.shared.figures import Ready, ready, zipped
from pages.shared.frame import errors_shown

A_LIST = "A list of homes"
LISTED = ("support", "listed support", "support of the list")
"""What the intervention of a list is called in its protocol: the first that no intervention of the store is."""
REPEAT_A_LIST = (
    "The homes of the list are in the ZIP (supported_homes.csv): load that file too, as the interventions it is."
)
ALONGSIDE: Mapping[Others, str] = {
    "leave out": "Compared until it began",
    "keep": "Kept, as if nothing else had been done there",
    "estimate": "Kept, and the answer is net of it",
}
ALSO: Mapping[str, tuple[AlsoOfRatings, str]] = {
    "placebos": ("placebo_programmes", "Set the answer beside placebo programmes, in which nothing was done"),
    "five": ("key_questions", "Compare the five key questions: one of them may stand out by chance"),
    "told": ("inspectors_told", "Try other reasons for inspections (up to a minute)"),
}
"""Switch to what it asks for, and what stands on it."""
OF_MODELS = ("proportional_odds", "methods_agree")
"""Checks of more than the first method."""
SEED = Protocol(plan=Plan(intervention="")).seed
"""Of the resampling behind the order of key questions of all homes, which is told beside that of supported ones too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What the visitor asks of supported homes.

    Parameters
    ----------
    protocol : Protocol
    listed : DataFrame, optional
        Homes of a list, as spells of an intervention.
    """

    protocol: Protocol
    listed: pd.DataFrame | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What an answer depends on beside the data."""
        return (self.protocol.to_toml(), "" if self.listed is None else self.listed.to_csv())


def asked(data: Loaded, outcome: Ratings) -> Asked | None:
    """Ask which homes were supported, and by which methods they are looked at; None while nothing is asked."""
    column, other = st.columns([1, 2])
    options = [*_by_need(data), A_LIST]
    name = column.selectbox("Supported homes", options, format_func=called, **in_address("supported")) or A_LIST
    listed = None
    if name == A_LIST and (listed := _listed(data, other)) is None:
        return None
    others = _others(data, "" if name == A_LIST else name, other)
    methods, also = _methods()
    plan = Plan(intervention=name if listed is None else listed["intervention"].iloc[0], others=others)
    checks = tuple(check for check in always(RATINGS) if len(methods) > 1 or check not in OF_MODELS)
    return Asked(
        protocol=Protocol(plan=plan, outcome=replace(outcome, also=also or None), methods=methods, checks=checks),
        listed=listed,
    )


def _by_need(data: Loaded) -> list[str]:
    """Interventions, those with most homes below Good first: they are the ones that ratings can say something about."""

    def made() -> list[str]:
        known, names = cached.inspections(data), [*cached.interventions(data)["intervention"]]
        low = {name: below_good(known, intervention_starts(data.store, name)) for name in names}
        return sorted(names, key=lambda name: (-low[name], name))

    return remembered(data, ("interventions",), made)


def _listed(data: Loaded, column) -> pd.DataFrame | None:
    text = column.text_area("One home a line: its CQC location id or its name", height=140, **in_address("homes"))
    days = cached.inspections(data).rated()["published"]
    months = [str(month) for month in pd.period_range(days.min(), days.max(), freq="M")]
    month = column.selectbox(
        "Supported from", months, index=max(0, len(months) - 37), **month_in_address("since", months)
    )
    if not text.strip():
        st.info("Paste the homes, and choose the month from which they were supported.")
        return None
    with errors_shown():
        started = listed_starts(data.store, cached.inspections(data), text, pd.Timestamp(f"{month}-01")).sort_index()
    taken = {*cached.interventions(data)["intervention"]}
    name = next(name for name in LISTED if name not in taken)
    return pd.DataFrame({"location_id": started.index, "intervention": name, "started": started.array})


def _others(data: Loaded, intervention: str, column) -> Others:
    """Ask what becomes of homes in which something else was done, where any is known to have been."""
    if other_starts(data.store, intervention).empty:
        return "leave out"
    label = "Homes with another intervention"
    return (
        column.selectbox(label, list(ALONGSIDE), format_func=ALONGSIDE.__getitem__, **in_address("alongside")) or "keep"
    )


def _methods() -> tuple[tuple[str, ...], tuple[AlsoOfRatings, ...]]:
    """Ask for what takes longer than the first answer."""
    with fold("Other methods, and what else can be worked out"):
        models = st.toggle("Fit models of the ratings: two more answers, and doubts about them", **in_address("models"))
        on = {key: st.toggle(label, **in_address(key)) for key, (_, label) in ALSO.items()}
    every = tuple(MODELS[RATINGS])
    several = models or on["told"]  # what inspectors were told is asked of a model
    return (every if several else (LEADING,)), tuple(name for key, (name, _) in ALSO.items() if on[key])


def answer(data: Loaded, asked: Asked) -> tuple[Source, Ready]:
    """Give the answer, and what it was made from, or remember them."""
    from analysis.figures import ratings as figures  # noqa: PLC0415 - a second to import, and the choices are on screen

    def made() -> tuple[Source, Ready]:
        evaluation = cached.evaluation(data, asked.protocol, asked.listed)
        source = figures.source(evaluation, data.name)
        return source, ready(figures.answer(evaluation), source)

    return remembered(data, ("answer", *asked.key), made)


def rest(data: Loaded, asked: Asked) -> tuple[Ready, ...]:
    """Draw and doubt everything the answer rests on, or remember it."""
    from analysis.figures import ratings as figures  # noqa: PLC0415 - as above

    def made() -> tuple[Ready, ...]:
        evaluation, (source, _) = cached.evaluation(data, asked.protocol, asked.listed), answer(data, asked)
        return tuple(ready(figure, source) for figure in figures.rest(evaluation, evaluation.checks, source))

    return remembered(data, ("rest", *asked.key), made)


def files(data: Loaded, asked: Asked) -> bytes:
    """Give the answer's files as the terminal writes them, and a list's homes, as a ZIP."""
    written = cached.evaluation(data, asked.protocol, asked.listed).files()
    return zipped(written if asked.listed is None else written | {"supported_homes.csv": csv(asked.listed, {})})


def base_rates(data: Loaded, dates: Dates, key_question: str) -> anyway.BaseRates:
    """Count how ratings moved from one inspection to the next, or remember it."""

    def made() -> anyway.BaseRates:
        return anyway.base_rates(cached.inspections(data), other_starts(data.store), key_question, dates)

    return remembered(data, ("moved", dates, key_question), made)


def every_question(data: Loaded) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the key questions of all homes, one by one and in their order, or remember them."""
    known = cached.inspections(data)
    return remembered(data, ("questions",), lambda: (by_question(known), order(known, seed=SEED)))
