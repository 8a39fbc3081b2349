"""Doubts: how far should an answer be believed, about admissions, about ratings or about one area?"""

from dataclasses import replace

from analysis.evaluation import examination as examination_of
from analysis.figures import Source
from analysis.figures.admissions import cannot_tell
from analysis.figures.doubts import OBSERVED, RATIOS, at_a_glance, each
from analysis.figures.ready import ready
from analysis.protocol import of_ratings
from analysis.results import Check
from analysis.steps import Steps
from pages.shared import answer, answered, cached, choices, gate, programmes
from pages.shared.cached import Loaded
from pages.shared.figures import show
from pages.shared.frame import frame
from pages.shared.sections import shown
from pages.shared.steps import under_a_bar

ASKS = "How far should an answer be believed? Every doubt about it, examined, the gravest first."


def main() -> None:
    """Draw the page."""
    data = frame("Doubts", ASKS)
    told_of = {"admissions": about_admissions, "ratings": about_ratings, "area": about_an_area}
    answered.by_subject(data, told_of)


def about_admissions(data: Loaded) -> None:
    """Examine the doubts about homes' admissions."""
    if (protocol := choices.asked(data)) is None:
        return
    answer.show_first(data, protocol)
    gate.show_against_the_lock(data, protocol, answer.made_from(data, protocol))
    source = answer.made_from(data, protocol)
    examined(answer.examination(data, protocol), protocol.to_toml(), source, RATIOS)
    show(ready(cannot_tell(cached.evaluation(data, protocol)), source))


def examined(examination: Steps[Check], asked: object, source: Source, numbers: str) -> None:
    """Examine the doubts of an answer under a bar that can be stopped, and show those that were."""
    under_a_bar(examination, "Examining doubts", asked, "{done:,} of {of:,} doubts examined", how_far)
    told(tuple(examination.found), source, numbers)


def how_far(steps: Steps) -> str:
    """Say how many were examined before it was stopped."""
    return f"Stopped: {len(steps.found):,} of {steps.of:,} doubts have been examined."


def about_ratings(data: Loaded) -> None:
    """Examine every doubt about supported homes' ratings, those that ask all methods and ask again too."""
    if (asked := answered.rated(data)) is None:
        return
    asked = replace(asked, protocol=of_ratings(asked.protocol.plan, asked.protocol.outcome, models=True))
    source, first = programmes.answer(data, asked)
    show(first)
    evaluation = cached.evaluation(data, asked.protocol, asked.listed)
    examination = cached.remembered(data, ("examination", *asked.key), lambda: examination_of(evaluation))
    examined(examination, asked.key, source, OBSERVED)


def about_an_area(data: Loaded) -> None:
    """Examine every doubt about one area's months."""
    if (asked := answered.of_area(data, "examine")) is None:
        return
    held, outcome = asked
    evaluation, source = answered.area_answer(held, outcome)
    question = evaluation.protocol.to_toml()
    examination = cached.remembered(held, ("examination", question), lambda: examination_of(evaluation))
    examined(examination, question, source, RATIOS)


def told(checks: tuple[Check, ...], source: Source, numbers: str) -> None:
    """Show all at a glance, and each with its picture."""
    if checks:
        show(ready(at_a_glance(checks), source))
        shown(each(checks, source, numbers), source)


main()
