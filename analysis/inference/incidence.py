"""What share has ended in each way by each day, when one way of ending rules out the others?

Aalen–Johansen: with S(t−) the share still waiting just before t, and Λ_k the cumulative hazard of ending in way k,

    F_k(t) = Σ_{u ≤ t} S(u−) dΛ_k(u),      dΛ_k(u) = dN_k(u) / Y(u),

where Y(u) counts those who entered before u and still wait. Errors are the infinitesimal jackknife, summed within
clusters, so they hold where one home waits more than once; intervals are on the logit scale. Where nothing has
happened yet, the upper end is that of 0 among n (Clopper and Pearson).

Sources: O. O. Aalen & S. Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains, Scand. J.
Statist. 5, 141–150; the jackknife as in R's survival, `survfit`; the median's interval by inversion, R. Brookmeyer &
J. Crowley (1982), Biometrics 38, 29–41.
"""

from dataclasses import dataclass

import numpy as np

from analysis.inference.usual import NORMAL

CONF_LEVEL = 0.95
"""That of `NORMAL`."""


BLOCK = 10_000
"""Waits differentiated at a time: their derivatives are (waits, days, causes), some 30 MB a block."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waits:
    """N waits, each at risk in (entry, exit].

    Parameters
    ----------
    entry, exit : ndarray of float64, shape (N,)
        Days; entry is before exit.
    cause : ndarray of int64, shape (N,)
        0 where nothing ended the wait, else 1 … K.
    cluster : ndarray of int64, shape (N,)
        Whose errors belong together: 0 … C − 1.
    weights : ndarray of float64, shape (N,)
        What each wait counts for.
    causes : int
        K.
    """

    entry: np.ndarray
    exit: np.ndarray
    cause: np.ndarray
    cluster: np.ndarray
    weights: np.ndarray
    causes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incidence:
    """Share whose wait has ended, at J days, in K ways.

    Parameters
    ----------
    days : ndarray of float64, shape (J,)
    estimate, std_error, low, high : ndarray of float64, shape (J, K)
    at_risk : ndarray of float64, shape (J,)
        Still waiting just before that day (sum of weights).
    """

    days: np.ndarray
    estimate: np.ndarray
    std_error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray


def aalen_johansen(waits: Waits, at: np.ndarray) -> Incidence:
    """Cumulative incidence with competing causes and late entry.

    Parameters
    ----------
    waits : Waits
    at : ndarray of float64, shape (J,)
        Days at which the curve is wanted.
    """
    steps = _steps(waits)
    reached = np.searchsorted(steps.t, at, side="right")
    estimate, w = _padded(steps.F)[reached], waits.weights
    summed = np.zeros((waits.cluster.max(initial=-1) + 1, len(at), waits.causes))
    for part in np.array_split(np.arange(len(w)), max(1, len(w) // BLOCK)):
        np.add.at(summed, waits.cluster[part], _influence(steps, waits, part, reached) * w[part, None, None])
    error = np.sqrt((summed**2).sum(axis=0))
    n = w.sum() ** 2 / (w**2).sum() if len(w) else 0.0  # as many waits of equal weight as tell as much
    low, high = _limits(estimate, error, n)
    at_risk = _still(at, waits.exit, w) - _still(at, waits.entry, w)
    return Incidence(days=at, estimate=estimate, std_error=error, low=low, high=high, at_risk=at_risk)


def days_of(waits: Waits, most: int) -> np.ndarray:
    """Give days at which to work out a curve: at most so many on which something ended, and those that halve it.

    The exact days by which half have ended in each way are among them, so that a median is not moved to a neighbour.
    """
    steps = _steps(waits)
    kept = np.unique(np.linspace(0, max(len(steps.t) - 1, 0), most).round().astype(int)) if len(steps.t) else []
    half = [int((curve >= 0.5).argmax()) for curve in steps.F.T if (curve >= 0.5).any()]
    return steps.t[np.unique([*kept, *half]).astype(int)]


@dataclass(frozen=True, slots=True)
class _Steps:
    """What happens at each of T days: days, at risk, hazards (T, K), their sum, share waiting before, incidence."""

    t: np.ndarray
    Y: np.ndarray
    hazard: np.ndarray
    total: np.ndarray
    before: np.ndarray
    F: np.ndarray


def _steps(waits: Waits) -> _Steps:
    t = np.unique(waits.exit[waits.cause > 0])
    Y = _still(t, waits.exit, waits.weights) - _still(t, waits.entry, waits.weights)
    position = np.searchsorted(t, waits.exit)
    ended = [waits.cause == k + 1 for k in range(waits.causes)]
    dN = [np.bincount(position[own], waits.weights[own], minlength=len(t)) for own in ended]
    hazard = np.stack(dN, axis=1) / Y[:, None]
    total = hazard.sum(axis=1)
    before = np.concatenate([[1.0], np.cumprod(1 - total)])[: len(t)]
    return _Steps(t, Y, hazard, total, before, np.cumsum(before[:, None] * hazard, axis=0))


def _influence(steps: _Steps, waits: Waits, part: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Differentiate F_k(t) by the weight of each wait of a part of n, shape (n, J, K).

    With M the counting process less its compensator, ∂F_k(t) = ∫ S(u−)/Y dM_k − ∫ (F_k(t) − F_k(u)) / (Y (1 − dΛ)) dM.
    """
    if not len(steps.t):  # nothing ended: the curve is flat, whatever any wait counts for
        return np.zeros((len(part), len(reached), waits.causes))
    entry, exit_, cause = waits.entry[part], waits.exit[part], waits.cause[part]
    leave = np.minimum(np.searchsorted(steps.t, exit_, side="right")[:, None], reached)
    enter = np.minimum(np.searchsorted(steps.t, entry, side="right")[:, None], reached)
    last = np.searchsorted(steps.t, exit_).clip(max=len(steps.t) - 1)
    ended = (cause > 0)[:, None] & (np.searchsorted(steps.t, exit_)[:, None] < reached)
    h = np.divide(1, steps.Y * (1 - steps.total), out=np.zeros_like(steps.Y), where=steps.total < 1)
    held = ended * h[last][:, None] - _between(h * steps.total, enter, leave)
    out = np.empty((len(exit_), len(reached), steps.F.shape[1]))
    for k in range(steps.F.shape[1]):
        own = ended & (cause == k + 1)[:, None]
        first = own * (steps.before / steps.Y)[last][:, None]
        first = first - _between(steps.before * steps.hazard[:, k] / steps.Y, enter, leave)
        F = steps.F[:, k]
        past = ended * (h * F)[last][:, None] - _between(h * F * steps.total, enter, leave)
        out[:, :, k] = first - (_padded(F)[reached] * held - past)
    return out


