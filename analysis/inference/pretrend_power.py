"""How often would the months before the start have given a drift away?

A joint test of q estimates with covariance V rejects, if their means are d, as often as a chi-squared variable on q
degrees of freedom with noncentrality d' V⁻¹ d exceeds its critical value. A test that would rarely have noticed a drift
that matters is no proof that there is none.

Source: Roth (2022), "Pretest with caution", American Economic Review: Insights 4(3).
"""

import numpy as np
from scipy.special import chndtr, gammainccinv


def power(drift: np.ndarray, covariance: np.ndarray, alpha: float = 0.05) -> float:
    """Give the share of cases in which a joint test notices a drift.

    Parameters
    ----------
    drift : ndarray, shape (q,)
        What the drift does to each estimate.
    covariance : ndarray, shape (q, q)
    alpha : float
        Level of the test.
    """
    q = len(drift)
    away = float(drift @ np.linalg.pinv(covariance, hermitian=True) @ drift)
    return float(1 - chndtr(2 * gammainccinv(q / 2, alpha), q, away))
