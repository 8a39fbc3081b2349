"""What interval holds the effect if the difference in course may bend by no more than M from period to period?

The shortest interval of fixed length around an estimator l'β_post + v'β_pre. With k periods from the reference, slope s
into it and bends d_j, δ_k = k s + Σ_{0≤j<k} (k − j) d_j after it and δ_{−k} = −k s + Σ_{0<j<k} (k − j) d_{−j} before:
the bias is finite only if v takes the slope out, and is then at most

    M (Σ_{j≥0} |W_j| + Σ_{j≥1} |w_j|),    W_j = Σ_{k>j} (k − j) l_k,    w_j = Σ_{k>j} (k − j) v_k,    w_0 = W_0.

w is v in other coordinates (v_k = w_{k−1} − 2 w_k + w_{k+1}), in which the least variance at every bias is a lasso: its
path is piecewise linear and is followed exactly (homotopy). Along it the half-length σ · cv(bias / σ) has one minimum.
cv(b) is the quantile of |T + b| with T normal, or t with the degrees of freedom of the covariance, which widens the
interval where homes are few: exact without bias, and as if the bias were known with it.

Source: Rambachan and Roth (2023), section 4.1; Armstrong and Kolesár (2018), Econometrica 86(2); Osborne, Presnell and
Turlach (2000), IMA Journal of Numerical Analysis 20(3), for the path.
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis.inference.honest.target import Target

MOST = 1e3
"""Standard errors of bend a period beyond which no answer is said to hold."""
NEAR = 1e-12
"""Steps of the path shorter than this part of it are no steps."""


def smooth_interval(target: Target, M: float, alpha: float = 0.05) -> tuple[float, float]:
    """Give the limits of the effect if the course bends by at most M a period.

    Parameters
    ----------
    target : Target
    M : float
    alpha : float
        One less the confidence.
    """
    found = _shortest(target, M, alpha)
    return found[0] - found[1], found[0] + found[1]


def bend_that_overturns(target: Target, alpha: float = 0.05) -> float:
    """Find the least M at which the interval holds no effect: zero if it does without any, infinite over `MOST`."""

    def beyond(M: float) -> float:
        centre, half = _shortest(target, M, alpha)
        return abs(centre) - half

    if beyond(0.0) <= 0:
        return 0.0
    high = target.std_error
    while beyond(high) > 0:
        high *= 4
        if high > MOST * target.std_error:
            return np.inf
    return float(brentq(beyond, 0.0, high, xtol=1e-6 * high))


def folded(b: float, alpha: float, df: float) -> float:
    """Give the 1 − alpha quantile of |T + b|."""
    one, two = (float(ndtri(1 - a) if np.isinf(df) else stdtrit(df, 1 - a)) for a in (alpha, alpha / 2))

    def missed(c: float) -> float:
        ends = np.array([c - b, -c - b])
        inside = ndtr(ends) if np.isinf(df) else stdtr(df, ends)
        return float(inside[0] - inside[1]) - (1 - alpha)

    return two if b == 0 else float(brentq(missed, b + one - 1e-9, b + two + 1e-9, xtol=1e-12))


def _shortest(target: Target, M: float, alpha: float) -> tuple[float, float]:
    """Give centre and half-length of the shortest interval."""
    knots = [*_path(target)]
    bias = _bias_after(target.weights)

    def half(w: np.ndarray) -> float:
        error = np.sqrt(max(_variance(target, w), np.finfo(float).tiny))
        return float(error * folded(M * (bias + np.abs(w[1:]).sum()) / error, alpha, target.df))

    best = int(np.argmin([half(w) for w in knots]))
    found = knots[best]
    for a, b in ((best - 1, best), (best, best + 1)):
        if a >= 0 and b < len(knots):
            way = knots[b] - knots[a]
            t = minimize_scalar(lambda t, a=a, way=way: half(knots[a] + t * way), bounds=(0, 1), method="bounded",
                                options={"xatol": 1e-9}).x  # fmt: skip
            found = min(found, knots[a] + t * way, key=half)
    return float(target.estimate + _weights(found)[::-1] @ target.before), half(found)


def _bias_after(weights: np.ndarray) -> float:
    """Σ |W_j| of the periods after the reference."""
    return float(np.abs(_levers(weights)).sum())


def _levers(weights: np.ndarray) -> np.ndarray:
    """W_j for j = 0 … Q − 1: sums of sums from the end."""
    return np.cumsum(np.cumsum(weights[::-1]))[::-1]


def _weights(w: np.ndarray) -> np.ndarray:
    """Give v of the periods before, the nearest to the reference first, from w_0 … w_{P−1}."""
    wide = np.append(w, [0.0, 0.0])
    return wide[:-2] - 2 * wide[1:-1] + wide[2:]


def _variance(target: Target, w: np.ndarray) -> float:
    v = np.append(_weights(w)[::-1], 1.0)
    return float(v @ target.covariance @ v)


def _path(target: Target) -> Iterator[np.ndarray]:
    """Yield the knots w of the least variance at every bias, from the least bias to the least variance."""
    P = len(target.before)
    V, w = target.covariance, np.zeros(P)
    w[0] = _levers(target.weights)[0]
    D = np.column_stack([_weights(row)[::-1] for row in np.eye(P)])
    A, b = D.T @ V[:P, :P] @ D, D.T @ V[:P, P]
    yield w
    for u in _lasso(A[1:, 1:], b[1:] + A[1:, 0] * w[0]):
        yield np.append(w[0], u)


def _lasso(A: np.ndarray, b: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the knots u of min ½u'Au + b'u + λ|u|₁ as λ falls from where u is zero to zero."""
    u, active, left = np.zeros(len(b)), np.zeros(len(b), bool), -1
    slope = np.abs(b).max(initial=0.0)
    least = NEAR * slope
    sign = np.zeros(len(b))
    while slope > least:
        g = A @ u + b
        if not active.any():
            left, active = -1, np.abs(g) >= slope - least
        sign[active] = np.where(u[active] != 0, np.sign(u[active]), -np.sign(g[active]))
        d = np.zeros(len(b))
        d[active] = np.linalg.lstsq(A[np.ix_(active, active)], sign[active], rcond=None)[0]
        step, which, enters = _next((u, d), (g, A @ d), active, (slope, left))
        u, slope, left = u + step * d, slope - step, -1
        if which >= 0:
            active[which] = enters
            if not enters:
                u[which], left = 0.0, which
        yield u


def _next(moving, gradient, active, falling) -> tuple[float, int, bool]:
    """Find how far the path goes straight, and which coordinate then enters or leaves; −1 where it ends.

    Each of `moving` and `gradient` is where it stands and how it goes, shape (p,); `falling` is λ, and who just left.
    """
    (u, d), (g, a), (slope, left) = moving, gradient, falling
    ends = [(slope, -1, False)]
    for j in range(len(u)):
        if active[j]:
            if u[j] * d[j] < 0:
                ends.append((-u[j] / d[j], j, False))
        else:  # one that has just left stands at one bound and may yet come to the other
            gaps = ((max(slope - g[j], 0.0), 1 + a[j]), (max(slope + g[j], 0.0), 1 - a[j]))
            ends += [(gap / rate, j, True) for gap, rate in gaps if rate > NEAR and (j != left or gap > slope)]
    return min(ends)
