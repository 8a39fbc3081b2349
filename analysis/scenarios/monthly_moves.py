"""How do homes move between ratings, month by month, while the speed of their moves changes?

With Q constant within a month, the chances of the states go on as v' = v Q, and homes that leave are lost from v:

    P = exp(Q h),   a = ∫₀ʰ exp(Qs) b ds,

h a twelfth of a year and b one in the states below Good: v P is where homes are a month later, v a the time that they
spent below Good meanwhile. Both come from one Taylor series over h / 2ⁿ and n doublings, P(2h) = P(h)² and
a(2h) = a(h) + P(h) a(h), for thousands of draws at once (scaling and squaring: Higham 2005, SIAM Journal on Matrix
Analysis 26), and once for all months with the same Q. From behind, u = a + P u is the time by the first state.
"""

from dataclasses import dataclass

import numpy as np

from analysis.baseline import days_in
from analysis.ratings.multi_state.below_good import BELOW_GOOD
from analysis.ratings.multi_state.intensities import Structure

FASTEST = float(np.log(12.0))
"""Log moves a year beyond which no draw goes: once a month, far oftener than inspectors come."""
PRECISION = 1e-9
"""Of a month's probabilities, at which the series ends."""
MONTH = 1 / 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthlyMoves:
    """How B groups of homes move, in D draws.

    Parameters
    ----------
    logs : ndarray, shape (M, B, D)
        Log intensities a year without support.
    layout : Structure
        Names the moves M.
    ratios : ndarray, shape (B, V, 2, D)
        Log hazard ratios up and down that each group has, at V stages.
    stage : ndarray of int64, shape (T,)
        Which stage every month is in.
    """

    logs: np.ndarray
    layout: Structure
    ratios: np.ndarray
    stage: np.ndarray


def below_good(moving: MonthlyMoves, months: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Follow homes month by month.

    Parameters
    ----------
    moving : MonthlyMoves
    months : ndarray of datetime64[M], shape (T,)
    start : ndarray, shape (S, B, D)
        Homes in each state.

    Returns
    -------
    month : ndarray, shape (T, B, D)
        Days below Good of all homes in each month.
    from_state : ndarray, shape (S, B, D)
        Days below Good over all months of one home that begins in a state.
    """
    days, v = days_in(months) / MONTH, start
    steps = [_month(_moves(moving, stage)) for stage in range(moving.ratios.shape[1])]
    month, total = np.empty((len(months), *start.shape[1:])), np.zeros_like(start)
    for t, stage in enumerate(moving.stage):
        P, a = steps[stage]
        month[t] = days[t] * np.einsum("ibd,ibd->bd", v, a)
        v = np.einsum("ibd,ijbd->jbd", v, P)
    for t in reversed(range(len(months))):
        P, a = steps[moving.stage[t]]
        total = days[t] * a + np.einsum("ijbd,jbd->ibd", P, total)
    return month, total


def _moves(moving: MonthlyMoves, stage: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intensities up (S − 1, B, D), down (S − 1, B, D) and all out of a state (S, B, D)."""
    layout, logs, ratio = moving.layout, moving.logs, moving.ratios[:, stage]
    up = np.exp(np.minimum(logs[layout.up] + ratio[:, 0], FASTEST))
    down = np.exp(np.minimum(logs[layout.down] + ratio[:, 1], FASTEST))
    out = np.exp(logs[layout.exit])
    out[:-1] += up
    out[1:] += down
    return up, down, out


def _month(moves: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """P (S, S, B, D), and a (S, B, D) in years."""
    out = moves[2]
    size = 2 * float(out.max()) * MONTH
    doublings = max(0, int(np.ceil(np.log2(max(size, 1e-300)))))
    h, size = MONTH / 2**doublings, size / 2**doublings
    term = np.broadcast_to(np.eye(len(out))[:, :, None, None], (len(out), *out.shape)).copy()
    P, a = term.copy(), h * term[:, BELOW_GOOD].sum(1)
    k, bound = 0, 1.0
    while bound > PRECISION:
        k += 1
        bound *= size / k
        term = _by(moves, term)
        term *= h / k
        P += term
        a += h / (k + 1) * term[:, BELOW_GOOD].sum(1)
    for _ in range(doublings):
        a = a + np.einsum("ijbd,jbd->ibd", P, a)
        P = np.einsum("ijbd,jkbd->ikbd", P, P)
    return P, a


def _by(moves: tuple[np.ndarray, np.ndarray, np.ndarray], U: np.ndarray) -> np.ndarray:
    """Multiply by the generator from the left: Q U, shape (S, S, B, D)."""
    up, down, out = moves
    moved = -out[:, None] * U
    moved[:-1] += up[:, None] * U[1:]
    moved[1:] += down[:, None] * U[:-1]
    return moved
