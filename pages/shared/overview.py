"""The Overview page: three doors, a first answer that nobody had to ask for, and everything that can be asked."""

from functools import partial

import streamlit as st

from analysis.design import Plan
from analysis.outcomes import Ratings
from analysis.protocol import Protocol, brief, of_ratings
from analysis.words.asks import DOORS, QUESTIONS
from pages.shared import answer, cached
from pages.shared.answer import Asked
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
    with errors_shown(stops=False):
        first_answer(data)
    with errors_shown():
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
    """Answer for the largest intervention, unasked: about admissions, or else about ratings."""
    given = cached.interventions(data)
    if given.empty:
        st.info("Load a list of interventions, with their homes and starts, on the Data page to see a first answer.")
    elif cached.months_counted(data):
        about_admissions(data, brief(given["intervention"].iloc[0]))
    elif cached.inspections(data).rated().empty:
        st.info("Load admissions and bed-days, or a CQC file with ratings, on the Data page to see a first answer.")
    else:
        plan, outcome = Plan(intervention=given["intervention"].iloc[0]), Ratings(services=data.services)
        answer.show_lead(Asked(data=data, protocol=of_ratings(plan, outcome, models=False, doubted=False)))
        st.page_link("pages/ratings.py", label="See how this was worked out, and change the question")


def about_admissions(data: Loaded, protocol: Protocol) -> None:
    """Answer, and begin with what the pages that this leads to begin with."""
    card = answer.show_first(data, protocol)
    st.page_link("pages/admissions.py", label="See how this was worked out, and change the question")
    if weighed := answer.weighed_already(data, protocol.plan):
        card.weigh(weighed)
    beforehand(partial(answer.made_from, data, protocol))  # every page that it leads to begins with that
