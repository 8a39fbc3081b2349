"""CR2 and its degrees of freedom against dense matrices written down from the definition."""

from itertools import pairwise

import numpy as np
import pytest

from analysis.inference import clustered, corrections
from analysis.inference.clustered import Reference, correct, cr1, cr2, leverage_bound

STARTS = (2, 3, 4, 99)


def problem(seed=0, homes=(2, 1, 1, 5), T=6, cluster=None, equal=False):
    """Weights and a reference fit with home and month effects and one regressor; residuals sum to zero by home."""
    rng, n = np.random.default_rng(seed), sum(homes)
    fitted = np.full((n, T), 3.0) if equal else rng.uniform(1, 9, (n, T))
    if not equal:
        fitted[rng.random((n, T)) < 0.1] = 0
    edges = np.cumsum([0, *homes]).tolist()
    d = (np.arange(T) >= np.array(STARTS)[:, None]) * 1.0
    inverse, X = fitted_basis(fitted, np.repeat(d, homes, axis=0))
    counts = rng.poisson(fitted).astype(float)
    counts += fitted * (1 - counts.sum(axis=1) / fitted.sum(axis=1))[:, None]
    reference = Reference(
        counts=counts, fitted=fitted, rows=tuple(slice(a, b) for a, b in pairwise(edges)),
        regressor=d, inverse=inverse, cluster=np.arange(n) if cluster is None else np.array(cluster),
    )  # fmt: skip
    used = fitted.ravel() > 0
    label = np.repeat(reference.cluster, T)[used]
    return rng.normal(size=(3, len(homes), T)), reference, X[used], fitted.ravel()[used], label


def fitted_basis(fitted, d):
    """Inverse of the information about months and d, and the design with every dummy variable."""
    n, T = fitted.shape
    homes, months = np.kron(np.eye(n), np.ones((T, 1))), np.tile(np.eye(T), (n, 1))[:, 1:]
    X, W = np.hstack([homes, months, d.reshape(-1, 1)]), fitted.ravel()
    within = X[:, n:] - homes @ np.divide(homes.T @ (W[:, None] * X[:, n:]), (homes.T @ W)[:, None])
    inverse = np.zeros((T + 1, T + 1))
    inverse[1:, 1:] = np.linalg.inv(within.T @ (W[:, None] * within))
    return inverse, X


def by_home_month(a, reference):
    """Weights of every home-month that takes part."""
    sizes = [rows.stop - rows.start for rows in reference.rows]
    return np.repeat(a, sizes, axis=0)[reference.fitted > 0]


def power(matrix, exponent):
    value, vector = np.linalg.eigh(matrix)
    return (vector * np.where(value > 1e-9, np.maximum(value, 1e-9) ** exponent, 0)) @ vector.T


def by_definition(omega, y, mu, X, cluster):
    """Variance and degrees of freedom of omega'(y − mu), every matrix dense, square roots on the Pearson scale."""
    root = np.sqrt(mu)
    XW = X * root[:, None]
    left = np.eye(len(y)) - XW @ np.linalg.pinv(XW.T @ XW) @ XW.T
    scores, rows = [], []
    for c in np.unique(cluster):
        here = cluster == c
        z = np.where(here, omega * root, 0)
        z[here] = power(left[np.ix_(here, here)], -0.5) @ z[here]
        scores.append(z @ ((y - mu) / root))
        rows.append(left @ z)
    G = np.array(rows) @ np.array(rows).T
    return np.sum(np.square(scores)), np.trace(G) ** 2 / np.sum(G**2)


def by_club_sandwich(omega, y, mu, X, cluster):
    """The variance as R's clubSandwich defines it for a GLM: working residuals, A = D (D Var(r) D)^(−1/2) D."""
    var = np.diag(1 / mu) - X @ np.linalg.pinv(X.T @ (mu[:, None] * X)) @ X.T
    total = 0.0
    for c in np.unique(cluster):
        here = cluster == c
        D = np.diag(mu[here] ** -0.5)
        A = D @ power(D @ var[np.ix_(here, here)] @ D, -0.5) @ D
        total += ((omega * mu)[here] @ A @ ((y - mu) / mu)[here]) ** 2
    return total


def used_counts(reference):
    return reference.counts[reference.fitted > 0]


@pytest.mark.parametrize("cluster", [None, [0, 3, 1, 2, 2, 0, 3, 4, 5]])
def test_cr2_and_its_degrees_of_freedom_equal_their_definition(cluster):
    a, reference, X, mu, label = problem(cluster=cluster)
    ours = cr2(a, correct(reference))
    for k in range(3):
        V, df = by_definition(by_home_month(a[k], reference), used_counts(reference), mu, X, label)
        assert ours.covariance[k, k] == pytest.approx(V, rel=1e-9)
        assert ours.df[k] == pytest.approx(df, rel=1e-9)


