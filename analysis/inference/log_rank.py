"""Does something come sooner in one group than in another that is like it?

The log-rank test within strata: at every time at which it comes in a stratum, d of the Y at risk, those of the first
group are expected to be d·Y₁/Y, with the hypergeometric variance; sums over times and strata give

    z = (O − E) / √V.

Of few events that normal approximation does not hold. Given who is at risk at every time, the events of the first group
are a sum of hypergeometric numbers, whose tails are added up exactly; twice the smaller is the p-value then.

Source: Mantel (1966), Cancer Chemotherapy Reports 50; Kalbfleisch and Prentice (2002), The Statistical Analysis of
Failure Time Data, section 1.5.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln, ndtr


@dataclass(frozen=True, eq=False)
class LogRank:
    """Events observed in the first group, expected there, the variance of their difference, and the p-value.

    `risks` are, by time and stratum, those at risk, of them of the first group, and events, shape (3, T).
    """

    observed: int
    expected: float
    variance: float
    p_value: float
    risks: np.ndarray

    @property
    def exact(self) -> float:
        """P-value of few events: twice the smaller tail."""
        return self._tails[0]

    @property
    def least(self) -> float:
        """The smallest that it could have been."""
        return self._tails[1]

    @cached_property
    def _tails(self) -> tuple[float, float]:
        # Made where it is asked for: of a country's thousands of events it takes as long as all else together.
        at_risk, own, events = self.risks
        return _exact(at_risk, own, events, self.observed) if self.variance > 0 else (float("nan"), float("nan"))


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
    parts = [_risks(time[own], event[own], first[own]) for own in (stratum == name for name in np.unique(stratum))]
    n, n1, d, d1 = (np.concatenate(values) for values in zip(*parts, strict=True))
    share = n1 / n
    observed, expected = int(d1.sum()), float((d * share).sum())
    variance = float((d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)).sum())
    p_value = float(2 * ndtr(-abs(observed - expected) / np.sqrt(variance))) if variance > 0 else float("nan")
    return LogRank(observed, expected, variance, p_value, np.stack([n, n1, d]))


def _risks(time: np.ndarray, event: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, ...]:
    """At risk, of them of the first group, events and of them of the first group, at every time of one stratum."""
    at = np.unique(time[event])
    risk = time[None, :] >= at[:, None]
    came = (time[None, :] == at[:, None]) & event
    return risk.sum(axis=1), (risk & first).sum(axis=1), came.sum(axis=1), (came & first).sum(axis=1)


def _exact(n: np.ndarray, n1: np.ndarray, d: np.ndarray, observed: int) -> tuple[float, float]:
    """Give twice the smaller tail of the events of the first group, and the smallest that this could have been."""
    chances = np.ones(1)
    for at_risk, own, events in zip(n, n1, d, strict=True):
        chances = np.convolve(chances, _hypergeometric(at_risk, own, events))
    possible = np.flatnonzero(chances > 0)
    tail = min(chances[observed:].sum(), chances[: observed + 1].sum())
    return min(2 * float(tail), 1.0), min(2 * float(min(chances[possible[0]], chances[possible[-1]])), 1.0)


def _hypergeometric(at_risk: int, own: int, events: int) -> np.ndarray:
    """Chance that 0 … of the events are of the first group, shape (events + 1,)."""
    if events == 1:
        return np.array([1 - own / at_risk, own / at_risk])
    first = np.arange(events + 1)
    possible = (first <= own) & (events - first <= at_risk - own)
    ways = _log_ways(own, first[possible]) + _log_ways(at_risk - own, (events - first)[possible])
    chance = np.zeros(events + 1)
    chance[possible] = np.exp(ways - _log_ways(at_risk, np.array(events)))
    return chance


def _log_ways(n: int, k: np.ndarray) -> np.ndarray:
    """Log of the ways to choose k of n."""
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
