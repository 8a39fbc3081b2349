"""How often does the chart of one home speak where nothing happened, by how its counts are protected?

    PYTHONPATH=. python bench/home_chart.py

writes bench/home_chart.csv: 2,000 steady homes of 72 months a row; per cent of charts with any special point, of last
points that are special, and of points. "bands" is what the Home page charts.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure import instead
from analysis.disclosure.estimates import as_shown
from analysis.monitoring.chart import Series
from analysis.monitoring.home import CHART, FULLNESS, PER, fullness_of

OUT = Path(__file__).with_suffix(".csv")
SEED, HOMES, MONTHS, ANCHOR = 20261127, 2_000, 72, 27
PERIODS = np.arange("2018-01", "2024-01", dtype="datetime64[M]")
COUNTS = ((10, 3), (20, 3), (12, 6))
"""Admissions expected in a point, and its months."""
ALIKE = (0.0, 0.4, 0.8)
"""Correlation of months in how full a home is."""


def spoken(charts) -> dict[str, float]:
    """Count, in per cent."""
    special = [chart.signals.special for chart in charts]
    shares = ([s.any() for s in special], [s[-1] for s in special], [s.mean() for s in special])
    return dict(zip(("any", "last", "points"), (round(100 * float(np.mean(s)), 1) for s in shares), strict=True))


def admissions(rng: np.random.Generator, expected: int, every: int) -> list[dict]:
    """Chart true counts, counts in bands, and counts in bands that are rounded once more."""
    counts, days = rng.poisson(expected / every, (HOMES, MONTHS)), np.full((HOMES, MONTHS), 1_000.0)
    bands = as_shown(counts, days, np.full(HOMES, ANCHOR))
    starts, of = PERIODS[::every], np.full(MONTHS // every, PER * every)

    def charts(values):
        sums = values.reshape(HOMES, -1, every).sum(axis=2)
        return [
            CHART.of(Series(name="", unit="", periods=starts, events=row, of=of, sort="rate", per=PER)) for row in sums
        ]

    kinds = {"true": counts, "bands": bands}
    rows = [
        {"what": f"{expected} in {every} months", "counts": kind, **spoken(charts(values))}
        for kind, values in kinds.items()
    ]
    sums = instead(bands.reshape(HOMES, -1, every).sum(axis=2))
    again = [
        CHART.of(Series(name="", unit="", periods=starts, events=row, of=of, sort="rate", per=PER)) for row in sums
    ]
    return [*rows, {"what": f"{expected} in {every} months", "counts": "bands, rounded again", **spoken(again)}]


def fullness(rng: np.random.Generator, alike: float) -> list[dict]:
    """Chart how full steady homes are, plainly and as the page does."""
    series = np.empty((HOMES, MONTHS))
    series[:, 0] = rng.standard_normal(HOMES)
    for t in range(1, MONTHS):
        series[:, t] = alike * series[:, t - 1] + np.sqrt(1 - alike**2) * rng.standard_normal(HOMES)
    values = 80 + 4 * series
    one = np.ones(MONTHS)
    plain = [
        FULLNESS.of(Series(name="", unit="", periods=PERIODS, events=row, of=one, sort="measurement")) for row in values
    ]
    month = ((PERIODS + 1).astype("datetime64[D]") - PERIODS.astype("datetime64[D]")).astype(int)
    page = [fullness_of(PERIODS, row / 100 * 50 * month, 50) for row in values]
    what = f"beds filled, months correlated {alike}"
    return [{"what": what, "counts": "plain", **spoken(plain)}, {"what": what, "counts": "as the page", **spoken(page)}]


if __name__ == "__main__":
    rng = np.random.default_rng(SEED)
    rows = [row for expected, every in COUNTS for row in admissions(rng, expected, every)]
    rows += [row for alike in ALIKE for row in fullness(rng, alike)]
    pd.DataFrame(rows).to_csv(OUT, index=False, lineterminator="\n")
