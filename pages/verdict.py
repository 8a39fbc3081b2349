"""Verdict: what does an answer come to, about admissions, ratings or one area, with everything that was doubted?"""

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.figures import Source
from analysis.figures.ready import ready
from analysis.verdict import WORTHWHILE
from pages.shared import answer, answered, cached, choices, gate, programmes
from pages.shared.cached import Loaded
from pages.shared.figures import show
from pages.shared.frame import frame

SIZES = (5, 10, 15, 20, 25, 30, 40, 50)
WORTH = {
    "admissions": "Fewer admissions that would be worth having, %",
    "ratings": "More homes rated better that would be worth having, %",
    "area": "A fall that would be worth having, %",
}
"""What the reader names as worthwhile, by what the answer is about."""

ASKS = (
    "What does the answer come to? One of four things, by rules set before it was seen: it helped, it did not "
    "help by as much as would matter, these data cannot tell, or the answer should not be believed."
)


def main() -> None:
    """Draw the page."""
    data = frame("Verdict", ASKS)
    told_of = {"admissions": about_admissions, "ratings": about_ratings, "area": about_an_area}
    answered.by_subject(data, told_of)
    st.page_link("pages/doubts.py", label="Read each doubt, with its picture", query_params=st.query_params)


def worthwhile(about: str) -> int:
    """Ask what would be worth having, in per cent."""
    first = int(100 * WORTHWHILE)
    return st.select_slider(WORTH[about], SIZES, first, key="worthwhile", bind="query-params")


def about_admissions(data: Loaded) -> None:
    """Weigh an answer about admissions."""
    if (protocol := choices.asked(data)) is None:
        return
    size = worthwhile("admissions")
    answer.show_first(data, protocol)
    gate.show_against_the_lock(data, protocol, answer.made_from(data, protocol))
    for made in answer.verdict(data, protocol, size):
        show(made)


def about_ratings(data: Loaded) -> None:
    """Weigh an answer about supported homes' ratings."""
    if (asked := answered.rated(data)) is None:
        return
    size = worthwhile("ratings")
    source, first = programmes.answer(data, asked)
    show(first)
    gate.show_against_the_lock(data, asked.protocol, source)
    told(cached.evaluation(data, asked.protocol, asked.listed), size, source)


def about_an_area(data: Loaded) -> None:
    """Weigh an answer about one area's months."""
    if (asked := answered.of_area(data, "weigh")) is None:
        return
    size = worthwhile("area")
    evaluation, source = answered.area_answer(*asked)
    gate.show_against_the_lock(asked[0], evaluation.protocol, source)
    told(evaluation, size, source)


def told(evaluation: Evaluation, size: int, source: Source) -> None:
    """Show what an answer comes to and what it rests on."""
    from analysis.figures import weighed  # noqa: PLC0415 - the answer is on the screen first

    for made in weighed.figures(evaluation, evaluation.checks, size / 100):
        show(ready(made, source))


main()
