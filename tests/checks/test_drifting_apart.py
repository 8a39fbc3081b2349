"""How far homes may have drifted apart: the event study against brute force, and worlds with and without a drift."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.periods import period_effects
from analysis.checks.drifting_apart import ALIKE, STEP, STRAIGHT, drifting_apart
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.simulate import PanelSpec, simulate_panel
from tests.costs import one_in
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)


def examined(panel: Panel, design: Design):
    return drifting_apart(on(panel, design, MODEL, MODEL.fit(panel, design)))


def drifting(spec: PanelSpec, seed: int, a_month: float) -> tuple[Panel, Design]:
    """A panel whose homes that start drift from the others by so much of the log rate a month, all along."""
    panel, truth = simulate_panel(spec, seed)
    month = np.arange(len(panel.months)) - truth.start[:, None]
    drift = np.where((truth.start != NEVER)[:, None], np.exp(a_month * month), 1.0)
    rate = panel.counts.sum() / panel.exposure.sum()
    counts = np.random.default_rng(seed).poisson(rate * panel.exposure * drift)
    return replace(panel, counts=counts, digest=""), truth.design()


def test_periods_are_those_of_a_fit_by_proportions():
    """Home, month and cohort × month effects fitted by iterated proportions; every period over the last before."""
    panel, truth = simulate_panel(PanelSpec(n_homes=30, n_months=36, starts=(24,) * 6, effect=(-0.3,)), 3)
    found = period_effects(MODEL, panel, truth.design())
    assert found is not None
    assert (found.period, len(found.study.before)) == ("half-year", 3)
    treated = (truth.start == 24)[:, None] & np.ones(36, bool)  # every month is one of the four periods or after
    treated[:, :6] = False  # the earliest period is the base of the fit
    E, y = panel.exposure, panel.counts.astype(float)
    a, c, d = np.ones(30), np.ones(36), np.ones(36)
    for _ in range(3000):
        a = y.sum(axis=1) / (E * c * np.where(treated, d, 1)).sum(axis=1)
        base = E * a[:, None]
        c = np.where(treated, 0, y).sum(axis=0) / np.where(treated, 0, base).sum(axis=0)
        some = treated.any(axis=0)
        d[some] = (y * treated).sum(axis=0)[some] / (base * c * treated).sum(axis=0)[some]
    expected = E * a[:, None] * c * treated
    log = [np.log((y * treated)[:, p : p + 6].sum() / expected[:, p : p + 6].sum()) for p in range(6, 36, 6)]
    before, after = np.array([0.0, *log[:2]]) - log[2], np.array(log[3:]) - log[2]
    np.testing.assert_allclose(found.study.before, before, atol=1e-8)
    np.testing.assert_allclose(found.study.after, after, atol=1e-8)
    np.testing.assert_allclose(
        found.weights, expected[:, 24:].reshape(30, 2, 6).sum(axis=(0, 2)) / expected[:, 24:].sum()
    )


SPEC = PanelSpec(n_homes=120, n_months=48, starts=(30,) * 40)


def test_homes_that_drift_all_along_are_a_concern():
    check = examined(*drifting(SPEC, 1, -0.02))
    assert check.passed is False
    assert "already moving apart" in check.reading
    went_on = check.table.set_index("allowed").loc[STRAIGHT]
    assert went_on["conf_low"] < 1 < went_on["conf_high"]  # the drift going on is all there is


def test_a_large_effect_without_a_drift_is_none():
    panel, truth = simulate_panel(replace(SPEC, effect=(-0.9,), shock_sd=0.0), 2)
    check = examined(panel, truth.design())
    assert check.passed is True
    assert "times as fast as ever before it" in check.reading


@pytest.mark.parametrize("seed", one_in(2, range(4)))
def test_nothing_done_is_no_concern(seed):
    panel, truth = simulate_panel(SPEC, seed)
    assert examined(panel, truth.design()).passed is not False


def test_a_larger_step_allows_more():
    table = examined(*drifting(SPEC, 1, -0.02)).table.query("what == 'after the start'").set_index("allowed")
    width = table["conf_high"] / table["conf_low"]
    assert width[ALIKE] < width[STEP.format(0.5)] < width[STEP.format(1)] < width[STEP.format(2)]


def test_too_few_months_before_is_said():
    panel, truth = simulate_panel(replace(SPEC, starts=(4,) * 40), 1)
    check = examined(panel, truth.design())
    assert check.passed is None
    assert check.reading.startswith("This needs 2 periods")


def test_months_left_out_before_the_start_are_a_gap_and_not_a_period():
    panel, truth = simulate_panel(SPEC, 5)
    design = truth.design()
    part = design.included.copy()
    part[:, 24:30] = False
    found = period_effects(MODEL, panel, replace(design, included=part))
    assert found is not None
    assert found.weights[0] == 0 and found.weights[1] > 0
    assert found.period == "half-year"
