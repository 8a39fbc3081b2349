"""Verdict: what does an answer come to, about admissions, ratings or one area, with everything that was doubted?"""

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.figures import Source
from analysis.figures import areas as of_an_area
from analysis.figures.ready import ready
from analysis.outcomes import Ratings
from analysis.sources.schema import KEY_QUESTIONS
from analysis.verdict import WORTHWHILE
from pages.shared import answer, areas, cached, choices, gate, programmes
from pages.shared.cached import Loaded
from pages.shared.figures import show
from pages.shared.form import choose
from pages.shared.frame import errors_shown, frame

SIZES = (5, 10, 15, 20, 25, 30, 40, 50)
ABOUT = {"admissions": "Admissions", "ratings": "Ratings", "area": "One area"}
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
    about = choose(st.columns(3)[0], "An answer about", ABOUT, "about")
    with errors_shown():
        {"admissions": about_admissions, "ratings": about_ratings, "area": about_an_area}[about](data)
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
    show(answer.first_figure(data, protocol))
    gate.show_against_the_lock(data, protocol, answer.made_from(data, protocol))
    for made in answer.verdict(data, protocol, size):
        show(made)


def about_ratings(data: Loaded) -> None:
    """Weigh an answer about supported homes' ratings."""
    if cached.inspections(data).rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return
    question = choose(st.columns(3)[0], "Rating", KEY_QUESTIONS, "question")
    if (asked := programmes.asked(data, Ratings(key_question=question, services=data.services))) is None:
        return
    size = worthwhile("ratings")
    source, first = programmes.answer(data, asked)
    show(first)
    told(cached.evaluation(data, asked.protocol, asked.listed), size, source)


def about_an_area(data: Loaded) -> None:
    """Weigh an answer about one area's months."""
    held = areas.loaded(data)
    if (outcomes := areas.outcomes(held)).empty:
        st.info("This needs figures by council: delayed transfers of care or ASCOF. Load them on the Data page.")
        return
    outcome = areas.asked(outcomes)
    if areas.too_short(outcomes, outcome):
        st.info("So few years before the start leave nothing to weigh. Choose a later start, or a measure by month.")
        return
    size = worthwhile("area")
    evaluation = cached.evaluation(held, areas.protocol_of(outcome))
    source = of_an_area.source(evaluation, held.name)
    show(ready(of_an_area.answer(evaluation, evaluation.fitted.judged), source))
    told(evaluation, size, source)


def told(evaluation: Evaluation, size: int, source: Source) -> None:
    """Show what an answer comes to and what it rests on."""
    from analysis.figures import weighed  # noqa: PLC0415 - the answer is on the screen first

    for made in weighed.figures(evaluation, evaluation.checks, size / 100):
        show(ready(made, source))


main()
