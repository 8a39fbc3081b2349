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
    found, years = evaluation.baseline, tables.yearly(evaluation.years)
    subject = words.AreaSubject(name=evaluation.name, outcome=outcome.measure, start=month_said(outcome.start))
    yield Figure(title="The answer", headline=words.yearly_headline(found, subject), sentence=NO_MODEL)
    yield Figure(
        title="Year by year",
        sentence=words.common(found.falls, outcome.claimed) or BREAKS,
        chart=charts.yearly_measure(years, evaluation.national, evaluation.name, pd.Timestamp(outcome.start)),
        caption=source.caption(str(HES)),
        tables=(Table(tidy=years, columns=tables.YEARS, name="area_years"),),
    )
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
            "Whether fewer permanent admissions were better: it is a choice of the council who is offered a place.",
            "What self-funders did: only residents whom the council supports are counted.",
            *words.cannot_tell(subject)[:1],
            "Whether a change is real where the definition changed in the same year.",
        ),
    )
