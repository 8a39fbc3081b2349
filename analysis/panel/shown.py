"""Which counts of homes may leave, whatever is asked of them?

Those in which homes are counted in bands (`disclosure.estimates`), from a month that no protocol chooses: of the first
intervention that a home had, or, where it had none, of the first that any home had.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.estimates import as_shown, drawn, unseen
from analysis.panel.dense import Panel


def anchors(panel: Panel, spells: pd.DataFrame) -> np.ndarray:
    """Give the month from which each home is counted, forwards and backwards, shape (N,).

    Parameters
    ----------
    panel : Panel
        All months of the store, so that it is the same month whatever window is asked for.
    spells : DataFrame
        Every spell of every intervention: location_id (a home), started.
    """
    T = len(panel.months)
    dated = spells.dropna(subset=["started"])
    month = panel.month_index(dated["started"])
    row = panel.units.index.get_indexer(dated["location_id"].array)
    seen = (row >= 0) & (month < T)
    first = np.full(len(panel.units), T)
    np.minimum.at(first, row[seen], np.maximum(month[seen], 0))
    return np.where(first < T, first, first.min(initial=T) % T)  # in a store without any, from its first month


def counts_as_shown(panel: Panel, whole: Panel, spells: pd.DataFrame) -> Panel:
    """Give a panel of counts as they are shown.

    Parameters
    ----------
    panel : Panel
        What is asked for.
    whole : Panel
        The same counts in all months of the store, whatever is asked for.
    spells : DataFrame
        As of `anchors`.

    Returns
    -------
    Panel
        The months and homes of `panel`, with counts that are no whole numbers.
    """
    anchor = anchors(whole, spells)
    row, first = whole.units.index.get_indexer(panel.units.index), int((panel.months[0] - whole.months[0]).astype(int))
    every = (
        as_shown(whole.counts, whole.exposure, anchor),
        unseen(whole.counts, anchor),
        drawn(whole.counts, whole.exposure, anchor),
    )
    counts, few, by_chance = (found[row, first : first + len(panel.months)] for found in every)
    seen = panel.exposure > 0
    return replace(panel, counts=np.where(seen, counts, 0.0), unseen=few, drawn=np.where(seen, by_chance, 0), digest="")
