"""Admissions: did an intervention change them?"""

import streamlit as st

from analysis.figures.doubts import GLANCE_TITLE
from analysis.outcomes import Stays
from analysis.paths import zipped
from pages.shared import answer, cached, choices, gate
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import admissions_offered, show_whole
from pages.shared.showing import as_text, record, show

NEXT = {
    "pages/doubts.py": "Read each doubt, with its picture",
    "pages/comparison.py": "Is the comparison fair, and what do other analyses say?",
    "pages/verdict.py": "What does it all come to? The verdict",
}
"""Where the reader goes on from the doubts at a glance."""


def main() -> None:
    """Draw the page."""
    data = frame("Admissions", "Did an intervention change how often residents go to hospital in an emergency?")
    protocol = choices.asked(data, stays=True)
    if protocol is None:
        return
    with errors_shown():
        asked = answer.Asked(data=data, protocol=protocol)
        if isinstance(protocol.outcome, Stays):
            show_whole(asked)
            return
        card = answer.show_first(data, protocol)
        if without := answer.without_pandemic(
            data, protocol
        ):  # another question, which waits behind those of other visitors
            st.markdown(f"- {as_text(without)}")
        gate.show_against_the_lock(asked, answer.made_from(data, protocol))
        every = answer.figures(data, protocol)
        card.weigh(answer.weighed(data, protocol))
        for made in every:
            show(made)
            if made.figure.title == GLANCE_TITLE:
                for page, label in NEXT.items():
                    st.page_link(page, label=label, query_params=st.query_params)
        record(
            protocol.to_toml(),
            answer.made_from(data, protocol),
            lambda: zipped(cached.evaluation(data, protocol).files()),
        )
        admissions_offered(data, protocol)
        answer.compared_otherwise(data, protocol)


main()
