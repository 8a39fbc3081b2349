"""Is a simulated panel what it says it is? Figures typed in are from domain.md (C, E2) and reliability.md (1.2)."""

import numpy as np
import pytest

from analysis.design import NEVER
from analysis.simulate import PanelSpec, simulate_panel
from analysis.simulate.rates import monthly_shocks, winter_and_trend
from tests.costs import in_the_proof

STILL = {"home_cv": 0.0, "shock_sd": 0.0, "winter": 0.0, "trend": 0.0}


def test_same_seed_same_panel():
    first, second = (simulate_panel(PanelSpec(), 7)[0] for _ in range(2))
    assert first.digest == second.digest
    assert np.array_equal(first.counts, second.counts)
    assert simulate_panel(PanelSpec(), 8)[0].digest != first.digest


def test_without_variation_expected_counts_are_rate_times_bed_days():
    panel, truth = simulate_panel(PanelSpec(**STILL, nursing_share=0, residential_rate=0.77), 1)
    assert np.allclose(truth.untreated, 0.77 / 365.25 * panel.exposure, rtol=1e-14)
    assert np.array_equal(truth.expected, truth.untreated)
    assert truth.log_rate_ratio == truth.averted == 0


def test_effect_by_event_time_and_type_is_what_was_asked():
    spec = PanelSpec(starts=(6,) * 40 + (9,) * 40, effect=(0.0, -0.1, -0.2), nursing_effect=(-0.05,))
    panel, truth = simulate_panel(spec, 2)
    log_ratio = np.log(truth.expected / truth.untreated)
    for unit, start in enumerate(truth.start):
        path = [-0.05] if panel.units["home_type"].iloc[unit] == "nursing" else [0.0, -0.1, -0.2]
        wanted = [0.0] * start + path + [path[-1]] * (36 - start - len(path))
        assert np.allclose(log_ratio[unit], wanted)


def test_truth_is_sum_over_treated_unit_months():
    _, truth = simulate_panel(PanelSpec(effect=(-0.3,), effect_sd=0.2), 3)
    expected = untreated = 0.0
    for unit, start in enumerate(truth.start):
        if start != NEVER:
            expected += truth.expected[unit, start:].sum()
            untreated += truth.untreated[unit, start:].sum()
    assert truth.log_rate_ratio == pytest.approx(np.log(expected / untreated), abs=1e-12)
    assert truth.averted == pytest.approx(untreated - expected)


def test_bed_days_fall_after_the_start_only():
    kept, _ = simulate_panel(PanelSpec(starts=(10,) * 80), 4)
    fallen, _ = simulate_panel(PanelSpec(starts=(10,) * 80, exposure_fall=0.2, exposure_fall_months=4), 4)
    left = (fallen.exposure / kept.exposure).mean(0)
    assert np.allclose(left, [1.0] * 10 + [0.95, 0.90, 0.85] + [0.8] * 23, atol=1e-3)


def test_homes_that_open_late_or_close_early_have_no_bed_days_and_no_admissions_then():
    panel, _ = simulate_panel(PanelSpec(enter_late=0.5, leave_early=0.5), 5)
    closed = panel.exposure == 0
    assert 0.1 < closed.mean() < 0.6
    assert panel.counts[closed].sum() == 0
    assert (panel.exposure > 0).any(1).all()


def test_worst_homes_of_the_window_are_chosen():
    spec = PanelSpec(starts=(20, 22, 24), worst_in=(6, 18))
    panel, truth = simulate_panel(spec, 6)
    rate = panel.counts[:, 6:18].sum(1) / panel.exposure[:, 6:18].sum(1)
    assert rate[truth.start != NEVER].min() >= rate[truth.start == NEVER].max()
    assert sorted(truth.start[truth.start != NEVER]) == [20, 22, 24]


def test_shocks_are_stationary_ar1():
    shocks = monthly_shocks(np.random.default_rng(0), (20_000, 30))
    # 20,000 homes: standard errors 0.0015 of the SD, 0.004 of the correlation at any month; four of each
    assert np.allclose(shocks.std(0), 0.3, atol=0.006)
    assert np.corrcoef(shocks[:, 0], shocks[:, 1])[0, 1] == pytest.approx(0.8, abs=0.01)
    assert np.corrcoef(shocks[:, 10], shocks[:, 13])[0, 1] == pytest.approx(0.8**3, abs=0.025)


def test_calendar_is_winter_times_trend():
    months = np.arange("2018-01", "2020-01", dtype="datetime64[M]")
    assert winter_and_trend(months, winter=0.12, trend=0.022)[[0, 12]] == pytest.approx([1.12, 1.12 * 1.022])
    assert winter_and_trend(months, winter=0.12, trend=0.0)[6] == pytest.approx(0.88)


def test_home_rates_and_their_spread():
    spec = PanelSpec(n_homes=4_000, starts=(), nursing_share=0.5, shock_sd=0, winter=0, trend=0, home_cv=0.41)
    panel, truth = simulate_panel(spec, 7)
    rate = truth.untreated[:, 0] / panel.exposure[:, 0] * 365.25
    nursing = (panel.units["home_type"] == "nursing").to_numpy()
    # standard errors of the means 0.007 and 0.006; four of each
    assert rate[~nursing].mean() == pytest.approx(0.77, abs=0.028)
    assert rate[nursing].mean() == pytest.approx(0.63, abs=0.024)
    assert rate[nursing].std() / rate[nursing].mean() == pytest.approx(0.41, abs=0.03)


@pytest.mark.parametrize(
    ("months", "fall"), [in_the_proof(12, -9, name="12"), in_the_proof(6, -15, name="6"), (3, -26)]
)
def test_worst_of_21_homes_improves_by_chance_as_published(months, fall):
    # domain.md E2: 21 homes of 44 beds, CV 0.40, no effect; 12, 6 and 3 months on either side
    spec = PanelSpec(
        n_homes=21, n_months=2 * months, starts=(months,), worst_in=(0, months), median_beds=44, beds_log_sd=0,
        nursing_share=0, shock_sd=0, winter=0, trend=0, home_cv=0.40, exposure_fall_months=1,
    )  # fmt: skip
    changes = [_change_of_the_chosen(*simulate_panel(spec, seed), months) for seed in range(400)]
    # The standard deviation of one change is at most 0.35, so of the mean of 400 at most 1.75 points; three of those
    assert 100 * np.mean(changes) == pytest.approx(fall, abs=5.2)


def _change_of_the_chosen(panel, truth, months):
    counts = panel.counts[truth.start != NEVER][0]
    return counts[months:].sum() / counts[:months].sum() - 1
