"""Which quantile, interval of a share and correction for several questions does every room use?

Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22; Holm, S. (1979), A
simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

NORMAL = 1.959963984540054
"""Normal quantile of a two-sided 95% interval, so that SciPy need not be imported for it."""


def wilson(count: ArrayLike, n: ArrayLike, conf_level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Give Wilson's score interval of count / n; numbers or arrays of one shape."""
    count, n, z2 = np.asarray(count, float), np.asarray(n, float), NormalDist().inv_cdf(0.5 + conf_level / 2) ** 2
    share = count / n
    middle, half = share + z2 / (2 * n), np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2)))
    low, high = ((middle + way * half) / (1 + z2 / n) for way in (-1, 1))
    return np.where(count == 0, 0.0, low), np.where(count == n, 1.0, high)


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values for how many there are, in the order given; missing ones stay missing and do not count."""
    p = np.asarray(p_values, float)
    adjusted, known = np.full(len(p), np.nan), np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted
