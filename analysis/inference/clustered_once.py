"""How uncertain is one weighted sum of counts, asked once of very many homes?

`clustered` corrects the residuals of every home, whatever may be asked of them. Where only one estimate is asked for,
and every home is a cluster of small leverage, its score

    s_i = a_g' (e_i + K_i X_g M (c₁ + c₂ N_i M + …) X_g' e_i) = a_g' e_i + c₁ x₁ + c₂ x₂ + …

needs no more than two products of matrices: with V_g = X_g M X_g' and z = K_i a_g,

    x₁ = z' V_g e,    x₂ = (V_g z)' K_i (V_g e),    x₃ = (V_g z)' K_i V_g K_i (V_g e),   …

With ρ the home's leverage, x_{k+1} is not above ρ^k √(z' V_g z · e' V_g e); terms are added until that moves no digit
that is told. They are small beside a_g' e_i, so seven digits of them are enough.

Notation and source: as `clustered`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np

from analysis.inference.clustered import LEVERAGE

TOLD = 1e-8
"""Terms that together stay below this part of the largest score are left out."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterHomes:
    """Some homes in the reference model; each is a cluster.

    Parameters
    ----------
    counts, fitted : ndarray, shape (n, T)
        y and μ.
    weights, regressor : ndarray, shape (n, T), or (1, T) where it is the same in all
        a and d.
    scores : ndarray of float64, shape (n,)
        a' e.
    times : ndarray, shape (n,)
        How many homes are such a home.
    """

    counts: np.ndarray
    fitted: np.ndarray
    weights: np.ndarray
    regressor: np.ndarray
    scores: np.ndarray
    times: np.ndarray

    @cached_property
    def total(self) -> np.ndarray:
        """Σ μ of every home, shape (n,)."""
        return self.fitted.sum(axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneVariance:
    """Variance of one estimate, its degrees of freedom and effective number of clusters: as `clustered.Clustered`."""

    variance: float
    df: float
    effective: float


def cr2_once(homes: Iterable[ClusterHomes], inverse: np.ndarray) -> OneVariance | None:
    """Estimate the bias-reduced variance; nothing where the leverage of one home is large.

    Parameters
    ----------
    inverse : ndarray, shape (T + 1, T + 1)
        M.
    """
    M, sums = inverse.astype(np.float32), np.zeros(3)
    for some in homes:
        leverage = _leverage(some, M)
        if leverage > LEVERAGE:
            return None
        z = _swept(some, some.weights)
        working = _dot(z, some.weights).astype(float)
        scores = some.scores + _correction(some, z, M, leverage)
        sums += [float(some.times @ part) for part in (scores**2, working, working**2)]
    variance, own, squares = sums
    return OneVariance(variance=variance, df=own**2 / squares, effective=own**2 / squares)


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Sum the products of every home, shape (n,)."""
    return one @ other[0] if len(other) < len(one) else np.einsum("it,it->i", one, other)


def _swept(some: ClusterHomes, values: np.ndarray) -> np.ndarray:
    """K_i times values, shape (n, T)."""
    moved = values - (_dot(some.fitted, values) / some.total)[:, None]
    return np.multiply(moved, some.fitted, out=moved)


def _seen(some: ClusterHomes, values: np.ndarray, M: np.ndarray) -> np.ndarray:
    """V_g times values, shape (n, T)."""
    if not some.regressor.any():
        return values @ M[:-1, :-1]
    moved = np.column_stack([values, _dot(values, some.regressor)]) @ M
    return moved[:, :-1] + moved[:, -1:] * some.regressor


def _leverage(some: ClusterHomes, M: np.ndarray) -> float:
    """Bound ρ of some homes: a column sum of μ' |X_g M X_g'|; first from above, and as it is where that is large."""
    size, d = np.abs(M), float(np.abs(some.regressor).max())
    own, effect = size[:-1, :-1].diagonal(), size[:-1, -1]
    others = (size[:-1, :-1] - np.diag(own)).max(axis=0) + d * (effect + effect.max() + d * size[-1, -1])
    bound = some.fitted.max(axis=1) * own.max() + some.fitted @ others
    for i in np.flatnonzero(bound > LEVERAGE):
        X = np.column_stack([np.eye(len(own), dtype=M.dtype), some.regressor[i % len(some.regressor)]])
        bound[i] = (some.fitted[i] @ np.abs(X @ M @ X.T)).max()
    return float(bound.max())


def _correction(some: ClusterHomes, z: np.ndarray, M: np.ndarray, leverage: float) -> np.ndarray:
    """c₁ x₁ + c₂ x₂ + … of some homes, shape (n,)."""
    errors = some.counts - some.fitted
    q, r = _seen(some, errors, M), _seen(some, z, M)
    left = np.sqrt(np.maximum(_dot(z, r) * _dot(errors, q), 0)).max()
    found, k = _dot(z, q) / 2, 1
    while leverage**k * left > TOLD * (1 - leverage) * np.abs(some.scores).max():
        q, k = _swept(some, q if k == 1 else _seen(some, q, M)), k + 1
        found = found + comb(2 * k, k) / 4.0**k * _dot(r, q)
    return found