def _between(steps: np.ndarray, enter: np.ndarray, leave: np.ndarray) -> np.ndarray:
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    return sums[leave] - sums[enter]


def _still(days: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weight of those whose value is `days` or later."""
    order = np.argsort(values)
    sums = np.concatenate([[0.0], np.cumsum(weights[order])])
    return weights.sum() - sums[np.searchsorted(values[order], days, side="left")]


def _padded(F: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(F[:1]), F]) if len(F) else np.zeros((1, *F.shape[1:]))


def _limits(estimate: np.ndarray, error: np.ndarray, n: float) -> tuple[np.ndarray, np.ndarray]:
    """Intervals on the logit scale; exact ones where nothing, or everything, has happened."""
    inside = (estimate > 0) & (estimate < 1)
    F = np.where(inside, estimate, 0.5)
    logit, width = np.log(F / (1 - F)), NORMAL * error / (F * (1 - F))
    none = ((1 - CONF_LEVEL) / 2) ** (1 / n) if n else 0.0
    low = np.where(inside, 1 / (1 + np.exp(width - logit)), np.where(estimate <= 0, 0.0, none))
    high = np.where(inside, 1 / (1 + np.exp(-width - logit)), np.where(estimate <= 0, 1 - none, 1.0))
    return low, high


def median_days(found: Incidence, cause: int = 0) -> tuple[float, float, float]:
    """Day by which half have reached a cause, and its interval; NaN where half are not reached.

    Parameters
    ----------
    found : Incidence
    cause : int
        Position among the K ways of ending.
    """
    reached = (curve[:, cause] >= 0.5 for curve in (found.estimate, found.high, found.low))
    middle, first, last = (float(found.days[where.argmax()]) if where.any() else np.nan for where in reached)
    return middle, first, last
