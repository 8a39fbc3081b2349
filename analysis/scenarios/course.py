"""How do homes move between ratings, month by month, while the speed of their moves changes?

v' = v Q(t) for the chances v of the states, with Q constant within a month; homes that leave are lost from v. A month's
step is the Taylor series of the exponential on the vector, which needs neighbours only, so that thousands of draws are
followed at once (Al-Mohy and Higham 2011, SIAM Journal on Scientific Computing 33). From behind, u' = −Q u − b gives
the days that a home beginning in each state will spend below Good.
"""

import numpy as np

from analysis.inspections.watched import DAYS_PER_YEAR
from analysis.ratings.multi_state.below_good import BELOW_GOOD
from analysis.ratings.multi_state.intensities import Structure
from analysis.scenarios.baseline import days_in

FASTEST = float(np.log(12.0))
"""Log moves a year beyond which no draw goes: once a month, far oftener than inspectors come."""
PRECISION = 1e-9
"""Of a month's probabilities, at which the series ends."""


def below_good(
    logs: np.ndarray, layout: Structure, paths: list[np.ndarray | None], months: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Follow homes month by month.

    Parameters
    ----------
    logs : ndarray, shape (M, D)
        Log intensities a year without support.
    paths : list of (ndarray, shape (2, T, D), or None)
        P courses of the log hazard ratios, up and down; None is none.
    months : ndarray of datetime64[M], shape (T,)
    start : ndarray, shape (S, D)
        Homes in each state.

    Returns
    -------
    month : ndarray, shape (T, P, D)
        Days below Good of all homes in each month.
    from_state : ndarray, shape (S, P, D)
        Days below Good over all months of one home that begins in a state.
    """
    T, length = len(months), days_in(months)
    steps = [_moves(logs, layout, paths, t) for t in range(T)]
    month = np.empty((T, len(paths), logs.shape[1]))
    v = np.repeat(start[:, None], len(paths), axis=1)
    for t, moves in enumerate(steps):
        v, spent = _step(v, moves, length[t] / DAYS_PER_YEAR, _from)
        month[t] = spent[BELOW_GOOD].sum(0)
    below = np.zeros_like(v)
    below[BELOW_GOOD] = 1.0
    total = np.zeros_like(v)
    for t in reversed(range(T)):
        total = _step(total, steps[t], length[t] / DAYS_PER_YEAR, _into)[0]
        total += _step(below, steps[t], length[t] / DAYS_PER_YEAR, _into)[1]
    return month * DAYS_PER_YEAR, total * DAYS_PER_YEAR


def _moves(logs: np.ndarray, layout: Structure, paths: list, t: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intensities up (S − 1, P, D), down (S − 1, P, D) and all out of a state (S, P, D) in a month."""
    ratio = np.stack([np.zeros((2, logs.shape[1])) if path is None else path[:, t] for path in paths], axis=1)
    up = np.exp(np.minimum(logs[layout.up][:, None] + ratio[0], FASTEST))
    down = np.exp(np.minimum(logs[layout.down][:, None] + ratio[1], FASTEST))
    out = np.repeat(np.exp(logs[layout.exit])[:, None], len(paths), axis=1)
    out[:-1] += up
    out[1:] += down
    return up, down, out


def _step(v: np.ndarray, moves: tuple, year: float, act) -> tuple[np.ndarray, np.ndarray]:
    """Apply exp(Q h) and ∫₀ʰ exp(Qs) ds of h `year`, each shape (S, P, D)."""
    parts = max(1, int(np.ceil(2 * moves[2].max() * year)))
    h, size = year / parts, 2 * moves[2].max() * year / parts
    spent = np.zeros_like(v)
    for _ in range(parts):
        term, k, bound = v, 0, 1.0
        part, v = v.copy(), v.copy()
        while bound > PRECISION:
            k += 1
            bound *= size / k
            term = act(term, moves)
            term *= h / k
            v += term
            part += term / (k + 1)
        spent += h * part
    return v, spent


def _from(v: np.ndarray, moves: tuple) -> np.ndarray:
    """Multiply chances by the generator from the right: v Q."""
    up, down, out = moves
    moved = -v * out
    moved[1:] += v[:-1] * up
    moved[:-1] += v[1:] * down
    return moved


def _into(u: np.ndarray, moves: tuple) -> np.ndarray:
    """Multiply values by the generator from the left: Q u."""
    up, down, out = moves
    moved = -u * out
    moved[:-1] += up * u[1:]
    moved[1:] += down * u[:-1]
    return moved
