"""Verdict: what does an answer come to, about admissions, ratings or one area, with everything that was doubted?"""

import streamlit as st

from analysis.outcomes import AreaMeasure, Rate, Ratings
from analysis.verdict import WORTHWHILE
from pages.shared import answered, gate
from pages.shared.answer import Asked, show_lead, verdict
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import show

SIZES = (5, 10, 15, 20, 25, 30, 40, 50)
WORTH = {
    Rate: "Fewer admissions that would be worth having, %",
    Ratings: "More homes rated better that would be worth having, %",
    AreaMeasure: "A fall that would be worth having, %",
}
"""What the reader names as worthwhile, by what the answer is about."""

ASKS = (
    "What does the answer come to? One of four things, by rules set before it was seen: it helped, it did not "
    "help by as much as would matter, these data cannot tell, or the answer should not be believed."
)


def main() -> None:
    """Draw the page."""
    data = frame("Verdict", ASKS)
    with errors_shown():
        if asked := answered.asked(data, "weigh"):
            weighed(asked)
    st.page_link("pages/doubts.py", label="Read each doubt, with its picture", query_params=st.query_params)


def weighed(asked: Asked) -> None:
    """Ask what would be worth having, and weigh an answer by it."""
    label, first = WORTH[type(asked.protocol.outcome)], int(100 * WORTHWHILE)
    size = st.select_slider(label, SIZES, first, key="worthwhile", bind="query-params")
    source = show_lead(asked)
    gate.show_against_the_lock(asked, source)
    for made in verdict(asked, size):
        show(made)


main()
