"""A panel seen through a design: the arrays every admission-rate model starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from analysis.admissions.compared.attributes import kinds
from analysis.admissions.compared.comparable import by_kind, number_singly, numbered, with_untreated
from analysis.admissions.compared.sample import Sample
from analysis.design import NEVER, Comparison, Design
from analysis.errors import AnalysisError
from analysis.months import a_year_of
from analysis.panel import Panel

Cluster = Literal["home", "provider", "area", "provider and area"]
"""Within what homes may share their luck."""
Average = Literal["bed_day", "home"]
"""Whether every bed-day, or every home, counts alike."""


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
    groupings : tuple of ndarray of int64, shape (N,)
        Homes with the same number may share their luck; numbers from zero, none left out. One, or three: the coarser
        of two, the other, and their intersection.
    comparison : Comparison
    kind : ndarray of int64, shape (N,), and kinds : list of str
        Homes are compared with homes of the same kind; what the kinds are called.
    others : mapping of str to ndarray of int64, shape (N,)
        First month of each other intervention whose effect is estimated too; far ahead where there was none.
    average : Average
        With "home", every treated home gets effects of its own.
    set_aside : ndarray of str, shape (N,)
        Why the design lets a home take no part at all; empty where it does, and without elements where none is known.
    weights : ndarray, shape (N,)
        How much each home counts; its counts and exposure here are multiplied by it, which is the weighted likelihood.
        Without elements where all count alike.
    balanced : ndarray, shape (N, K)
        What the weights make alike on average; without elements where nothing is.
    length : int
        Months in a period.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    exposure: np.ndarray
    start: np.ndarray
    later: np.ndarray
    groupings: tuple[np.ndarray, ...]
    comparison: Comparison
    kind: np.ndarray
    kinds: Sequence[str] = ()
    others: Mapping[str, np.ndarray] = field(default_factory=dict)
    average: Average = "bed_day"
    set_aside: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=object))
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))
    balanced: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    length: int = 1

    @classmethod
    def of(
        cls,
        panel: Panel,
        design: Design,
        comparison: Comparison | None = None,
        cluster: Cluster = "home",
        within: tuple[Sequence[str], Average] = ((), "bed_day"),
    ) -> "Setting":
        """Look at a panel through a design.

        Parameters
        ----------
        within : pair
            Attributes whose values make homes of one kind, and what is averaged over.
        """
        month_effects_by, average = within
        T, left_out = len(panel.months), ~design.included & (panel.exposure > 0)
        counts, exposure = panel.counts, panel.exposure
        if left_out.any():
            counts, exposure = (np.multiply(values, ~left_out, dtype=float) for values in (counts, exposure))
        if design.weights.size:
            counts, exposure = (values * design.weights[:, None] for values in (counts, exposure))
        kind, called = kinds(panel.units, month_effects_by, T)
        return cls(
            units=panel.units,
            months=panel.months,
            counts=counts,
            exposure=exposure,
            start=np.where(design.start == NEVER, T, np.clip(design.start, 0, T)),
            later=design.start >= T,
            groupings=(design.sets,) if design.sets.size and cluster == "home" else groupings(panel.units, cluster),
            comparison=comparison or design.comparison,
            kind=kind,
            kinds=called,
            others=design.others,
            average=average,
            set_aside=design.set_aside,
            weights=design.weights,
            balanced=design.balanced,
            length=panel.length,
        )

    def weights_of(self, sample: Sample) -> np.ndarray | float:
        """How much each home of a sample counts, shape (n, 1): what its counts were multiplied by."""
        return self.weights[sample.homes][:, None] if self.weights.size else 1.0

    @property
    def adjusted(self) -> bool:
        """Whether the rate without the intervention is made of more than months."""
        return bool(self.kinds or self.others)

    def reasons(self, sample: Sample) -> np.ndarray:
        """Say why each home of the panel was left out, shape (N,): by the design, or as not to be compared."""
        if not self.set_aside.size:
            return sample.reason
        return np.where(self.set_aside != "", self.set_aside, sample.reason)

    @property
    def treated(self) -> np.ndarray:
        """Home-months with the intervention that take part, shape (N, T)."""
        return (self.exposure > 0) & (np.arange(len(self.months)) >= self.start[:, None])

    def since(self, name: str) -> np.ndarray:
        """Months since another intervention began, negative before it, shape (N, T)."""
        return np.arange(len(self.months)) - self.others[name][:, None]

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
        first = self._first(leads)
        given = np.zeros(len(self.start), dtype=int) if stratum is None else stratum
        group = given * (T + 1) + self.start
        if self.adjusted:
            group = numbered(self.start, given, self.kind, *self.others.values())
        if self.average == "home":
            before = (self.counts * ((self.exposure > 0) & (np.arange(T) < first[:, None]))).sum(axis=1)
            group = number_singly(before, first < T, numbered(self.start, group))
        how = {"start": first, "stratum": group, "never_only": self.comparison == "never_treated"}
        sample = by_kind(self.counts, self.exposure, self.kind, **how)
        return self._adjusted(sample, how) if self.adjusted else sample

    def _first(self, leads: int) -> np.ndarray:
        """First month with effects of its own, shape (N,): so many months that take part before the start.

        Months left out, such as those that chose the homes, are stepped over: they have nothing to show.
        """
        first = self.start.copy()
        for start in np.unique(self.start[self.start < len(self.months)]) if leads else ():
            there = np.flatnonzero((self.exposure[self.start == start, :start] > 0).any(axis=0))
            some = min(leads, len(there) // 2)
            first[self.start == start] = there[len(there) - some] if some else start
        return first

    def _adjusted(self, sample: Sample, how: dict) -> Sample:
        """Leave out, as often as something is left to leave out, what cannot be compared."""
        exposure = self.exposure
        while sample.treated.any():
            since = {name: sample.months - sample.of_cohorts(first)[:, None] for name, first in self.others.items()}
            sample, out = with_untreated(sample, numbered(sample.of_cohorts(self.kind)), since)
            if not out.any():
                break
            exposure = exposure.copy()
            for cohort, gone in zip(sample.cohorts, out, strict=True):
                exposure[np.ix_(sample.homes[cohort.rows], sample.months[gone])] = 0
            sample = by_kind(self.counts, exposure, self.kind, **how)
        return sample

    def event_time(self, sample: Sample) -> np.ndarray:
        """Months since the start, negative before it, shape (n, T of the sample); meaningless for the never treated."""
        return sample.months - self.start[sample.homes][:, None]

    def cohort_time(self, sample: Sample) -> np.ndarray:
        """Months since each cohort's start, negative before it, shape (G, T of the sample)."""
        return sample.months - sample.of_cohorts(self.start)[:, None]

    def cohort_year(self, sample: Sample) -> np.ndarray:
        """Years since each cohort's start, the first being 1, below that before it, shape (G, T of the sample)."""
        return self.cohort_time(sample) // a_year_of(self.length) + 1


def groupings(units: pd.DataFrame, cluster: Cluster) -> tuple[np.ndarray, ...]:
    """Give the clusters of each home: one array (N,), or three where homes are clustered in two ways."""
    if cluster != "provider and area":
        return (clusters(units, cluster),)
    two = sorted((clusters(units, by) for by in ("provider", "area")), key=lambda each: each.max())
    return (*two, numbered(*two))


def clusters(units: pd.DataFrame, cluster: str) -> np.ndarray:
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
