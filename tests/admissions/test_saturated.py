"""The saturated fit, its averages and their weights, against statsmodels with explicit dummy variables."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.contrasts import contrast, home_month_weights
from analysis.admissions.engine.saturated import fit_saturated
from tests.admissions.conftest import dummies, small_panel


def cells(sample):
    """Rows of the regression: home, month, whether treated, cohort-month label (0 where untreated)."""
    home, month = np.nonzero(sample.exposure > 0)
    treated = sample.treated[home, month]
    return home, month, treated, np.where(treated, 1 + 1000 * sample.first[home] + month, 0)


def by_statsmodels(sample, rows=slice(None), offset=0.0, months=True):
    home, month, _, cell = cells(sample)
    columns = [dummies(home[rows]), dummies(month[rows])[:, 1:] if months else np.zeros((len(home[rows]), 0))]
    X = np.hstack([*columns, dummies(cell[rows])[:, 1:]])
    y, E = sample.counts[home, month][rows], sample.exposure[home, month][rows]
    model = sm.GLM(y, X, family=sm.families.Poisson(), offset=np.log(E) + offset)
    return X, model.fit(tol=1e-13, maxiter=200)


@pytest.fixture
def sample():
    panel, design = small_panel()
    return Setting.of(panel, design).sample()


def without_treatment(sample, X):
    _, _, _, cell = cells(sample)
    X0 = X.copy()
    X0[:, X.shape[1] - (len(np.unique(cell)) - 1) :] = 0
    return X0


def test_means_and_counterfactuals_equal_statsmodels(sample):
    fit = fit_saturated(sample)
    home, month, _, _ = cells(sample)
    X, oracle = by_statsmodels(sample)
    expected = sample.exposure[home, month] * np.exp(without_treatment(sample, X) @ oracle.params)
    np.testing.assert_allclose(fit.fitted[home, month], oracle.mu, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(fit.counterfactual[home, month], expected, rtol=1e-8)


def usual_variance(fit):
    weights = home_month_weights(fit, contrast(fit, fit.sample.treated_cells[None]))
    m, scores = len(weights), (weights * (fit.sample.counts - fit.fitted)).sum(axis=1)
    return m / (m - 1) * (scores**2).sum()


def test_clustered_errors_equal_statsmodels_with_its_small_sample_factor_taken_out(sample):
    fit = fit_saturated(sample)
    home, month, treated, _ = cells(sample)
    X, oracle = by_statsmodels(sample)
    mu, mu0 = oracle.mu, sample.exposure[home, month] * np.exp(without_treatment(sample, X) @ oracle.params)
    gradient = (mu * treated) @ X / mu[treated].sum() - (mu0 * treated) @ without_treatment(sample, X) / mu0[
        treated
    ].sum()
    scores = np.add.reduceat(X * (oracle.model.endog - mu)[:, None], np.flatnonzero(np.diff(home, prepend=-1)))
    bread = np.linalg.inv(X.T @ (X * mu[:, None]))
    m = len(sample.homes)
    ours = usual_variance(fit)
    np.testing.assert_allclose(ours, m / (m - 1) * gradient @ bread @ scores.T @ scores @ bread @ gradient, rtol=1e-7)
    robust = by_statsmodels(sample)[1].model.fit(tol=1e-13, cov_type="cluster", cov_kwds={"groups": home})
    N, K = X.shape
    factor = (N - 1) / (N - K)  # statsmodels: m / (m − 1) · (N − 1) / (N − K), K with every dummy variable
    np.testing.assert_allclose(ours * factor, gradient @ robust.cov_params() @ gradient, rtol=1e-6)


@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
def test_weights_are_the_derivative_of_the_estimate(comparison):
    panel, design = small_panel()
    sample = Setting.of(panel, design, comparison).sample()
    fit = fit_saturated(sample)
    weights = home_month_weights(fit, contrast(fit, sample.treated_cells[None]))
    h = 1e-5
    for home, month in np.argwhere(sample.exposure > 0)[::7]:
        nudge = np.zeros_like(sample.counts)
        nudge[home, month] = h
        up, down = (log_ratio(replace(sample, counts=sample.counts + s * nudge)) for s in (1, -1))
        assert weights[home, month] == pytest.approx((up - down) / (2 * h), abs=2e-8)


def log_ratio(sample):
    answer = contrast(fit_saturated(sample), sample.treated_cells[None])
    return float(np.log(answer.observed / answer.expected)[0])


def test_never_treated_comparison_is_two_regressions_one_after_the_other():
    panel, design = small_panel()
    sample = Setting.of(panel, design, "never_treated").sample()
    home, month, treated, _ = cells(sample)
    never = sample.first[home] == len(sample.months)
    first = by_statsmodels(sample, rows=never)[1]
    gamma = np.append(0.0, first.params[-(len(sample.months) - 1) :])
    X, second = by_statsmodels(sample, rows=~never, offset=gamma[month[~never]], months=False)
    X0 = np.hstack([dummies(home[~never]), np.zeros((len(X), X.shape[1] - len(np.unique(home[~never]))))])
    mu0 = sample.exposure[home, month][~never] * np.exp(X0 @ second.params + gamma[month[~never]])
    expected = mu0[treated[~never]].sum()
    assert contrast(fit_saturated(sample), sample.treated_cells[None]).expected[0] == pytest.approx(expected, rel=1e-8)


def test_a_treated_month_without_any_admission_is_a_rate_of_zero():
    panel, design = small_panel()
    counts = panel.counts.copy()
    counts[design.start == 7, 8] = 0
    sample = Setting.of(replace(panel, counts=counts, digest=""), design).sample()
    fit = fit_saturated(sample)
    answer = contrast(fit, sample.treated_cells[None])
    assert fit.converged
    assert np.isfinite(answer.expected).all()
    home = int(np.flatnonzero(sample.first == 7)[0])
    h, nudge = 1e-6, np.zeros_like(sample.counts)
    nudge[home, 8] = h
    up = log_ratio(replace(sample, counts=sample.counts + nudge))
    assert home_month_weights(fit, answer)[home, 8] == pytest.approx((up - log_ratio(sample)) / h, rel=1e-4)
