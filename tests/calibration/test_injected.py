"""What is put in is found again: centred, and with the coverage that fresh homes show."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.calibration import calibrate
from analysis.calibration.injected import RULE, USUAL, _drawn
from analysis.errors import AnalysisError
from analysis.simulate import PanelSpec, simulate_panel
from tests.costs import draws

MODEL = StaggeredRates(permutations=0)


def test_what_is_put_in_is_a_fall_of_that_size_in_months_after_the_start_only():
    panel, _ = simulate_panel(PanelSpec(n_homes=40, n_months=30, starts=(), residential_rate=40, nursing_rate=40), 1)
    drawn, starts, rng = np.arange(40), np.full(20, 10), np.random.default_rng(1)
    for ratio in (0.7, 1.0, 1.3):
        some = _drawn(panel, drawn, starts, ratio, rng)
        tried, start = some.panel(panel), some.start
        after = (start >= 0)[:, None] & (np.arange(30) >= 10)
        assert (tried.counts[~after] == panel.counts[~after]).all()
        assert tried.counts[after].sum() / panel.counts[after].sum() == pytest.approx(ratio, rel=0.01)


def test_at_no_effect_the_mean_is_none_and_the_usual_interval_is_known_for_bad():
    """One home a start fits itself: the usual error is far too small, and these homes show it without a simulation."""
    panel, truth = simulate_panel(PanelSpec(n_homes=80, n_months=36, starts=tuple(range(12, 24))), 5)
    found = calibrate(panel, truth.design(), MODEL, ratios=(1.0,), draws=draws(120))
    rule, usual = found.row(1.0, RULE), found.row(1.0, USUAL)
    assert abs(rule["bias"]) < 3 * rule["bias_error"]
    assert usual["coverage"] < 0.75 < rule["coverage"]
    assert (found.homes, found.treated, found.sources) == (80, 12, 68)


def test_the_same_seed_gives_the_same_and_too_few_homes_are_refused():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, n_months=30, starts=(12, 12, 12)), 5)
    asked = {"ratios": (1.0,), "draws": 3}
    one, two = (calibrate(panel, truth.design(), MODEL, **asked).table for _ in range(2))
    assert one.equals(two)
    few = replace(truth.design(), start=np.where(np.arange(20) < 14, 12, -1))
    with pytest.raises(AnalysisError, match="cannot be tried out"):
        calibrate(panel, few, MODEL, **asked)
