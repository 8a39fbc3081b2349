"""Cohort effects beside home effects: the same where they must be, and how far apart where they are not."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.cohort_effects import fit_cohorts
from analysis.admissions.engine.contrasts import contrast
from analysis.design import NEVER, Design
from analysis.panel import Panel
from tests.admissions.conftest import dummies, small_panel


def test_cohort_effects_are_those_of_statsmodels_on_all_home_months(panel_and_design):
    sample = Setting.of(*panel_and_design).sample()
    home, month = np.nonzero(sample.exposure > 0)
    treated, cohort = sample.treated[home, month], sample.first[home]
    cell = np.where(treated, 1 + 1000 * cohort + month, 0)
    base = np.hstack([dummies(cohort), dummies(month)[:, 1:]])
    own = dummies(cell)[:, 1:]
    offset = np.log(sample.exposure[home, month])
    X = np.hstack([base, own])
    some = np.array([sample.counts[home, month][cell == c].sum() > 0 for c in cell])
    kept = X[some].any(axis=0)
    model = sm.GLM(sample.counts[home, month][some], X[some][:, kept], sm.families.Poisson(), offset=offset[some])
    beta = np.zeros(X.shape[1])
    beta[kept] = model.fit(tol=1e-13, maxiter=200).params
    expected = np.exp(base @ beta[: base.shape[1]] + offset)[treated].sum()
    answer = contrast(fit_cohorts(sample), sample.treated_cells[None])
    assert answer.expected[0] == pytest.approx(expected, rel=1e-8)


def test_both_are_the_same_where_bed_days_follow_one_pattern_in_a_cohort():
    panel, design = small_panel(missing=0.0)
    rng = np.random.default_rng(3)
    exposure = rng.uniform(500, 2000, (16, 1)) * rng.uniform(0.8, 1.2, 12)
    counts = rng.poisson(0.004 * exposure)
    other = Panel(
        units=panel.units, months=panel.months, counts=counts, exposure=exposure, outcome="a", exposure_unit="b"
    )
    table = StaggeredRates(permutations=0).fit(other, design).diagnostics["effects"]
    assert table["effects"].tolist() == ["home", "cohort"]
    assert table["log_apart"][1] == pytest.approx(0, abs=1e-12)


def leavers(seed):
    """Treated homes with high rates close a few months after the start; there is no effect at all."""
    rng, n, T = np.random.default_rng(seed), 120, 24
    start = np.where(np.arange(n) < 60, 10, NEVER)
    rate = np.where(np.arange(n) % 2, 8.0, 3.0)[:, None]
    exposure = np.full((n, T), 900.0)
    exposure[(start == 10) & (np.arange(n) % 2 == 1), 14:] = 0
    counts = rng.poisson(rate * exposure / 900)
    panel, _ = small_panel(n=n, T=T, starts=())
    panel = Panel(
        units=panel.units, months=panel.months, counts=counts, exposure=exposure, outcome="a", exposure_unit="b"
    )
    return panel, Design(intervention="w", start=start, included=np.ones((n, T), bool))


def test_cohort_effects_are_biased_where_homes_with_high_rates_leave_and_home_effects_are_not():
    model = StaggeredRates(permutations=0, leads=0, subgroups=())
    found = [model.fit(*leavers(seed)) for seed in range(12)]
    tables = [effects.diagnostics["effects"].set_index("effects") for effects in found]
    home, cohort = (np.mean([np.log(t.loc[kind, "rate_ratio"]) for t in tables]) for kind in ("home", "cohort"))
    assert home == pytest.approx(0, abs=0.02)
    assert cohort < -0.1
    assert all(t.loc["cohort", "errors_apart"] < -2 for t in tables)
    assert all("outside the interval" in effects.notes[-1] for effects in found)
