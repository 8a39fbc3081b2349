"""Which supported homes does the visitor ask about, and what has been worked out for them?

Each choice is a field; together they are a protocol, whose answers are those of `homeward evaluate`. A pasted list of
homes stands in for an intervention of the store: its download is a file of interventions.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from analysis.design import Others, Plan
from analysis.figures.ready import ReadyFigure, ready
from analysis.outcomes import AlsoOfRatings, Ratings
from analysis.paths import zipped
from analysis.protocol import Protocol, of_closures, of_ratings
from analysis.ratings import anyway
from analysis.ratings.base_rates import Dates
from analysis.ratings.key_questions import by_question, order
from analysis.ratings.supported import by_need, listed_spells, other_starts
from analysis.tables import csv
from analysis.words.phrases import called
from pages.shared import cached
from pages.shared.answer import Asked
from pages.shared.cached import Loaded, remembered
from pages.shared.form import choose, fold, in_address, month
from pages.shared.frame import errors_shown

A_LIST = "A list of homes"
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
FOUR_MORE = "Ask again without each home and provider, from other days and in other councils: four more doubts"
SEED = Protocol(plan=Plan(intervention="")).seed
"""Of the resampling behind the order of key questions of all homes, which is told beside that of supported ones too."""


def asked(data: Loaded, outcome: Ratings) -> Asked | None:
    """Ask which homes were supported, and by which methods they are looked at; None while nothing is asked."""
    column, other = st.columns([1, 2])
    named = cached.interventions(data)["intervention"]
    ranked = remembered(data, ("interventions",), lambda: by_need(data.store, cached.inspections(data), named))
    name = choose(column, "Supported homes", {each: called(each) for each in (*ranked, A_LIST)}, "supported")
    listed = None
    if name == A_LIST and (listed := _listed(data, other)) is None:
        return None
    others = _others(data, "" if name == A_LIST else name, other)
    models, also, doubted = _longer()
    plan = Plan(intervention=name if listed is None else listed["intervention"].iloc[0], others=others)
    protocol = of_ratings(plan, replace(outcome, also=also or None), models=models, doubted=doubted)
    return Asked(data=data, protocol=protocol, listed=listed)


def _listed(data: Loaded, column) -> pd.DataFrame | None:
    label = "One home a line: its CQC location id or its name"
    text = column.text_area(label, height=140, **in_address("homes"))
    days = cached.inspections(data).rated()["published"]
    months = [str(each) for each in pd.period_range(days.min(), days.max(), freq="M")]
    since = month(column, "Supported from", months, "since", first=months[max(0, len(months) - 37)])
    if not text.strip():
        st.info("Paste the homes, and choose the month from which they were supported.")
        return None
    with errors_shown():
        return listed_spells(data.store, cached.inspections(data), text, since)


def _others(data: Loaded, intervention: str, column) -> Others:
    """Ask what becomes of homes in which something else was done, where any is known to have been."""
    if other_starts(data.store, intervention).empty:
        return "leave out"
    return choose(column, "Homes with another intervention", ALONGSIDE, "alongside")


def _longer() -> tuple[bool, tuple[AlsoOfRatings, ...], bool]:
    """Ask for what takes longer than the first answer."""
    with fold("Other methods, and what else can be worked out"):
        models = st.toggle("Fit models of the ratings: two more answers, and doubts about them", **in_address("models"))
        doubted = st.toggle(FOUR_MORE, **in_address("doubted"))
        on = {key: st.toggle(label, **in_address(key)) for key, (_, label) in ALSO.items()}
    # what inspectors were told is asked of a model
    return models or on["told"], tuple(name for key, (name, _) in ALSO.items() if on[key]), doubted


def closures(asked: Asked) -> tuple[ReadyFigure, ...]:
    """Ask of the same homes whether fewer of them closed, or remember it."""
    protocol = of_closures(asked.protocol)

    def made() -> tuple[ReadyFigure, ...]:
        from analysis.figures import closures as figures  # noqa: PLC0415 - a second to import

        evaluation = cached.evaluation(asked.data, protocol, asked.listed)
        source = figures.source(evaluation, asked.data.name)
        return tuple(ready(figure, source) for figure in figures.under_a_heading(evaluation, source))

    return remembered(asked.data, ("closures", *asked.key), made)


def files(asked: Asked) -> bytes:
    """Give the answer's files as the terminal writes them, and a list's homes, as a ZIP."""
    written = asked.evaluation.files()
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
