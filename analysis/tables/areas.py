"""What stands in the tables of one area: methods, donors, who was left out, the baseline, and yearly figures.

Delayed days are published official statistics and counts of days, not of people. Permanent admissions count people:
their numerators go through `analysis.disclosure`, and a rate whose numerator is not shown is not shown either.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import MARK, protect
from analysis.months import PERIODS, month_said, period_said
from analysis.results import RATE_RATIO, Effects, limit
from analysis.tables.columns import Column, number

WHEN = {0: "All months after the start"}
"""What a window is called; years since the start are "Year 1", …"""

SIMULTANEOUS = "Rate ratio (95% interval, all years at once)"


def when(year: int) -> str:
    """Name a window of months."""
    return WHEN.get(year, f"Year {year}")


def by_year(years: pd.DataFrame, ranked: pd.DataFrame, falls: pd.DataFrame | None) -> pd.DataFrame:
    """Bring together what the answer rests on, one row per year since the start; read by `BY_YEAR`.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`.
    ranked : DataFrame
        `AreaVerdict.asked`: rate ratios of the one method that decides, indexed by year.
    falls : DataFrame or None
        `YearBefore.falls`.
    """
    each = years.assign(below=years["estimate"] < 1).groupby("year").agg(
        least=("estimate", "min"), most=("estimate", "max"), below=("below", "sum"), methods=("method", "size"),
        first_place=("rank", "min"), last_place=("rank", "max"), compared=("areas", "max"),
    )  # fmt: skip
    plain = pd.DataFrame(columns=["year", *PLAIN]) if falls is None else falls
    joined = ranked[["estimate", "conf_low", "conf_high"]].join(each).join(plain.set_index("year")[list(PLAIN)])
    return joined.rename_axis("year").reset_index()


def with_coverage(years: pd.DataFrame, held: Mapping[str, str]) -> pd.DataFrame:
    """Say beside every method how often its own interval held the truth in simulations: column ``own_held``.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`.
    held : mapping of str to str
        By method, in words.
    """
    return years.assign(own_held=[held.get(method, "–") for method in years["method"]])


def interval(low: float, high: float) -> str:
    """Write a rate ratio's interval that may have no end below (0) or above (infinity), or be none."""
    if np.isnan([low, high]).any():
        return "no interval"
    if np.isinf(high):
        return "no limit" if low == 0 else f"{limit(low)} or more"
    return f"up to {limit(high)}" if low == 0 else f"{limit(low)} to {limit(high)}"


def _ratio_told(estimate: float, low: float, high: float) -> str:
    return f"{limit(estimate)} ({interval(low, high)})"


def _predicted(middle: float, low: float, high: float) -> str:
    return f"{_percent(middle)} ({_percent(low)} to {_percent(high)})" if np.isfinite(middle) else "–"


def _place(rank: float, areas: float) -> str:
    return f"{int(rank)} of {int(areas) + 1}" if areas else "–"


def _alarms(alarms: float, areas: float) -> str:
    return "–" if np.isnan(alarms) or not areas else f"{int(alarms)} of {int(areas)}"


def forest(years: pd.DataFrame, year: int) -> pd.DataFrame:
    """Give the rows of one window that can be drawn: method, estimate, conf_low, conf_high, own_low, own_high."""
    return years.loc[(years["year"] == year) & np.isfinite(years["estimate"])].reset_index(drop=True)


def series(effects: Effects, name: str, exposure: pd.DataFrame | None = None, per: float = 1.0) -> pd.DataFrame:
    """Give the area's months, what was expected, and all other areas scaled to it: month, line, value.

    Parameters
    ----------
    effects : Effects
        Of the method whose expectation is drawn.
    name : str
        What the area is called.
    exposure : DataFrame, optional
        By unit and first day of the month, quarter or year; by default the days of each month.
    per : float
        What events over exposure are multiplied by.
    """
    cells = effects.augment()
    cells = cells.assign(over=(_days(cells) if exposure is None else _at(exposure, cells)) / per)
    own = cells.loc[cells["event_time"].notna()].set_index("month")
    every = cells.loc[cells["event_time"].isna()].groupby("month")[["observed", "over"]].sum()
    others, before = every["observed"] / every["over"], own["event_time"] < 0
    seen = own["observed"] / own["over"]
    scaled = others * seen[before].mean() / others[before].mean() if len(others.dropna()) else others
    expected = (own["counterfactual"] / own["over"]).where(~before)
    lines = {name: seen, "expected (synthetic control)": expected, "all comparison areas, to the same scale": scaled}
    return pd.concat(
        [pd.DataFrame({"month": own.index, "line": line, "value": value.to_numpy()}) for line, value in lines.items()],
        ignore_index=True,
    ).dropna()  # fmt: skip


def _at(exposure: pd.DataFrame, cells: pd.DataFrame) -> np.ndarray:
    """Exposure of every cell, shape (cells,)."""
    row, column = exposure.index.get_indexer(cells["unit"]), exposure.columns.get_indexer(cells["month"])
    return exposure.to_numpy()[row, column]


def _days(cells: pd.DataFrame) -> pd.Series:
    return cells["month"].dt.days_in_month.astype(float)


def placebos(answers: Mapping[str, Effects], year: int) -> pd.DataFrame:
    """Every area's rate ratio by every method in one window: method, name, treated, estimate."""
    parts = [effects.diagnostic("placebos").assign(method=name) for name, effects in answers.items()]
    every = pd.concat(parts, ignore_index=True)
    return every.loc[every["year"] == year, ["method", "name", "treated", "estimate"]].reset_index(drop=True)


