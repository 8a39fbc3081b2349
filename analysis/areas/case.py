"""One treated area and its comparison areas over the months that take part: the arrays every area model starts from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.areas.measures import RATE_ALONE
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.panel import Panel

ALL = 0
"""Label of the window that holds every month after the start; years since the start are 1, 2, …"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Counts over exposure, seen from the start.

    Parameters
    ----------
    units : DataFrame, n rows
        The treated area and its comparison areas.
    treated : int
        Row of the treated area.
    counts, exposure : ndarray of float64, shape (n, T)
        Every exposure is above zero.
    months : ndarray of datetime64[M], shape (T,)
        May have gaps where months were left out.
    time : ndarray of int64, shape (T,)
        Months since the start, or quarters, or years; negative before it.
    length : int
        Months in a period.
    rate_alone : bool
        Whether rates are all that is known, so that no number of events can be told.
    """

    units: pd.DataFrame
    treated: int
    counts: np.ndarray
    exposure: np.ndarray
    months: np.ndarray
    time: np.ndarray
    length: int = 1
    rate_alone: bool = False

    @classmethod
    def of(cls, panel: Panel, design: Design, *, fewest: int = 0) -> "Case":
        """Look at a panel of areas through a design.

        Parameters
        ----------
        fewest : int
            Comparison areas that the model needs.

        Raises
        ------
        AnalysisError
            If not exactly one area is treated, or too few comparison areas are left.
        """
        treated = _only(design)
        months = design.included[treated] & (panel.exposure[treated] > 0)
        whole = (design.included & (panel.exposure > 0))[:, months].all(axis=1)
        rows = np.flatnonzero(whole)
        start = design.start[treated]
        time = np.flatnonzero(months) - start
        _refuse(len(rows) - 1, fewest, time)
        cut = np.ix_(rows, np.flatnonzero(months))
        return cls(
            units=panel.units.iloc[rows],
            treated=int(np.searchsorted(rows, treated)),
            counts=panel.counts[cut].astype(float),
            exposure=panel.exposure[cut],
            months=panel.months[months],
            time=time,
            length=panel.length,
            rate_alone=panel.exposure_unit == RATE_ALONE,
        )

    @property
    def before(self) -> np.ndarray:
        """Months before the start, shape (T,) of bool."""
        return self.time < 0

    @property
    def others(self) -> np.ndarray:
        """Rows of the comparison areas."""
        return np.delete(np.arange(len(self.units)), self.treated)

    @property
    def windows(self) -> dict[int, np.ndarray]:
        """Months of every window over which an effect is told: `ALL`, then years since the start 1, 2, …."""
        year = self.time * self.length // 12 + 1
        return {ALL: self.time >= 0} | {int(k): year == k for k in np.unique(year[year >= 1])}

    def donors(self, row: int) -> np.ndarray:
        """Rows that may stand in for one area: every comparison area but itself, never the treated one."""
        return self.others[self.others != row]


def _only(design: Design) -> int:
    treated = np.flatnonzero(design.start != NEVER)
    if len(treated) == 1:
        return int(treated[0])
    raise AnalysisError(
        "These methods are for one treated area.",
        found=f"{len(treated):,} treated",
        do="Ask about one area, or use difference-in-differences, which takes several.",
    )


def _refuse(comparison: int, fewest: int, time: np.ndarray) -> None:
    if comparison < fewest:
        raise AnalysisError(
            "No area is left to compare with." if comparison == 0 else "Too few areas are left to compare with.",
            found=f"{comparison} comparison areas; this method needs {fewest}",
            do="Leave fewer areas out, choose a shorter window, or load a file with more areas.",
        )
    if not (time < 0).any() or not (time >= 0).any():
        raise AnalysisError(
            "There must be months both before and after the start.",
            do="Check the start against the months of the data.",
        )
