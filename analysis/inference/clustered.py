"""How uncertain is a weighted sum of counts whose months are correlated within homes?

An estimate moves as Σ_i ω_i' e_i with the errors e of its homes. Its variance is read from residuals r of a reference
model with home effects, month effects and one regressor d,

    V = Σ_c (Σ_{i∈c} ω̃_i' A_c r̃_i)²,        r̃ = r / √μ,  ω̃ = ω √μ  less its part along √μ_i,

over clusters c. CR1 takes A = I and multiplies by m / (m − 1) for m clusters. CR2 takes A_c = (I − K_c)^(−1/2), where
K_c = X_c M X_c' is the cluster's block of the reference model's projection on the Pearson scale, so that V is unbiased
if the counts are independent Poisson (or overdispersed by one factor) with means μ. Under the same working model V is
a quadratic form with the clusters × clusters matrix G, and (tr G)² / tr G² are its Satterthwaite degrees of freedom.

K_c has the rank of the month effects, so with M = L L' and A = X_c L everything is done on S = A'A: (I − A A')^(−1/2)
= I + A f(S) A', f(s) = ((1 − s)^(−1/2) − 1) / s, and G = diag(z'z) − Q Q' is never formed.

On the Pearson scale the working covariance is the identity: this is Bell and McCaffrey's correction of the weighted
regression. Home effects may be left out of K because they lie along √μ_i, to which r̃ and ω̃ are orthogonal.
clubSandwich takes its square root on another scale when weights differ within a cluster; both are unbiased.

Source: Bell and McCaffrey (2002), Survey Methodology 28(2); Pustejovsky and Tipton (2018), "Small-sample methods for
cluster-robust variance estimation and hypothesis testing in fixed effects models", JBES 36(4), eqs. 8–12.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

FULL_LEVERAGE = 1e-9
"""One minus an eigenvalue of K below this means that a cluster determines a coefficient alone: inverted as zero."""
CHUNK = 200
"""Clusters whose matrices are held at once (200 × 121² numbers are 23 MB)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """The reference model's fit; rows sorted by cluster where a variance is taken.

    Parameters
    ----------
    counts, fitted : ndarray, shape (n, T)
        y and μ; μ is zero where a home-month takes no part.
    regressor : ndarray, shape (n, T)
        d.
    inverse : ndarray, shape (T + 1, T + 1)
        M: a symmetric generalised inverse of the information about months and d, home effects concentrated out.
    cluster : ndarray of int64, shape (n,)
        Cluster of each home.
    """

    counts: np.ndarray
    fitted: np.ndarray
    regressor: np.ndarray
    inverse: np.ndarray
    cluster: np.ndarray

    def rows(self, order: np.ndarray) -> "Reference":
        """Take homes in another order."""
        counts, fitted, regressor, cluster = (
            values[order] for values in (self.counts, self.fitted, self.regressor, self.cluster)
        )
        return Reference(counts=counts, fitted=fitted, regressor=regressor, inverse=self.inverse, cluster=cluster)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clustered:
    """Variance of R estimates.

    Parameters
    ----------
    scores : ndarray, shape (R, m)
        What each cluster contributes to each estimate, corrections included.
    df : ndarray, shape (R,)
        Satterthwaite degrees of freedom; m − 1 for CR1.
    effective : ndarray, shape (R,)
        Effective number of clusters: (Σ v)² / Σ v² of the clusters' variances under the working model.
    """

    scores: np.ndarray
    df: np.ndarray
    effective: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        """Sum over clusters of the products of scores, shape (R, R)."""
        return self.scores @ self.scores.T


def cr1(weights: np.ndarray, residuals: np.ndarray, cluster: np.ndarray) -> Clustered:
    """Estimate the usual cluster-robust variance: factor m / (m − 1), m − 1 degrees of freedom.

    Parameters
    ----------
    weights, residuals : ndarray, shapes (R, n, T) and (n, T)
    cluster : ndarray of int64, shape (n,)
        Ascending.
    """
    scores = _by_cluster(np.einsum("rit,it->ri", weights, residuals), cluster)
    m = scores.shape[1]
    df = np.full(len(scores), m - 1.0)
    return Clustered(scores=scores * np.sqrt(m / max(m - 1, 1)), df=df, effective=_effective(scores**2))


