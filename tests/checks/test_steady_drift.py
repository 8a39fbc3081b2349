"""A steady drift before the start: against regressions by other software, and how often each of two tests sees one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.drift import SteadyDrift, steady_drift
from analysis.checks.parallel_before import parallel_before
from analysis.design import NEVER
from analysis.results import Fitted
from analysis.simulate import PanelSpec, simulate_panel

SPEC = PanelSpec(n_homes=24, n_months=24, starts=(14,) * 5 + (18,) * 4)
MODEL = StaggeredRates(permutations=0, subgroups=())


@pytest.fixture(scope="module")
def drawn():
    panel, truth = simulate_panel(SPEC, 11)
    return panel, truth.design()


def first(design):
    return np.where(design.start == NEVER, 24, design.start)


def by_statsmodels(panel, design, vcov):
    """Fit home and month effects and the drift by a regression with a column for each."""
    import statsmodels.api as sm  # noqa: PLC0415

    home, month = np.nonzero((panel.exposure > 0) & (np.arange(24) < first(design)[:, None]))
    since = np.where((design.start != NEVER)[:, None], np.arange(24) - design.start[:, None], 0)[home, month]
    X = np.column_stack([
        pd.get_dummies(home).to_numpy(float), pd.get_dummies(month).to_numpy(float)[:, 1:], since.astype(float)
    ])  # fmt: skip
    model = sm.GLM(
        panel.counts[home, month], X, family=sm.families.Poisson(), offset=np.log(panel.exposure[home, month])
    )
    found = model.fit(cov_type="cluster", cov_kwds={"groups": home, "use_correction": False}, tol=1e-12)
    return found.params[-1], found.bse[-1]


def test_the_drift_is_that_of_a_poisson_regression_with_a_column_for_each_home_and_month(drawn):
    panel, design = drawn
    found = steady_drift(MODEL, panel, design)
    assert found is not None
    b, error = by_statsmodels(panel, design, "cluster")
    assert found.a_month == pytest.approx(b, abs=1e-8)
    usual = steady_drift(replace(MODEL, vcov="CR1"), panel, design)
    assert usual is not None and usual.std_error == found.std_error  # the error is by CR2, whatever the answer's is
    assert error < found.std_error < 1.4 * error  # corrected for the leverage of nine homes
    assert (found.homes, found.others) == (9, 15)


def test_it_does_not_look_at_months_with_the_intervention_nor_at_those_left_out(drawn):
    panel, design = drawn
    after = np.arange(24) >= first(design)[:, None]
    changed = replace(panel, counts=np.where(after, 3 * panel.counts, panel.counts), digest="")
    assert steady_drift(MODEL, changed, design) == steady_drift(MODEL, panel, design)
    masked = replace(design, included=np.broadcast_to(np.arange(24) >= 4, panel.counts.shape))
    cut = replace(panel, months=panel.months[4:], counts=panel.counts[:, 4:], exposure=panel.exposure[:, 4:], digest="")
    start = np.where(design.start == NEVER, NEVER, design.start - 4)
    other = replace(design, start=start, included=np.ones((24, 20), bool))
    a, b = steady_drift(MODEL, panel, masked), steady_drift(MODEL, cut, other)
    assert a is not None and b is not None
    assert (a.a_month, a.std_error, a.df) == pytest.approx((b.a_month, b.std_error, b.df), rel=1e-6)


def test_where_every_home_starts_nobody_can_tell_a_drift_from_the_calendar():
    panel, truth = simulate_panel(replace(SPEC, n_homes=12, starts=(14,) * 6 + (18,) * 6), 3)
    assert steady_drift(MODEL, panel, truth.design()) is None
    few, two = simulate_panel(replace(SPEC, starts=(14,) * 2), 3)
    assert steady_drift(MODEL, few, two.design()) is None


def test_how_often_a_drift_is_noticed_is_how_often_draws_are_rejected():
    rng, found = np.random.default_rng(4), SteadyDrift(a_month=0.0, std_error=0.02, df=8.0, homes=9, others=15)
    error = 0.02 * np.sqrt(rng.chisquare(8, 400_000) / 8)
    drawn = rng.normal(found.noticeable(0.8, 0.025), 0.02, 400_000) / error
    critical = 2.7515  # of t on 8 degrees of freedom, 98.75%
    assert found.noticed(found.noticeable(0.8, 0.025), 0.025) == pytest.approx((abs(drawn) > critical).mean(), abs=3e-3)
    assert found.noticed(0.0, 0.025) == pytest.approx(0.025)
    assert found.noticed(found.noticeable(0.8, 0.025), 0.025) == pytest.approx(0.8, abs=0.03)


def test_a_slow_drift_that_the_months_just_before_hide_is_told_with_its_interval():
    """2% a month over 40 months, of which the joint test looks at six."""
    panel, truth = simulate_panel(PanelSpec(n_homes=60, n_months=60, starts=(40,) * 20), 6)
    share = np.where((truth.start != NEVER)[:, None], np.exp(-0.02 * np.arange(60)), 1.0)
    panel = replace(panel, counts=np.random.default_rng(6).binomial(panel.counts, share), digest="")
    design = truth.design()
    check = parallel_before(Fitted(observed=panel, design=design, model=MODEL, effects=MODEL.fit(panel, design)))
    row = check.table.iloc[0]
    assert check.passed is False
    assert row["drift_low"] < np.expm1(-0.02) < row["drift_high"] < 0
    assert row["drift_p_value"] < row["p_value"]
    assert "already drifted from the others before the start, by −" in check.reading
    assert "20 homes against 40 that never start" in check.reading


def test_the_number_of_the_doubt_is_of_both_tests_and_says_so(drawn):
    panel, design = drawn
    check = parallel_before(Fitted(observed=panel, design=design, model=MODEL, effects=MODEL.fit(panel, design)))
    both = min(1, 2 * check.table[["p_value", "drift_p_value"]].iloc[0].min())
    assert check.number == f"chance gives as much {100 * both:.2g} times in 100, both tests together"
