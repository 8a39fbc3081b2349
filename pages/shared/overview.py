"""The Overview page: what is loaded, what can be asked, and a first answer."""

import streamlit as st

from analysis.protocol import brief
from analysis.words.asks import QUESTIONS
from pages.shared import answer, cached
from pages.shared.cached import Loaded
from pages.shared.figures import say, show
from pages.shared.frame import errors_shown, frame

ACROSS = 4
"""Questions beside one another."""


def overview() -> None:
    """Draw the page."""
    data = frame("Overview")
    st.markdown("Did an intervention help England's care homes, or would it have happened anyway?")
    with errors_shown():
        what_is_loaded(data)
        first_answer(data)
    st.header("What you can ask")
    every = list(QUESTIONS.items())
    for first in range(0, len(every), ACROSS):  # a row each, so that cards of one row are level
        for column, (name, asks) in zip(st.columns(ACROSS), every[first:], strict=False):
            with column.container(border=True):
                st.page_link(f"pages/{name}.py", label=f"**{asks.question}**")
                st.markdown(asks.answer)


def what_is_loaded(data: Loaded) -> None:
    """Count homes, months and interventions."""
    counted = {
        "Homes": cached.homes(data),
        "Months of admissions": len(cached.months_counted(data)),
        "Interventions": len(cached.interventions(data)),
    }
    for column, (what, number) in zip(st.columns(len(counted)), counted.items(), strict=True):
        column.metric(what, f"{number:,}")


def first_answer(data: Loaded) -> None:
    """Answer for the largest intervention, unasked."""
    given = cached.interventions(data)
    if given.empty:
        st.info("Load a list of interventions, with their homes and starts, on the Data page to see a first answer.")
        return
    protocol = brief(given["intervention"].iloc[0])
    st.header("A first answer")
    say(answer.first_figure(data, protocol).figure.headline)
    st.page_link("pages/admissions.py", label="See how this was worked out, and change the question")
    made = answer.months(data, protocol)
    if made.drawing:
        show(made)
