"""How many admissions had a group of homes, month by month, as it may be shown?

Homes are put into cells by council and kind. A cell's months are rounded to the nearest 5 as a whole where it has
enough homes for that to tell of none of them; elsewhere they are the sum of its homes' counts as these are shown. Every
group is a sum of cells, and every quarter a sum of months, so no two totals can be set against each other to narrow a
third.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure import HES, instead, small
from analysis.panel import Panel

FEWEST_HOMES = 10
"""Homes with more than a small count, in a cell whose months are rounded as a whole."""
LARGEST_SHARE = 0.5
"""Of a cell's events in one home: with more, its total tells of that home."""
CELL = ["area", "home_type"]
NOT_KNOWN = "not known"
"""Council or kind of homes whose files do not say."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """Events and exposure of cells.

    Parameters
    ----------
    cells : DataFrame, shape (K, …)
        area, home_type, homes.
    months : ndarray of datetime64[M], shape (T,)
    events, exposure : ndarray of float64, shape (K, T)
        Events as they may be shown.
    """

    cells: pd.DataFrame
    months: np.ndarray
    events: np.ndarray
    exposure: np.ndarray

    def of(self, some: np.ndarray, every: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Add cells up: first months, events and exposure of whole periods of so many months, each of shape (P,).

        Parameters
        ----------
        some : ndarray of bool, shape (K,)
        every : int
            Months in a period; those that the last month does not complete are left out at the start.
        """
        periods = len(self.months) // every
        last = slice(len(self.months) - periods * every, None)
        events, exposure = (
            part[some].sum(axis=0)[last].reshape(periods, every).sum(axis=1) for part in (self.events, self.exposure)
        )
        return self.months[last][::every], events, exposure


def totals(observed: Panel, shown: Panel) -> Totals:
    """Add homes up by council and kind.

    Parameters
    ----------
    observed, shown : Panel
        Counts, and the same as they may be shown: the same homes and months.
    """
    units = observed.units[CELL].astype(object).fillna(NOT_KNOWN).astype(str)
    number = units.groupby(CELL, sort=True).ngroup().to_numpy()
    cells = units.assign(number=number).groupby("number", as_index=False).agg(
        area=("area", "first"), home_type=("home_type", "first"), homes=("area", "size")
    )  # fmt: skip
    events = np.zeros((len(cells), len(observed.months)))
    for cell in cells["number"]:
        inside = number == cell
        exact = observed.counts[inside]
        events[cell] = instead(exact.sum(axis=0)) if _tells_of_none(exact) else shown.counts[inside].sum(axis=0)
    exposure = np.zeros_like(events)
    np.add.at(exposure, number, observed.exposure)
    return Totals(cells=cells.drop(columns="number"), months=observed.months, events=events, exposure=exposure)


def _tells_of_none(counts):
    """Whether the months of these homes, shape (n, T), may be rounded as a whole."""
    own = counts.sum(axis=1)
    counted = (own > 0) & ~np.array([small(count, HES) for count in own])
    return counted.sum() >= FEWEST_HOMES and own.max() <= LARGEST_SHARE * own.sum()
