"""Doubts: how far should the answer be believed?"""

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.figures.admissions import cannot_tell
from analysis.figures.doubts import at_a_glance, each
from analysis.figures.figure import Source
from analysis.protocol import Protocol
from pages.shared import cached, choices
from pages.shared.cached import Loaded
from pages.shared.examined import Examination
from pages.shared.figures import ready, show
from pages.shared.frame import errors_shown, frame
from pages.shared.opening import made_from, opening

STOPPED = "doubts stopped"
"""Where the session keeps of which protocol the examination was stopped."""


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
        show(opening(data, protocol))
        doubted(data, protocol)


def doubted(data: Loaded, protocol: Protocol) -> None:
    """Examine the doubts under a bar that can be stopped, and show those that were."""
    asked, evaluation = protocol.to_toml(), cached.evaluation(data, protocol)
    examination = cached.examination(data, protocol)
    if not examination.finished and st.session_state.get(STOPPED) != asked:
        _examine(examination, evaluation, asked)
    if not examination.finished:
        _offer_to_go_on(examination)
    if examination.found:
        _shown(examination, made_from(data, protocol))
    show(ready(cannot_tell(evaluation), made_from(data, protocol)))


def _examine(examination: Examination, evaluation: Evaluation, asked: str) -> None:
    place = st.empty()
    with place.container():
        left, right = st.columns([5, 1], vertical_alignment="center")
        right.button("Stop here", key="stop doubts", on_click=_stop, args=(asked,))
        bar, of = left.progress(0.0, "Examining doubts …"), len(examination.names)
        for done in examination.go_on(evaluation):
            bar.progress(done / of, f"{done:,} of {of:,} doubts examined")
    place.empty()


def _stop(asked: str | None) -> None:
    st.session_state[STOPPED] = asked


def _offer_to_go_on(examination: Examination) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.info(f"Stopped: {len(examination.found):,} of {len(examination.names):,} doubts have been examined.")
    right.button("Go on", key="go on doubts", on_click=_stop, args=(None,))


def _shown(examination: Examination, source: Source) -> None:
    show(ready(at_a_glance(examination.found), source))
    for figure in each(examination.found, source):
        show(ready(figure, source))


main()
