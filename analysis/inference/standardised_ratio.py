"""How far may observed over expected be off, when both are few events and come in clumps?

O events were seen; E = Σ_j a_j were expected, going by events j elsewhere that each count for a_j. Both are sums over
clusters c (providers), whose events may come together: a provider that gives up shuts several homes. A sum of weights
w_c over independent clusters has about the law of a gamma of its own mean and variance, Σ w_c and Σ w_c²; the ratio of
two gammas is a beta prime, so that the chance of a ratio O/E no larger than seen is

    I_π(s, n),   π = x β / (α + x β),   s = O²/Σ o_c²,  α = O/s,   n = E²/Σ e_c²,  β = E/n,

at a true ratio x. With events that come one by one and count alike (a_j = E/n) these are the exact conditional limits
of two Poisson counts. Limits are mid-P: the mean of the chance with one more event elsewhere (which counts for
`one_more`) and with one more here, as neither bound of a discrete count is nearer than the other.

Sources: M. P. Fay & E. J. Feuer (1997), Confidence intervals for directly standardized rates, Statistics in Medicine
16, 791–801; M. P. Fay & S. Kim (2017), the same by mid-P gamma intervals, Biometrical Journal 59, 377–387; clusters by
the effective number of events, L. Kish (1965), Survey Sampling.
"""

from dataclasses import dataclass

import numpy as np

CONF_LEVEL = 0.95
WIDEST = 1e4
"""Ratios beyond this are called unlimited."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clumped:
    """A sum over clusters.

    Parameters
    ----------
    sums : ndarray of float64
        What each cluster adds; those that add nothing may be left out.
    one_more : float
        What one more event would count for.
    """

    sums: np.ndarray
    one_more: float = 1.0

    @property
    def total(self) -> float:
        """The sum."""
        return float(self.sums.sum())

    @property
    def worth(self) -> float:
        """How many events that count alike, and come one by one, would tell as much."""
        return _shape(self.total, float((self.sums**2).sum()))

    def gamma(self, more: int = 0) -> tuple[float, float]:
        """Shape and scale of the gamma of its mean and variance, with some more events."""
        total = self.total + more * self.one_more
        squares = float((self.sums**2).sum()) + more * self.one_more**2
        shape = _shape(total, squares)
        return shape, total / shape if shape else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioOfSums:
    """Observed over expected: estimate, its limits (infinite where there is none), two-sided mid-P of no difference."""

    estimate: float
    low: float
    high: float
    p_value: float


def standardised_ratio(observed: Clumped, expected: Clumped, conf_level: float = CONF_LEVEL) -> RatioOfSums:
    """Compare a count with what was expected.

    Parameters
    ----------
    observed, expected : Clumped
        By cluster. An expected sum of 0 gives a ratio that is missing.
    conf_level : float
    """
    below, above = (1 - conf_level) / 2, (1 + conf_level) / 2
    at_one = _chance(1.0, observed, expected)
    return RatioOfSums(
        estimate=observed.total / expected.total if expected.total else np.nan,
        low=_limit(below, observed, expected),
        high=_limit(above, observed, expected),
        p_value=float(min(1.0, 2 * min(at_one, 1 - at_one))),
    )


def _shape(total: float, squares: float) -> float:
    return total**2 / squares if squares else 0.0


def _chance(x: float, observed: Clumped, expected: Clumped) -> float:
    """Mid-P confidence that the true ratio is at most x."""
    from scipy.special import betainc  # noqa: PLC0415 - only where closures are compared

    chance = 0.0
    for here, there in ((observed.gamma(), expected.gamma(1)), (observed.gamma(1), expected.gamma())):
        (s, alpha), (n, beta) = here, there
        if not s:
            chance += 1.0  # nothing was seen: any ratio above 0 may be too large
        elif n:
            chance += float(betainc(s, n, x * beta / (alpha + x * beta)))
    return chance / 2


def _limit(level: float, observed: Clumped, expected: Clumped) -> float:
    """Ratio at which the confidence is `level`."""
    if _chance(0.0, observed, expected) >= level:
        return 0.0
    if _chance(WIDEST, observed, expected) <= level:
        return np.inf
    from scipy.optimize import brentq  # noqa: PLC0415 - as above

    return float(brentq(lambda x: _chance(x, observed, expected) - level, 0.0, WIDEST, xtol=1e-10))
