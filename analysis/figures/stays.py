"""Did residents come to hospital at other hours, stay shorter, or wait less? What is shown, in its order."""

from collections.abc import Iterator

from analysis.charts import forest
from analysis.evaluation import Evaluation
from analysis.figures.answer import source_of
from analysis.figures.doubts import doubts
from analysis.figures.figure import Figure, Source, Table
from analysis.outcomes import StayMeasure, Stays
from analysis.results import interval
from analysis.tables import stays as tables
from analysis.words import stays as words


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from."""
    months = evaluation.provenance["panel"]
    span = f", {months['first'][:4]}–{months['last'][:4]}"
    return source_of(evaluation, evaluation.observed.units["area"], name, span)


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    yield answer(evaluation)
    yield _ratios(evaluation, source)
    yield from doubts(evaluation.checks)
    yield Figure(title="What this cannot tell you", notes=words.CANNOT_TELL[_measure(evaluation)])
    account = Table(tidy=evaluation.account(), columns=tables.ACCOUNT, title="Home-months that take part, and others")
    yield Figure(title="What went in", tables=(account,))


def answer(evaluation: Evaluation) -> Figure:
    """Say the answer, with what must be known beside it."""
    effects = evaluation.published
    warnings = " ".join(caveat.words for caveat in effects.caveats)
    return Figure(title="The answer", warning=warnings, headline=evaluation.headline, notes=effects.notes)


def _ratios(evaluation: Evaluation, source: Source) -> Figure:
    """Draw the ratio over all homes and by kind of home."""
    rows = tables.ratios(evaluation.published)
    drawn = rows.dropna(subset=["estimate", "conf_low", "conf_high"])
    told = [interval(row["estimate"], row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
    return Figure(
        title="With the intervention, over what was to be expected without",
        sentence=f"{words.RATIO_OF[_measure(evaluation)]} as a ratio: 1 is no difference, 0.80 a fifth less.",
        chart=forest(drawn.assign(told=told), "group", "Homes") if len(drawn) else None,
        caption=source.caption(words.COUNTED),
        tables=(Table(tidy=rows, columns=tables.RATIOS, name="stays_ratios"),),
    )


def _measure(evaluation: Evaluation) -> StayMeasure:
    outcome = evaluation.protocol.outcome
    assert isinstance(outcome, Stays)
    return outcome.measure
