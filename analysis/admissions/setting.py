"""A panel seen through a design: the arrays every admission-rate model starts from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.admissions.sample import Sample, take
from analysis.design import NEVER, Comparison, Design
from analysis.errors import AnalysisError
from analysis.panel import Panel

Cluster = Literal["home", "provider", "area"]
"""Within what homes may share their luck."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """Counts over exposure, and from when each home was treated.

    Parameters
    ----------
    units : DataFrame, N rows
    months : ndarray of datetime64[M], shape (T,)
    counts, exposure : ndarray, shape (N, T)
        The panel's own where nothing is left out; else zero where the design leaves a home-month out.
    start : ndarray of int64, shape (N,)
        First treated month; T for homes never treated in these months.
    later : ndarray of bool, shape (N,)
        Homes that start after the last month.
    cluster : ndarray of int64, shape (N,)
        Homes with the same number may share their luck; numbers from zero, none left out.
    comparison : Comparison
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    exposure: np.ndarray
    start: np.ndarray
    later: np.ndarray
    cluster: np.ndarray
    comparison: Comparison

    @classmethod
    def of(
        cls, panel: Panel, design: Design, comparison: Comparison | None = None, cluster: Cluster = "home"
    ) -> "Setting":
        """Look at a panel through a design."""
        T, left_out = len(panel.months), ~design.included & (panel.exposure > 0)
        counts, exposure = panel.counts, panel.exposure
        if left_out.any():
            counts, exposure = (np.multiply(values, ~left_out, dtype=float) for values in (counts, exposure))
        return cls(
            units=panel.units,
            months=panel.months,
            counts=counts,
            exposure=exposure,
            start=np.where(design.start == NEVER, T, np.clip(design.start, 0, T)),
            later=design.start >= T,
            cluster=clusters(panel.units, cluster),
            comparison=comparison or design.comparison,
        )

    @property
    def treated(self) -> np.ndarray:
        """Home-months with the intervention that take part, shape (N, T)."""
        return (self.exposure > 0) & (np.arange(len(self.months)) >= self.start[:, None])

    def sample(self, *, stratum: np.ndarray | None = None, leads: int = 0) -> Sample:
        """Keep what can be compared.

        Parameters
        ----------
        stratum : ndarray of int64, shape (N,), optional
            Homes of one cohort but different strata get effects of their own.
        leads : int
            Months before the start that get effects of their own as well, at most half of those a cohort has.
        """
        T = len(self.months)
        freed = self.start - np.minimum(leads, self.start // 2)
        stratum = np.zeros(len(self.start), dtype=int) if stratum is None else stratum
        return take(
            self.counts,
            self.exposure,
            np.where(self.start < T, freed, T),
            stratum=stratum * (T + 1) + self.start,
            never_only=self.comparison == "never_treated",
        )

    def event_time(self, sample: Sample) -> np.ndarray:
        """Months since the start, negative before it, shape (n, T of the sample); meaningless for the never treated."""
        return sample.months - self.start[sample.homes][:, None]

    def cohort_time(self, sample: Sample) -> np.ndarray:
        """Months since each cohort's start, negative before it, shape (G, T of the sample)."""
        return sample.months - sample.of_cohorts(self.start)[:, None]


def clusters(units: pd.DataFrame, cluster: Cluster) -> np.ndarray:
    """Give each home the number of its cluster, shape (N,); homes of which it is not known stand alone.

    Raises
    ------
    AnalysisError
        If the units do not say.
    """
    if cluster == "home":
        return np.arange(len(units))
    if cluster not in units:
        raise AnalysisError(
            f"The errors are to be clustered by {cluster}, but nothing says which {cluster} a home belongs to.",
            found=", ".join(units.columns) or "no attributes of homes",
            do=f"Load a file that names each home's {cluster}, or cluster by home.",
        )
    known = cluster + " " + units[cluster].astype(str)
    return known.where(units[cluster].notna(), "home " + units.index.to_series()).factorize(sort=True)[0]
