"""Which home without the intervention is nearest to each home with it?

Greedy nearest neighbours, the home hardest to match (with the highest propensity) first, each comparison home used
once, or as often as it is nearest. A pair farther apart than the caliper is no pair.

Source: Stuart (2010), Statistical Science 25(1), sec. 3; Austin (2011), Pharmaceutical Statistics 10(2), for a caliper
of a fifth of a standard deviation; defaults and order as in R MatchIt, against which the tests hold it.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Distances(Protocol):
    """Distances of one treated unit after the other to all controls: a matrix, or what makes its rows."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many treated units, and controls."""
        ...

    def __getitem__(self, i: int, /) -> np.ndarray:
        """Distances of the i-th treated unit, shape (n controls,)."""
        ...


def nearest(distance: Distances, order: np.ndarray, *, ratio: int = 1, replace: bool = False) -> np.ndarray:
    """Match, and give how often each control is used, per treated unit: shape (n treated, n controls) of 0 and 1.

    Parameters
    ----------
    distance : Distances
        Infinite where the two may not be matched.
    order : ndarray of int64, shape (n treated,)
        In which order treated units choose.
    ratio : int
        Controls for each; every unit chooses its first before any chooses its second.
    replace : bool
        Whether a control may be chosen by several.
    """
    pairs, gone = np.zeros(distance.shape, bool), np.zeros(distance.shape[1], bool)
    for _ in range(ratio):
        for i in order:
            left = np.where(pairs[i] if replace else gone, np.inf, distance[i])
            j = int(left.argmin())
            if np.isfinite(left[j]):
                pairs[i, j] = gone[j] = True
    return pairs


def weights_of(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of treated units and of controls: one for each matched unit, shared among its controls.

    Returns
    -------
    treated, controls : ndarray, shapes (n treated,), (n controls,)
        Zero for the unmatched; both add up to the matched treated units.
    """
    each, (unit, control) = pairs.sum(axis=1), np.nonzero(pairs)
    return (each > 0).astype(float), np.bincount(control, 1 / each[unit], pairs.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnScore:
    """Distances in a score, made when they are asked for: of a country they would be twenty million.

    Parameters
    ----------
    treated, controls : ndarray, shapes (n treated,), (n controls,)
        Scores.
    farthest : float
        Beyond which two may not be matched.
    """

    treated: np.ndarray
    controls: np.ndarray
    farthest: float

    @property
    def shape(self) -> tuple[int, ...]:
        """How many treated units, and controls."""
        return len(self.treated), len(self.controls)

    def __getitem__(self, i: int, /) -> np.ndarray:
        """Distances of one treated unit, shape (n controls,)."""
        apart = np.abs(self.treated[i] - self.controls)
        return np.where(apart <= self.farthest, apart, np.inf)


def on_score(score: np.ndarray, treated: np.ndarray, caliper: float | None) -> OnScore:
    """Distances in a propensity score; the caliper is in standard deviations of the score, of all units."""
    farthest = np.inf if caliper is None else caliper * float(score.std(ddof=1))
    return OnScore(treated=score[treated], controls=score[~treated], farthest=farthest)


def mahalanobis(X: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Distances in covariates, by their covariance within the two groups together."""
    groups, n = (X[treated], X[~treated]), len(X)
    pooled = sum((len(g) - 1) * np.atleast_2d(np.cov(g, rowvar=False)) for g in groups if len(g) > 1) / (n - 2)
    inverse = np.linalg.pinv(pooled, hermitian=True)
    apart = X[treated][:, None, :] - X[~treated][None, :, :]
    return np.sqrt(np.maximum(np.einsum("ijk,kl,ijl->ij", apart, inverse, apart), 0))
