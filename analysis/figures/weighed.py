"""What does an answer come to? The verdict, what it rests on, which rule decided, what matters most against it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.figures.answer import answer
from analysis.figures.doubts import worst_first
from analysis.figures.figure import Fact, Figure, Table
from analysis.figures.period import by_period
from analysis.results import Check
from analysis.tables import event_study
from analysis.tables.columns import Column
from analysis.verdict import RULES, WORTHWHILE, Verdict, decide, evidence
from analysis.words import verdict
from analysis.words import weighed as words
from analysis.words.estimates import before_start

RULES_READ = (Column("Rule", "rule"), Column("Says", "says"), Column("Here", "here"))


def weighed(evaluation: Evaluation, checks: Sequence[Check], worthwhile: float = WORTHWHILE) -> Verdict:
    """Weigh an answer.

    Parameters
    ----------
    checks : sequence of Check
        The doubts, in the order of the protocol.
    worthwhile : float
        The least fall (for ratings: rise) worth having, as a part.
    """
    examined = dict(zip(evaluation.protocol.checks, checks, strict=False))
    fitted = evaluation.fitted
    compared = evaluation.question.compare(fitted)
    return decide(evidence(evaluation.protocol.outcome, fitted, compared, examined), worthwhile)


def called(first: Figure, evaluation: Evaluation, checks: Sequence[Check]) -> Figure:
    """Add to an answer what it comes to and what it costs to believe it; nothing that nobody doubted helped."""
    if not checks:
        return first
    found = weighed(evaluation, checks)
    return replace(first, call=words.call(found), cost=words.cost(found))


def on_card(evaluation: Evaluation, checks: Sequence[Check], worthwhile: float = WORTHWHILE) -> Figure:
    """Give the answer about admissions with what it comes to, how homes ran before, and what it costs to believe it."""
    first = answer(evaluation)
    if not checks:  # nothing is said to have helped that nobody doubted
        return first
    found = weighed(evaluation, checks, worthwhile)
    before = before_start(event_study(evaluation.published))
    worst = next((check for check in worst_first(checks) if check.passed is not True), None)
    beside = [Fact("Before the start", *before)]
    beside += [Fact("Worst doubt", verdict(worst), f"{worst.name} {worst.number}".strip())] if worst else []
    made = replace(first, call=words.call(found), facts=(*first.facts, *beside), cost=words.cost(found), chart=None)
    return by_period(made, evaluation.panel.length)


def figures(evaluation: Evaluation, checks: Sequence[Check], worthwhile: float = WORTHWHILE) -> Iterator[Figure]:
    """Yield the verdict and all it rests on."""
    found = weighed(evaluation, checks, worthwhile)
    examined = dict(zip(evaluation.protocol.checks, checks, strict=False))
    yield Figure(title="The verdict", headline=words.verdict_said(found), notes=tuple(words.rests_on(found)))
    yield Figure(
        title="What matters most against it",
        notes=tuple(words.against(found, examined, worst_first(checks))),
    )
    rows = [(name, call, "decided" if name == found.rule else "") for name, call, _ in RULES]
    yield Figure(
        title="How the verdict is reached",
        sentence="Rules in order: the first that holds decides. They were set before any answer was seen.",
        tables=(Table(tidy=pd.DataFrame(rows, columns=["rule", "says", "here"]), columns=RULES_READ, title=""),),
    )
