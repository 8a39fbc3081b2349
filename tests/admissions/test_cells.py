"""Effects of every cohort and month, and their errors by home, against regressions with a dummy variable for each."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from cells import cells, cohort_moments, covariance_by_home, home_moments

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine import saturated
from analysis.admissions.engine.cohort_effects import fit_cohorts
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.saturated import fit_saturated
from analysis.inference.clustered import Reference, cr1
from tests.admissions.conftest import dummies, small_panel


def by_statsmodels(sample, effects):
    """Cells' coefficients and errors, in the order of cohort and month, without statsmodels' small-sample factor."""
    home, month = np.nonzero(sample.exposure > 0)
    cohort = np.repeat(np.arange(len(sample.cohorts)), [g.rows.stop - g.rows.start for g in sample.cohorts])
    cell = np.where(sample.treated[home, month], 1 + 1000 * cohort[home] + month, 0)
    some = np.array([sample.counts[home, month][cell == c].sum() > 0 for c in cell])
    home, month, cell = home[some], month[some], cell[some]
    level = home if effects == "home" else cohort[home]
    X = np.hstack([dummies(level), dummies(month)[:, 1:], dummies(cell)[:, 1:]])
    y, offset = sample.counts[home, month], np.log(sample.exposure[home, month])
    fit = sm.GLM(y, X, sm.families.Poisson(), offset=offset).fit(
        tol=1e-13, maxiter=300, cov_type="cluster", cov_kwds={"groups": home}
    )
    own = slice(X.shape[1] - len(np.unique(cell)) + 1, None)
    N, K = X.shape
    return fit.params[own], fit.bse[own] / np.sqrt((N - 1) / (N - K))


@pytest.mark.parametrize("effects", ["home", "cohort"])
def test_effects_and_errors_equal_statsmodels(effects):
    panel, design = small_panel(n=24, starts=(4, 4, 4, 6, 6, 7, 7, 7), missing=0.1, rate=9.0)
    sample = Setting.of(panel, design).sample()
    fit = fit_saturated(sample) if effects == "home" else fit_cohorts(sample)
    moments = home_moments(fit) if effects == "home" else cohort_moments(sample, fit)
    found = cells(fit, moments, len(sample.homes))
    told = ~np.isnan(found.log_ratio)
    estimates, errors = by_statsmodels(sample, effects)
    np.testing.assert_allclose(found.log_ratio[told], estimates, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.std_error[told], errors, rtol=1e-6)


@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
def test_errors_of_cells_and_averages_are_those_of_scores_home_by_home(comparison):
    sample = Setting.of(*small_panel(), comparison).sample()
    fit, treated = fit_saturated(sample), sample.treated_cells & (sample.events > 0)
    one_each = np.zeros((treated.sum(), *treated.shape), bool)
    one_each[(np.arange(len(one_each)), *np.nonzero(treated))] = True
    answer = contrast(fit, np.concatenate([one_each, treated[None]]))
    reference = Reference(
        counts=sample.counts, fitted=fit.fitted, rows=tuple(g.rows for g in sample.cohorts),
        regressor=treated.astype(float), inverse=np.empty(0), cluster=np.arange(len(sample.homes)),
    )  # fmt: skip
    expected = cr1(answer.weights, sample.counts - fit.fitted, reference).covariance
    moments, m = home_moments(fit), len(sample.homes)
    np.testing.assert_allclose(covariance_by_home(answer.weights, moments, m), expected, rtol=1e-9, atol=1e-14)
    found = cells(fit, moments, m)
    np.testing.assert_allclose(found.std_error[treated] ** 2, np.diag(expected)[:-1], rtol=1e-9)
    np.testing.assert_allclose(found.log_ratio[treated], np.log(answer.observed / answer.expected)[:-1], atol=1e-12)
    assert np.isnan(found.log_ratio[~treated]).all()


def in_single_precision(function):
    """The same sums over homes, every product in single precision."""

    def sums(sample, rates):
        singly = replace(sample, exposure=sample.exposure.astype(np.float32))
        singly.__dict__["totals"] = sample.totals.astype(np.float32)
        answer = function(singly, rates.astype(np.float32))
        return tuple(a.astype(float) for a in answer) if isinstance(answer, tuple) else answer.astype(float)

    return sums


def test_sums_in_single_precision_would_not_let_the_fit_come_to_rest(monkeypatch):
    sample = Setting.of(*small_panel(n=300, T=24, starts=(8,) * 60 + (12,) * 60, rate=4.0)).sample()
    fit = fit_saturated(sample)
    for name in ("sums", "sums_with_products"):
        monkeypatch.setattr(saturated, name, in_single_precision(getattr(saturated, name)))
    singly = fit_saturated(sample)
    assert fit.converged
    assert not singly.converged
    off = np.abs(np.log(singly.rates / fit.rates)).max()
    assert 1e-9 < off < 1e-4  # double precision agrees with other software to 1e-9
