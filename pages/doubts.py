"""Doubts: how far should the answer be believed?"""

import streamlit as st

from analysis.figures.admissions import cannot_tell
from analysis.figures.doubts import at_a_glance, each
from analysis.figures.ready import ready
from analysis.protocol import Protocol
from analysis.steps import Steps
from pages.shared import answer, cached, choices
from pages.shared.cached import Loaded
from pages.shared.figures import show
from pages.shared.frame import errors_shown, frame
from pages.shared.sections import shown
from pages.shared.steps import under_a_bar


def main() -> None:
    """Draw the page."""
    data = frame("Doubts")
    st.markdown(
        "How far should the answer about admissions be believed? Every doubt, examined, the gravest first. A rate "
        "ratio of 1 is no difference, and one of 0.80 is 20% fewer."
    )
    protocol = choices.asked(data)
    if protocol is None:
        return
    with errors_shown():
        show(answer.first_figure(data, protocol))
        doubted(data, protocol)


def doubted(data: Loaded, protocol: Protocol) -> None:
    """Examine the doubts under a bar that can be stopped, and show those that were."""
    source, examination = answer.made_from(data, protocol), answer.examination(data, protocol)
    under_a_bar(examination, "Examining doubts", protocol.to_toml(), "{done:,} of {of:,} doubts examined", how_far)
    if examination.found:
        show(ready(at_a_glance(examination.found), source))
        shown(each(examination.found, source), source)
    show(ready(cannot_tell(cached.evaluation(data, protocol)), source))


def how_far(examination: Steps) -> str:
    """Say how many were examined before it was stopped."""
    return f"Stopped: {len(examination.found):,} of {examination.of:,} doubts have been examined."


main()
