"""How uncertain is a weighted sum of counts whose months are correlated within homes?

An estimate moves as Σ_i a_g' e_i with the errors e of its homes, where all homes of a cohort g weigh a month alike (and
each less some number of its own, which does not matter because errors sum to zero in every home). Its variance is read
from residuals of a reference model with home effects, month effects and one regressor d,

    V = Σ_c (Σ_{i∈c} ω̃_i' A_c r̃_i)²,        r̃ = r / √μ,  ω̃ = a √μ  less its part along √μ_i,

over clusters c. CR1 takes A = I and multiplies by m / (m − 1) for m clusters. CR2 takes A_c = (I − H_c)^(−1/2), where
H_c is the cluster's block of the reference model's projection on the Pearson scale, so that V is unbiased if the counts
are independent Poisson (or overdispersed by one factor) with means μ.

Nothing is held by estimate, home and month. With K_i = diag(μ_i) − μ_i μ_i' / Σμ_i (home effects swept out), X_g the
months and the regressor of cohort g, M the inverse of their information, and N_c = Σ_{i∈c} X_g' K_i X_g,

    ω̃_i' A_c r̃_i = a_g' y_i,    y_i = e_i + K_i X_g v_c,    v_c = M (c₁ + c₂ N_c M + c₃ (N_c M)² + …) Σ_{i∈c} X_g' e_i

with Σ c_k s^k = (1 − s)^(−1/2) − 1: CR2 is CR1 of corrected residuals, whatever the estimate, and one product of
matrices a term corrects every home. (Without home effects in the model K_i = diag(μ_i), and a_g is complete.) The
eigenvalues of N_c M are the cluster's leverage. They are at most ρ_c, the largest column sum of Σ_{i∈c} μ_i' |X_g M
X_g'|; where that is small few terms are needed. All other clusters, and every cluster of a small panel, are corrected
from the eigenvalues themselves, those of S = L' N_c L with M = L L', in the columns of X that are not zero there.

Under the working model V is a quadratic form with the clusters × clusters matrix G, and (tr G)² / tr G² are its
Satterthwaite degrees of freedom: (Σ G_cc)² / (Σ G_cc² + Σ_{c≠d} (q_c' q_d)²), with G_cc the cluster's Poisson variance
Σ a_g' K_i a_g and q_c = (I − S)^(−1/2) L' Σ X_g' K_i a_g. Pairs are taken of the clusters corrected from eigenvalues.
Those left out would add at most 2 max(G_cc) Σ ρ_c G_cc / (1 − ρ_c)² to the denominator, the sum over clusters left out:
some 1% of degrees of freedom that are many.

On the Pearson scale the working covariance is the identity: this is Bell and McCaffrey's correction of the weighted
regression. clubSandwich takes its square root on another scale when weights differ within a cluster; both are unbiased.

Source: Bell and McCaffrey (2002), Survey Methodology 28(2); Pustejovsky and Tipton (2018), "Small-sample methods for
cluster-robust variance estimation and hypothesis testing in fixed effects models", JBES 36(4), eqs. 8–12.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.inference.corrections import across_clusters, series, series_of_homes, sums, terms, within
from analysis.inference.symmetric import eigh

FULL_LEVERAGE = 1e-9
"""One minus an eigenvalue below this means that a cluster determines a coefficient alone: inverted as zero."""
EXACT = 100
"""Up to so many clusters every one is corrected from its eigenvalues and takes part in every pair."""
LEVERAGE = 0.05
"""Beyond, those whose leverage may exceed one twentieth."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """The reference model's fit, homes sorted by cohort.

    Parameters
    ----------
    counts, fitted : ndarray, shape (n, T)
        y and μ; μ is zero where a home-month takes no part.
    rows : tuple of slice, length G
        Homes of each cohort.
    regressor : ndarray, shape (G, T)
        d.
    inverse : ndarray, shape (P + 1, P + 1)
        M: a symmetric generalised inverse of the information about the base and d, home effects concentrated out.
    cluster : ndarray of int64, shape (n,)
        Cluster of each home.
    base : ndarray, shape (G, T, P), optional
        What else log μ is made of in each cohort; one effect for every month (P = T, the identity) where left out.
    swept : bool
        Whether the model has an effect for every home.
    """

    counts: np.ndarray
    fitted: np.ndarray
    rows: tuple[slice, ...]
    regressor: np.ndarray
    inverse: np.ndarray
    cluster: np.ndarray
    base: np.ndarray | None = None
    swept: bool = True

    def columns(self, g: int) -> np.ndarray:
        """X_g, shape (T, P + 1)."""
        if self.base is not None:
            return self._whole[g]
        d = self.regressor[g]
        return np.column_stack([np.eye(len(d)), d])

    @cached_property
    def _whole(self) -> np.ndarray:
        """X of every cohort where it is made of more than months, shape (G, T, P + 1): asked for many times."""
        return np.concatenate([np.asarray(self.base), self.regressor[:, :, None]], axis=2)

    def across(self, g: int, values: np.ndarray) -> np.ndarray:
        """Values times X_g, shape (..., T) to (..., P + 1)."""
        if self.base is None:
            return np.concatenate([values, (values @ self.regressor[g])[..., None]], axis=-1)
        return values @ self.columns(g)

    def along(self, g: int, v: np.ndarray) -> np.ndarray:
        """X_g v, shape (..., P + 1) to (..., T)."""
        if self.base is not None:
            return v @ self.columns(g).T
        d, T = self.regressor[g], self.regressor.shape[1]
        return v[..., :T] + v[..., T:] * d if d.any() else v[..., :T]

    @cached_property
    def clusters(self) -> np.ndarray:
        """The m clusters in order of appearance, shape (m,)."""
        first = np.sort(np.unique(self.cluster, return_index=True)[1])
        return self.cluster[first]

    @cached_property
    def of_home(self) -> np.ndarray:
        """Position of each home's cluster among `clusters`, shape (n,)."""
        place = np.empty(int(self.cluster.max()) + 1, np.int64)
        place[self.clusters] = np.arange(len(self.clusters))
        return place[self.cluster]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corrected:
    """A reference fit made ready for any number of estimates.

    Parameters
    ----------
    reference : Reference
    residuals : ndarray, shape (n, T)
        y_i, the corrected residuals.
    bound : ndarray, shape (m,)
        ρ of every cluster; zero for those corrected from their eigenvalues.
    exact : ndarray of int64, shape (h,)
        Clusters corrected from their eigenvalues.
    alike : tuple of Alike
        The same clusters, those together that have the same columns of X.
    """

    reference: Reference
    residuals: np.ndarray
    bound: np.ndarray
    exact: np.ndarray
    alike: tuple["Alike", ...]

    def again(self, counts: np.ndarray) -> "Corrected":
        """Correct the residuals of other counts (n, T) of the same fit, whose eigenvalues are known."""
        reference = replace(self.reference, counts=counts)
        residuals = _residuals(reference, self.bound, self.exact, self.alike)
        return replace(self, reference=reference, residuals=residuals)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alike:
    """Clusters in which the same J columns of X are not zero.

    Parameters
    ----------
    places : ndarray of int64, shape (k,)
        Where they stand among the exact ones.
    columns : ndarray of int64, shape (J,)
    root : ndarray, shape (k, P + 1, J)
        L' (I − N_c M)^(−1/2) of each, with M = L L'; this is (I − S_c)^(−1/2) L'.
    turned, scaled : ndarray, shape (k, J, J)
        L' turned to the cluster's eigenvectors, and the same times ((1 − s)^(−1/2) − 1) / s.
    full : ndarray of bool, shape (k, J)
        Directions in which the cluster has full leverage.
    """

    places: np.ndarray
    columns: np.ndarray
    root: np.ndarray
    turned: np.ndarray
    scaled: np.ndarray
    full: np.ndarray

    @property
    def decided(self) -> np.ndarray:
        """L' turned to the directions in which the cluster has full leverage, zero in all others, shape (k, J, J)."""
        return self.turned * self.full[:, :, None]

    def v(self, moved: np.ndarray) -> np.ndarray:
        """V of every cluster for what its errors come to in the columns, both of shape (k, J)."""
        return np.einsum("kij,ki->kj", self.turned, np.einsum("kij,kj->ki", self.scaled, moved))


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


