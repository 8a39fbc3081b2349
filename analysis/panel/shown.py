"""Which counts of homes may leave, whatever is asked of them?

Those in which homes are counted in bands (`disclosure.estimates`), from a month that no protocol chooses and no later
file moves: of the first intervention that a home had, or, where it had none, of the first that any home had, as the
store first knew them (`analysis.store.let_out`).

What later files changed in months held before (`revised`) is counted in bands of its own. Per home, all that was added
is one series, file after file and month after month in each, and all that was taken away another; each is counted in
bands like the counts themselves. Counting the corrected months anew would lay a second set of bands beside the first,
and where the one turns and the other does not, a count is known. The price is a second rounding, of up to a band, in
homes whose counts were corrected.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.estimates import as_shown, drawn, unseen
from analysis.panel.dense import Panel
from analysis.store.let_out import OTHERS


def anchors(panel: Panel, counted_from: pd.DataFrame) -> np.ndarray:
    """Give the month from which each home is counted, forwards and backwards, shape (N,).

    Parameters
    ----------
    panel : Panel
        All months of the store, so that it is the same month whatever window is asked for.
    counted_from : DataFrame
        location_id (a home), started: its first intervention; of several rows the earliest counts. A row of `OTHERS`
        says from when homes without one are counted, otherwise the first of all.
    """
    T = len(panel.months)
    dated = counted_from.dropna(subset=["started"])
    month, names = panel.month_index(dated["started"]), dated["location_id"]
    row = panel.units.index.get_indexer(names.array)
    seen = (row >= 0) & (month < T)
    first = np.full(len(panel.units), T)
    np.minimum.at(first, row[seen], np.maximum(month[seen], 0))
    others = month[(names == OTHERS).to_numpy()]
    rest = np.clip(others[0], 0, T) if others.size else first.min(initial=T)
    return np.where(first < T, first, rest % T)  # in a store without any, from its first month


def counts_as_shown(
    panel: Panel, whole: Panel, counted_from: pd.DataFrame, revised: Sequence[np.ndarray] = ()
) -> Panel:
    """Give a panel of counts as they are shown.

    Parameters
    ----------
    panel : Panel
        What is asked for.
    whole : Panel
        The same counts in all months of the store, whatever is asked for.
    counted_from : DataFrame
        As of `anchors`.
    revised : sequence of ndarray of int64, shape (N, T)
        By how much each later file, in order, changed the counts of `whole`.

    Returns
    -------
    Panel
        The months and homes of `panel`, with counts that are no whole numbers.
    """
    anchor, days = anchors(whole, counted_from), whole.exposure
    held = np.maximum(whole.counts - sum(revised, np.zeros_like(whole.counts)), 0)
    change = _changed(revised, days)
    by_chance = drawn(held, days, anchor) + np.diff(np.rint(np.cumsum(change, axis=1)), axis=1, prepend=0).astype(int)
    found = np.maximum(as_shown(held, days, anchor) + change, 0), unseen(held, anchor), np.maximum(by_chance, 0)
    row, first = whole.units.index.get_indexer(panel.units.index), int((panel.months[0] - whole.months[0]).astype(int))
    counts, few, whole_counts = (values[row, first : first + len(panel.months)] for values in found)
    seen = panel.exposure > 0
    also = {name: counts_as_shown(other, whole.also[name], counted_from) for name, other in panel.also.items()}
    return replace(
        panel, counts=np.where(seen, counts, 0.0), unseen=few, drawn=np.where(seen, whole_counts, 0), also=also,
        digest="",
    )  # fmt: skip


def _changed(revised: Sequence[np.ndarray], exposure: np.ndarray) -> np.ndarray:
    """Give what later files changed as it is shown, shape (N, T): additions and what was taken away, in bands."""
    total = np.zeros(exposure.shape)
    if not len(revised):
        return total
    some = np.any([changes.any(axis=1) for changes in revised], axis=0)
    n, T = int(some.sum()), exposure.shape[1]
    days, start = np.tile(exposure[some], len(revised)), np.zeros(n, int)
    for sign in (1, -1):
        series = np.concatenate([np.maximum(sign * changes[some], 0) for changes in revised], axis=1)
        total[some] += sign * as_shown(series, days, start).reshape(n, len(revised), T).sum(axis=1)
    return total
