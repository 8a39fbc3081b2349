"""Segmented regression is R's, statsmodels' and brute force's, for one series and for many at once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.areas.segmented import (
    autoregressive,
    bandwidth,
    contrast,
    fixed_b_limit,
    newey_west,
    quasi_poisson,
    segments,
    waves,
)

R = Path(__file__).parents[1] / "reference" / "r"
FIT = {"newey_west": quasi_poisson, "ar1": autoregressive}


@pytest.fixture(scope="module")
def drawn():
    return pd.read_csv(R / "series.csv")


def matrix(months, calendar, **kind):
    harmonics = kind.pop("harmonics", 2)
    return segments(months, waves(calendar, harmonics), **({"trend": True, "slope": True} | kind))


def of_series(drawn, *, gap):
    rows = drawn[(drawn["month"] < 0) | (drawn["month"] >= 6)] if gap else drawn
    design = matrix(rows["month"].to_numpy(), rows["calendar"].to_numpy())
    return rows["count"].to_numpy(float)[None], rows["exposure"].to_numpy(float)[None], design


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("model", list(FIT))
def test_a_drawn_series_as_r_has_it(drawn, model, gap):
    stored = pd.read_csv(R / "segmented.csv", comment="#")
    stored = stored[(stored["model"] == model) & (stored["gap"] == gap)].set_index("term")
    stored = stored.loc[["constant", "year", "s1", "c1", "s2", "c2", "after", "change"]]
    fit = FIT[model](*of_series(drawn, gap=gap))
    # R's corAR1 optimiser stops at 1e-7 of its own parameter; the Poisson fits agree to the digits stored
    tolerance = 2e-5 if model == "ar1" else 1e-9
    np.testing.assert_allclose(fit.beta[0], stored["estimate"], rtol=tolerance)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance[0])), stored["error"], rtol=tolerance)
    if model == "ar1":
        np.testing.assert_allclose(fit.rho[0], stored["rho"].iloc[0], rtol=1e-4)


def many(n=12, T=66, seed=3):
    rng = np.random.default_rng(seed)
    months = np.arange(T) - 42
    exposure = rng.uniform(20, 40, (n, T))
    counts = rng.poisson(exposure * rng.lognormal(1, 1, (n, 1)) * np.exp(0.3 * rng.standard_normal((n, T))))
    return counts.astype(float), exposure, matrix(months, (months + 9) % 12)


def test_many_series_at_once_are_statsmodels_one_by_one():
    counts, exposure, design = many()
    fit = quasi_poisson(counts, exposure, design)
    for i in range(len(counts)):
        model = sm.GLM(counts[i], design.X, family=sm.families.Poisson(), offset=np.log(exposure[i]))
        theirs = model.fit(tol=1e-14, scale="X2", cov_type="HAC", cov_kwds={"maxlags": bandwidth(len(design.X))})
        np.testing.assert_allclose(fit.beta[i], theirs.params, rtol=1e-7, atol=1e-9)
        correction = len(design.X) / (len(design.X) - design.X.shape[1])
        np.testing.assert_allclose(fit.covariance[i], theirs.cov_params() * correction, rtol=1e-6, atol=1e-12)


def test_autoregressive_fit_is_dense_generalised_least_squares_and_no_rho_is_likelier():
    counts, exposure, design = many(n=4)
    kept = np.r_[0:30, 34:66]  # a gap, so that neighbours are not always a month apart
    design = matrix(design.months[kept], (design.months[kept] + 9) % 12)
    counts, exposure = counts[:, kept], exposure[:, kept]
    fit = autoregressive(counts, exposure, design)
    X, T = design.X, len(kept)
    apart = np.abs(design.months[:, None] - design.months[None, :])

    def dense(i, rho):
        z, V = np.log((counts[i] + 0.5) / exposure[i]), np.sign(rho) ** apart * abs(rho) ** apart / (1 - rho**2)
        W = np.linalg.inv(V)
        bread = np.linalg.inv(X.T @ W @ X)
        beta = bread @ X.T @ W @ z
        rss = (z - X @ beta) @ W @ (z - X @ beta)
        k = X.shape[1]
        loglik = -0.5 * (np.linalg.slogdet(V)[1] - np.linalg.slogdet(bread)[1] + (T - k) * np.log(rss))
        return loglik, beta, bread * rss / (T - k)

    for i in range(len(counts)):
        best, beta, covariance = dense(i, fit.rho[i])
        assert best >= max(dense(i, rho)[0] for rho in np.linspace(-0.49, 0.98, 99)) - 1e-9
        np.testing.assert_allclose(fit.beta[i], beta, rtol=1e-8)
        np.testing.assert_allclose(fit.covariance[i], covariance, rtol=1e-7)


@pytest.mark.parametrize("kind", [{}, {"trend": False}, {"slope": False}, {"harmonics": 6}])
def test_six_harmonics_are_calendar_months_and_every_matrix_has_full_rank(kind):
    design = matrix(np.arange(60) - 36, np.arange(60) % 12, **kind)
    assert np.linalg.matrix_rank(design.X) == design.X.shape[1]
    if kind.get("harmonics") == 6:
        dummies = np.eye(12)[np.arange(60) % 12]
        waves = design.X[:, np.r_[0, 2:13]]
        assert np.linalg.matrix_rank(np.column_stack([dummies, waves])) == 12


def test_contrast_and_its_error_by_numerical_derivatives():
    counts, exposure, design = many(n=2)
    fit = quasi_poisson(counts, exposure, design)
    window = design.months >= 12
    theta, error = contrast(fit, design, exposure, window)

    def by_hand(i, beta):
        mu1 = exposure[i] * np.exp(design.X @ beta)
        mu0 = exposure[i] * np.exp((design.X * ~design.effect) @ beta)
        return np.log(mu1[window].sum() / mu0[window].sum())

    for i in range(2):
        steps = 1e-6 * np.eye(design.X.shape[1])
        slope = [(by_hand(i, fit.beta[i] + h) - by_hand(i, fit.beta[i] - h)) / 2e-6 for h in steps]
        assert theta[i] == pytest.approx(by_hand(i, fit.beta[i]), rel=1e-12)
        assert error[i] == pytest.approx(np.sqrt(slope @ fit.covariance[i] @ slope), rel=1e-6)


def test_exposure_in_other_units_changes_only_the_constant():
    counts, exposure, design = many()
    one, other = (
        contrast(quasi_poisson(counts, k * exposure, design), design, exposure, design.months >= 0) for k in (1, 1000)
    )
    np.testing.assert_allclose(one, other, rtol=1e-8)


def test_fixed_b_limits_are_those_of_the_table_and_grow_with_the_bandwidth():
    # Kiefer and Vogelsang (2005), Table 1, Bartlett: 95% critical value of |t| is 2.260 + at b = 0.1
    assert fixed_b_limit(10**8, 0.95) == pytest.approx(1.96, abs=1e-3)
    assert fixed_b_limit(77, 0.95) > fixed_b_limit(770, 0.95) > 1.96


def test_without_correlation_allowed_for_the_covariance_is_whites():
    counts, exposure, design = many(n=1)
    fit = quasi_poisson(counts, exposure, design)
    far = segments(design.months * 1000, waves((design.months + 9) % 12, 2), trend=True, slope=True)
    mu = exposure * np.exp(fit.beta @ design.X.T)
    information = np.einsum("t,tj,tk->jk", mu[0], design.X, design.X)[None]
    apart = newey_west(counts - mu, information, type(far)(X=design.X, effect=far.effect, months=far.months))
    U = (counts - mu)[0][:, None] * design.X
    bread = np.linalg.inv(information[0])
    T, k = design.X.shape
    np.testing.assert_allclose(apart[0], bread @ U.T @ U @ bread * T / (T - k), rtol=1e-10)
