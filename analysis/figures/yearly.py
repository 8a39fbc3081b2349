"""Where does an area stand by a yearly measure? What is shown of it, in the order in which it is read."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis.areas.by_year import YearlyEvaluation
from analysis.charts import areas as charts
from analysis.disclosure import HES
from analysis.figures.figure import Figure, Source, Table
from analysis.outcomes import AreaMeasure
from analysis.tables import areas as tables
from analysis.words import areas as words
from analysis.words.areas import AreaSubject

NO_MODEL = (
    "A handful of yearly figures carries no model. What can be told is where the area stands among the others, and "
    "whether the year it is measured from was like the years before."
)
BREAKS = "Dotted lines mark years in which the definition changed."
PEOPLE = (
    "Whether fewer permanent admissions were better: it is a choice of the council who is offered a place.",
    "What self-funders did: only residents whom the council supports are counted.",
)
A_BREAK = "Whether a change is real where the definition changed in the same year."


def source(outcome: AreaMeasure, origin: str, data: str, digest: str) -> Source:
    """Say what the figures were made from; `data` is what the data are called, `digest` theirs."""
    return Source(
        origin=origin,
        made_from={
            "data": data,
            "data_sha256": digest,
            "measure": outcome.measure,
            "question": repr(outcome),
            "homeward": version("homeward"),
        },
    )


def figures(evaluation: YearlyEvaluation, outcome: AreaMeasure, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of a yearly measure, the answer first."""
    start, found = pd.Timestamp(outcome.start), evaluation.baseline
    about = AreaSubject(name=evaluation.name, outcome=outcome.measure, start=f"{start:%B %Y}")
    yield Figure(title="The answer", headline=words.yearly_headline(found, about), sentence=NO_MODEL)
    years = tables.yearly(evaluation.years)
    yield Figure(
        title="Year by year",
        sentence=words.common(found.falls, outcome.claimed) or BREAKS,
        chart=charts.yearly_measure(years, evaluation.national, evaluation.name, start),
        caption=source.caption(str(HES)),
        tables=(Table(tidy=years, columns=tables.YEARS, name="area_years"),),
    )
    yield Figure(
        title="Is the baseline a spike?",
        sentence=words.before(found),
        chart=charts.before_and_after(found.years, about.name),
        caption=found.left_out or "Every area with figures is ranked.",
        tables=(Table(tidy=found.falls, columns=tables.FALLS, name="area_year_falls"),),
    )
    yield Figure(title="What this cannot tell you", notes=(*PEOPLE, *words.cannot_tell(about)[:1], A_BREAK))
