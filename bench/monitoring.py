"""How often does a chart, or a funnel, speak where nothing happened? 5,000 steady series of 36 months, and counties.

    PYTHONPATH=. python bench/monitoring.py

writes bench/monitoring.csv. Rules are counted by point, in per cent. "known limits": the limits are those of the
process, so the rules' own rates show, beside what theory says of a long series, and of 36 months, whose ends belong to
fewer rows; elsewhere limits are learnt from the 36 months, as a reader's are. A centre that is drawn through the points
themselves has fewer rows on one side: how many fewer, "brute force" says, which counts 200,000 normal series less their
mean by a code of its own.
"""

from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.monitoring import ControlChart, Limits, Series, funnel
from analysis.monitoring.signals import signals

OUT = Path(__file__).with_suffix(".csv")
SEED, SERIES, MONTHS, COUNTIES, HOMES = 20261127, 5_000, 36, 1_000, 80
PERIODS = np.arange("2021-01", "2024-01", dtype="datetime64[M]")


def theory() -> dict[str, float]:
    """Share of points of a long steady normal series that each rule marks, in per cent.

    A run of length L on one side holds a point with probability L / 2^(L+1); a monotone stretch of m points has
    probability 2 / m! and, of the seven windows of seven that hold a point, any may be one: by inclusion and exclusion
    of windows that overlap, which are longer stretches. Two of three: all 27 ways of three points, each outside, close
    or neither, windowed over five points.
    """
    run = sum(length / 2 ** (length + 1) for length in range(7, 200))
    stretch = 7 * 2 / factorial(7) - 6 * 2 / factorial(8)
    return {"outside": 200 * norm.sf(3), "run": 100 * run, "trend": 100 * stretch, "close": 100 * _close()}


def _close() -> float:
    """Probability that a point is close to a limit, within three on its side of which two are close."""
    close = norm.cdf(3) - norm.cdf(2)
    rest = 0.5 - close  # on the same side, but not close (nearer, or outside)
    total = 0.0
    for word in np.ndindex(3, 3, 3, 3):  # the four neighbours: 0 the other side, 1 same side and not close, 2 close
        chance = np.prod([(0.5, rest, close)[letter] for letter in word])
        a, b, c, d = word
        windows = ((a, b), (b, c), (c, d))
        total += chance * any(min(pair) >= 1 and max(pair) == 2 for pair in windows)
    return 2 * close * total


def theory_of_months() -> dict[str, float]:
    """Share of the points of 36 that each rule marks, in per cent: a point near an end belongs to fewer rows."""
    place = np.arange(MONTHS)
    run = np.mean([_in_a_run(before, MONTHS - 1 - before) for before in range(MONTHS)])
    windows = np.minimum(place, MONTHS - 7) - np.maximum(place - 6, 0) + 1
    stretch = np.mean(windows * 2 / factorial(7) - (windows - 1) * 2 / factorial(8))
    close = norm.cdf(3) - norm.cdf(2)
    three = 2 * (2 * close**2 * (0.5 - close) + close**3)  # that a given one is close, and another of its three
    inside = np.minimum(place, MONTHS - 3) - np.maximum(place - 2, 0) + 1
    ends = np.mean(np.where(inside == 1, three, _close()))  # the two ends; their neighbours differ in the third digit
    found = {"outside": 2 * norm.sf(3), "run": run, "trend": stretch, "close": ends}
    return {name: 100 * float(share) for name, share in found.items()}


def _in_a_run(before: int, after: int) -> float:
    """Probability that a point is in seven or more on one side, with so many points before it and after it."""

    def row(most):
        lengths = np.arange(most + 1)
        return np.where(lengths < most, 0.5 ** (lengths + 1), 0.5**most)

    chance = np.outer(row(before), row(after))
    return float(chance[np.add.outer(np.arange(before + 1), np.arange(after + 1)) >= 6].sum())


def brute_force(rng: np.random.Generator, n: int = 200_000) -> dict[str, float]:
    """Count the rules in normal series less their mean, by another code: whole series at once, row by row."""
    x = rng.normal(size=(n, MONTHS))
    x -= x.mean(axis=1, keepdims=True)
    up, far, near = x > 0, np.abs(x) > 3, (np.abs(x) > 2) & (np.abs(x) <= 3)
    rises = np.diff(x, axis=1) > 0
    marked = {"outside": far} | {name: np.zeros(x.shape, bool) for name in ("run", "trend", "close")}
    for first in range(MONTHS - 6):
        some = slice(first, first + 7)
        for name, part, of in (("run", up[:, some], 7), ("trend", rises[:, first : first + 6], 6)):
            marked[name][:, some] |= np.isin(part.sum(axis=1), (0, of))[:, None]
    for first in range(MONTHS - 2):
        some = slice(first, first + 3)
        alike = np.isin(up[:, some].sum(axis=1), (0, 3)) & (near[:, some].sum(axis=1) >= 2)
        marked["close"][:, some] |= near[:, some] & alike[:, None]
    every = marked | {"special": np.any(list(marked.values()), axis=0)}
    return {name: 100 * float(part.mean()) for name, part in every.items()}


