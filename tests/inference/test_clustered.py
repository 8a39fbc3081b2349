"""CR2 and its degrees of freedom against dense matrices written down from the definition."""

import numpy as np
import pytest

from analysis.inference.clustered import Reference, cr2


def problem(seed=0, n=9, T=6, cluster=None, equal=False):
    """Weights and a reference fit with home and month effects and one regressor."""
    rng = np.random.default_rng(seed)
    fitted = np.full((n, T), 3.0) if equal else rng.uniform(1, 9, (n, T))
    if not equal:
        fitted[rng.random((n, T)) < 0.1] = 0
    d = (np.arange(n) < 4)[:, None] * (np.arange(T) >= 2 + np.arange(n)[:, None] % 3) * 1.0
    used = fitted.ravel() > 0
    homes, months = np.kron(np.eye(n), np.ones((T, 1))), np.tile(np.eye(T), (n, 1))[:, 1:]
    X = np.hstack([homes, months, d.reshape(-1, 1)])
    W = fitted.ravel()
    within = X[:, n:] - homes @ np.divide(homes.T @ (W[:, None] * X[:, n:]), (homes.T @ W)[:, None])
    inverse = np.zeros((T + 1, T + 1))
    inverse[1:, 1:] = np.linalg.inv(within.T @ (W[:, None] * within))
    counts = rng.poisson(fitted).astype(float)
    reference = Reference(
        counts=counts, fitted=fitted, regressor=d, inverse=inverse,
        cluster=np.arange(n) if cluster is None else np.array(cluster),
    )  # fmt: skip
    return rng.normal(size=(3, n, T)), reference, X[used], W[used], np.repeat(reference.cluster, T)[used]


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


@pytest.mark.parametrize("cluster", [None, [0, 0, 1, 2, 2, 3, 3, 4, 5]])
def test_cr2_and_its_degrees_of_freedom_equal_their_definition(cluster):
    omega, reference, X, mu, label = problem(cluster=cluster)
    used = reference.fitted > 0
    ours = cr2(omega, reference)
    for k in range(3):
        V, df = by_definition(omega[k][used], reference.counts[used], mu, X, label)
        assert ours.covariance[k, k] == pytest.approx(V, rel=1e-9)
        assert ours.df[k] == pytest.approx(df, rel=1e-9)


def test_with_equal_weights_cr2_is_that_of_club_sandwich():
    omega, reference, X, mu, label = problem(equal=True)
    rows = X @ np.linalg.pinv(X.T @ X)  # any estimator whose weights are free of home effects
    omega = (omega.reshape(3, -1) @ (X @ rows.T)).reshape(omega.shape)
    omega = omega - omega.mean(axis=2, keepdims=True)
    ours = cr2(omega, reference)
    for k in range(3):
        expected = by_club_sandwich(omega[k].ravel(), reference.counts.ravel(), mu, X, label)
        assert ours.covariance[k, k] == pytest.approx(expected, rel=1e-8)


def test_a_home_that_decides_alone_is_given_no_weight_instead_of_an_infinite_one():
    _, reference, *_ = problem(equal=True)
    one = np.zeros_like(reference.regressor)
    one[0, 3:] = 1
    n, T = one.shape
    demeaned = one - one.mean(axis=1, keepdims=True)
    demeaned = demeaned - demeaned.mean(axis=0)
    inverse = np.zeros((T + 1, T + 1))
    X = np.hstack([np.tile(np.eye(T), (n, 1))[:, 1:], one.reshape(-1, 1)])
    X = X - np.repeat(X.reshape(n, T, T).mean(axis=1), T, axis=0)
    inverse[1:, 1:] = np.linalg.inv(3.0 * X.T @ X)
    alone = Reference(counts=reference.counts, fitted=reference.fitted, regressor=one, inverse=inverse,
                      cluster=reference.cluster)  # fmt: skip
    assert np.isfinite(cr2(demeaned[None], alone).scores).all()


def test_cr2_is_unbiased_when_counts_are_poisson():
    omega, reference, X, mu, _ = problem(n=12, equal=True)
    root = np.sqrt(mu)
    XW = X * root[:, None]
    left = np.eye(len(mu)) - XW @ np.linalg.pinv(XW.T @ XW) @ XW.T
    rng, shape = np.random.default_rng(7), reference.fitted.shape
    omega = omega - omega.mean(axis=2, keepdims=True)
    truth, found = (omega**2 * reference.fitted).sum(axis=(1, 2)), []
    for _ in range(1500):
        errors = (left @ (rng.normal(size=len(mu)))) * root
        drawn = Reference(counts=reference.fitted + errors.reshape(shape), fitted=reference.fitted,
                          regressor=reference.regressor, inverse=reference.inverse,
                          cluster=reference.cluster)  # fmt: skip
        found.append(np.diag(cr2(omega, drawn).covariance))
    np.testing.assert_allclose(np.mean(found, axis=0), truth, rtol=0.05)
