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

In which bands is said in `panel.in_bands`; here counts as shown are made of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.estimates import as_shown, drawn, unseen
from analysis.later import Once
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.dense import LikelyCounts, Panel
from analysis.panel.in_bands import CountsInBands, counts_in_bands

Together = Callable[[CountsInBands, np.ndarray], np.ndarray]


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
        As of `in_bands.anchors`.
    revised : sequence of ndarray of int64, shape (R, T)
        By how much each later file, in order, changed the counts of `whole`.

    Returns
    -------
    Panel
        The months and homes of `panel`, with counts that are no whole numbers.
    """
    whole = whole if isinstance(whole, CountsByRegistration) else CountsByRegistration.of(whole)
    return as_told(panel, counts_in_bands(whole, counted_from, revised))


def as_told(
    panel: Panel, told: CountsInBands, together: Together | None = None, even: np.ndarray | None = None
) -> Panel:
    """Give a panel of counts as they are shown, from what is told of them.

    Parameters
    ----------
    panel : Panel
        What is asked for.
    told : CountsInBands
    together : callable (CountsInBands, ndarray of int64) -> ndarray of float64, optional
        Gives counts that add up to what is shown of many homes, from counts drawn from the bands: (R, T) each.
    even : ndarray, shape (R, T), optional
        The counts as they come evenly within their bands, where they are known already (`evenly`).
    """
    whole, held, anchor, days = told.whole, told.held, told.anchor, told.whole.days
    change = _changed(told)
    counts = _of_homes(np.maximum((evenly(told) if even is None else even) + change, 0), whole, panel)
    nothing_seen, there = (
        _of_homes(values.astype(int), whole, panel) for values in (unseen(held, anchor) & (days > 0), days > 0)
    )
    return replace(
        panel,
        counts=np.where(panel.exposure > 0, counts, 0.0),
        unseen=(nothing_seen > 0) & (nothing_seen == there),
        likely=_likely(panel, told, change, together),
        digest="",
    )


def evenly(told: CountsInBands) -> np.ndarray:
    """Give counts of registrations that come evenly within their bands, shape (R, T)."""
    return as_shown(told.held, told.whole.days, told.anchor)


def _likely(panel: Panel, told: CountsInBands, change: np.ndarray, together: Together | None) -> LikelyCounts:
    """Say how to draw counts from the bands, and how to make those that add up."""
    whole, seen = told.whole, panel.exposure > 0
    by_chance = Once(lambda: drawn(told.held, whole.days, told.anchor))

    def whole_counts() -> np.ndarray:
        moved = by_chance() + np.diff(np.rint(np.cumsum(change, axis=1)), axis=1, prepend=0).astype(int)
        return np.where(seen, _of_homes(np.maximum(moved, 0), whole, panel), 0)

    def added_up() -> np.ndarray:
        found = (together(told, by_chance()) if together else by_chance()) + change
        return np.where(seen, _of_homes(np.maximum(found, 0.0), whole, panel), 0.0)

    return LikelyCounts(whole_counts, added_up)


def _of_homes(values: np.ndarray, whole: CountsByRegistration, panel: Panel) -> np.ndarray:
    """Add registrations up to the homes and months of a panel."""
    row = panel.units.index.get_indexer(whole.homes)
    first = int((panel.months[0] - whole.months[0]).astype(int))
    found = np.zeros(panel.exposure.shape, values.dtype)
    np.add.at(found, row[row >= 0], values[row >= 0, first : first + len(panel.months) * panel.length : panel.length])
    return found


def _changed(told: CountsInBands) -> np.ndarray:
    """Give what later files changed as it is shown, shape (R, T): additions and what was taken away."""
    exposure = told.whole.days
    total = np.zeros(exposure.shape)
    some = np.flatnonzero(told.added.any(axis=(0, 2)) | told.taken.any(axis=(0, 2)))
    n, T, F = len(some), exposure.shape[1], len(told.added)
    if not n:
        return total
    days, start = np.tile(exposure[some], F), np.zeros(n, int)
    for sign, part in ((1, told.added), (-1, told.taken)):
        series = np.concatenate(list(part[:, some]), axis=1)
        total[some] += sign * as_shown(series, days, start).reshape(n, F, T).sum(axis=1)
    return total
