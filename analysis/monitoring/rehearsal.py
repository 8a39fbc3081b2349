"""What would a rule of entry have done in the past, where nothing was done?

Every home is followed from the first month in which it would have qualified, through months without any intervention.
Two things are counted, and both say what to expect before anybody is helped:

- *needlessly*: homes that had reached the goals `after` months later by themselves;
- *regression to the mean*: homes chosen for many admissions had, in the months after, fewer beside what was expected
  of their kind, although nothing was done. Observed over expected of the months that chose them, and of the months
  after; the interval is that of resampling homes.

And the list is kept month by month with its capacity, as if support had no effect: homes wait, are supported, reach
the goals or come to the longest time, and make room.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.usual import wilson
from analysis.monitoring.criteria import FEWEST_EXPECTED, Measures

DRAWS = 1_000
FEWEST_FOLLOWED = 10
"""Homes: of fewer nothing is said, because one home would move a share by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rehearsal:
    """What a rule would have done.

    Parameters
    ----------
    homes : int
        That would ever have qualified, in months without any intervention.
    followed : int
        Of them, how many could be followed to the end.
    needless, needless_low, needless_high : float
        Share of those that had reached the goals by themselves, with its 95% interval (Wilson).
    chosen : int
        Followed homes that met a criterion about admissions, with enough expected before and after.
    before, later : float
        Observed over expected in them.
    fall, fall_low, fall_high : float
        1 − later / before, with its 95% interval.
    by_month : DataFrame
        month, qualifying, supported, waiting.
    """

    homes: int
    followed: int
    needless: float
    needless_low: float
    needless_high: float
    chosen: int
    before: float
    later: float
    fall: float
    fall_low: float
    fall_high: float
    by_month: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much support there is, and over which months it is rehearsed.

    Parameters
    ----------
    homes : int
        At once.
    new_a_month : int
    held : int
        Months for which goals have to be held before support ends.
    longest : int
        Months after which it ends.
    window, after : int
        Months that choose homes by their admissions, and that are looked ahead.
    seed : int
    """

    homes: int
    new_a_month: int
    held: int
    longest: int
    window: int
    after: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Courses:
    """What a rule says of homes month by month, each of shape (N, T).

    Parameters
    ----------
    qualifies, goals : ndarray of bool
        Whether a home qualifies, and whether it has reached every goal, by what was known at the end of a month.
    order : ndarray of float64
        Who comes first: the smallest.
    free : ndarray of bool
        Registered, and without any intervention until then.
    many : ndarray of bool
        Whether a home meets a criterion about its admissions.
    """

    qualifies: np.ndarray
    goals: np.ndarray
    order: np.ndarray
    free: np.ndarray
    many: np.ndarray


def rehearse(courses: Courses, known: Measures, terms: Terms) -> Rehearsal:
    """Carry a rule out on the past."""
    entry = courses.qualifies & courses.free
    some = entry.any(axis=1)
    first = np.where(some, entry.argmax(axis=1), 0)
    followed = some & _free_until(courses.free, first + terms.after)
    at = np.minimum(first + terms.after, entry.shape[1] - 1)
    many = courses.many[np.arange(len(entry)), first]
    reached = courses.goals[np.arange(len(entry)), at][followed]
    low, high = wilson(int(reached.sum()), len(reached)) if len(reached) else (np.nan, np.nan)
    before, later, fall = _regression(known, np.flatnonzero(followed & many), first, terms)
    return Rehearsal(
        homes=int(some.sum()), followed=len(reached), needless=float(reached.mean()) if len(reached) else np.nan,
        needless_low=float(low), needless_high=float(high), chosen=before[1], before=before[0], later=later,
        fall=fall[0], fall_low=fall[1], fall_high=fall[2],
        by_month=_kept_by_month(entry, courses, known.months, terms),
    )  # fmt: skip


def _free_until(free, last):
    """Whether a home is free up to a month that the data hold, shape (N,)."""
    T = free.shape[1]
    return (last < T) & free[np.arange(len(free)), np.minimum(last, T - 1)]


def _regression(known, homes, first, terms):
    """Compare observed over expected of the months that chose homes with the months after."""
    homes = homes[first[homes] + 1 >= terms.window]
    end = first[homes] + 1
    a, b, c = end - terms.window, end, end + terms.after
    parts = [
        totals[homes, until] - totals[homes, since]
        for totals, since, until in (
            (known.observed, a, b), (known.expected, a, b), (known.observed, b, c), (known.expected, b, c),
        )
    ]  # fmt: skip
    seen = (parts[1] >= FEWEST_EXPECTED) & (parts[3] >= FEWEST_EXPECTED) if len(homes) else np.zeros(0, bool)
    o1, e1, o2, e2 = (part[seen] for part in parts)
    n = int(seen.sum())
    if n < FEWEST_FOLLOWED:
        return (np.nan, n), np.nan, (np.nan, np.nan, np.nan)
    draws = np.random.default_rng(terms.seed).multinomial(n, np.full(n, 1 / n), DRAWS).astype(float)
    falls = 1 - ((draws @ o2) / (draws @ e2)) / ((draws @ o1) / (draws @ e1))
    low, high = np.quantile(falls, [0.025, 0.975])
    before, later = o1.sum() / e1.sum(), o2.sum() / e2.sum()
    return (float(before), n), float(later), (float(1 - later / before), float(low), float(high))


def _kept_by_month(entry, courses, months, terms):
    """Keep the list month by month, as if support did nothing."""
    goals, order, free = courses.goals, courses.order, courses.free
    N, T = entry.shape
    since, held, rows = np.full(N, -1), np.zeros(N, int), []
    for t in range(T):
        held = np.where(goals[:, t], held + 1, 0)
        on = since >= 0
        ends = on & (((t - since) >= terms.longest) | ((held >= terms.held) & (t > since)) | ~free[:, t])
        since[ends] = -1
        waiting = np.flatnonzero(entry[:, t] & (since < 0) & ~ends)
        room = min(terms.homes - int((since >= 0).sum()), terms.new_a_month, len(waiting))
        chosen = waiting[np.argsort(order[waiting, t], kind="stable")[: max(room, 0)]]
        since[chosen], held[chosen] = t, 0
        rows.append((str(months[t]), int(entry[:, t].sum()), int((since >= 0).sum()), len(waiting) - len(chosen)))
    return pd.DataFrame(rows, columns=["month", "qualifying", "supported", "waiting"])
