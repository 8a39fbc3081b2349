"""Whole counts drawn from bands lie in those bands, and their luck from month to month is that of the counts."""

import numpy as np
import pandas as pd
import pytest

from analysis.baseline import baseline_of, months_without
from analysis.design import NEVER
from analysis.disclosure import BEHIND
from analysis.disclosure.estimates import as_shown, drawn
from analysis.panel import counts_as_shown
from analysis.simulate import PanelSpec, simulate_panel
from tests.disclosure.test_twins import at_the_edge


def bands(counts, anchor):
    found = np.zeros_like(counts)
    for row, a in enumerate(anchor):
        found[row, a:] = np.cumsum(counts[row, a:]) // BEHIND.base
        found[row, :a] = (np.cumsum(counts[row, :a][::-1]) // BEHIND.base)[::-1]
    return found


@pytest.fixture(scope="module")
def homes():
    rng, N, T = np.random.default_rng(1), 200, 48
    exposure = rng.uniform(100, 2_000, (N, 1)) * rng.uniform(0.9, 1.1, (N, T))
    exposure[rng.random((N, T)) < 0.05] = 0
    counts = np.where(exposure > 0, rng.poisson(rng.gamma(1.5, 2, (N, 1)) * np.ones(T)), 0)
    return counts, exposure, rng.integers(0, T + 1, N)


def lag(counts, k):
    kept = counts[(counts.sum(axis=1) > 20)]
    return np.mean([np.corrcoef(row[:-k], row[k:])[0, 1] for row in kept])


def test_counts_drawn_lie_in_the_same_bands_and_follow_from_them_alone(homes):
    counts, exposure, anchor = homes
    found = drawn(counts, exposure, anchor)
    assert (found >= 0).all() and not found[exposure == 0].any()
    np.testing.assert_array_equal(bands(found, anchor), bands(counts, anchor))
    assert (found != counts).mean() > 0.5
    twin = np.zeros_like(counts)
    for row, a in enumerate(anchor):
        twin[row, a:] = at_the_edge(counts[row, a:], 2)
        twin[row, :a] = at_the_edge(counts[row, :a][::-1], 2)[::-1]
    np.testing.assert_array_equal(drawn(twin, exposure, anchor), found)


def test_counts_drawn_have_no_spells_where_counts_that_come_evenly_seem_to(homes):
    counts, exposure, anchor = homes
    found, even = drawn(counts, exposure, anchor), as_shown(counts, exposure, anchor)
    assert found.sum() / counts.sum() == pytest.approx(1, abs=0.01)
    assert found.var(axis=1).mean() / counts.var(axis=1).mean() == pytest.approx(1, abs=0.05)
    for k in (1, 2, 3):
        assert abs(lag(found, k)) < 0.05
    assert lag(even, 1) > 0.3


def test_counts_drawn_from_bands_have_the_luck_of_those_they_stand_for():
    panel, truth = simulate_panel(PanelSpec(n_homes=300, n_months=48, starts=(30,) * 8), 3)
    had = truth.start != NEVER
    day = panel.months.astype("datetime64[s]")[truth.start[had]]
    spells = pd.DataFrame({"location_id": panel.units.index[had], "started": day})
    without = months_without(panel, spells)
    exact, told = (baseline_of(p, without) for p in (panel, counts_as_shown(panel, panel, spells).by_chance))
    assert np.ptp(told.calendar.season) == pytest.approx(np.ptp(exact.calendar.season), rel=0.1)
    assert abs(told.calendar.trend[0] - exact.calendar.trend[0]) < exact.calendar.trend[1]
    assert told.spread.variance == pytest.approx(exact.spread.variance, rel=0.05)
    assert told.spells.variance == pytest.approx(exact.spells.variance, rel=0.2)
    assert told.spells.correlation == pytest.approx(exact.spells.correlation, abs=0.1)
