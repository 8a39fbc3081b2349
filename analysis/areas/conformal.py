"""Would the months after the start stand out if nothing had happened in them?

Take the effect supposed out of the area's months after the start, fit the mixture to all months as if nothing had
happened, and move the gaps round in a circle: if the supposition is right, the last months' gaps are like any other
run of months, and the share of places in the circle whose gaps are as large is a p-value p(θ). Months in a row may be
alike, because the circle keeps their order.

The effects kept, {θ: p(θ) > α}, need not be one run: refitted with an effect taken out, the mixture can follow it, so
that far effects may be kept where nearer ones are not, and the estimate itself may be rejected. What is told is

    p*(θ) = min(max p(η) over η ≤ θ, max p(η) over η ≥ θ) ≥ p(θ),

no less cautious than p and with one run as the set it keeps: the interval goes from the least effect kept to the
greatest, and leaves out "no difference" exactly where p*(0) ≤ α.

Source: Chernozhukov, Wüthrich and Zhu (2021), JASA 116(536), moving-block permutations, mean absolute gap.
"""

from collections.abc import Callable

import numpy as np

from analysis.areas.case import Case

FARTHEST = np.log(20.0)
"""Rate ratios farther than this from the estimate, up or down, are not looked at; a limit there is told as none."""
STEPS = 12
"""Halvings between an effect kept and one rejected: to within a part in ten thousand of a log ratio."""
AROUND = np.r_[np.arange(1, 21) * 0.05, np.arange(11, 30) * 0.1, FARTHEST]
"""Distances from the estimate at which effects are asked about, both ways; a run of kept effects between two of them,
5% wide near the estimate and 10% farther out, could be missed."""
EVEN = 1e-9
"""A share of months that equals α but for rounding is at α."""

Gaps = Callable[[int, np.ndarray], Callable[[float], np.ndarray]]
Test = Callable[[float], float]


def conformal(case: Case, gaps: Gaps, log_ratio: np.ndarray, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    """Test "no effect" in every area, and find the treated area's interval, in every window.

    Parameters
    ----------
    gaps : callable
        ``gaps(row, window)(log_ratio)``: gaps of an area refitted with an effect taken out, months before the start
        first, then those of the window.
    log_ratio : ndarray, shape (n, K)
        Estimates, around which limits are looked for.

    Returns
    -------
    p : ndarray, shape (n, K)
        p*(0) of the treated area. Of a comparison area, a p-value that rejects exactly where p*(0) does.
    limits : ndarray, shape (K, 2)
        Of the treated area's log ratio; infinite where the farthest effect asked about is kept, missing where no effect
        is kept at all.
    """
    windows = list(case.windows.values())
    p, limits = np.empty(log_ratio.shape), np.full((len(windows), 2), np.nan)
    for k, window in enumerate(windows):
        for row in range(len(p)):
            refitted, after = gaps(row, window), int(window.sum())

            def test(effect: float, refitted: Callable = refitted, after: int = after) -> float:
                return moving_block(refitted(effect), after)

            if row == case.treated:
                p[row, k], limits[k] = inverted(test, log_ratio[row, k], conf_level)
            else:
                p[row, k] = _enveloped(test, log_ratio[row, k], conf_level)
    return p, limits


def rejects(p: np.ndarray | float, conf_level: float) -> np.ndarray:
    """Whether a p-value is at most α = 1 − conf_level."""
    return np.asarray(p) <= 1 - conf_level + EVEN


def inverted(test: Test, estimate: float, conf_level: float) -> tuple[float, np.ndarray]:
    """Ask a test of effects on both sides of an estimate: p*(0), and the limits of the effects that it keeps.

    Parameters
    ----------
    test : callable
        p-value of an effect.
    estimate : float

    Returns
    -------
    p : float
    limits : ndarray, shape (2,)
    """
    effects = np.unique(np.r_[estimate - AROUND, estimate, estimate + AROUND, 0.0])
    p = np.array([test(effect) for effect in effects])
    kept = np.flatnonzero(~rejects(p, conf_level))
    none = float(min(p[effects <= 0].max(), p[effects >= 0].max()))
    if not len(kept):
        return none, np.array([np.nan, np.nan])
    first, last = kept[0], kept[-1]
    low = -np.inf if first == 0 else _edge(test, float(effects[first]), float(effects[first - 1]), conf_level)
    high = np.inf if last == len(p) - 1 else _edge(test, float(effects[last]), float(effects[last + 1]), conf_level)
    return none, np.array([low, high])


def _enveloped(test: Test, estimate: float, conf_level: float) -> float:
    """p(0) where it, or p*(0), rejects "no effect"; else the smaller of a p-value kept below and one kept above."""
    none = test(0.0)
    if not rejects(none, conf_level):
        return none
    effects = np.unique(np.r_[estimate - AROUND, estimate, estimate + AROUND])
    sides = effects[effects < 0][::-1], effects[effects > 0]
    kept = [next((p for effect in side if not rejects(p := test(effect), conf_level)), none) for side in sides]
    return min(kept)


def moving_block(gaps: np.ndarray, after: int) -> float:
    """Share of places in the circle at which the last `after` gaps are as large as they are, their own included."""
    size = np.abs(gaps)
    runs = np.cumsum(np.r_[size, size[: after - 1]])
    sums = runs[after - 1 :] - np.r_[0.0, runs[:-after]]
    own = sums[len(gaps) - after]
    return float((sums >= own * (1 - 1e-9)).mean())


def _edge(test: Test, kept: float, rejected: float, conf_level: float) -> float:
    """Find where effects begin to be rejected, between one kept and one rejected."""
    for _ in range(STEPS):
        middle = (kept + rejected) / 2
        kept, rejected = (kept, middle) if rejects(test(middle), conf_level) else (middle, rejected)
    return kept
