"""Did one area's figures change by more than others'? What is shown of the answer, in the order in which it is read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.areas.coverage import OWN_BY_LENGTH, TOO_NARROW
from analysis.areas.judged import Judged
from analysis.areas.measures import years_of
from analysis.areas.observed import PEOPLE_DELAYED, Areas
from analysis.areas.synthetic import SYNTHETIC
from analysis.areas.year_before import YearBefore
from analysis.charts import areas as charts
from analysis.charts import point_on_a_scale
from analysis.evaluation import Evaluation
from analysis.figures import areas_by_year, scatter
from analysis.figures.doubts import doubts, gravest
from analysis.figures.figure import Fact, Figure, Source, Table
from analysis.figures.weighed import called
from analysis.months import PERIODS, YEAR, period_said
from analysis.questions.areas import subject
from analysis.tables import areas as tables
from analysis.words import areas as words
from analysis.words.phrases import change, change_range

if TYPE_CHECKING:
    from analysis.charts.theme import Layered

BOTH = (
    "Thick lines: the effects that would not stand out among the areas in which nothing was done (95% interval by "
    "ranking). Thin dashed lines: each method's own 95% interval. Lines may run off the chart."
)
DECIDES = (
    "The synthetic control alone decides. A change is announced where at most 1 in 20 areas, itself among them, has as "
    "unusual a year, whichever year it is, and where that holds however many {periods} before the start are used. A "
    "rate ratio of 1 is no difference."
)
YEAR_EARLIER = "The same measured from a start twelve months before the true one, when nothing had been done:"
FALLS_BACK = "The year before the start is 100%. A year that stands out above those before it falls back by itself."
UNIT = "Delayed days over the days of the month are people delayed on an average day. Counts of days, not of people."
ALONE = "Rates as they are published: nobody says how many stand behind each, so areas count alike."
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
    if evaluation.observed.panel.length == YEAR:
        yield _as_published(evaluation, found, source)
    yield _methods(evaluation, found, source)
    yield from scatter.of_area(evaluation, found.name, source)
    yield from _ranks(evaluation, found, source)
    if found.baseline is not None:
        yield _baseline(found.baseline, found.name, evaluation.design.question.claimed)
    yield from _mixture(evaluation)
    yield from doubts(evaluation.checks)
    unknown = words.cannot_tell(subject(evaluation.fitted), evaluation.design.question.measure)
    yield Figure(title="What this cannot tell you", notes=tuple(unknown))
    yield _went_in(evaluation, found)


def answer(evaluation: Evaluation, found: Judged) -> Figure:
    """Say the verdict, then what it rests on."""
    about, verdict, length = subject(evaluation.fitted), found.verdict, evaluation.observed.panel.length
    silent = (f"{name} cannot answer. {why}" for name, why in evaluation.unanswered.items())
    falls = None if found.baseline is None else found.baseline.falls
    years = None if verdict is None else tables.by_year(found.years, verdict.asked, falls)
    facts, chart = ((), None) if years is None else _at_a_glance(years.iloc[0].to_dict())
    rests_on = () if verdict is None else (
        Table(tidy=years, columns=tables.BY_YEAR, title=""),
        Table(
            tidy=verdict.ranked.sort_values(["year", "months_before"], ascending=[True, False]),
            columns=tables.standing_columns(length),
            name="area_verdict",
            title="By every baseline: table and download",
        ),
    )  # fmt: skip
    told = Figure(
        title="The answer",
        headline=words.headline(verdict, about, found.baseline, found.in_time),
        notes=(*gravest(evaluation.checks), *words.sentences(found, about), *evaluation.design.notes, *silent),
        facts=facts,
        chart=chart,
        caption=DECIDES.format(periods=f"{PERIODS[length]}s") if rests_on else "",
        tables=rests_on,
    )
    return told if verdict is None else called(told, evaluation, evaluation.checks)


def _at_a_glance(first: dict) -> "tuple[tuple[Fact, ...], Layered | None]":
    """Give what stands beside the answer of the first year, and its point on a scale where it has an interval."""
    estimate, low, high = (float(first[name]) for name in ("estimate", "conf_low", "conf_high"))
    of = f"of {first['compared'] + 1:.0f} areas, by method"
    facts = (
        Fact(tables.when(int(first["year"])), change(estimate), f"95% interval: {change_range(low, high)}"),
        Fact("Place", f"{first['first_place']:.0f} to {first['last_place']:.0f}", of),
        Fact("Methods", f"{first['below']:.0f} of {first['methods']:.0f}", "find a fall"),
    )
    drawn = 0 < low <= high < np.inf and estimate > 0
    return facts, point_on_a_scale(estimate, low, high, change(estimate)) if drawn else None


def _month_by_month(evaluation: Evaluation, found: Judged, source: Source) -> Figure:
    """Show the area's months against what was expected and all others."""
    effects, observed = evaluation.answers.get(SYNTHETIC, evaluation.effects), evaluation.observed
    panel, told, start = observed.panel, observed.told, pd.Timestamp(evaluation.design.question.start)
    exposure = pd.DataFrame(panel.exposure, panel.units.index, panel.months.astype("datetime64[s]"))
    shown = tables.series(effects, found.name, exposure, told.per)
    period = PERIODS[panel.length]
    return Figure(
        title=f"{period.capitalize()} by {period}",
        sentence="Lines that part after the start, and not before, speak for an effect; a fall that all share does "
        "not.",
        chart=charts.area_series(shown, start, told.unit, period),
        caption=source.caption(_unit(observed)),
        tables=(
            Table(tidy=shown, columns=tables.series_columns(panel.length, told.unit), name=f"area_{period}s"),
            Table(
                tidy=tables.monthly(effects),
                columns=tables.course_columns(panel.length),
                title=f"Observed over expected, {period} by {period}",
            ),
        ),
    )


def _unit(observed: Areas) -> str:
    """Say what is drawn, where its own name does not."""
    return UNIT if observed.told.unit == PEOPLE_DELAYED else "" if observed.told.counts else ALONE


def _as_published(evaluation: Evaluation, found: Judged, source: Source) -> Figure:
    """Show the published years, what stands behind each, and where the definition changed."""
    observed, question = evaluation.observed, evaluation.design.question
    years = years_of(observed.rows, question.measure, question.area)
    national = pd.Series(dtype=float) if observed.national is None else observed.national
    return areas_by_year.published(years, national, (found.name, observed.told.unit), question, source)


def _methods(evaluation: Evaluation, found: Judged, source: Source) -> Figure:
    """Show the methods side by side, a tab for each year."""
    known = sorted(set(found.years["year"]), key=lambda year: (year == 0, year))
    own = OWN_BY_LENGTH.get(evaluation.observed.panel.length, {})
    narrow = [name for name, (least, _) in own.items() if least < TOO_NARROW and name in evaluation.answers]
    held = {name: f"{least:.0%} to {most:.0%}" for name, (least, most) in own.items()}
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
    first, last = (period_said(month, evaluation.observed.panel.length) for month in (months.min(), months.max()))
    out = chosen.roles.loc[chosen.roles["role"] == "left out"].reset_index(drop=True)
    title = f"Areas left out, and why ({len(out)})"
    return Figure(
        title="What went in",
        sentence=f"{found.name} and {chosen.comparison:,} comparison areas, {first} to {last}.",
        tables=(Table(tidy=out, columns=tables.LEFT_OUT, title=title),) if len(out) else (),
    )
