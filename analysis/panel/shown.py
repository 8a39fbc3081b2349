"""Which counts of homes may leave, whatever is asked of them?

Those in which registrations of homes are counted in bands (`disclosure.estimates`), from a month that no protocol
chooses and no later file moves: of the first intervention that a home had, or, where it had none, of the first that any
home had, as the store first knew them (`analysis.store.let_out`). All counts that the store holds are counted
(`panel.by_registration`), whatever is known of bed-days, and whichever registrations are one home: these are added up
afterwards, at the price of a rounding each.

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
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.dense import Panel, month_index
from analysis.store.let_out import OTHERS


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


def counts_as_shown(
    panel: Panel, whole: Panel | CountsByRegistration, counted_from: pd.DataFrame, revised: Sequence[np.ndarray] = ()
) -> Panel:
    """Give a panel of counts as they are shown.

    Parameters
    ----------
    panel : Panel
        What is asked for.
    whole : Panel or CountsByRegistration
        The same counts in all months of the store, whatever is asked for; of homes with several registrations, by
        registration.
    counted_from : DataFrame
        As of `anchors`.
    revised : sequence of ndarray of int64, shape (R, T)
        By how much each later file, in order, changed the counts of `whole`.

    Returns
    -------
    Panel
        The months and homes of `panel`, with counts that are no whole numbers.
    """
    whole = whole if isinstance(whole, CountsByRegistration) else CountsByRegistration.of(whole)
    anchor, days = anchors(whole, counted_from), whole.days
    held = np.maximum(whole.counts - sum(revised, np.zeros_like(whole.counts)), 0)
    change = _changed(revised, days)
    by_chance = drawn(held, days, anchor) + np.diff(np.rint(np.cumsum(change, axis=1)), axis=1, prepend=0).astype(int)
    counts, whole_counts = (
        _of_homes(np.maximum(values, 0), whole, panel) for values in (as_shown(held, days, anchor) + change, by_chance)
    )
    nothing_seen, there = (
        _of_homes(values.astype(int), whole, panel) for values in (unseen(held, anchor) & (days > 0), days > 0)
    )
    seen = panel.exposure > 0
    return replace(
        panel,
        counts=np.where(seen, counts, 0.0),
        unseen=(nothing_seen > 0) & (nothing_seen == there),
        drawn=np.where(seen, whole_counts, 0),
        digest="",
    )


def _of_homes(values: np.ndarray, whole: CountsByRegistration, panel: Panel) -> np.ndarray:
    """Add registrations up to the homes and months of a panel."""
    row = panel.units.index.get_indexer(whole.homes)
    first = int((panel.months[0] - whole.months[0]).astype(int))
    found = np.zeros(panel.exposure.shape, values.dtype)
    np.add.at(found, row[row >= 0], values[row >= 0, first : first + len(panel.months)])
    return found


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
