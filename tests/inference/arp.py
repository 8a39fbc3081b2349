"""Andrews, Roth and Pakes by brute force: every vertex of the dual, single effects carried along as nuisance.

Written from the papers, for event studies with few periods; shares nothing with `analysis.inference.honest`.
"""

from itertools import combinations

import numpy as np
from scipy.stats import truncnorm


def moments(P, Q, s, way, M):
    """Rows A with A δ ≤ 0 where step s (0 the earliest, towards `way`) is the largest before, δ of P + Q periods."""
    wide = np.zeros((P + Q, P + 1 + Q))  # a step a row, the reference period between
    for i in range(P + Q):
        wide[i, i], wide[i, i + 1] = -1, 1
    steps = np.delete(wide, P, axis=1)
    most = way * steps[s]
    rows = [sign * steps[i] - (most if i < P else M * most) for i in range(P + Q) for sign in (1, -1)]
    return np.array([row for row in rows if np.abs(row).max() > 0])


def vertices(X, sigma):
    """Vertices γ ≥ 0 of γ'X = 0, γ'σ = 1, shape (V, R)."""
    R, k = X.shape
    W, found = np.column_stack([X, sigma]), []
    for size in range(1, k + 2):
        for some in combinations(range(R), size):
            part = W[list(some)].T
            if np.linalg.matrix_rank(part) < size:
                continue
            g = np.linalg.lstsq(part, np.append(np.zeros(k), 1.0), rcond=None)[0]
            if (g > 1e-10).all() and np.abs(part @ g - np.append(np.zeros(k), 1.0)).max() < 1e-9:
                found.append(np.zeros(R))
                found[-1][list(some)] = g
    return np.array(found)


class Hybrid:
    """The test of one step and direction."""

    def __init__(self, study, weights, case, alpha=0.05):
        (beta, V, P), (s, way, M) = study, case
        A = moments(P, len(weights), s, way, M)
        weights = np.asarray(weights, float)
        self.along = A[:, P:] @ weights / (weights @ weights)
        rest = np.linalg.svd(weights[None])[2][1:].T
        self.alpha, self.Y = alpha, A @ beta
        self.V = A @ V @ A.T
        gamma = vertices(A[:, P:] @ rest, np.sqrt(np.diag(self.V)))
        self.gamma = gamma[np.sqrt(np.einsum("vr,rs,vs->v", gamma, self.V, gamma)) > 1e-9]
        draws = np.random.default_rng(7).multivariate_normal(np.zeros(len(beta)), V, 20_000) @ A.T
        self.cut = np.quantile((draws @ self.gamma.T).max(axis=1), 1 - alpha / 10)

    def not_rejected(self, theta):
        """Whether θ is not rejected."""
        values = self.gamma @ (self.Y - self.along * theta)
        v = int(values.argmax())
        eta, g = values[v], self.gamma[v]
        if eta > self.cut:
            return False
        var = g @ self.V @ g
        rho = self.gamma @ self.V @ g / var
        others = values - rho * eta
        low = np.max(others[rho < 1 - 1e-9] / (1 - rho[rho < 1 - 1e-9]), initial=-np.inf)
        high = min(np.min(others[rho > 1 + 1e-9] / (1 - rho[rho > 1 + 1e-9]), initial=np.inf), self.cut)
        left = (self.alpha - self.alpha / 10) / (1 - self.alpha / 10)
        sd = np.sqrt(var)
        return eta <= max(0.0, truncnorm.isf(left, low / sd, high / sd, scale=sd))


def interval(study, weights, M, grid):
    """The outermost values of a grid that some step and direction do not reject."""
    tests = [Hybrid(study, weights, (s, way, M)) for s in range(study[2]) for way in (1, -1)]
    kept = [theta for theta in grid if any(test.not_rejected(theta) for test in tests)]
    return min(kept), max(kept)
