"""What multiplies a rate, and how sure is it, where people of one home share their luck and count differently much?

A Poisson regression of weighted counts over exposure,

    log μ_i = log d_i + x_i'β,    Σ_i w_i x_i (y_i − μ_i) = 0,

with the bias-reduced cluster-robust variance (CR2). With M the inverse of the information Σ w_i μ_i x_i x_i' = L L' and
S_c = L' N_c L, N_c the part of cluster c, the scores L' z_c of clusters are multiplied by (I − S_c)^(−1/2), so that the
variance is unbiased if counts are independent with variance w μ on the weighted scale, and degrees of freedom are those
of Bell and McCaffrey: the same correction as `clustered`, for a model without effects of homes and with any covariates.

Source: Bell and McCaffrey (2002), Survey Methodology 28(2); Pustejovsky and Tipton (2018), JBES 36(4), eqs. 8–12.
"""

from dataclasses import dataclass

import numpy as np

TOLERANCE, ITERATIONS = 1e-10, 60
FULL_LEVERAGE = 1e-9
"""One minus an eigenvalue below this: the cluster alone determines a direction, which is left out of its score."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedPoissonFit:
    """A fitted regression.

    Parameters
    ----------
    beta : ndarray, shape (P,)
    weighted : ndarray, shape (n,)
        w μ.
    residuals : ndarray, shape (n,)
        w (y − μ).
    inverse : ndarray, shape (P, P)
        M.
    converged : bool
    """

    beta: np.ndarray
    weighted: np.ndarray
    residuals: np.ndarray
    inverse: np.ndarray
    converged: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneCoefficient:
    """The uncertainty of one coefficient, three ways.

    Parameters
    ----------
    cr2, cr1, model : float
        Standard errors: bias-reduced, usual cluster-robust, and the model's own.
    df : float
        Degrees of freedom of `cr2`.
    scores : ndarray, shape (m,)
        What each cluster contributes to `cr2`: the root of the sum of their squares.
    """

    cr2: float
    cr1: float
    model: float
    df: float
    scores: np.ndarray


def fit(y: np.ndarray, X: np.ndarray, exposure: np.ndarray, w: np.ndarray) -> WeightedPoissonFit:
    """Fit by Newton's method with halved steps.

    Parameters
    ----------
    y, exposure, w : ndarray, shape (n,)
        Counts, exposure above zero, weights above zero.
    X : ndarray, shape (n, P)
        The first column is one; columns may depend on one another.
    """
    beta = np.zeros(X.shape[1])
    beta[0] = np.log((w @ y) / (w @ exposure))
    value, converged = _value(y, X, exposure, w, beta), False
    for _ in range(ITERATIONS):
        mu = exposure * np.exp(X @ beta)
        step = _inverse(X, w * mu) @ (X.T @ (w * (y - mu)))
        size = 1.0
        while (new := _value(y, X, exposure, w, beta + size * step)) < value - 1e-12 * abs(value) and size > 1e-6:
            size /= 2
        beta, value = beta + size * step, new
        if np.abs(size * step).max() < TOLERANCE:
            converged = True
            break
    mu = exposure * np.exp(X @ beta)
    return WeightedPoissonFit(
        beta=beta, weighted=w * mu, residuals=w * (y - mu), inverse=_inverse(X, w * mu), converged=converged
    )  # fmt: skip


def _value(y, X, exposure, w, beta):
    linear = X @ beta
    with np.errstate(over="ignore"):
        return float(w @ (y * linear - exposure * np.exp(linear)))


def _inverse(X, weight):
    return np.linalg.pinv((X * weight[:, None]).T @ X, hermitian=True)


def uncertainty(found: WeightedPoissonFit, X: np.ndarray, cluster: np.ndarray, which: int) -> OneCoefficient:
    """Give the errors of coefficient `which`.

    Parameters
    ----------
    X : ndarray, shape (n, P)
        As fitted.
    cluster : ndarray of int64, shape (n,)
        0 … m − 1, none left out.
    """
    value, vector = np.linalg.eigh(found.inverse)
    L = vector * np.sqrt(np.maximum(value, 0))
    Z = X @ L  # so that the information is the identity
    m, order = int(cluster.max()) + 1, np.argsort(cluster, kind="stable")
    edges = np.searchsorted(cluster[order], np.arange(m + 1))
    scores = np.add.reduceat((Z * found.residuals[:, None])[order], edges[:-1], axis=0)
    root = Z * np.sqrt(found.weighted)[:, None]
    S = np.stack([root[rows].T @ root[rows] for rows in np.split(order, edges[1:-1])])
    s, V = np.linalg.eigh(S)
    full = 1 - s <= FULL_LEVERAGE
    left = np.where(full, 0.0, 1 / np.sqrt(np.where(full, 1.0, 1 - s)))
    turned = np.einsum("cij,i->cj", V, L[which])  # of each cluster, in the directions of its own leverage
    own = np.einsum("cij,ci->cj", V, scores)
    cr2 = (turned * left * own).sum(axis=1)
    q = np.einsum("cij,cj->ci", V, turned * left * s)
    working = (turned**2 * np.where(full, 0.0, s)).sum(axis=1)
    pairs = ((q.T @ q) ** 2).sum() - ((q**2).sum(axis=1) ** 2).sum()
    plain = scores @ L[which]
    return OneCoefficient(
        cr2=float(np.sqrt((cr2**2).sum())), cr1=float(np.sqrt((plain**2).sum() * m / max(m - 1, 1))),
        model=float(np.sqrt(found.inverse[which, which])),
        df=float(working.sum() ** 2 / ((working**2).sum() + pairs)), scores=cr2,
    )  # fmt: skip
