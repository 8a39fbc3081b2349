"""Where does an area stand among others by a yearly measure with too few years before the start for any method?"""

from dataclasses import dataclass

import pandas as pd

from analysis.areas.measures import of_measure, yearly, years_of
from analysis.areas.observed import areas_of
from analysis.areas.question import FEWEST
from analysis.areas.year_before import YearBefore, examine, published_years
from analysis.months import YEAR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearlyEvaluation:
    """A yearly measure of one area: no model, but its place among the others.

    Parameters
    ----------
    name : str
        What the area is called.
    measure : str
    years : DataFrame
        period, value, numerator, denominator, definition.
    national : Series
        England's value by year.
    baseline : YearBefore
    unit : str
        Of the values.
    """

    name: str
    measure: str
    years: pd.DataFrame
    national: pd.Series
    baseline: YearBefore
    unit: str = "As published"


def too_few_years(outcomes: pd.DataFrame, measure: str, start: str) -> bool:
    """Whether a measure is a value per year with too few years before the start for any method."""
    rows = of_measure(outcomes, measure)
    before = rows.loc[rows["period"] < pd.Timestamp(start), "period"].nunique()
    return bool((rows["months"] == YEAR).all()) and before < FEWEST[YEAR]


def evaluate_years(
    outcomes: pd.DataFrame, measure: str, area: str, start: str, *, claimed: float | None = None
) -> YearlyEvaluation:
    """Examine a yearly measure of one area.

    Parameters
    ----------
    measure : str
        A yearly measure, such as permanent admissions of ASCOF.
    area, start : str
        Its code, and the first day's month of its first year with the intervention.

    Raises
    ------
    AnalysisError
        If the area is not there, or has no value on either side of the start.
    """
    wide = yearly(outcomes, measure)
    years = published_years(wide, start)
    baseline = examine(years, area, claimed)
    national = pd.Series(years.national, pd.DatetimeIndex(wide.columns), name="England")
    return YearlyEvaluation(
        name=str(years.units.loc[area, "name"]), measure=measure, years=years_of(outcomes, measure, area),
        national=national, baseline=baseline, unit=areas_of(outcomes, measure).told.unit,
    )  # fmt: skip
