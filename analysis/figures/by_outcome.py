"""Which figures show the answer to which question?"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source
from analysis.figures.level import USUAL, at_level
from analysis.figures.markdown import markdown
from analysis.figures.period import by_period
from analysis.outcomes import AreaMeasure, Closures, Rate, Ratings, Residents, Stays

FIGURES: Mapping[type, str] = {
    Rate: "analysis.figures.admissions",
    Ratings: "analysis.figures.ratings",
    Closures: "analysis.figures.closures",
    AreaMeasure: "analysis.figures.areas",
    Residents: "analysis.figures.residents",
    Stays: "analysis.figures.stays",
}
"""Outcome to the module that yields its figures; each has `source` and `figures`."""


def _of(evaluation: Evaluation) -> Any:
    return import_module(FIGURES[type(evaluation.protocol.outcome)])


def source_of(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from; `name` is what the data are called."""
    return _of(evaluation).source(evaluation, name)


def figures_of(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    level = float(evaluation.published.summary["conf_level"])  # type: ignore[arg-type]
    doubted = {check.name for check in evaluation.checks} if level != USUAL else set()  # which say their own
    for figure in _of(evaluation).figures(evaluation, source):
        told = figure if level == USUAL or figure.title in doubted else at_level(figure, level)
        yield by_period(told, source.length)


def in_words(evaluation: Evaluation, name: str) -> str:
    """Write everything that is shown of an evaluation as Markdown."""
    source = source_of(evaluation, name)
    return markdown(evaluation.protocol.title, figures_of(evaluation, source), source)
