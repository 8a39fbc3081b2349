"""Would the months after the start stand out if nothing had happened in them?

Take the effect supposed out of the area's months after the start, fit the mixture to all months as if nothing had
happened, and move the gaps round in a circle: if the supposition is right, the last months' gaps are like any other
run of months, and the share of places in the circle whose gaps are as large is a p-value. Effects not rejected make
the interval. Months in a row may be alike, because the circle keeps their order.

Source: Chernozhukov, Wüthrich and Zhu (2021), JASA 116(536), moving-block permutations, mean absolute gap.
"""

from collections.abc import Callable

import numpy as np

from analysis.areas.case import Case

FARTHEST = np.log(20.0)
"""Rate ratios farther than this from the estimate, up or down, are not looked at; a limit there is told as none."""
STEPS = 12
"""Halvings between an effect not rejected and one that is: to within a part in a thousand of a log ratio."""
OUTWARD = np.geomspace(0.05, FARTHEST, 14)
"""Distances from the estimate at which the first effect that is rejected is looked for."""

Gaps = Callable[[int, np.ndarray, float], np.ndarray]


def conformal(case: Case, gaps: Gaps, log_ratio: np.ndarray, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    """Test "no effect" in every area, and find the treated area's interval, in every window.

    Parameters
    ----------
    gaps : callable
        ``gaps(row, window, log_ratio)``: gaps of an area refitted with an effect taken out, months before the start
        first, then those of the window.
    log_ratio : ndarray, shape (n, K)
        Estimates, around which limits are looked for.

    Returns
    -------
    p : ndarray, shape (n, K)
    limits : ndarray, shape (K, 2)
        Of the treated area's log ratio; missing where no effect within reach is rejected.
    """
    windows = list(case.windows.values())
    p = np.array([[moving_block(gaps(row, w, 0.0), int(w.sum())) for w in windows] for row in range(len(case.units))])
    limits = np.full((len(windows), 2), np.nan)
    for k, window in enumerate(windows):

        def rejected(effect: float, window: np.ndarray = window) -> bool:
            return moving_block(gaps(case.treated, window, effect), int(window.sum())) <= 1 - conf_level

        centre = log_ratio[case.treated, k]
        limits[k] = [_edge(rejected, centre, way) for way in (-1.0, 1.0)]
    return p, limits


def moving_block(gaps: np.ndarray, after: int) -> float:
    """Share of places in the circle at which the last `after` gaps are as large as they are, their own included."""
    size = np.abs(gaps)
    runs = np.cumsum(np.r_[size, size[: after - 1]])
    sums = runs[after - 1 :] - np.r_[0.0, runs[:-after]]
    own = sums[len(gaps) - after]
    return float((sums >= own * (1 - 1e-9)).mean())


def _edge(rejected: Callable[[float], bool], centre: float, way: float) -> float:
    """Find where effects begin to be rejected, going one way from the estimate."""
    near = 0.0
    for far in OUTWARD:
        if rejected(centre + way * far):
            break
        near = far
    else:
        return np.nan
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if rejected(centre + way * middle) else (middle, far)
    return centre + way * (near + far) / 2
