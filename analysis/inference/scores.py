"""How uncertain is a maximum-likelihood estimate when what is observed of one home hangs together?

Let u_c be the score of cluster c at the estimate and A_c minus the derivative of u_c, with A = Σ A_c. An estimate ℓ'θ
has the variance

    V = Σ_c (g_c' u_c)²,        g_c = M_c' A⁻¹ ℓ.

CR1 takes M = I and multiplies by m / (m − 1) for m clusters. CR2 takes M_c = L'⁻¹ (I − L' A_c L)^(−1/2) L' with
A⁻¹ = L L', so that V is unbiased where the model is right (Var u_c = A_c): a cluster that carries the estimate pulls
the fit to itself, and its score at the estimate is too small by just that factor. With few supported homes this is
what keeps an interval from being too short. Under the working model û_c = u_c − A_c A⁻¹ Σ u, so that V is a quadratic
form with the matrix G_cd = g_c' (δ_cd A_c − A_c A⁻¹ A_d) g_d, and (tr G)² / tr G² are its Satterthwaite degrees of
freedom. Of the linear model this is Bell and McCaffrey's correction.

Of a model that is not linear, minus the derivative of one cluster's score can be negative in a direction: it is then no
variance, M_c has no meaning, and degrees of freedom came out below 1 where fourteen of twenty homes carried the
estimate. There A_c is taken from the model's expectation (or the scores' outer products), which cannot be negative,
turned so that the sum over clusters is the A observed:

    A_c = L'⁻¹ (K' E_c K) L⁻¹,        (Σ E_c)⁻¹ = K K',    A⁻¹ = L L'.

With that, degrees of freedom are never below 1.

Source: Bell and McCaffrey (2002), Survey Methodology 28(2); Pustejovsky and Tipton (2018), JBES 36(4); for scores of
generalised models Kauermann and Carroll (2001), JASA 96, 1387–1396.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from analysis.inference.symmetric import eigh

Vcov = Literal["CR2", "CR1"]

FULL_LEVERAGE = 1e-9
"""One minus an eigenvalue below this means that a cluster determines a direction alone: left out there."""
LIGHT, ROUNDING = 0.1, 1e-13
"""A cluster that carries less than a tenth of what is known is corrected by a series, to thirteen digits."""
STEP = 1e-6
"""Of the differences between scores: their error is near 1e-6 of the information, far below its sampling error."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clusters:
    """A fit, seen by cluster.

    Parameters
    ----------
    scores : ndarray, shape (m, p)
        u_c.
    information : ndarray, shape (m, p, p)
        A_c.
    inverse : ndarray, shape (p, p)
        A⁻¹.
    """

    scores: np.ndarray
    information: np.ndarray
    inverse: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertainty:
    """Of R estimates.

    Parameters
    ----------
    covariance : ndarray, shape (R, R)
    df : ndarray, shape (R,)
        Satterthwaite degrees of freedom; m − 1 for CR1.
    """

    covariance: np.ndarray
    df: np.ndarray

    @property
    def std_error(self) -> np.ndarray:
        """Standard errors, shape (R,)."""
        return np.sqrt(np.diagonal(self.covariance))


