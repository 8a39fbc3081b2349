"""How strong would something nobody measured have to be, to explain the answer away?

The E-value is the rate ratio with which it would have to go along both with having the intervention and with
admissions. The bound is Rosenbaum's: of matched homes, by how much may the odds of having been the one with the
intervention differ before the signed-rank test of the homes' changes no longer rejects?

Source: VanderWeele and Ding (2017), Annals of Internal Medicine 167(4); Rosenbaum (2002), Observational Studies, 4.3.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

LARGEST = 20.0
"""Odds beyond which nothing unmeasured is looked for."""


def e_value(ratio: float) -> float:
    """Give the E-value of a risk or rate ratio; 1 for no effect."""
    r = max(ratio, 1 / ratio)
    return float(r + np.sqrt(r * (r - 1)))


def e_value_of_interval(low: float, high: float) -> float:
    """Give the E-value of the limit nearer to no effect; 1 where the interval holds no effect."""
    return 1.0 if low <= 1 <= high else e_value(high if high < 1 else low)


def upper_p(differences: np.ndarray, odds: float) -> float:
    """Largest one-sided p-value of the signed-rank test of falls, if odds within a pair may differ by this factor.

    Parameters
    ----------
    differences : ndarray, shape (n,)
        Of each pair: change of the home with the intervention less that of its match; those of zero say nothing.
    """
    d = differences[differences != 0]
    if not len(d):
        return 1.0
    ranks, share = _ranks(d), odds / (1 + odds)
    statistic = ranks[d < 0].sum()
    spread = np.sqrt(share * (1 - share) * (ranks**2).sum())
    return float(1 - ndtr((statistic - share * ranks.sum()) / spread))


def sensitivity(differences: np.ndarray, level: float = 0.025) -> float:
    """Odds at which the test, of falls or of rises, whichever was found, no longer rejects; 1 where it never did."""
    d = np.asarray(differences, float)
    d = d if _ranks(d)[d < 0].sum() >= _ranks(d)[d > 0].sum() else -d
    if upper_p(d, 1.0) > level:
        return 1.0
    low, high = 1.0, LARGEST
    if upper_p(d, high) <= level:
        return high
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if upper_p(d, middle) <= level else (low, middle)
    return low


def _ranks(differences: np.ndarray) -> np.ndarray:
    """Rank by size from 1, equal ones sharing the mean of their ranks."""
    return pd.Series(np.abs(differences)).rank().to_numpy(float)