def known_rate(rng: np.random.Generator) -> dict[str, float]:
    """Count the rules in months of counts with exposure that varies, where the rate of the process is known."""
    rows = []
    for _ in range(SERIES):
        of = 30_000 * rng.uniform(0.7, 1.3, MONTHS)
        values, centre, step = rng.poisson(of * 0.002) / of, np.full(MONTHS, 0.002), np.sqrt(0.002 / of)
        limits = Limits(centre=centre, lower=centre - 3 * step, upper=centre + 3 * step,
                        near_lower=centre - 2 * step, near_upper=centre + 2 * step)  # fmt: skip
        rows.append(_by_rule(signals(values, limits, np.zeros(MONTHS, int))))
    return pd.DataFrame(rows).mean().to_dict()


def known(rng: np.random.Generator) -> dict[str, float]:
    """Count the rules where the limits are those of the process."""
    n = SERIES * MONTHS
    values = rng.normal(size=n)
    line = np.zeros(n)
    limits = Limits(centre=line, lower=line - 3, upper=line + 3, near_lower=line - 2, near_upper=line + 2)
    return _by_rule(signals(values, limits, np.zeros(n, int)))


def _by_rule(found) -> dict[str, float]:
    return {name: 100 * float(getattr(found, name).mean()) for name in ("outside", "run", "trend", "close", "special")}


def steady(rng: np.random.Generator, spread: float, correlation: float) -> Series:
    """Draw a group's months: exposure that varies, a level that strays and resembles its neighbour."""
    of = 30_000 * rng.uniform(0.7, 1.3, MONTHS)
    level = np.zeros(MONTHS)
    noise = rng.normal(0, spread, MONTHS)
    for month in range(MONTHS):
        before = level[month - 1] if month else rng.normal(0, spread)
        level[month] = correlation * before + np.sqrt(1 - correlation**2) * noise[month]
    events = rng.poisson(of * 0.002 * np.exp(level)).astype(float)
    return Series(name="", unit="", periods=PERIODS, events=events, of=of, sort="rate", per=1_000)


def learnt(spread: float, correlation: float, **asked) -> dict[str, float]:
    """Count what charts say of steady series with limits learnt from them."""
    rows = []
    for number in range(SERIES):
        rng = np.random.default_rng([SEED, int(100 * spread), int(100 * correlation), number])
        found = ControlChart(**asked).of(steady(rng, spread, correlation))
        special = found.signals.special
        told = {"last": special[-1], "any": special.any(), "warned": found.alike, "season": found.taken_out}
        rows.append(_by_rule(found.signals) | {name: 100 * float(value) for name, value in told.items()})
    return pd.DataFrame(rows).mean().to_dict()


def counties(sd: float) -> dict[str, float]:
    """Count homes outside 99.8% limits in counties of homes that differ, in per cent, by how limits allow for it."""
    out = {"additive": [], "multiplicative": [], "none": []}
    for number in range(COUNTIES):
        rng = np.random.default_rng([SEED, int(100 * sd), number])
        expected = rng.uniform(20, 120, HOMES)
        observed = 5.0 * np.round(rng.poisson(expected * np.exp(rng.normal(0, sd, HOMES))) / 5)
        for spread, rates in out.items():
            rates.append(
                100 * (funnel(observed, expected * observed.sum() / expected.sum(), spread).outside() != 0).mean()
            )
    return {spread: float(np.mean(rates)) for spread, rates in out.items()}


def main() -> None:
    """Write the table."""
    rows = [
        {"world": "theory, known limits"} | theory(),
        {"world": "known limits"} | known(np.random.default_rng(SEED)),
        {"world": "theory, 36 months"} | theory_of_months(),
        {"world": "known rate, exposure varies"} | known_rate(np.random.default_rng(SEED + 1)),
        {"world": "brute force, centre learnt"} | brute_force(np.random.default_rng(SEED + 2)),
    ]
    for name, spread, correlation, asked in (
        ("Poisson, exposure varies", 0.0, 0.0, {}),
        ("Poisson, XmR asked for", 0.0, 0.0, {"kind": "XmR"}),
        ("strays by 15%", 0.15, 0.0, {}),
        ("strays by 15%, U asked for", 0.15, 0.0, {"kind": "U"}),
        ("neighbours correlated 0.3", 0.15, 0.3, {}),
        ("neighbours correlated 0.6", 0.15, 0.6, {}),
    ):
        rows.append({"world": name} | learnt(spread, correlation, **asked))
    rows += [{"world": f"funnel, homes differ by {sd:.0%}"} | counties(sd) for sd in (0.0, 0.2, 0.4)]
    pd.DataFrame(rows).round(2).to_csv(OUT, index=False)


if __name__ == "__main__":
    main()
