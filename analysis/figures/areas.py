"""Did one area's figures change by more than others'? What is shown of the answer, in the order in which it is read."""

from collections.abc import Iterator

import pandas as pd

from analysis.areas.coverage import OWN, TOO_NARROW
from analysis.areas.judged import Judged
from analysis.areas.synthetic import SYNTHETIC
from analysis.areas.year_before import YearBefore
from analysis.charts import areas as charts
from analysis.evaluation import Evaluation
from analysis.figures import areas_by_year
from analysis.figures.doubts import doubts, gravest
from analysis.figures.figure import Figure, Source, Table
from analysis.questions.areas import subject
from analysis.tables import areas as tables
from analysis.words import areas as words

BOTH = (
    "Thick lines: the effects that would not stand out among the areas in which nothing was done (95% interval by "
    "ranking). Thin dashed lines: each method's own 95% interval. Lines may run off the chart."
)
DECIDES = (
    "The synthetic control alone decides. A change is announced where at most 1 in 20 areas, itself among them, has as "
    "unusual a year, whichever year it is, and where that holds however many months before the start are used. A rate "
    "ratio of 1 is no difference."
)
YEAR_EARLIER = "The same measured from a start twelve months before the true one, when nothing had been done:"
PEOPLE = "People delayed on an average day"
FALLS_BACK = "The year before the start is 100%. A year that stands out above those before it falls back by itself."
UNIT = "Delayed days over the days of the month are people delayed on an average day. Counts of days, not of people."
INVENTED = "synthetic"
"""What stands in the name of an invented area."""


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from; `name` is what the data are called."""
    names = evaluation.observed.panel.units["name"].astype(str).str.casefold()
    synthetic = names.str.contains(INVENTED, regex=False).any()
    return areas_by_year.source(
        evaluation.design.question, evaluation.provenance["data"]["digest"], "" if synthetic else name
    )


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    found: Judged = evaluation.fitted.judged
    yield answer(evaluation, found)
    yield _month_by_month(evaluation, found, source)
    yield _methods(evaluation, found, source)
    yield from _ranks(evaluation, found, source)
    if found.baseline is not None:
        yield _baseline(found.baseline, found.name, evaluation.design.question.claimed)
    yield from _mixture(evaluation)
    yield from doubts(evaluation.checks)
    yield Figure(title="What this cannot tell you", notes=tuple(words.cannot_tell(subject(evaluation.fitted))))
    yield _went_in(evaluation, found)


def answer(evaluation: Evaluation, found: Judged) -> Figure:
    """Say the verdict, then what it rests on."""
    about, verdict = subject(evaluation.fitted), found.verdict
    silent = (f"{name} cannot answer. {why}" for name, why in evaluation.unanswered.items())
    rests_on = () if verdict is None else (
        Table(
            tidy=tables.by_year(found.years, verdict.asked, None if found.baseline is None else found.baseline.falls),
            columns=tables.BY_YEAR,
            title="",
        ),
        Table(
            tidy=verdict.ranked.sort_values(["year", "months_before"], ascending=[True, False]),
            columns=tables.STANDING,
            name="area_verdict",
            title="By every baseline: table and download",
        ),
    )  # fmt: skip
    return Figure(
        title="The answer",
        headline=words.headline(verdict, about, found.baseline, found.in_time),
        notes=(*gravest(evaluation.checks), *words.sentences(found, about), *evaluation.design.notes, *silent),
        caption=DECIDES if rests_on else "",
        tables=rests_on,
    )


def _month_by_month(evaluation: Evaluation, found: Judged, source: Source) -> Figure:
    """Show the area's months against what was expected and all others."""
    effects = evaluation.answers.get(SYNTHETIC, evaluation.effects)
    shown, start = tables.series(effects, found.name), pd.Timestamp(evaluation.design.question.start)
    return Figure(
        title="Month by month",
        sentence="Lines that part after the start, and not before, speak for an effect; a fall that all share does "
        "not.",
        chart=charts.area_series(shown, start, PEOPLE),
        caption=source.caption(UNIT),
        tables=(
            Table(tidy=shown, columns=tables.SERIES, name="area_months"),
            Table(tidy=tables.monthly(effects), columns=tables.MONTHLY, title="Observed over expected, month by month"),
        ),
    )


