"""How do the odds of a rating above each cut depend on what is known of a home?

With J ordered ratings, cuts θ_1 < … < θ_{J−1} and one coefficient a covariate for all cuts (proportional odds),

    P(Y ≤ j) = F(θ_j − x'β − u),    F(a) = 1 / (1 + e^(−a)),    u ~ N(0, σ²) by home, or 0.

The random intercept is integrated out by Gauss–Hermite quadrature about each home's most likely u, scaled by the
curvature there. Gradients are analytic: of log ∫, the posterior mean of the gradient, with the same nodes.

Source: McCullagh (1980), JRSS B 42, 109–142; Liu and Pierce (1994), Biometrika 81, 624–629; Christensen, R `ordinal`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

SMALLEST = 1e-300
"""Chances below this are rounding: their logarithm stays finite, so that a search can turn back."""
NODES = 15
"""Of the quadrature: from ten on, the log-likelihood of the wine data no longer changes in the sixth digit."""
MODE_STEPS = 50
MODE_NEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ordered:
    """Next ratings, as arrays.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        0 (worst) to J − 1, every level present.
    x : ndarray, shape (n, K)
    weight : ndarray, shape (n,)
    home : ndarray of int64, shape (n,), optional
        Numbered from 0; given, homes have a random intercept.
    """

    y: np.ndarray
    x: np.ndarray
    weight: np.ndarray
    home: np.ndarray | None = None

    @property
    def cuts(self) -> int:
        """J − 1."""
        return int(self.y.max())


def start(data: Ordered) -> np.ndarray:
    """Cuts as if nothing mattered, no effects, and σ = 1: (θ_1, log of the gaps between cuts, β, log σ)."""
    share = np.cumsum(np.bincount(data.y, data.weight))[:-1] / data.weight.sum()
    cuts = np.log(share / (1 - share))
    gaps = np.log(np.maximum(np.diff(cuts), 1e-3))
    return np.concatenate([cuts[:1], gaps, np.zeros(data.x.shape[1] + (data.home is not None))])


def cut_points(theta: np.ndarray, cuts: int) -> np.ndarray:
    """θ_1 < … < θ_{J−1} from the parameters the search uses."""
    return theta[0] + np.concatenate([[0.0], np.cumsum(np.exp(theta[1:cuts]))])


def scores(theta: np.ndarray, data: Ordered) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood and gradient of every row, or of every home where homes have a random intercept.

    Returns
    -------
    ndarray, shape (n,) or (H,)
    ndarray, shape (n, p) or (H, p)
    """
    K, cuts = data.x.shape[1], data.cuts
    eta = data.x @ theta[cuts : cuts + K]
    if data.home is None:
        chance, by_low, by_high, _ = _chances(cut_points(theta, cuts), eta, data.y)
        return data.weight * np.log(chance), data.weight[:, None] * _by_parameter(theta, data, by_low, by_high)
    return _integrated(theta, data, eta)


def chances(theta: np.ndarray, cuts: int, eta: np.ndarray, sigma: float = 0.0) -> np.ndarray:
    """P(Y = j), averaged over homes like these where they differ by a random intercept, shape (n, J)."""
    points = cut_points(theta, cuts)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    at = sigma * nodes if sigma else np.zeros(1)
    share = weights / weights.sum() if sigma else np.ones(1)
    below = expit(points[None, :, None] - eta[:, None, None] - at) @ share
    return np.diff(np.column_stack([np.zeros(len(eta)), below, np.ones(len(eta))]), axis=1)


def _chances(points: np.ndarray, eta: np.ndarray, y: np.ndarray) -> tuple:
    """P(Y = y), d log P by the cut below and above y, and F at both, each of eta's shape.

    The difference of two logistic functions is taken on the side where neither is close to one.
    """
    ends = np.concatenate([[-np.inf], points, [np.inf]])
    shape = (-1,) + (1,) * (eta.ndim - 1)
    low, high = ends[y].reshape(shape) - eta, ends[y + 1].reshape(shape) - eta
    turn = low > 0
    a, b = np.where(turn, -high, low), np.where(turn, -low, high)
    chance = np.maximum(expit(b) - expit(a), SMALLEST)
    F_low, F_high = expit(low), expit(high)
    return chance, -F_low * expit(-low) / chance, F_high * expit(-high) / chance, (F_low, F_high)


