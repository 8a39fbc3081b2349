"""Counts as shown of all homes at once are those of each home alone, to the last bit."""

import numpy as np

from analysis.disclosure.estimates import as_shown

BASE = 5


def one_home(counts, exposure):
    """Of one home, in the order in which its counts are added up: straight lines between where it enters a band."""
    time = np.cumsum(exposure)
    if not len(time) or time[-1] == 0:
        return np.zeros(len(counts))
    band = np.cumsum(counts) // BASE
    entered = np.diff(band, prepend=0)
    at = np.flatnonzero(entered)
    level = BASE * (band[at] - (entered[at] - 1) / 2) - 0.5
    end = max(BASE * band[-1] + (BASE - 1) / 2, level[-1] if len(at) else 0.0)
    knots = [0.0, *(time[at] - exposure[at] / 2), time[-1]]
    return np.diff(np.interp(time, knots, [0.0, *level, end]), prepend=0.0)


def alone(counts, exposure, anchor):
    shown = np.zeros(counts.shape)
    for row, a in enumerate(anchor):
        shown[row, a:] = one_home(counts[row, a:], exposure[row, a:])
        shown[row, :a] = one_home(counts[row, :a][::-1], exposure[row, :a][::-1])[::-1]
    return shown


def test_all_homes_at_once_are_each_home_alone():
    rng = np.random.default_rng(1)
    for world in range(300):
        N, T = rng.integers(1, 12), rng.integers(1, 40)
        counts = rng.poisson(rng.choice([0.2, 1, 4, 20]), (N, T))
        days = rng.uniform(0, 900, (N, T)) if world % 2 else rng.integers(0, 4, (N, T)) * 31.0
        days[rng.random((N, T)) < 0.2] = 0  # months without bed-days, with or without admissions
        counts = np.where(days > 0, counts, 0) if world % 3 else counts
        anchor = {0: np.zeros(N, int), 1: np.full(N, T)}.get(world % 6, rng.integers(0, T + 1, N))
        assert (as_shown(counts, days, anchor) == alone(counts, days, anchor)).all()
