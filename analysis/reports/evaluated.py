"""What stands in the report of an evaluation, in which order?

The first page has what a committee must have read: the question, the answer with what must stand beside it, and the two
gravest doubts. Behind it the numbers, how they were come by, what was doubted, what cannot be told, and all that is
needed to do it again.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation
from analysis.figures import Figure, Source, Table
from analysis.figures.by_outcome import figures_of, source_of
from analysis.figures.doubts import at_a_glance, each, worst_first
from analysis.figures.weighed import on_card
from analysis.outcomes import Rate
from analysis.reports.before import alike
from analysis.reports.designs import Facts, facts_of
from analysis.reports.items import reporting
from analysis.reports.locks import NOTHING_PARTS, Lock, before_digest, deviations, of_another_question, said, who_digest
from analysis.reports.made_from import made_from
from analysis.reports.report import IN_NUMBERS, Part, Report, in_numbers
from analysis.reports.target import InReport
from analysis.results import Check
from analysis.tables.columns import Column, named
from analysis.words import verdict

Items = Mapping[str, str]
WORST = 2
"""Doubts on the first page: more would not be read."""
CANNOT_TELL, WENT_IN, DOUBTS = "What this cannot tell you", "What went in", "Doubts, examined"
NOT_LOCKED = (
    "This report was made without a lock: nothing shows that the protocol was fixed before the answer was seen, or how "
    "often it was tried. Whoever hands this report on should say so."
)
DIGITS = (
    "Every estimate to the digits of effects.csv, which the command line writes and this report's HTML form holds. "
    "Whoever runs the protocol on the same data gets these."
)
DESIGN = (Column("What", "what"), Column("How it was here", "how"))
ESTIMATES = (
    Column("By", "by"), Column("Group", "group"), Column("What", "term"), Column("Estimate", "estimate"),
    Column("Interval from", "conf_low"), Column("Interval to", "conf_high"), Column("Standard error", "std_error"),
    Column("p", "p_value"),
)  # fmt: skip


def evaluation_report(
    evaluation: Evaluation, name: str, lock: Lock | None = None, items: Items = MappingProxyType({})
) -> Report:
    """Make the report of an evaluation.

    Parameters
    ----------
    evaluation : Evaluation
    name : str
        What the data are called.
    lock : Lock, optional
        With which the protocol was fixed before.
    items : mapping of str to str
        What the evaluator wrote of the items of reporting guidelines that are open (`items.open_items`).
    """
    source, facts = source_of(evaluation, name), facts_of(evaluation)
    first, *rest = figures_of(evaluation, source)
    estimates = evaluation.files()["effects.csv"]
    protocol = evaluation.protocol.to_toml()
    return Report(
        title=_title(evaluation.protocol.title),
        question=facts.question,
        answer=_weighed(evaluation, first),
        doubts=_worst(evaluation.checks),
        parts=tuple(_parts(evaluation, (first, *rest), source, (facts, protocol, estimates, lock, items))),
        source=source,
        files={"protocol.toml": protocol.encode(), "effects.csv": estimates},
    )


def _title(given: str) -> str:
    """Say a protocol's title as a heading: one that was made from a name in a file has underscores."""
    said = named(given)
    return f"{said[:1].upper()}{said[1:]}"


def _weighed(evaluation: Evaluation, first: Figure) -> Figure:
    """Add to an answer about admissions what it comes to and what it costs to believe it, where it was doubted."""
    if not (evaluation.checks and isinstance(evaluation.protocol.outcome, Rate)):
        return first
    card = on_card(evaluation, evaluation.checks)
    return replace(first, call=card.call, facts=card.facts, cost=card.cost)


def _worst(checks: Sequence[Check]) -> tuple[tuple[str, str], ...] | None:
    """Give the doubts that the first page must have; None where the protocol examines none."""
    grave = [check for check in worst_first(checks) if check.passed is not True]
    return tuple((check.name, f"{verdict(check)}. {check.reading}") for check in grave[:WORST]) if checks else None


def _parts(
    evaluation: Evaluation,
    figures: Sequence[Figure],
    source: Source,
    told: tuple[Facts, str, bytes, Lock | None, Items],
) -> Iterable[Part]:
    """Yield the parts behind the first page."""
    facts, protocol, estimates, lock, items = told
    answer, *rest = figures
    doubts = {DOUBTS, *(check.name for check in evaluation.checks)}
    found = [figure for figure in rest if figure.title not in doubts]
    limits = [figure for figure in found if "cannot tell you" in figure.title]
    went_in = [figure for figure in found if figure.title == WENT_IN]
    found = [figure for figure in found if figure not in (*limits, *went_in)]
    before = _alike(evaluation)
    titles = {figure.title for figure in (*rest, *before)} | doubts | {"Every estimate", CANNOT_TELL, WENT_IN}
    if answer.tables:
        titles.add(IN_NUMBERS)
        yield in_numbers(answer)
    yield Part(title="How it was done", figures=(_design(facts), *before))
    yield Part(title="What was found", figures=tuple(found))
    if evaluation.checks:
        glance = at_a_glance(evaluation.checks)
        yield Part(title=DOUBTS, figures=(glance, *each(evaluation.checks, source)))
    yield Part(title=CANNOT_TELL, figures=tuple(limits))
    yield Part(title=WENT_IN, figures=tuple(went_in))
    yield Part(title="Protocol", figures=(_locked(evaluation, lock),), text=protocol)
    yield Part(title="Reporting guidelines", figures=reporting(
        evaluation, facts, items, InReport(titles=frozenset(titles), lock=lock)))  # fmt: skip
    yield made_from(evaluation.provenance, source)
    yield Part(title="Every estimate", figures=(every(estimates),), whole=True)


def _alike(evaluation: Evaluation) -> tuple[Figure, ...]:
    """Hold homes with the intervention beside those without it, of an answer about admissions."""
    if not isinstance(evaluation.protocol.outcome, Rate):
        return ()
    told = alike(evaluation.shown, evaluation.design)
    return () if told is None else (told,)


def _locked(evaluation: Evaluation, lock: Lock | None) -> Figure:
    """Say whether the protocol was fixed before, and what was changed since."""
    if lock is None:
        return Figure(warning=NOT_LOCKED)
    if another := of_another_question(lock, evaluation.protocol):
        raise AnalysisError(another, do="Leave --lock out, or give the lock of this protocol.")
    before, code = before_digest(evaluation.observed, lock.until), evaluation.provenance["code"]["sha256"]
    who = who_digest(evaluation.spells, evaluation.protocol)
    parted = deviations(lock, evaluation.protocol, before, code, who)
    title = f"What was changed since the lock ({len(parted)})"
    return Figure(
        sentence=f"{said(lock)} {NOTHING_PARTS if not parted else ''}".strip(),
        more=((title, parted),) if parted else (),
    )


def _design(facts: Facts) -> Figure:
    """Lay the design out."""
    told = [(what, f"{how[:1].upper()}{how[1:]}") for what, how in facts.rows.items()]
    tidy = pd.DataFrame(told, columns=["what", "how"])
    return Figure(tables=(Table(tidy=tidy, columns=DESIGN, title="The design"),))


def every(estimates: bytes) -> Figure:
    """Lay out the estimates as they stand in their file, to the digit."""
    tidy = pd.read_csv(io.BytesIO(estimates), dtype=str, keep_default_na=False)
    return Figure(sentence=DIGITS, tables=(Table(tidy=tidy, columns=ESTIMATES, title="effects.csv"),))
