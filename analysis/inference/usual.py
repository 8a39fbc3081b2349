"""Which quantile, interval of a share and correction for several questions does every room use?

Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22; Holm, S. (1979), A
simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.
"""

import numpy as np

NORMAL = 1.959963984540054
"""Normal quantile of a two-sided 95% interval, so that SciPy need not be imported for it."""


def wilson(share: float, n: int, z: float = NORMAL) -> tuple[float, float]:
    """Give Wilson's score interval of a share of `n`."""
    middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max((middle - half) / (1 + z**2 / n), 0.0), min((middle + half) / (1 + z**2 / n), 1.0)


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values for how many there are, in the order given; missing ones stay missing and do not count."""
    p = np.asarray(p_values, float)
    adjusted, known = np.full(len(p), np.nan), np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted
