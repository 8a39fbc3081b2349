"""Of which answer is more asked: its doubts, or what it comes to? About admissions, ratings or one area."""

from collections.abc import Callable, Mapping

import streamlit as st

from analysis.outcomes import AreaMeasure, Ratings
from analysis.sources.schema import KEY_QUESTIONS
from pages.shared import areas, cached, programmes
from pages.shared.cached import Loaded
from pages.shared.form import choose
from pages.shared.frame import errors_shown

ABOUT = {"admissions": "Admissions", "ratings": "Ratings", "area": "One area"}


def by_subject(data: Loaded, told: Mapping[str, Callable[[Loaded], None]]) -> None:
    """Ask what the answer is about, and show what is asked of it: one of `ABOUT` to what draws it."""
    about = choose(st.columns(3)[0], "An answer about", ABOUT, "about")
    with errors_shown():
        told[about](data)


def rated(data: Loaded) -> programmes.Asked | None:
    """Ask of which supported homes' rating; None while nothing is asked."""
    if cached.inspections(data).rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return None
    question = choose(st.columns(3)[0], "Rating", KEY_QUESTIONS, "question")
    return programmes.asked(data, Ratings(key_question=question, services=data.services))


def of_area(data: Loaded, what: str) -> tuple[Loaded, AreaMeasure] | None:
    """Ask for one area's measure, with the data that hold it; None where there is nothing, or too little to do this."""
    held = areas.loaded(data)
    if areas.outcomes(held).empty:
        st.info(areas.NEEDS)
        return None
    outcome = areas.asked(held)
    if areas.too_few_years(held, outcome):
        st.info(f"So few years before the start leave nothing to {what}. Choose a later start, or a measure by month.")
        return None
    return held, outcome
