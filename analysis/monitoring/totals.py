"""How many admissions had a group of homes, month by month, as it may be shown?

Homes are put into cells by council and kind. Months of many homes are rounded to the nearest 5 as a whole, where that
tells of none of them, and else counted of what is told of each (`panel.together`). Every group is a sum of cells, and
every quarter a sum of months.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.panel import Panel

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


def totals(shown: Panel) -> Totals:
    """Add homes up by council and kind; `shown` is a panel of counts as they may be shown."""
    units = shown.units[CELL].astype(object).fillna(NOT_KNOWN).astype(str)
    number = units.groupby(CELL, sort=True).ngroup().to_numpy()
    cells = units.assign(number=number).groupby("number", as_index=False).agg(
        area=("area", "first"), home_type=("home_type", "first"), homes=("area", "size")
    )  # fmt: skip
    events, exposure = (np.zeros((len(cells), len(shown.months))) for _ in range(2))
    for summed, part in ((events, shown.together), (exposure, shown.exposure)):
        np.add.at(summed, number, part)
    return Totals(cells=cells.drop(columns="number"), months=shown.months, events=events, exposure=exposure)