@pytest.mark.parametrize("of_each", [1, 2])
def test_beyond_a_hundred_clusters_the_variance_stays_exact_and_the_degrees_of_freedom_close(of_each):
    n = 3 * 4 + 120 * of_each
    a, reference, X, mu, label = problem(homes=(4, 4, 4, 120 * of_each), cluster=np.arange(n) // of_each)
    ready = correct(reference)
    assert 0 < len(ready.exact) < n // of_each
    ours = cr2(a, ready)
    for k in range(3):
        V, df = by_definition(by_home_month(a[k], reference), used_counts(reference), mu, X, label)
        assert ours.covariance[k, k] == pytest.approx(V, rel=1e-9)
        assert ours.df[k] == pytest.approx(df, rel=0.01)


def test_pairs_left_out_move_the_degrees_of_freedom_no_more_than_the_stated_bound(monkeypatch):
    a, reference, *_ = problem(homes=(10, 10, 10, 120))
    some = correct(reference)
    monkeypatch.setattr(clustered, "EXACT", 1000)
    every = correct(reference)
    K = [np.diag(mu) - np.outer(mu, mu) / mu.sum() for mu in reference.fitted]
    patterns = np.repeat(a, [rows.stop - rows.start for rows in reference.rows], axis=1)
    own = np.array([[w[i] @ K[i] @ w[i] for i in range(150)] for w in patterns])
    light = np.setdiff1d(np.arange(150), some.exact)
    largest = leverage_bound(reference)[light]
    more = 2 * own.max(axis=1) * (own[:, light] * largest / (1 - largest) ** 2).sum(axis=1)
    traces = own.sum(axis=1) ** 2
    apart = traces / cr2(a, every).df - traces / cr2(a, some).df
    assert (apart >= 0).all()
    assert (apart <= more).all()


def test_cr1_sums_scores_by_cluster():
    a, reference, *_ = problem(cluster=[0, 3, 1, 2, 2, 0, 3, 4, 5])
    residuals = reference.counts - reference.fitted
    omega = np.repeat(a, [rows.stop - rows.start for rows in reference.rows], axis=1)
    scores = np.einsum("rit,it->ri", omega, residuals)
    by_cluster = np.array([np.bincount(reference.cluster, row) for row in scores])
    ours = cr1(a, residuals, reference)
    np.testing.assert_allclose(ours.covariance, 6 / 5 * by_cluster @ by_cluster.T)


def test_with_equal_weights_cr2_is_that_of_club_sandwich():
    a, reference, X, mu, label = problem(equal=True)
    projection = X @ np.linalg.pinv(X)
    for k in range(3):
        omega = projection @ by_home_month(a[k], reference)  # any estimator whose weights are free of home effects
        homes = np.repeat(np.arange(9), 6)
        omega -= (np.bincount(homes, omega) / 6)[homes]
        estimate = pattern(omega.reshape(9, 6), reference)
        ours = cr2(estimate[None], correct(reference))
        expected = by_club_sandwich(omega, used_counts(reference), mu, X, label)
        assert ours.covariance[0, 0] == pytest.approx(expected, rel=1e-8)


def pattern(omega, reference):
    """Weights of each cohort, from weights that all its homes share."""
    return np.array([omega[rows.start] for rows in reference.rows])


def test_a_home_that_decides_alone_is_given_no_weight_instead_of_an_infinite_one():
    a, reference, *_ = problem(homes=(1, 1, 1, 6), equal=True)
    d = np.zeros_like(reference.regressor)
    d[0, 3:] = 1
    inverse, _ = fitted_basis(reference.fitted, np.repeat(d, (1, 1, 1, 6), axis=0))
    alone = Reference(
        counts=reference.counts, fitted=reference.fitted, rows=reference.rows, regressor=d, inverse=inverse,
        cluster=reference.cluster,
    )  # fmt: skip
    demeaned = d - d.mean(axis=1, keepdims=True)
    found = cr2(np.array([demeaned, a[0]]), correct(alone))
    assert np.isfinite(found.scores).all()
    assert np.isfinite(found.df).all()


def test_cr2_is_unbiased_when_counts_are_poisson():
    a, reference, X, mu, _ = problem(homes=(2, 2, 2, 6), equal=True)
    root = np.sqrt(mu)
    XW = X * root[:, None]
    left = np.eye(len(mu)) - XW @ np.linalg.pinv(XW.T @ XW) @ XW.T
    rng, shape = np.random.default_rng(7), reference.fitted.shape
    a, ready = a - a.mean(axis=2, keepdims=True), correct(reference)
    truth, found = [3.0 * (by_home_month(w, reference) ** 2).sum() for w in a], []
    for _ in range(1500):
        errors = (left @ (rng.normal(size=len(mu)))) * root
        drawn = ready.again(reference.fitted + errors.reshape(shape))
        found.append(np.diag(cr2(a, drawn).covariance))
    np.testing.assert_allclose(np.mean(found, axis=0), truth, rtol=0.05)


@pytest.mark.parametrize("cluster", [None, np.arange(60) // 3])
def test_homes_passed_in_portions_are_corrected_as_all_at_once(cluster, monkeypatch):
    _, reference, *_ = problem(homes=(12, 9, 9, 30), cluster=cluster)
    moved = np.random.default_rng(3).normal(size=(len(np.unique(reference.cluster)), len(reference.inverse)))
    found = []
    for portion in (4, 512):
        monkeypatch.setattr(corrections, "PORTION", portion)
        found.append(corrections.series(reference, moved, corrections.terms(0.05)))
        if cluster is None:
            found[-1] = np.stack([found[-1], corrections.series_of_homes(reference, moved, np.full(60, 0.05))])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12, atol=1e-14)
    if cluster is None:
        np.testing.assert_allclose(found[0][1], found[0][0], rtol=1e-10, atol=1e-13)
