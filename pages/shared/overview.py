"""The Overview page: what is loaded, what can be asked, and a first answer."""

import streamlit as st

from pages.shared import cached, choices
from pages.shared.cached import Loaded
from pages.shared.figures import say, show
from pages.shared.frame import errors_shown, frame
from pages.shared.opening import months, opening

ASK = {
    "pages/admissions.py": (
        "Did it change admissions?",
        "Emergency admissions per bed-day, in homes with and without an intervention: the effect, month by month, "
        "by kind of home, and what would have happened otherwise.",
    ),
    "pages/ratings.py": (
        "How do ratings move?",
        "How often homes of each rating get better, stay or get worse at their next inspection. Any claim that a "
        "programme improved ratings has to beat this.",
    ),
    "pages/areas.py": (
        "Did one council change?",
        "Delayed transfers of one council against all others, by eight methods side by side: how large, how unusual, "
        "how long it lasted, and whether the year it is measured from was a spike.",
    ),
    "pages/doubts.py": (
        "Should it be believed?",
        "Every doubt about the answer on admissions, examined, the gravest first: were homes chosen for a bad spell, "
        "did they run alike before, does it hang on one home?",
    ),
    "pages/what_if.py": (
        "What would happen if?",
        "An intervention laid on the homes' own baseline: admissions averted, what it costs and whom it saves, as a "
        "range and never as one number.",
    ),
    "pages/targeting.py": (
        "To which homes?",
        "Whom to offer it to when there is not enough for all, what choosing truly buys once luck is taken out, and a "
        "rule that can be published.",
    ),
    "pages/planning.py": (
        "Could a study find it?",
        "The smallest effect that the next evaluation could find with your homes, who starts when, and what to "
        "collect.",
    ),
    "pages/data.py": (
        "Can I use my own files?",
        "Yes: CQC files as published, admissions, bed-days, and a list of who had what, from when. They stay in your "
        "session and are forgotten when it ends.",
    ),
}


def overview() -> None:
    """Draw the page."""
    data = frame("Overview")
    st.markdown("Did an intervention help England's care homes, or would it have happened anyway?")
    with errors_shown():
        what_is_loaded(data)
        first_answer(data)
    st.header("What you can ask")
    asked = list(ASK.items())
    for row in (asked[:4], asked[4:]):
        for column, (path, (question, answer)) in zip(st.columns(4), row, strict=False):
            with column.container(border=True):
                st.page_link(path, label=f"**{question}**")
                st.markdown(answer)


def what_is_loaded(data: Loaded) -> None:
    """Count homes, months and interventions."""
    given = cached.interventions(data)
    homes, months, named = st.columns(3)
    homes.metric("Homes", f"{cached.homes(data):,}")
    months.metric("Months of admissions", f"{len(cached.months_counted(data)):,}")
    named.metric("Interventions", f"{len(given):,}")


def first_answer(data: Loaded) -> None:
    """Answer for the largest intervention, unasked."""
    given = cached.interventions(data)
    if given.empty:
        st.info("Load a list of interventions, with their homes and starts, on the Data page to see a first answer.")
        return
    protocol = choices.first_protocol(given)
    st.header("A first answer")
    say(opening(data, protocol).figure.headline)
    st.page_link("pages/admissions.py", label="See how this was worked out, and change the question")
    made = months(data, protocol)
    if made.drawing:
        show(made)
