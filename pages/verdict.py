"""Verdict: what does the answer come to, with everything that was doubted about it?"""

import streamlit as st

from analysis.verdict import WORTHWHILE
from pages.shared import answer, choices, gate
from pages.shared.figures import show
from pages.shared.frame import errors_shown, frame

SIZES = (5, 10, 15, 20, 25, 30, 40, 50)

ASKS = (
    "What does the answer come to? One of four things, by rules set before it was seen: it helped, it did not "
    "help by as much as would matter, these data cannot tell, or the answer should not be believed."
)


def main() -> None:
    """Draw the page."""
    data = frame("Verdict", ASKS)
    protocol = choices.asked(data)
    if protocol is None:
        return
    size = st.select_slider(
        "Fewer admissions that would be worth having, %", SIZES, int(100 * WORTHWHILE), key="worthwhile",
        bind="query-params",
    )  # fmt: skip
    with errors_shown():
        show(answer.first_figure(data, protocol))
        gate.show_against_the_lock(data, protocol, answer.made_from(data, protocol))
        for made in answer.verdict(data, protocol, size):
            show(made)
        st.page_link("pages/doubts.py", label="Read each doubt, with its picture", query_params=st.query_params)


main()
