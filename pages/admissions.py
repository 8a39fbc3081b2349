"""Admissions: did an intervention change them?"""

import streamlit as st

from analysis.figures.doubts import GLANCE_TITLE
from pages.shared import cached, choices
from pages.shared.figures import show, zipped
from pages.shared.frame import as_text, errors_shown, frame
from pages.shared.opening import figures, made_from, opening, without_pandemic
from pages.shared.sections import record


def main() -> None:
    """Draw the page."""
    data = frame("Admissions")
    st.markdown("Did an intervention change how often residents go to hospital in an emergency?")
    protocol = choices.asked(data)
    if protocol is None:
        return
    with errors_shown():
        show(opening(data, protocol))
        if without := without_pandemic(data, protocol):  # another question, which waits behind those of other visitors
            st.markdown(f"- {as_text(without)}")
        for made in figures(data, protocol):
            show(made)
            if made.figure.title == GLANCE_TITLE:
                st.page_link("pages/doubts.py", label="Read each doubt, with its picture", query_params=st.query_params)
        record(protocol.to_toml(), made_from(data, protocol), lambda: zipped(cached.evaluation(data, protocol).files()))


main()
