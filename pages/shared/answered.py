"""Of which answer is more asked: its doubts, or what it comes to? About admissions, ratings or one area."""

import streamlit as st

from analysis.outcomes import Ratings
from analysis.sources.schema import KEY_QUESTIONS
from pages.shared import areas, cached, choices, programmes
from pages.shared.answer import Asked
from pages.shared.cached import Loaded
from pages.shared.form import choose

ABOUT = {"admissions": "Admissions", "ratings": "Ratings", "area": "One area"}


def asked(data: Loaded, what: str) -> Asked | None:
    """Ask what the answer is about, and which; None, which is said, where there is none, or too little to do this."""
    about = choose(st.columns(3)[0], "An answer about", ABOUT, "about")
    if about == "ratings":
        return _rated(data)
    if about == "area":
        return _of_area(areas.loaded(data), what)
    protocol = choices.asked(data)
    return None if protocol is None else Asked(data=data, protocol=protocol)


def _rated(data: Loaded) -> Asked | None:
    """Ask of which supported homes' rating."""
    if cached.inspections(data).rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return None
    question = choose(st.columns(3)[0], "Rating", KEY_QUESTIONS, "question")
    return programmes.asked(data, Ratings(key_question=question, services=data.services))


def _of_area(held: Loaded, what: str) -> Asked | None:
    """Ask for one area's measure."""
    if areas.outcomes(held).empty:
        st.info(areas.NEEDS)
        return None
    outcome = areas.asked(held)
    if areas.too_few_years(held, outcome):
        st.info(f"So few years before the start leave nothing to {what}. Choose a later start, or a measure by month.")
        return None
    return Asked(data=held, protocol=areas.protocol_of(outcome))
