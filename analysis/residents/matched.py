"""Which new residents of other homes are like those of supported homes, and how much does each count?

Within strata in which residents are exactly alike (the quarter they moved in, and whatever else is asked), each
resident of a supported home has the nearest others by the odds of having come to one (a propensity score, within a
caliper of a fifth of its standard deviation, each used once). Where nothing is left to be near in, all others of the
stratum count, together as much as its supported residents.

Source: Stuart (2010), Statistical Science 25(1); the Improvement Analytics Unit's evaluations matched on age, sex,
conditions, earlier use of hospitals, and kind and size of home.
"""

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.matching.nearest import nearest, weights_of
from analysis.matching.scores import propensity

CALIPER = 0.2
"""Standard deviations of the log odds (Austin 2011)."""


def match(
    near: pd.DataFrame, stratum: np.ndarray, supported: np.ndarray, *, ratio: int = 1, caliper: float = CALIPER
) -> np.ndarray:
    """Match, and give how much each new resident counts.

    Parameters
    ----------
    near : DataFrame, n rows
        What residents are to be near in; without columns, all of a stratum count.
    stratum : ndarray of int64, shape (n,)
    supported : ndarray of bool, shape (n,)
    ratio : int
        Others for each.
    caliper : float
        Standard deviations of the log odds.

    Returns
    -------
    ndarray, shape (n,)
        One for matched residents of supported homes, shares for those like them, zero for all others.

    Raises
    ------
    AnalysisError
        If what is known tells exactly who came to a supported home, or nobody has anybody like them.
    """
    logit = _logit(near, stratum, supported) if near.shape[1] else None
    reach = caliper * logit.std(ddof=1) if logit is not None else np.inf
    w = np.zeros(len(supported))
    order = np.argsort(stratum, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        t = supported[rows]
        if not t.any() or t.all():
            continue
        if logit is None:
            w[rows] = np.where(t, 1.0, t.sum() / (~t).sum())
            continue
        apart = np.abs(logit[rows][t][:, None] - logit[rows][~t][None, :])
        pairs = nearest(
            np.where(apart <= reach, apart, np.inf), np.argsort(-logit[rows][t], kind="stable"), ratio=ratio
        )
        own, others = weights_of(pairs)
        w[rows[t]], w[rows[~t]] = own, others
    if not w[supported].any():
        raise AnalysisError(
            "No new resident of a supported home has a new resident elsewhere like them, so there is nobody to compare "
            "with.",
            do="Match on less (match_on, exact_on), or widen the caliper.",
        )
    return w


def _on_both_sides(X: np.ndarray, supported: np.ndarray) -> np.ndarray:
    """Give the columns that vary on both sides, and those that vary on neither, which tell the sides apart.

    A kind that nobody of one side is of has a coefficient without an end; how far apart it leaves the sides is told
    with the balance.
    """
    varies = [
        np.ptp(X[side], axis=0) > 0 if side.any() else np.zeros(X.shape[1], bool) for side in (supported, ~supported)
    ]
    return X[:, varies[0] == varies[1]]


def _logit(near: pd.DataFrame, stratum: np.ndarray, supported: np.ndarray) -> np.ndarray:
    score = propensity(_on_both_sides(near.to_numpy(float), supported), supported)
    if score is None:
        raise AnalysisError(
            "What is known of new residents tells exactly which of them came to a supported home, so nobody elsewhere "
            "is like any of them.",
            do="Match on less (match_on): a size, or a condition, that only supported homes have says nothing of the "
            "support.",
        )
    return np.log(score / (1 - score))