def cr2(weights: np.ndarray, reference: Reference) -> Clustered:
    """Estimate the bias-reduced cluster-robust variance with Bell–McCaffrey degrees of freedom.

    Parameters
    ----------
    weights : ndarray, shape (R, n, T)
        ω.
    """
    root = np.sqrt(reference.fitted)
    x = _across_home_effects(weights * root, root)
    r = np.divide(reference.counts - reference.fitted, root, out=np.zeros_like(root), where=root > 0)
    parts = [_corrected(x[:, rows], r[rows], reference, rows) for rows in _chunks(reference.cluster)]
    scores, own, shared = (np.concatenate(piece, axis=1) for piece in zip(*parts, strict=True))
    working = _by_cluster((x**2).sum(axis=2), reference.cluster)
    return Clustered(scores=scores, df=_satterthwaite(own, shared), effective=_effective(working))


def _across_home_effects(x, root):
    """Less its part along √μ of each home, shape (R, n, T)."""
    along = np.einsum("rit,it->ri", x, root) / (root**2).sum(axis=1)
    return x - along[:, :, None] * root


def _chunks(cluster) -> Iterator[slice]:
    """Yield runs of rows that hold whole clusters, `CHUNK` of them at a time."""
    first = np.flatnonzero(np.diff(cluster, prepend=-1))
    edges = [*first[::CHUNK].tolist(), len(cluster)]
    return (slice(a, b) for a, b in pairwise(edges))


def _corrected(x, r, reference, rows):
    """Scores (R, c), z'z (R, c) and q = A'z (R, c, T + 1) of the c clusters in some rows."""
    A, cluster = _basis(reference, rows), reference.cluster[rows]
    of_row = np.unique(cluster, return_inverse=True)[1]
    x = x.transpose(1, 2, 0)
    s, V = np.linalg.eigh(_by_cluster(A.transpose(0, 2, 1) @ A, cluster, axis=0))
    turned = V.transpose(0, 2, 1) @ _by_cluster(A.transpose(0, 2, 1) @ x, cluster, axis=0)
    z = x + A @ (V @ (turned * _root_less_one(s)[:, :, None]))[of_row]
    q = V @ (turned * _inverse_root(s)[:, :, None])
    scores = _by_cluster(np.einsum("itr,it->ri", z, r), cluster)
    return scores, _by_cluster((z**2).sum(axis=1).T, cluster), q.transpose(2, 0, 1)


def _basis(reference, rows):
    """Compute A = X L of some homes, home effects swept out, shape (homes, T, T + 1)."""
    value, vector = np.linalg.eigh(reference.inverse)
    L = vector * np.sqrt(np.maximum(value, 0))
    fitted = reference.fitted[rows]
    raw = L[:-1] + reference.regressor[rows][:, :, None] * L[-1]
    mean = np.einsum("it,its->is", fitted, raw) / fitted.sum(axis=1, keepdims=True)
    return np.sqrt(fitted)[:, :, None] * (raw - mean[:, None])


def _inverse_root(s):
    """(1 − s)^(−1/2), and zero where a cluster has full leverage."""
    left = 1 - s
    return np.where(left > FULL_LEVERAGE, 1 / np.sqrt(np.maximum(left, FULL_LEVERAGE)), 0.0)


def _root_less_one(s):
    """f(s) = ((1 − s)^(−1/2) − 1) / s, written without cancellation at small s."""
    root = np.sqrt(np.maximum(1 - s, FULL_LEVERAGE))
    return np.where(1 - s > FULL_LEVERAGE, 1 / (root * (1 + root)), -1.0)


def _satterthwaite(own, shared):
    """(tr G)² / tr G² for G = diag(own) − Q Q', shape (R,)."""
    squared = (shared**2).sum(axis=2)
    inner = np.einsum("rcs,rct->rst", shared, shared)
    trace = (own - squared).sum(axis=1)
    trace_of_square = (own**2 - 2 * own * squared).sum(axis=1) + (inner**2).sum(axis=(1, 2))
    return trace**2 / trace_of_square


def _effective(v):
    return v.sum(axis=1) ** 2 / (v**2).sum(axis=1)


def _by_cluster(values, cluster, axis=1):
    """Sum over the homes of each cluster along an axis."""
    return np.add.reduceat(values, np.flatnonzero(np.diff(cluster, prepend=-1)), axis=axis)
