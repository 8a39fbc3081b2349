"""What can be charted of one home, when a month of it is nearly always a count that may not be shown?

Admissions are charted by the shortest period (a quarter, half a year, a year) in which at least `FEWEST_IN_A_PERIOD`
are expected at every point, and only where that leaves enough points to learn limits from. What is charted are the sums
of the home's counts as they are shown, in bands (`disclosure.estimates`), not sums that were rounded once more: of
steady homes with 10 admissions a quarter the true counts call 17% of charts anything but steady, the bands 18%, bands
rounded to the nearest 5 once more 58% (`bench/home_chart.csv`).

How full a home was is a measurement by month, neither good nor bad by itself. A month resembles the month before, so
that moving ranges are too small for how far the series strays, and rows and trends come by themselves: of steady homes
whose months correlate by 0.8 the plain chart calls two points of three special. Where neighbours are alike, limits are
therefore widened by 1 / √(1 − ρ), what the mean moving range of such a series falls short by, and a point is asked
alone whether it lies outside.
"""

from dataclasses import replace

import numpy as np

from analysis.errors import AnalysisError
from analysis.missing import Missing
from analysis.monitoring.chart import FEWEST_POINTS, Cause, Charted, ControlChart, Series
from analysis.monitoring.limits import Limits

FEWEST_IN_A_PERIOD = 8
"""Admissions expected at a point: fewer are a count that may not be shown (1 to 7)."""
MOST_ALIKE = 0.95
"""Correlation of neighbours beyond which a series is a drift, and no limits make it steady."""
PERIODS = {3: "quarter", 6: "half-year", 12: "year"}
PER = 1_000.0
CHART = ControlChart(season="kept")
"""With a year or half of one to a point there is no season to take out, and a single home is too small to learn it."""
FULLNESS = ControlChart(season="kept", better="neither")


def admissions_of(
    months: np.ndarray, counts: np.ndarray, days: np.ndarray, causes: tuple[Cause, ...] = ()
) -> Charted | Missing:
    """Chart a home's admissions per 1,000 bed-days, or say why they cannot be.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (T,)
    counts, days : ndarray of float64, shape (T,)
        Counts as shown, and bed-days; zero where nothing was observed.
    causes : tuple of Cause
    """
    last = np.flatnonzero(days > 0)
    if not last.size:
        return Missing("the data hold no bed-days of this home")
    for every, called in PERIODS.items():
        starts, events, of = _whole_periods(months[: last[-1] + 1], counts, days, every)
        if len(starts) < FEWEST_POINTS:
            break
        if (events.sum() / of.sum() * of).min() >= FEWEST_IN_A_PERIOD:
            return CHART.of(_series(starts, events, of, f"Emergency admissions by {called}"), causes)
    return Missing(
        f"it has too few admissions: a point takes {FEWEST_IN_A_PERIOD} or more, a chart {FEWEST_POINTS} points or more"
    )


def _series(starts, events, of, name):
    return Series(
        name=name, unit="per 1,000 bed-days", periods=starts, events=events, of=of, sort="rate", per=PER
    )  # fmt: skip


def _whole_periods(months, counts, days, every):
    """Add months up, counted back from the last; points from the first period that was watched throughout."""
    T = len(months)
    n = T // every
    part = slice(T - n * every, T)
    watched = (days[part].reshape(n, every) > 0).all(axis=1)
    gaps = np.flatnonzero(~watched)
    first = gaps[-1] + 1 if gaps.size else 0
    events, of = (values[part].reshape(n, every).sum(axis=1)[first:] for values in (counts, days))
    return months[part][::every][first:], events, of


def fullness_of(months: np.ndarray, days: np.ndarray, beds: float) -> Charted | Missing:
    """Chart how many of a home's beds were filled, in per cent by month.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (T,)
    days : ndarray of float64, shape (T,)
        Bed-days; zero where nothing was observed.
    beds : float
        As registered today.
    """
    seen = days > 0
    if not np.isfinite(beds) or beds < 1 or not seen.any():
        return Missing("the data hold no bed-days of this home, or do not say how many beds it has")
    share = 100 * days[seen] / (beds * days_in(months)[seen])
    series = Series(name="Beds filled", unit="% of beds", periods=months[seen], events=share, of=np.ones(seen.sum()),
                    sort="measurement")  # fmt: skip
    try:
        found = FULLNESS.of(series)
    except AnalysisError:
        return Missing(f"bed-days of fewer than {FEWEST_POINTS} months are known")
    return _widened(found) if found.alike else found


def neighbours(values: np.ndarray) -> float:
    """Correlate each value of a series, shape (T,), with the one before; at most `MOST_ALIKE`."""
    moved = values - values.mean()
    total = float((moved**2).sum())
    return float(np.clip((moved[1:] * moved[:-1]).sum() / total, 0, MOST_ALIKE)) if total > 0 else 0.0


def _widened(found: Charted) -> Charted:
    """Allow for neighbours that are alike: wider limits, and no rule that counts rows."""
    values, old = found.series.values, found.limits
    times = 1 / np.sqrt(1 - neighbours(values[found.base]))
    limits = Limits(**{
        name: old.centre + times * (getattr(old, name) - old.centre)
        for name in ("centre", "lower", "upper", "near_lower", "near_upper")
    }).within(0)  # fmt: skip
    none = np.zeros(len(values), bool)
    outside = (values > limits.upper) | (values < limits.lower)
    return replace(
        found, limits=limits, signals=replace(found.signals, outside=outside, run=none, trend=none, close=none)
    )


def days_in(months: np.ndarray) -> np.ndarray:
    """Count the days of months, shape (T,)."""
    return ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