def cr1(weights: np.ndarray, residuals: np.ndarray, reference: Reference) -> Clustered:
    """Estimate the usual cluster-robust variance: factor m / (m − 1), m − 1 degrees of freedom.

    Parameters
    ----------
    weights : ndarray, shape (R, G, T)
        a_g.
    residuals : ndarray, shape (n, T)
        Summing to zero in every home.
    reference : Reference
        For its cohorts and clusters.
    """
    scores = sums(_products(weights, residuals, reference.rows), reference.of_home)
    m = scores.shape[1]
    df = np.full(len(scores), m - 1.0)
    return Clustered(scores=scores * np.sqrt(m / max(m - 1, 1)), df=df, effective=_effective(scores**2))


def cr2(weights: np.ndarray, corrected: Corrected) -> Clustered:
    """Estimate the bias-reduced cluster-robust variance with Bell–McCaffrey degrees of freedom.

    Parameters
    ----------
    weights : ndarray, shape (R, G, T)
        a_g.
    """
    reference = corrected.reference
    scores = sums(_products(weights, corrected.residuals, reference.rows), reference.of_home)
    working = sums(_working(weights, reference), reference.of_home)
    q, lost = _projected(weights, corrected)
    own = working.copy()
    own[:, corrected.exact] -= lost
    pairs = (np.matmul(q.transpose(0, 2, 1), q) ** 2).sum(axis=(1, 2)) - ((q**2).sum(axis=2) ** 2).sum(axis=1)
    df = own.sum(axis=1) ** 2 / ((own**2).sum(axis=1) + pairs)
    return Clustered(scores=scores, df=df, effective=_effective(working))


