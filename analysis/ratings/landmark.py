"""Which stretches may the models of ratings compare: those that stood when support began, and what came of them?

A home is chosen for what it was on the day it was chosen. Set beside every inspection of every home, homes that are
lastingly worse look harmed by whatever is done in them, and homes that had just failed to improve look helped. So both
groups are followed from the days on which support began (landmarks): a supported home from its own, others from the
first of them on which they stood at a rating, come to from the same side (fallen, not fallen, first rating seen), at
which a supported home stood. What the two have in common up to that day, hidden differences between homes included, is
then alike in both, up to what they were chosen for beyond it. A supported home with none like it is left out and
counted, as in observed over expected: a model would set it beside homes of other ratings.

Source: J. R. Anderson, K. C. Cain & R. D. Gelber (1983), Analysis of survival by tumor response, J. Clin. Oncol. 1.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.errors import AnalysisError
from analysis.inspections.watched import Watched
from analysis.ratings.records import Records

MOST_DAYS = 8
"""Days on which others are looked at, as for observed over expected."""

FALLEN, NOT_FALLEN, FIRST = range(3)
"""How a rating compares with the home's rating before."""

FEWEST_OTHERS = 5
"""Other homes like the supported ones below which no model is fitted, as for observed over expected."""

HEAVIEST = 4.0
"""Largest weight of one other home: beyond it a home that alone is like several supported ones would decide."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """Stretches that stood when support began.

    Parameters
    ----------
    own : ndarray of int64
        Those of supported homes, on their own days, that others are like.
    days : ndarray, shape (D,)
        Days on which others are looked at.
    others : ndarray of bool, shape (D, n)
        Whether each stretch of another home stood on each of the days, at a rating and from a side that a supported
        home's had.
    unmatched : int
        Supported homes that stood at a rating, and from a side, that no other home did.
    """

    own: np.ndarray
    days: np.ndarray
    others: np.ndarray
    unmatched: int

    @property
    def compared(self) -> np.ndarray:
        """Whether each stretch takes part, shape (n,)."""
        either = np.asarray(self.others.any(axis=0))
        either[self.own] = True
        return either


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """Homes followed from the day support began.

    Parameters
    ----------
    records : Records
        Stretches that stood on that day, and all later ones.
    since : ndarray, shape (H,)
        Each home's day, in the time of `Watched`.
    weight : ndarray, shape (H,)
        1 for supported homes. Others of one rating and side count together as the supported ones of it do, and have
        mean 1.
    unmatched : int
        Supported homes left out because no other home is like them.
    """

    records: Records
    since: np.ndarray
    weight: np.ndarray
    unmatched: int = 0


def before(watched: Watched) -> np.ndarray:
    """Say how the rating of each stretch compares with the one before, shape (n,)."""
    first = np.diff(watched.home, prepend=-1) != 0
    fallen = np.diff(watched.rated, prepend=0) < 0
    return np.select([first, fallen], [FIRST, FALLEN], NOT_FALLEN)


def landmarks(watched: Watched, counted: np.ndarray | None = None) -> Landmarks:
    """Find the stretches that stood when support began.

    Parameters
    ----------
    watched : Watched
    counted : ndarray of bool, shape (n,), optional
        Stretches that can be compared; by default all.
    """
    starts, kind = watched.started[watched.home], _kind(watched)
    taken = np.ones(len(kind), bool) if counted is None else counted
    own = np.flatnonzero(taken & (watched.begin <= starts) & (starts < watched.end))
    days = few_days(starts[own])
    open_that_day = (watched.begin <= days[:, None]) & (days[:, None] < watched.end) & taken & ~np.isfinite(starts)
    there = np.isin(kind[own], kind[open_that_day.any(axis=0)])
    return Landmarks(
        own=own[there], days=days, others=open_that_day & np.isin(kind, kind[own]), unmatched=int((~there).sum())
    )


def refuse_few(others: int) -> None:
    """Say in words why there is no comparison."""
    if others < FEWEST_OTHERS:
        raise AnalysisError(
            "Too few homes can be compared with the supported ones.",
            found=f"{others:,} other homes at the same rating, come to from the same side, on the days support began; "
            f"it takes {FEWEST_OTHERS}",
            do="Load ratings of homes that were not supported, such as those of neighbouring councils.",
        )


def few_days(days: np.ndarray) -> np.ndarray:
    """At most `MOST_DAYS` of the days, the first and the last among them."""
    every = np.unique(days)
    if len(every) <= MOST_DAYS:
        return every
    return every[np.linspace(0, len(every) - 1, MOST_DAYS).round().astype(int)]


def followed(found: Records) -> Followed:
    """Follow supported homes from their start, and others like them from the same days."""
    watched = found.watched
    at = landmarks(watched)
    own = at.own
    entry = np.full(len(found.homes), np.inf)
    entry[watched.home[own]] = watched.started[watched.home[own]]
    row = np.full(len(found.homes), -1)
    row[watched.home[own]] = own
    for day, there in zip(at.days[::-1], at.others[::-1], strict=True):  # the first day is written last
        entry[watched.home[there]], row[watched.home[there]] = day, np.flatnonzero(there)
    homes = np.flatnonzero(np.isfinite(entry))
    kept = (watched.end > entry[watched.home]) & np.isfinite(entry[watched.home])
    supported = np.isfinite(watched.started[homes])
    if supported.any() or at.unmatched:
        refuse_few(int((~supported).sum()))
    return Followed(
        records=_only(found, homes, kept, int(supported.sum()), at.unmatched),
        since=entry[homes],
        weight=_weights(_kind(watched)[row[homes]], supported),
        unmatched=at.unmatched,
    )


def _kind(watched: Watched) -> np.ndarray:
    return 3 * watched.rated + before(watched)


def _weights(kind: np.ndarray, supported: np.ndarray) -> np.ndarray:
    """Weigh others so that their mix is that of the supported, shape (H,)."""
    m, n = (np.bincount(kind[part], minlength=kind.max(initial=0) + 1) for part in (supported, ~supported))
    share = np.divide(m, n, out=np.zeros(len(n)), where=n > 0)
    weight = np.where(supported, 1.0, share[kind])
    if (~supported).any():
        weight[~supported] /= weight[~supported].mean()
    return np.minimum(weight, HEAVIEST)


def _only(found: Records, homes: np.ndarray, kept: np.ndarray, supported: int, unmatched: int) -> Records:
    """Keep some homes, and some of their stretches; of supported homes left out, `unmatched` had a rating in sight."""
    watched = found.watched
    stretches = {name: getattr(watched, name)[kept] for name in ("begin", "end", "rated", "became")}
    return replace(
        found,
        homes=found.homes[homes],
        provider=np.unique(found.provider[homes], return_inverse=True)[1],
        supported=supported,
        unknown=found.unknown + found.supported - supported - unmatched,
        watched=replace(
            watched, home=np.searchsorted(homes, watched.home[kept]), started=watched.started[homes],
            attributes=watched.attributes[homes], other=watched.other_of(homes), **stretches,
        ),
    )  # fmt: skip
