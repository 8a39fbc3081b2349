"""What is told of counts of homes: the bands in which they lie, by registration, as first held and as corrected since.

What is part of something else that is told, avoidable admissions of emergency ones, and what was taken away of what was
there, is told at the pace of the whole (`disclosure.nested`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.estimates import BEHIND, bands_entered
from analysis.disclosure.nested import at_most, paced, told_within
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.dense import month_index
from analysis.store.let_out import OTHERS

BASE = BEHIND.base


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountsInBands:
    """What is told of counts: the smallest that lie in their bands. Nothing that is handed on is worked out from more.

    Parameters
    ----------
    whole : CountsByRegistration
        Which counts.
    anchor : ndarray of int, shape (R,)
        Month from which each registration is counted.
    held : ndarray of int64, shape (R, T)
        As the store first held them.
    added, taken : ndarray of int64, shape (F, R, T)
        What each later file, in order, added and took away.
    """

    whole: CountsByRegistration
    anchor: np.ndarray
    held: np.ndarray
    added: np.ndarray
    taken: np.ndarray

    def on(self, whole: CountsByRegistration) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give held, added and taken of the registrations and months of other counts; zero where these have none."""
        row = pd.Index(self.whole.registrations).get_indexer(whole.registrations)[:, None]
        column = (whole.months - self.whole.months[0]).astype(int)
        there = (row >= 0) & (column >= 0) & (column < len(self.whole.months))
        column = np.clip(column, 0, len(self.whole.months) - 1)
        held, added, taken = (
            np.where(there, part[..., row, column], 0) for part in (self.held, self.added, self.taken)
        )
        return held, added, taken


def counts_in_bands(
    whole: CountsByRegistration,
    counted_from: pd.DataFrame,
    revised: Sequence[np.ndarray] = (),
    of: CountsInBands | None = None,
) -> CountsInBands:
    """Say what is told of counts.

    Parameters
    ----------
    whole : CountsByRegistration
        As the store holds them now, in all its months, whatever is asked for.
    counted_from : DataFrame
        As of `anchors`.
    revised : sequence of ndarray of int64, shape (R, T)
        By how much each later file, in order, changed the counts of `whole`.
    of : CountsInBands, optional
        What is told of counts of which these are a part.
    """
    anchor = anchors(whole, counted_from)
    changes = np.reshape(revised, (len(revised), *whole.counts.shape)).astype(np.int64)
    first = first_held(whole, revised)
    more, less = _entered(np.maximum(changes, 0)), _entered(np.maximum(-changes, 0))
    pace = [part // BASE for part in of.on(whole)] if of else [at_most(first, anchor), more, less]
    held, more = told_within(first, pace[0], anchor), _file_by_file(more, pace[1])
    # nothing is told to be gone that was not told to be there
    less = _file_by_file(less, pace[2], there=held // BASE, more=more)
    return CountsInBands(whole=whole, anchor=anchor, held=held, added=BASE * more, taken=BASE * less)


def first_held(whole: CountsByRegistration, revised: Sequence[np.ndarray]) -> np.ndarray:
    """Give counts as the store first held them, shape (R, T)."""
    return np.maximum(whole.counts - sum(revised, np.zeros_like(whole.counts)), 0)


def _entered(counts: np.ndarray) -> np.ndarray:
    """Count bands that are gone into, shape (F, R, T), file after file and month after month in each."""
    F, R, T = counts.shape
    series = counts.transpose(1, 0, 2).reshape(R, F * T)
    entered = bands_entered(series, np.zeros(R, int), BASE) if F else series
    return entered.reshape(R, F, T).transpose(1, 0, 2)


def _file_by_file(
    entered: np.ndarray, pace: np.ndarray, there: np.ndarray | None = None, more: np.ndarray | None = None
) -> np.ndarray:
    """Let corrections go into bands no sooner than they may, shape (F, R, T).

    Parameters
    ----------
    entered, pace : ndarray of int, shape (F, R, T)
        Bands that they go into, and into which they may.
    there : ndarray of int, shape (R, T), optional
        Bands that there are to be taken from.
    more : ndarray of int, shape (F, R, T), optional
        Bands that each file adds to these.
    """
    told, never = np.zeros_like(entered), np.full(entered.shape[1], -1)
    due, left = np.zeros(entered.shape[1], np.int64), there
    for file in range(len(entered)):
        allowed = pace[file] if left is None else np.minimum(pace[file], left)
        told[file], due = paced(entered[file], allowed, never, due)
        if left is not None and more is not None:
            left = left - told[file] + more[file]
    return told


def anchors(whole: CountsByRegistration, counted_from: pd.DataFrame) -> np.ndarray:
    """Give the month from which each registration is counted, forwards and backwards, shape (R,).

    Parameters
    ----------
    whole : CountsByRegistration
        All months of the store, so that it is the same month whatever window is asked for.
    counted_from : DataFrame
        location_id, started: its first intervention; of several rows the earliest counts. A row of `OTHERS` says from
        when those without one are counted, otherwise the first of all.
    """
    T = len(whole.months)
    dated = counted_from.dropna(subset=["started"])
    month, names = month_index(dated["started"], whole.months), dated["location_id"]
    row = pd.Index(whole.registrations).get_indexer(names.array)
    seen = (row >= 0) & (month < T)
    first = np.full(len(whole.registrations), T)
    np.minimum.at(first, row[seen], np.maximum(month[seen], 0))
    others = month[(names == OTHERS).to_numpy()]
    rest = np.clip(others[0], 0, T) if others.size else first.min(initial=T)
    return np.where(first < T, first, rest)  # in a store without any, backwards from its last month
