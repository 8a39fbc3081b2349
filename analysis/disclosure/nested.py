"""How much may be told of a count that is part of another, which is told as well?

Avoidable admissions are part of the emergency ones, and what a later file takes away is part of what was there. Each
may be told in bands of its own (`estimates`), and yet the two together tell too much. A home's emergency admissions
stay in their band in a month, so they were 0 to 4; its avoidable ones go into the next band in that month, so they were
1 or more: four numbers are left, and five were promised. Or the one goes into a new band later than the other, and what
they differ by, which only grows, is caught between.

So the part is told at the pace of the whole: it goes into a new band only in a month in which the whole does, and into
no more bands than that; the rest follows with the next. What is told is then what bands of two counts would say of
which the part never gains on the whole, so that every such pair of counts remains possible (attack:
`tests/disclosure/test_nested.py`). The price is that a band of the part may be told late, by as many admissions as a
band of the whole has.
"""

import numpy as np

from analysis.disclosure.counts import Rule
from analysis.disclosure.estimates import BEHIND, bands_entered, in_order


def told_within(counts: np.ndarray, allowed: np.ndarray, anchor: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Give counts that lie in the bands that are told of a part.

    Parameters
    ----------
    counts : ndarray, shape (N, T)
        Of the part.
    allowed : ndarray of int, shape (N, T)
        How many bands the whole goes into, month by month (`at_most`).
    anchor : ndarray of int, shape (N,)
        As of `estimates.as_shown`.

    Returns
    -------
    ndarray of int64, shape (N, T)
        The smallest in those bands.
    """
    order = in_order(anchor, counts.shape[1])
    entered = bands_entered(np.take_along_axis(counts, order, axis=1), anchor, rule.base)
    told, _ = paced(entered, np.take_along_axis(allowed, order, axis=1), anchor)
    return rule.base * np.take_along_axis(told, order, axis=1)  # the order is its own inverse


def at_most(counts: np.ndarray, anchor: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Count how many bands a whole goes into in every month, shape (N, T): into so many its part may go."""
    order = in_order(anchor, counts.shape[1])
    entered = bands_entered(np.take_along_axis(counts, order, axis=1), anchor, rule.base)
    return np.take_along_axis(entered, order, axis=1)


def paced(
    entered: np.ndarray, allowed: np.ndarray, anchor: np.ndarray, due: np.ndarray | int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Let a part go into bands no sooner than it may.

    Parameters
    ----------
    entered, allowed : ndarray of int, shape (N, T)
        Bands that the part goes into, and into which it may, in the order in which they are counted.
    anchor : ndarray of int, shape (N,)
        Where counting begins anew.
    due : ndarray of int, shape (N,), or 0
        Bands that are to be told still.

    Returns
    -------
    told : ndarray of int64, shape (N, T)
    due : ndarray of int64, shape (N,)
        Bands that are to be told still.
    """
    told, due = np.zeros(entered.shape, np.int64), np.zeros(len(entered), np.int64) + due
    for t in range(entered.shape[1]):
        due = np.where(anchor == t, 0, due) + entered[:, t]
        told[:, t] = np.minimum(due, allowed[:, t])
        due = due - told[:, t]
    return told, due
