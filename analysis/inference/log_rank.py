"""Does something come sooner in one group than in another that is like it?

The log-rank test within strata: at every time at which it comes in a stratum, d of the Y at risk, those of the first
group are expected to be d·Y₁/Y, with the hypergeometric variance; sums over times and strata give

    z = (O − E) / √V.

Source: Mantel (1966), Cancer Chemotherapy Reports 50; Kalbfleisch and Prentice (2002), The Statistical Analysis of
Failure Time Data, section 1.5.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr


@dataclass(frozen=True, slots=True)
class LogRank:
    """Events observed in the first group, expected there, the variance of their difference, and the p-value."""

    observed: int
    expected: float
    variance: float
    p_value: float


def log_rank(time: np.ndarray, event: np.ndarray, first: np.ndarray, stratum: np.ndarray) -> LogRank:
    """Compare two groups within strata.

    Parameters
    ----------
    time : ndarray of float64, shape (n,)
        Until the event, or until sight ends.
    event, first : ndarray of bool, shape (n,)
        Whether it came; who is of the first group.
    stratum : ndarray, shape (n,)
        Who is compared with whom.

    Returns
    -------
    LogRank
        With a missing p-value where nothing can differ.
    """
    observed, expected, variance = 0, 0.0, 0.0
    for name in np.unique(stratum):
        own = stratum == name
        seen = _stratum(time[own], event[own], first[own])
        observed, expected, variance = observed + seen[0], expected + seen[1], variance + seen[2]
    if not variance > 0:
        return LogRank(observed, expected, variance, float("nan"))
    return LogRank(observed, expected, variance, float(2 * ndtr(-abs(observed - expected) / np.sqrt(variance))))


def _stratum(time: np.ndarray, event: np.ndarray, first: np.ndarray) -> tuple[int, float, float]:
    """Events of the first group in one stratum at times at which both groups are at risk."""
    at = np.unique(time[event])
    risk = time[None, :] >= at[:, None]
    n, n1 = risk.sum(axis=1), (risk & first).sum(axis=1)
    came = (time[None, :] == at[:, None]) & event
    d, d1 = came.sum(axis=1), (came & first).sum(axis=1)
    both = (n1 > 0) & (n1 < n)
    n, n1, d, d1 = (values[both].astype(float) for values in (n, n1, d, d1))
    share = n1 / n
    return int(d1.sum()), float((d * share).sum()), float((d * share * (1 - share) * (n - d) / (n - 1)).sum())
