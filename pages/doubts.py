"""Doubts: how far should an answer be believed, about admissions, about ratings or about one area?"""

from dataclasses import replace

import streamlit as st

from analysis.figures import Source
from analysis.figures.admissions import cannot_tell
from analysis.figures.by_outcome import source_of
from analysis.figures.doubts import OBSERVED, RATIOS, at_a_glance, each
from analysis.figures.ready import ready
from analysis.outcomes import Rate, Ratings
from analysis.protocol import of_ratings
from analysis.steps import Steps
from pages.shared import answered, gate
from pages.shared.answer import Asked, show_lead
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import say, show, shown
from pages.shared.steps import under_a_bar

ASKS = "How far should an answer be believed? Every doubt about it, examined, the gravest first."


def main() -> None:
    """Draw the page."""
    data = frame("Doubts", ASKS)
    with errors_shown():
        if asked := answered.asked(data, "examine"):
            doubted(asked)


def doubted(asked: Asked) -> None:
    """Examine every doubt, those about ratings that ask all methods and ask again too."""
    outcome, planned = asked.protocol.outcome, asked
    if isinstance(outcome, Ratings):
        asked = replace(asked, protocol=of_ratings(asked.protocol.plan, outcome, models=True))
    place, evaluation = st.empty(), asked.evaluation
    examination = evaluation.examination
    carded = isinstance(outcome, Rate) or examination.finished  # for another visitor, or for the verdict
    with place.container():
        source = answer(asked, carded=carded)
    gate.show_against_the_lock(planned, source)
    under_a_bar(examination, "Examining doubts", "".join(asked.key), EXAMINED, how_far)
    if examination.finished and not carded:
        with place.container():
            show_lead(asked)
    if checks := examination.found:
        show(ready(at_a_glance(checks), source))
        shown(each(checks, source, OBSERVED if isinstance(outcome, Ratings) else RATIOS), source)
    if isinstance(outcome, Rate):
        show(ready(cannot_tell(evaluation), source))


def answer(asked: Asked, *, carded: bool) -> Source:
    """Show the answer as a card, or in words alone: of ratings and areas the card weighs every doubt, once examined."""
    if carded:
        return show_lead(asked)
    st.header("The answer")
    say(asked.evaluation.headline)
    return source_of(asked.evaluation, asked.data.name)


EXAMINED = "{done:,} of {of:,} doubts examined"


def how_far(steps: Steps) -> str:
    """Say how many were examined before it was stopped."""
    return f"Stopped: {len(steps.found):,} of {steps.of:,} doubts have been examined."


main()
