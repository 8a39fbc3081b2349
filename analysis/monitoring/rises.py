"""Did a home's admissions rise beyond their usual coming and going?

Two spans of one home are compared: o₁ and o₂ admissions where e₁ and e₂ are expected of homes of its kind with as many
bed-days. Two things make them differ where nothing happened: chance, by which o₂ of o₁ + o₂ is binomial with the share
e₂ / (e₁ + e₂); and that homes wander, by months that follow one another. How far they wander is learnt from all homes,
as the variance τ² that the log of the ratio has beyond chance,

    z = log((o₂ + ½) / e₂) − log((o₁ + ½) / e₁),   s² = 1 / (o₁ + ½) + 1 / (o₂ + ½),

from the middle half of z / √(s² + τ²), so that the few that did rise do not count as wandering (a robust form of the
additive allowance of funnels: Spiegelhalter 2005, Statistics in Medicine 24). A rise is beyond both: a count that
chance gives less than once in 741, and three standard deviations of s² + τ². Without the second a rise would be seen
in large homes wherever homes wander, and "large" would pass for a warning (`bench/early_warning_outcomes.csv`).
"""

import numpy as np
from scipy.special import ndtr, ndtri

BEYOND = float(ndtr(-3.0))
"""One tail of three standard deviations, as limits of a control chart are drawn."""
MIDDLE_HALF = float(ndtri(0.75) - ndtri(0.25))
"""Distance of the quartiles of a normal law of standard deviation 1."""
FEWEST_PAIRS = 40
"""Pairs of spans: quartiles of fewer say little of how far homes wander, and none is then allowed for."""
MOST_WANDERING = 1.0
"""Of τ²: a standard deviation of 1 is a factor of 2.7 from one year to the next."""


def risen(before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Say which homes rose.

    Parameters
    ----------
    before, after : tuple of ndarray, each of shape (n,)
        Admissions and what is expected, of the span before and the span after.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    (o1, e1), (o2, e2) = before, after
    o1, o2 = np.rint(o1), np.rint(o2)
    from scipy.stats import binom  # noqa: PLC0415 - a second to import, and few pages ask

    by_chance = binom.sf(o2 - 1, o1 + o2, e2 / (e1 + e2)) < BEYOND
    moved, variance = _moved(o1, e1, o2, e2)
    return by_chance & (moved > 3 * np.sqrt(variance + wandering(moved, variance)))


def _moved(o1, e1, o2, e2):
    moved = np.log((o2 + 0.5) / e2) - np.log((o1 + 0.5) / e1)
    return moved, 1 / (o1 + 0.5) + 1 / (o2 + 0.5)


def wandering(moved: np.ndarray, variance: np.ndarray) -> float:
    """Learn from the middle half of homes how far they wander beyond chance: τ².

    Parameters
    ----------
    moved, variance : ndarray, shape (n,)
        Logs of ratios, and the variance that chance gives them.
    """
    if len(moved) < FEWEST_PAIRS:
        return 0.0
    low, high = 0.0, MOST_WANDERING
    for _ in range(30):  # halved: to a thousand-millionth
        middle = (low + high) / 2
        quartiles = np.quantile(moved / np.sqrt(variance + middle), [0.25, 0.75])
        low, high = (middle, high) if np.diff(quartiles)[0] > MIDDLE_HALF else (low, middle)
    return high if high > 1e-6 else 0.0
