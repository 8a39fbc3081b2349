"""Which home without the intervention is nearest to each home with it?

Greedy nearest neighbours, the home hardest to match (with the highest propensity) first, each comparison home used
once, or as often as it is nearest. A pair farther apart than the caliper is no pair.

Source: Stuart (2010), Statistical Science 25(1), sec. 3; Austin (2011), Pharmaceutical Statistics 10(2), for a caliper
of a fifth of a standard deviation; defaults and order as in R MatchIt, against which the tests hold it.
"""

import numpy as np


def nearest(distance: np.ndarray, order: np.ndarray, *, ratio: int = 1, replace: bool = False) -> np.ndarray:
    """Match, and give how often each control is used, per treated unit: shape (n treated, n controls) of 0 and 1.

    Parameters
    ----------
    distance : ndarray, shape (n treated, n controls)
        Infinite where the two may not be matched.
    order : ndarray of int64, shape (n treated,)
        In which order treated units choose.
    ratio : int
        Controls for each; every unit chooses its first before any chooses its second.
    replace : bool
        Whether a control may be chosen by several.
    """
    left, pairs = distance.astype(float).copy(), np.zeros(distance.shape, bool)
    for _ in range(ratio):
        for i in order:
            j = int(left[i].argmin())
            if not np.isfinite(left[i, j]):
                continue
            pairs[i, j] = True
            if replace:
                left[i, j] = np.inf
            else:
                left[:, j] = np.inf
    return pairs


def weights_of(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of treated units and of controls: one for each matched unit, shared among its controls.

    Returns
    -------
    treated, controls : ndarray, shapes (n treated,), (n controls,)
        Zero for the unmatched; both add up to the matched treated units.
    """
    each = pairs.sum(axis=1)
    return (each > 0).astype(float), (pairs / np.maximum(each, 1)[:, None]).sum(axis=0)


def on_score(score: np.ndarray, treated: np.ndarray, caliper: float | None) -> np.ndarray:
    """Distances in a propensity score; the caliper is in standard deviations of the score, of all units."""
    apart = np.abs(score[treated][:, None] - score[~treated][None, :])
    return apart if caliper is None else np.where(apart <= caliper * score.std(ddof=1), apart, np.inf)


def mahalanobis(X: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Distances in covariates, by their covariance within the two groups together."""
    groups, n = (X[treated], X[~treated]), len(X)
    pooled = sum((len(g) - 1) * np.atleast_2d(np.cov(g, rowvar=False)) for g in groups if len(g) > 1) / (n - 2)
    inverse = np.linalg.pinv(pooled, hermitian=True)
    apart = X[treated][:, None, :] - X[~treated][None, :, :]
    return np.sqrt(np.maximum(np.einsum("ijk,kl,ijl->ij", apart, inverse, apart), 0))