def monthly(effects: Effects) -> pd.DataFrame:
    """Observed over expected month by month, for a download: event_time, rate_ratio."""
    tidy = effects.tidy("event_time")
    rows = tidy.loc[tidy["term"] == RATE_RATIO, ["event_time", "estimate"]]
    return rows.rename(columns={"estimate": "rate_ratio"})


def donors(effects: Effects) -> pd.DataFrame:
    """Give the ten heaviest donors and the first-year rate ratio without each: name, weight, without."""
    weights = effects.diagnostic("weights").head(10)
    without = effects.diagnostic("leave_one_out").set_index("unit")
    ratio = without[1] if 1 in without else pd.Series(dtype=float)
    return weights[["name", "weight"]].assign(without=ratio.reindex(weights["unit"]).to_numpy(float))


def _percent(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−") if pd.notna(share) and np.isfinite(share) else "–"


def yearly(years: pd.DataFrame) -> pd.DataFrame:
    """Protect the counts of people of a yearly measure: period, value, numerator, denominator, definition, hidden.

    A value whose numerator is too small to show is not shown: there ``hidden`` is true. Others were worked out from
    numbers as shown on the way in (`analysis.areas.measures.as_shown`).
    """
    shown = protect(years, ["numerator", "denominator"])
    hidden = years["numerator"].notna() & shown["numerator"].isna()
    return shown.assign(value=years["value"].mask(hidden), hidden=hidden)


def _given(digits: int) -> Callable[[float, bool], str]:
    return lambda value, hidden: MARK if hidden else "not given" if pd.isna(value) else f"{value:,.{digits}f}"


def financial_year(period: pd.Timestamp) -> str:
    """Name a financial year: 2016/17."""
    return f"{period.year}/{(period.year + 1) % 100:02d}"


YEARS = (
    Column("Year", "period", financial_year),
    Column("Value", ("value", "hidden"), _given(1)),
    Column("Numerator (people)", ("numerator", "hidden"), _given(0)),
    Column("Denominator (people)", "denominator", number(0, missing="not given")),
    Column("Definition", "definition"),
)
PLAIN = ("change", "national_change", "predicted")
BY_YEAR = (
    Column("Year", "year", when),
    Column(SIMULTANEOUS, ("estimate", "conf_low", "conf_high"), _ratio_told),
    Column("By all methods", ("least", "most"), interval),
    Column("Methods below 1", ("below", "methods"), lambda below, methods: f"{below:.0f} of {methods:.0f}"),
    Column("Place among areas", ("first_place", "last_place", "compared"),
           lambda first, last, areas: f"{first:.0f} to {last:.0f} of {areas + 1:.0f}"),
    Column("Plain change on the year before", "change", _percent),
    Column("All areas together", "national_change", _percent),
    Column("Its rise before predicts", "predicted", _percent),
)  # fmt: skip
METHODS = (
    Column("Method", "method"),
    Column("When", "year", when),
    Column("Rate ratio", "estimate", limit),
    Column("95% interval by ranking", ("conf_low", "conf_high"), interval),
    Column("Place among areas", ("rank", "areas"), _place),
    Column("Its own 95% interval", ("own_low", "own_high"), interval),
    Column("Its own claims an effect where nothing was done", ("false_alarms", "areas"), _alarms),
    Column("Its own held the truth in simulations", "own_held"),
)
SERIES = (Column("Month", "month", month_said), Column("Line", "line"), Column("On an average day", "value", number(1)))


def series_columns(length: int, unit: str) -> tuple[Column, ...]:
    """Columns of a series by month, quarter or year, told in its own unit."""
    when = Column(PERIODS[length].capitalize(), "month", lambda first: period_said(first, length))
    return (when, Column("Line", "line"), Column(unit, "value", number(1)))


def course_columns(length: int) -> tuple[Column, ...]:
    """Columns of observed over expected by month, quarter or year since the start."""
    since = f"{PERIODS[length].capitalize()}s since the start"
    return (Column(since, "event_time"), Column("Rate ratio", "rate_ratio", number(3)))


def standing_columns(length: int) -> tuple[Column, ...]:
    """Columns of what is found from every number of months, quarters or years before the start."""
    return (
        Column("Year", "year", when),
        Column("Measured from", "first_month", lambda first: period_said(first, length)),
        Column(f"{PERIODS[length].capitalize()}s before the start", "months_before"),
        Column(SIMULTANEOUS, ("estimate", "conf_low", "conf_high"), _ratio_told),
        Column("Share of areas with as unusual a year", "p_value", lambda p: f"{p:.1%}"),
    )


DONORS = (
    Column("Area", "name"),
    Column("Weight", "weight", lambda weight: f"{weight:.0%}".replace("-", "−")),
    Column("Rate ratio of year 1 without it", "without", number(2)),
)
LEFT_OUT = (Column("Area", "name"), Column("Code", "unit"), Column("Why", "reason"))
FALLS = (
    Column("Year", "year", when),
    Column("From", "first_month", month_said),
    Column("Change on the year before the start", "change", _percent),
    Column("All areas together", "national_change", _percent),
    Column("Place by size of fall", ("rank", "areas"), lambda rank, areas: f"{int(rank)} of {int(areas)}"),
    Column("Change on the year before that", "since_two_years_before", _percent),
    Column(
        "Predicted by the rise before alone (95% interval)",
        ("predicted", "predicted_low", "predicted_high"),
        _predicted,
    ),
    Column("Correlation", "r", lambda r: f"{r:.2f}".replace("-", "−") if np.isfinite(r) else "–"),
)
IN_TIME = (
    Column("As if the start had been", "start", month_said),
    Column("Rate ratio", "estimate", limit),
    Column("95% interval by ranking", ("conf_low", "conf_high"), interval),
)