def correct(reference: Reference) -> Corrected:
    """Correct the residuals, by eigenvalues where a cluster's leverage matters and by the series elsewhere."""
    m, bound = len(reference.clusters), leverage_bound(reference)
    exact = np.arange(m) if m <= EXACT else np.flatnonzero(bound > LEVERAGE)
    alike, bound[exact] = tuple(_from_eigenvalues(reference, exact)), 0.0
    residuals = _residuals(reference, bound, exact, alike)
    return Corrected(reference=reference, residuals=residuals, bound=bound, exact=exact, alike=alike)


def _residuals(reference, bound, exact, alike):
    """Y of every home, shape (n, T)."""
    errors = reference.counts - reference.fitted
    moved = across_clusters(errors, reference)
    singly = len(bound) == len(reference.fitted)
    v = series_of_homes(reference, moved, bound) if singly else series(reference, moved, terms(bound.max()))
    v[exact] = 0.0
    for part in alike:
        own = np.ix_(exact[part.places], part.columns)
        v[own] = part.v(moved[own])
    errors += within(reference, v)
    return errors


def leverage_bound(reference: Reference) -> np.ndarray:
    """ρ of every cluster, shape (m,)."""
    M, largest = reference.inverse, np.empty(len(reference.fitted))
    for g, rows in enumerate(reference.rows):
        X = reference.columns(g)
        largest[rows] = (reference.fitted[rows] @ np.abs(X @ M @ X.T)).max(axis=1)
    return sums(largest[None], reference.of_home)[0]


def _from_eigenvalues(reference, exact):
    """Yield some clusters, those together that have the same columns."""
    value, vector = eigh(reference.inverse)
    L = vector * np.sqrt(np.maximum(value, 0))
    for places, columns in _same_columns(reference, exact):
        yield _alike(reference, exact, (places, columns), L)


def _same_columns(reference, exact):
    """Places among some clusters, and the columns of X that are not zero in them."""
    if reference.base is None:
        return [(np.arange(len(exact)), np.arange(len(reference.inverse)))] if len(exact) else []
    used = np.zeros((len(reference.clusters), len(reference.inverse)), bool)
    for g, rows in enumerate(reference.rows):
        used[np.unique(reference.of_home[rows])] |= reference.columns(g).any(axis=0)
    patterns, which = np.unique(used[exact], axis=0, return_inverse=True)
    return [(np.flatnonzero(which.ravel() == k), np.flatnonzero(row)) for k, row in enumerate(patterns)]