def expected_roots(theta: np.ndarray, data: Ordered) -> np.ndarray:
    """Roots of what every row is expected to tell, without a random intercept: Σ_j of their squares, shape (J, n, p).

    Of row i, √(w P_ij) times the gradient it would have had with rating j; their outer products cannot be negative.
    """
    K, cuts = data.x.shape[1], data.cuts
    eta, points, roots = data.x @ theta[cuts : cuts + K], cut_points(theta, cuts), []
    for j in range(cuts + 1):
        y = np.full(len(eta), j)
        chance, by_low, by_high, _ = _chances(points, eta, y)
        roots.append(np.sqrt(data.weight * chance)[:, None] * _by_parameter(theta, data, by_low, by_high, y))
    return np.array(roots)


def _by_parameter(
    theta: np.ndarray, data: Ordered, by_low: np.ndarray, by_high: np.ndarray, y: np.ndarray | None = None
) -> np.ndarray:
    """Gradient by the parameters of the search, from that by the two cuts about y (as seen), shape (n, p)."""
    K, cuts, n = data.x.shape[1], data.cuts, len(data.y)
    y = data.y if y is None else y
    by_cut = np.zeros((n, cuts + 2))
    by_cut[np.arange(n), y] = by_low
    by_cut[np.arange(n), y + 1] += by_high
    answer = np.zeros((n, len(theta)))
    tail = np.cumsum(by_cut[:, -2:0:-1], axis=1)[:, ::-1]
    answer[:, 0] = tail[:, 0]
    answer[:, 1:cuts] = tail[:, 1:] * np.exp(theta[1:cuts])
    answer[:, cuts : cuts + K] = -(by_low + by_high)[:, None] * data.x
    return answer


def _integrated(theta: np.ndarray, data: Ordered, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log of the integral over u for every home, and its gradient."""
    home = np.asarray(data.home)
    homes, points, sigma = int(home.max()) + 1, cut_points(theta, data.cuts), np.exp(theta[-1])
    mode, spread = _mode(points, sigma, data, eta)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    v = mode[:, None] + spread[:, None] * nodes
    chance, by_low, by_high, _ = _chances(points, eta[:, None] + sigma * v[home], data.y)
    logs = _sum(data.weight[:, None] * np.log(chance), home, homes) - v**2 / 2 + nodes**2 / 2
    logs += np.log(weights * spread[:, None] / np.sqrt(2 * np.pi))
    largest = logs.max(axis=1, keepdims=True)
    value = largest[:, 0] + np.log(np.exp(logs - largest).sum(axis=1))
    posterior = np.exp(logs - value[:, None])[home] * data.weight[:, None]
    low, high = (posterior * by_low).sum(axis=1), (posterior * by_high).sum(axis=1)
    answer = _sum(_by_parameter(theta, data, low, high), home, homes)
    answer[:, -1] = -sigma * np.bincount(home, (posterior * (by_low + by_high) * v[home]).sum(axis=1), homes)
    return value, answer


def _mode(points: np.ndarray, sigma: float, data: Ordered, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each home's most likely u / σ, and one over the root of the curvature there, each (H,)."""
    home = np.asarray(data.home)
    homes = int(home.max()) + 1
    v = np.zeros(homes)
    for _ in range(MODE_STEPS):
        *_, (F_low, F_high) = _chances(points, eta + sigma * v[home], data.y)
        # log P is concave in u, with slope F_low + F_high − 1 and curvature −F_low (1 − F_low) − F_high (1 − F_high).
        slope = sigma * np.bincount(home, data.weight * (F_low + F_high - 1), homes) - v
        curve = F_low * (1 - F_low) + F_high * (1 - F_high)
        curvature = 1 + sigma**2 * np.bincount(home, data.weight * curve, homes)
        step = slope / curvature
        v = v + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < MODE_NEAR:
            break
    return v, 1 / np.sqrt(curvature)


def _sum(values: np.ndarray, home: np.ndarray, homes: int) -> np.ndarray:
    return np.stack([np.bincount(home, column, homes) for column in values.T], axis=1)
