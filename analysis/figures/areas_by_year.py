"""Where does one area stand by a yearly measure? What is shown of it, in the order in which it is read."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis.areas.by_year import YearlyEvaluation
from analysis.charts import areas as charts
from analysis.disclosure import HES
from analysis.figures.figure import Figure, Source, Table
from analysis.months import month_said
from analysis.outcomes import AreaMeasure
from analysis.tables import areas as tables
from analysis.words import areas as words

NO_MODEL = (
    "A handful of yearly figures carries no model. What can be told is where the area stands among the others, and "
    "whether the year it is measured from was like the years before."
)
BREAKS = "Dotted lines mark years in which the definition changed."


def source(outcome: AreaMeasure, digest: str, name: str) -> Source:
    """Say what it was made from; `name` is what the data are called, empty where they are invented."""
    return Source(
        origin=f"Source: {name}." if name else "Synthetic data: fictional councils.",
        made_from={
            "data": name or "synthetic", "data_sha256": digest, "measure": outcome.measure, "question": repr(outcome),
            "homeward": version("homeward"),
        },
    )  # fmt: skip


def figures(evaluation: YearlyEvaluation, outcome: AreaMeasure, source: Source) -> Iterator[Figure]:
    """Yield what stands behind each figure, where its definition changed, and the baseline, the answer first."""
    found = evaluation.baseline
    subject = words.AreaSubject(name=evaluation.name, outcome=outcome.measure, start=month_said(outcome.start))
    yield Figure(title="The answer", headline=words.yearly_headline(found, subject), sentence=NO_MODEL)
    told = evaluation.name, evaluation.unit
    yield published(evaluation.years, evaluation.national, told, outcome, source)
    yield Figure(
        title="Is the baseline a spike?",
        sentence=words.before(found),
        chart=charts.before_and_after(found.years, subject.name),
        caption=found.left_out or "Every area with figures is ranked.",
        tables=(Table(tidy=found.falls, columns=tables.FALLS, name="area_year_falls"),),
    )
    yield Figure(
        title="What this cannot tell you",
        notes=(
            *words.cannot_tell(subject, outcome.measure),
            "Whether a change is real where the definition changed in the same year.",
        ),
    )


def published(
    years: pd.DataFrame, national: pd.Series, told: tuple[str, str], outcome: AreaMeasure, source: Source
) -> Figure:
    """Show published years, what stands behind each, and where the definition changed.

    Parameters
    ----------
    years : DataFrame
        `measures.years_of`.
    national : Series
        England's value, by first month.
    told : tuple of str
        What the area is called, and the unit of its values.
    """
    shown = tables.yearly(years)
    return Figure(
        title="As published, year by year",
        sentence=BREAKS if (shown["definition"] != "").any() else "",
        chart=charts.yearly_measure(shown, national, told[0], pd.Timestamp(outcome.start), told[1]),
        caption=source.caption(str(HES)),
        tables=(Table(tidy=shown, columns=tables.YEARS, name="area_years_published"),),
    )
