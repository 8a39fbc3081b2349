"""The Overview page: three doors, a first answer that nobody had to ask for, and everything that can be asked."""

from functools import partial

import streamlit as st

from analysis.protocol import brief
from analysis.words.asks import DOORS, QUESTIONS
from pages.shared import answer, cached
from pages.shared.cached import Loaded
from pages.shared.frame import errors_shown, frame
from pages.shared.menu import GROUPS
from pages.shared.turns import beforehand


def overview() -> None:
    """Draw the page."""
    data = frame("Overview", "Did an intervention help England's care homes, and what would happen if there were more?")
    for column, (page, door) in zip(st.columns(len(DOORS)), DOORS.items(), strict=True):
        with column.container(border=True, key=f"door-{page}", height="stretch"):
            st.page_link(f"pages/{page}.py", label=f"**{door.question}**")
            st.markdown(door.answer)
    with errors_shown():
        first_answer(data)
        what_is_loaded(data)
    st.header("What you can ask")
    for group, pages in GROUPS.items():
        asked = {path: QUESTIONS[name] for path in pages if (name := path[6:-3]) in QUESTIONS}
        if asked:
            st.html(f'<p class="hw-group">{group}</p>')
        for path, asks in asked.items():
            left, right = st.columns([3, 7])
            left.page_link(path, label=asks.question)
            right.markdown(asks.answer)


def what_is_loaded(data: Loaded) -> None:
    """Count homes, months and interventions."""
    counted = {
        "Homes": cached.homes(data),
        "Months of admissions": len(cached.months_counted(data)),
        "Interventions": len(cached.interventions(data)),
    }
    st.header("What is loaded")
    for column, (what, number) in zip(st.columns(len(counted)), counted.items(), strict=True):
        column.metric(what, f"{number:,}")


def first_answer(data: Loaded) -> None:
    """Answer for the largest intervention, unasked."""
    given = cached.interventions(data)
    if given.empty:
        st.info("Load a list of interventions, with their homes and starts, on the Data page to see a first answer.")
        return
    protocol = brief(given["intervention"].iloc[0])
    card = answer.show_first(data, protocol)
    st.page_link("pages/admissions.py", label="See how this was worked out, and change the question")
    if weighed := answer.weighed_already(data, protocol.plan):
        card.weigh(weighed)
    beforehand(partial(answer.made_from, data, protocol))  # every page that it leads to begins with that
