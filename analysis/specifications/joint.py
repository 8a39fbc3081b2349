"""Do all analyses together say more than they would had homes been picked by lot?

The intervals of a curve cannot be counted as if they were independent: they look at the same homes. So homes change
places, keeping the months of the starts, and the *whole curve* is looked at again for each draw. Every analysis has one
number, the clustered t of a common effect, one step from its fit without any effect (`inference.randomisation`), and
the curve has their median, which no single lucky analysis can move. The p-value is how often the draws have a median as
far from zero. If no home was changed by the intervention, and homes might as well have been others, it is below one in
twenty one time in twenty, however many analyses there are and however alike.

Analyses enter once for every choice of months and of kinds of home within which homes are compared. Those that match or
weigh homes do not: who is matched depends on who had the intervention, and each draw would have to be matched anew.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, for the test of a curve by permutation; Young
(2019), QJE 134(2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.admissions.compared.attributes import attribute
from analysis.design import NEVER, Design
from analysis.inference.randomisation import TIE, Null, assign, statistics
from analysis.panel import Panel
from analysis.specifications.choices import ENDS, enough, kinds_known

DRAWS = 499
"""The p-value of a true null is then below 0.05 in 5% of panels exactly, and known to 0.01."""
FLOOR = 1e-9
"""Expected admissions of a home that takes no part in an analysis: it adds nothing, and divides nothing by zero."""
SWEEPS, TOLERANCE = 500, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The test of a whole curve.

    Parameters
    ----------
    analyses : int
        Choices that entered.
    median : float
        Of their t.
    p_value : float
        Missing where homes cannot change places.
    draws : int
    """

    analyses: int
    median: float
    p_value: float
    draws: int


def joint_test(panel: Panel, design: Design, *, draws: int = DRAWS, seed: int = 20261127) -> Joint:
    """Test the whole curve by letting homes change places."""
    T = len(panel.months)
    start = np.where(design.start == NEVER, T, np.clip(design.start, 0, T))
    here = np.asarray((design.included & (panel.exposure > 0)).any(axis=1), bool)
    first = start[here]
    if not (first < T).any() or (first < T).all():
        return Joint(analyses=0, median=np.nan, p_value=np.nan, draws=0)
    assignments = assign(first, T, draws, seed)
    rows = np.vstack([assignments.real, assignments.homes])
    t = np.array([
        statistics(null, assignments.starts * stretched, rows)
        for null, stretched in _nulls(panel, design, (here, first < T))
    ])  # fmt: skip
    if not len(t):
        return Joint(analyses=0, median=np.nan, p_value=np.nan, draws=0)
    size = np.abs(np.median(t, axis=0))
    as_large, n = int((size[1:] >= size[0] * (1 - TIE)).sum()), len(assignments.homes)
    p = as_large / n if assignments.exhaustive else (1 + as_large) / (1 + n)
    return Joint(analyses=len(t), median=float(np.median(t[:, 0])), p_value=p, draws=n)


def _nulls(panel: Panel, design: Design, who: tuple[np.ndarray, np.ndarray]) -> Iterator[tuple[Null, int]]:
    """Yield the fit without any effect of every choice, and into how many columns each month was stretched.

    Homes are compared within kinds only where some kind has homes with the intervention and homes without it: where the
    kind tells exactly who had it, nothing is compared, and a t of nothing over nothing would be counted.
    """
    here, treated = who
    used = (design.included & (panel.exposure > 0))[here]
    counts, exposure = (np.where(used, values[here], 0.0) for values in (panel.counts, panel.exposure))
    months, T = np.flatnonzero(used.any(axis=0)), used.shape[1]
    kinds = [np.zeros(len(used), np.int64)]
    if kinds_known(panel):
        kind = attribute(panel.units, "home_type").to_numpy()[here]
        both = set(kind[treated]) & set(kind[~treated])
        kinds += [np.unique(kind, return_inverse=True)[1]] if both and len(np.unique(kind)) > 1 else []
    for late, early in (ends for ends in ENDS if enough(panel, design, ends)):
        inside = (np.arange(T) >= months[0] + late) & (np.arange(T) <= months[-1] - early)
        for kind in kinds:
            own = [_stretched(values * inside, kind) for values in (counts, exposure)]
            yield null_of(*own), int(kind.max()) + 1


def _stretched(values: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Give every kind of home months of its own, side by side, shape (n, T × kinds): treated is still from one on."""
    n, T, K = *values.shape, int(kind.max()) + 1
    wide = np.zeros((n, T, K))
    wide[np.arange(n), :, kind] = values
    return wide.reshape(n, T * K)


def null_of(counts: np.ndarray, exposure: np.ndarray) -> Null:
    """Fit an effect for every home and every column, by proportional fitting, shape (n, T)."""
    seen = exposure * (counts.sum(axis=0) > 0) * (counts.sum(axis=1) > 0)[:, None]
    home, column = np.ones(len(seen)), np.ones(seen.shape[1])
    for _ in range(SWEEPS):
        before = column
        home = _ratio(counts.sum(axis=1), seen @ column)
        column = _ratio(counts.sum(axis=0), home @ seen)
        if np.abs(column - before).max() <= TOLERANCE * max(np.abs(column).max(), 1e-300):
            break
    fitted = home[:, None] * seen * column + FLOOR * (seen.sum(axis=1) <= 0)[:, None]
    share = fitted / fitted.sum(axis=1, keepdims=True)
    information = np.diag(fitted.sum(axis=0)) - share.T @ fitted
    return Null(counts=np.where(seen > 0, counts, 0.0), fitted=fitted,
                inverse=np.linalg.pinv(information, hermitian=True, rcond=1e-10))  # fmt: skip


def _ratio(events: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.divide(events, expected, out=np.zeros(len(events)), where=expected > 0)
