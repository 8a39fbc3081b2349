"""Other estimators beside the answer: alike where homes are, apart where large homes do otherwise."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from analysis.admissions import StaggeredRates
from analysis.checks.other_estimators import BY_BED_DAY, GIVEN, GROUP_TIME, IMPUTATION, other_estimators
from analysis.design import NEVER
from analysis.inference.adoption import imputed
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=120, n_months=36, starts=(18,) * 20 + (24,) * 20, shock_sd=0.05, effect=(-0.4,))


def examined(panel, design):
    return other_estimators(on(panel, design, MODEL, MODEL.fit(panel, design)))


def test_they_agree_where_homes_are_alike_and_say_how_much_is_compared_with_who_has_started():
    panel, truth = simulate_panel(SPEC, 1)
    check = examined(panel, truth.design())
    assert check.passed is True
    found = check.table.set_index("what")["estimate"]
    assert abs(found[IMPUTATION] - found[GIVEN]) < 0.1 and abs(found[GROUP_TIME] - found[GIVEN]) < 0.15
    assert np.isclose(check.table["weight"].sum(), 1, atol=0.02)
    assert "have started already, which misleads" in check.reading


def test_the_chance_of_the_difference_is_that_of_the_answer_worked_out_anew_without_each_home():
    """Where homes are few each is left out by itself, of imputation exactly and of the answer to first order."""
    panel, truth = simulate_panel(replace(SPEC, n_homes=40, starts=(18,) * 12), 1)
    design = truth.design()
    table = examined(panel, design).table.set_index("what")
    whole, left = (np.log(table.loc[name, "estimate"]) for name in (BY_BED_DAY, IMPUTATION))
    assert table.loc[BY_BED_DAY, "conf_low"] < np.exp(whole) < table.loc[BY_BED_DAY, "conf_high"]
    again = []
    for out in range(40):
        kept = np.arange(40) != out
        y, e = (values[kept].reshape(39, 12, 3).sum(axis=2) for values in (panel.counts, panel.exposure))
        rate, start = 1000 * y / e, np.where(design.start[kept] == NEVER, 12, design.start[kept] // 3)
        expected = imputed(rate, start)
        after = np.arange(12) >= start[:, None]
        again.append(np.log(1 + (rate - expected)[after].mean() / expected[after].mean()))
    half = t.ppf(0.975, 39) * np.sqrt(39 / 40 * ((np.array(again) - np.mean(again)) ** 2).sum())
    assert np.log(table.loc[IMPUTATION, "conf_high"]) - left == pytest.approx(half, abs=0.015)


def test_large_homes_that_do_otherwise_are_a_concern():
    panel, truth = simulate_panel(replace(SPEC, effect=(0.0,)), 2)
    treated = np.flatnonzero(truth.start != NEVER)
    large = treated[np.argsort(-panel.exposure[treated].sum(axis=1))[:8]]
    exposure, share = panel.exposure.copy(), np.ones(panel.counts.shape)
    exposure[large] *= 10
    share[large] = np.where(np.arange(36) >= truth.start[large][:, None], 0.4, 1.0)
    rate = panel.counts.sum() / panel.exposure.sum()
    counts = np.random.default_rng(2).poisson(rate * exposure * share)
    check = examined(replace(panel, counts=counts, exposure=exposure, digest=""), truth.design())
    assert check.passed is False


def test_homes_that_are_not_seen_throughout_are_too_few():
    panel, truth = simulate_panel(SPEC, 1)
    exposure = panel.exposure.copy()
    exposure[np.flatnonzero(truth.start != NEVER)[1:], 5] = 0
    counts = np.where(exposure > 0, panel.counts, 0)
    check = examined(replace(panel, exposure=exposure, counts=counts, digest=""), truth.design())
    assert check.passed is None
    assert check.reading.startswith("These estimators need homes")
