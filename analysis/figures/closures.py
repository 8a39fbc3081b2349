"""Did fewer supported homes close? What is shown of an evaluation, in the order in which it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis import charts
from analysis.evaluation import Evaluation
from analysis.figures.answer import source_of
from analysis.figures.doubts import doubts
from analysis.figures.figure import Figure, Source, Table
from analysis.results import Check
from analysis.tables import closures as tables
from analysis.words import closures as words

HOLDS_ONE = "An interval that holds 1 leaves open whether anything changed. Groups rest on fewer homes than the answer."
MADE_FROM = (
    "On each day on which homes started, the others registered then, at the same rating and as alike in size and kind "
    "as there were enough of, are followed for as long; closures by one provider count as one decision."
)


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from; `name` is what the data are called."""
    seen = evaluation.observed
    return source_of(evaluation, seen.homes["area_name"], name, inspections_sha256=seen.digest)


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    yield answer(evaluation)
    yield from rest(evaluation, evaluation.checks, source)


def under_a_heading(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield the same for a section of a page about more than closures."""
    first, *others = figures(evaluation, source)
    yield replace(first, title="")
    yield from (replace(each, level=3) for each in others)


def answer(evaluation: Evaluation) -> Figure:
    """Say the answer, with what must be known beside it."""
    effects = evaluation.published
    more = words.averted(effects)
    return Figure(title="The answer", headline=evaluation.headline, notes=(*([more] if more else []), *effects.notes))


def rest(evaluation: Evaluation, checks: Sequence[Check], source: Source) -> Iterator[Figure]:
    """Yield all that stands behind the answer."""
    effects = evaluation.published
    yield _compared(evaluation, source)
    became, alike = effects.diagnostic("became"), effects.diagnostic("alike")
    yield Figure(
        title="What became of supported homes",
        sentence=words.FEW_WORDS,
        tables=(
            Table(tidy=became, columns=tables.BECAME, title="What became of every supported home"),
            Table(tidy=alike, columns=tables.ALIKE, name="homes_like_them", title="Whom they are compared with"),
        ),
    )
    yield from doubts(checks)
    yield Figure(title="What this comparison cannot tell you", notes=words.CANNOT_TELL)
    account = Table(
        tidy=evaluation.account(), columns=tables.ACCOUNT, title="Homes that take part, and why others do not"
    )
    yield Figure(title="What went in", tables=(account,))


def _compared(evaluation: Evaluation, source: Source) -> Figure:
    """Draw closures over those expected, overall and by rating and kind of home."""
    rows = tables.groups(evaluation.published)
    drawn = bool(rows["estimate"].notna().any())
    return Figure(
        title="Closures, and closures expected anyway",
        sentence=f"{MADE_FROM} {HOLDS_ONE if drawn else tables.left_out_why(evaluation.published)}",
        chart=charts.over_expected(rows, of="closed") if drawn else None,
        caption=source.caption(words.FEW_WORDS) if drawn else "",
        tables=(Table(tidy=rows, columns=tables.GROUPS, name="closures_over_expected"),),
    )