def _alike(reference, exact, group, L):
    """Work out what is made of the eigenvalues of the clusters of one group."""
    places, columns = group
    value, vector = eigh(reference.inverse[np.ix_(columns, columns)])
    own, N = vector * np.sqrt(np.maximum(value, 0)), _information(reference, exact[places], columns)
    s, V = eigh(own.T @ N @ own)
    turned = V.transpose(0, 2, 1) @ own.T
    full = 1 - s <= FULL_LEVERAGE
    left = np.sqrt(np.where(full, 1.0, 1 - s))
    f = np.where(full, -1.0, 1 / (left * (1 + left)))  # ((1 − s)^(−1/2) − 1) / s without cancellation
    scaled = turned * f[:, :, None]
    root = L[columns].T @ (np.eye(len(columns)) + N @ (turned.transpose(0, 2, 1) @ scaled))
    return Alike(places=places, columns=columns, root=root, turned=turned, scaled=scaled, full=full)


def _information(reference, clusters, columns):
    """N of some clusters, shape (k, J, J)."""
    taken, parts = np.isin(reference.of_home, clusters), []
    for g, rows in enumerate(reference.rows):
        X, fitted = reference.columns(g)[:, columns], reference.fitted[rows][taken[rows]]
        own = X.T @ (fitted[:, :, None] * X)
        if reference.swept:
            inner = fitted @ X
            own -= inner[:, :, None] * (inner / fitted.sum(axis=1)[:, None])[:, None]
        parts.append(own)
    return _gathered(parts, reference.of_home[taken])


def _products(weights, values, rows):
    """a_g' of every home's values, shape (R, n)."""
    return np.concatenate([weights[:, g] @ values[part].T for g, part in enumerate(rows)], axis=1)


def _working(weights, reference):
    """a_g' K_i a_g, shape (R, n)."""
    fitted = reference.fitted
    squares = _products(weights**2, fitted, reference.rows)
    return (
        squares - _products(weights, fitted, reference.rows) ** 2 / fitted.sum(axis=1) if reference.swept else squares
    )


def _projected(weights, corrected):
    """Q (R, h, P + 1) of the exact clusters, and what full leverage takes of their variance (R, h)."""
    reference, (R, h) = corrected.reference, (len(weights), len(corrected.exact))
    q, lost = np.zeros((R, h, len(reference.inverse))), np.zeros((R, h))
    for alike in corrected.alike:
        swept = _swept(weights, reference, corrected.exact[alike.places], alike.columns)
        q[:, alike.places] = (swept @ alike.root.transpose(0, 2, 1)).transpose(1, 0, 2)
        lost[:, alike.places] = ((swept @ alike.decided.transpose(0, 2, 1)) ** 2).sum(axis=2).T
    return q, lost


def _swept(weights, reference, clusters, columns):
    """Σ X_g' K_i a_g of some clusters, shape (k, R, J)."""
    taken, parts, every = np.isin(reference.of_home, clusters), [], len(columns) == len(reference.inverse)
    for g, rows in enumerate(reference.rows):
        fitted = reference.fitted[rows][taken[rows]]
        own = weights[None, :, g]
        if reference.swept:
            own = own - (fitted @ weights[:, g].T / fitted.sum(axis=1)[:, None])[:, :, None]
        part = fitted[:, None, :] * own
        parts.append(reference.across(g, part) if every else part @ reference.columns(g)[:, columns])
    return _gathered(parts, reference.of_home[taken])


def _effective(v):
    return v.sum(axis=1) ** 2 / (v**2).sum(axis=1)


def _gathered(parts, cluster):
    """Sum the homes of each cluster, along the first axis of the cohorts' parts put together."""
    values = np.concatenate(parts)
    if not len(values):
        return values
    order = np.argsort(cluster, kind="stable")
    return np.add.reduceat(values[order], np.flatnonzero(np.diff(cluster[order], prepend=-1)), axis=0)
