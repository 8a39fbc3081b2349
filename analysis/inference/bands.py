"""Between which limits do all estimates of a set lie together?

Pointwise 95% intervals of twenty months miss one of them by chance most of the time. A simultaneous band widens every
interval to one common pointwise level λ, such that all R hold together with the stated confidence:

    P( max_r |Z_r| ≤ Φ⁻¹((1 + λ) / 2) ) = conf_level,      Z ~ N(0, correlation of the estimates).

Each interval then uses the t quantile of its own degrees of freedom at level λ: the correlation is shared, the
small-sample correction stays with the estimate it belongs to.

Source: Montiel Olea and Plagborg-Møller (2019), "Simultaneous confidence bands", Journal of Applied Econometrics 34(1).
"""

import numpy as np
from scipy.special import ndtr

from analysis.inference.symmetric import eigh

DRAWS = 20_000
"""The level is then known to about 0.0002 where it matters (0.99 to 0.999)."""


def common_level(covariance: np.ndarray, conf_level: float, seed: int) -> float:
    """Find the pointwise level at which R intervals hold together.

    Parameters
    ----------
    covariance : ndarray, shape (R, R)
        Of the estimates; singular where there are more of them than clusters.
    seed : int
        Of the normal draws.
    """
    deviation = np.sqrt(np.diag(covariance))
    value, vector = eigh(covariance / np.outer(deviation, deviation))
    root = (vector * np.sqrt(np.maximum(value, 0))) @ vector.T  # symmetric: small changes move it little
    Z = np.random.default_rng(seed).standard_normal((DRAWS, len(root))) @ root
    return float(2 * ndtr(np.quantile(np.abs(Z).max(axis=1), conf_level)) - 1)