def clusters(
    scores_at: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, expected: np.ndarray | None = None,
    gradient: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Clusters:  # fmt: skip
    """See a fit by cluster, the information by differences of analytic scores.

    Parameters
    ----------
    scores_at : function of θ, shape (p,), to the scores of the clusters, shape (m, p)
    theta : ndarray, shape (p,)
        The estimate.
    expected : ndarray, shape (m, p, p), optional
        E_c, for a model that is not linear.
    gradient : function of θ to the sum of all scores, shape (p,), optional
        With `expected` the information is asked for in sum only, to which there may be a quicker way.
    """
    here, moved = scores_at(theta), STEP * np.maximum(1.0, np.abs(theta))
    if expected is not None and gradient is not None:
        slopes = (here.sum(axis=0) - np.array([gradient(theta + step) for step in np.diag(moved)])) / moved[:, None]
        inverse = np.linalg.inv((slopes + slopes.T) / 2)
        return Clusters(scores=here, information=_turned(expected, inverse), inverse=inverse)
    ahead = [scores_at(theta + step) for step in np.diag(moved)]
    slopes = (here[:, :, None] - np.stack(ahead, axis=2)) / moved
    information = (slopes + slopes.transpose(0, 2, 1)) / 2
    inverse = np.linalg.inv(information.sum(axis=0))
    if expected is not None:
        information = _turned(expected, inverse)
    return Clusters(scores=here, information=information, inverse=inverse)


def summed_squares(roots: np.ndarray, cluster: np.ndarray, m: int) -> np.ndarray:
    """Sum the outer products of roots by cluster: E_c, shape (m, p, p).

    Parameters
    ----------
    roots : ndarray, shape (J, n, p)
    cluster : ndarray of int64, shape (n,)
    """
    order = np.argsort(cluster, kind="stable")
    ends = np.searchsorted(cluster[order], np.arange(m + 1))
    parts = [roots[:, order[a:b]].reshape(-1, roots.shape[2]) for a, b in pairwise(ends)]
    return np.array([part.T @ part for part in parts])


def _turned(expected: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """Turn what is expected of every cluster so that its sum is the information observed, shape (m, p, p)."""
    L, K = _root(inverse), _root(np.linalg.pinv(expected.sum(axis=0), hermitian=True))
    turn = np.linalg.pinv(L).T @ K.T
    return turn @ expected @ turn.T


def _root(inverse: np.ndarray) -> np.ndarray:
    """Symmetric root: of two matrices that are nearly one, the roots are too."""
    value, vector = eigh(inverse)
    return (vector * np.sqrt(np.maximum(value, 0))) @ vector.T


def uncertainty(contrasts: np.ndarray, fit: Clusters, vcov: Vcov = "CR2") -> Uncertainty:
    """Estimate the cluster-robust covariance of ℓ'θ.

    Parameters
    ----------
    contrasts : ndarray, shape (R, p)
        ℓ, one row per estimate.
    """
    m = len(fit.scores)
    at = contrasts @ fit.inverse
    if vcov == "CR1":
        parts = at @ fit.scores.T * np.sqrt(m / max(m - 1, 1))
        return Uncertainty(covariance=parts @ parts.T, df=np.full(len(at), max(m - 1.0, 1.0)))
    g = _corrected(at, fit)
    parts = np.einsum("rcq,cq->rc", g, fit.scores)
    return Uncertainty(covariance=parts @ parts.T, df=_degrees(g, fit))


def _corrected(at: np.ndarray, fit: Clusters) -> np.ndarray:
    """M_c' A⁻¹ ℓ, shape (R, m, p).

    Of a light cluster by the series (1 − s)^(−1/2) = 1 + s/2 + 3s²/8 + …, which needs products with vectors only.
    """
    p = len(fit.inverse)
    shares = (fit.information.reshape(-1, p) @ fit.inverse).reshape(-1, p, p)
    size = np.sqrt(np.einsum("cpq,cqp->c", shares, shares))
    light = size <= LIGHT
    g = np.empty((len(at), len(size), p))
    heavy = replace(fit, scores=fit.scores[~light], information=fit.information[~light])
    g[:, ~light] = np.einsum("rp,cpq->rcq", at, _corrections(heavy))
    shares, power, k = shares[light], np.repeat(at[None], light.sum(), axis=0), 0
    answer, most = power.copy(), size[light].max(initial=0.0)
    while most ** (k + 1) > ROUNDING:
        k += 1
        power = (2 * k - 1) / (2 * k) * np.matmul(power, shares)
        answer += power
    g[:, light] = answer.transpose(1, 0, 2)
    return g


def _corrections(fit: Clusters) -> np.ndarray:
    """M_c, shape (m, p, p)."""
    value, vector = eigh(fit.inverse)
    L = vector * np.sqrt(np.maximum(value, 0))
    s, V = eigh(L.T @ fit.information @ L)
    left = 1 - s
    root = np.where(left <= FULL_LEVERAGE, 0.0, 1 / np.sqrt(np.maximum(left, FULL_LEVERAGE)))
    middle = (V * root[:, None]) @ V.transpose(0, 2, 1)
    outer = np.linalg.pinv(L).T
    return outer @ middle @ L.T


def _degrees(g: np.ndarray, fit: Clusters) -> np.ndarray:
    """Satterthwaite degrees of freedom, shape (R,)."""
    b = np.einsum("rcp,cpq->rcq", g, fit.information)
    own = np.einsum("rcq,rcq->rc", b, g)
    q = b @ fit.inverse
    trace = (own - np.einsum("rcq,rcq->rc", q, b)).sum(axis=1)
    # tr G² of G = D − B A⁻¹ B' from products of p × p matrices: nothing is held by pair of clusters.
    inner = np.matmul(b.transpose(0, 2, 1), q)
    square = (own**2).sum(axis=1) - 2 * np.einsum("rc,rcq,rcq->r", own, q, b)
    square += np.einsum("rpq,rqp->r", inner, inner)
    # nothing told by nobody has no spread to estimate, and no degrees of freedom
    return np.divide(trace**2, square, out=np.full(len(trace), np.nan), where=square != 0)
