"""What does an answer come to? The verdict, what it rests on, which rule decided, what matters most against it."""

from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.figures.doubts import worst_first
from analysis.figures.figure import Figure, Table
from analysis.results import Check
from analysis.tables.columns import Column
from analysis.verdict import RULES, WORTHWHILE, Verdict, decide, evidence
from analysis.words import weighed as words

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