def _methods(evaluation: Evaluation, found: Judged, source: Source) -> Figure:
    """Show the methods side by side, a tab for each year."""
    known = sorted(set(found.years["year"]), key=lambda year: (year == 0, year))
    narrow = [name for name, (least, _) in OWN.items() if least < TOO_NARROW and name in evaluation.answers]
    held = {name: f"{least:.0%} to {most:.0%}" for name, (least, most) in OWN.items()}
    return Figure(
        title="Methods side by side",
        warning=words.misleading(narrow),
        sentence="If the answer hangs on the method, it is not an answer yet. Each year since the start stands by "
        "itself.",
        tabs=tuple(
            (tables.when(year), charts.methods_forest(tables.forest(found.years, year), tables.when(year)))
            for year in known
        ),
        caption=source.caption(BOTH),
        tables=(Table(tidy=tables.with_coverage(found.years, held), columns=tables.METHODS, name="area_methods"),),
    )


def _ranks(evaluation: Evaluation, found: Judged, source: Source) -> Iterator[Figure]:
    """Show where the area stands among those in which nothing was done, and the same asked a year early."""
    year = 1 if (found.years["year"] == 1).any() else 0
    yield Figure(
        title=f"Among all areas: {tables.when(year).lower()}",
        sentence="Each tick is an area in which nothing was done, treated as if something had been. The wider they "
        "scatter, the more a method sees in nothing.",
        chart=charts.placebo_strip(tables.placebos(evaluation.answers, year), found.name),
        caption=source.caption(f"The diamond is {found.name}."),
    )
    if len(found.in_time):
        early = Table(tidy=found.in_time, columns=tables.IN_TIME, title="")
        yield Figure(sentence=YEAR_EARLIER, tables=(early,))


def _baseline(baseline: YearBefore, name: str, claimed: float | None) -> Figure:
    """Show whether the baseline is a spike, what the rise alone predicts, and how common such a fall was."""
    return Figure(
        title="Is the baseline a spike?",
        sentence=f"{FALLS_BACK} {words.common(baseline.falls, claimed)}".rstrip(),
        chart=charts.before_and_after(baseline.years, name),
        caption=f"Whole years, counted from the month of the start. {baseline.left_out}".rstrip(),
        tables=(Table(tidy=baseline.falls, columns=tables.FALLS, name="area_baseline"),),
    )


def _mixture(evaluation: Evaluation) -> Iterator[Figure]:
    """Show the donors of the synthetic controls."""
    fitted = {name: answer for name, answer in evaluation.answers.items() if len(answer.diagnostic("weights"))}
    if fitted:
        yield Figure(
            title="Who stands in for the area",
            sentence="The ten heaviest areas of each mixture. An answer that one of them carries is that area's story "
            "too.",
            tables=tuple(
                Table(tidy=tables.donors(effects), columns=tables.DONORS, title=name)
                for name, effects in fitted.items()
            ),
        )


def _went_in(evaluation: Evaluation, found: Judged) -> Figure:
    """Show what was used and left out."""
    months, chosen = evaluation.effects.augment()["month"], evaluation.design
    out = chosen.roles.loc[chosen.roles["role"] == "left out"].reset_index(drop=True)
    title = f"Areas left out, and why ({len(out)})"
    return Figure(
        title="What went in",
        sentence=f"{found.name} and {chosen.comparison:,} comparison areas, {months.min():%B %Y} to "
        f"{months.max():%B %Y}.",
        tables=(Table(tidy=out, columns=tables.LEFT_OUT, title=title),) if len(out) else (),
    )
