"""What would each home's admissions be without anything done: from its own past, but not from its luck?

A home's past rate holds its lasting level, a good or bad spell, and chance. Homes with the highest rates of last year
fall back without any help (regression to the mean), so a projection from last year's rate credits the fall to whatever
was done. The baseline here is empirical Bayes (gamma–Poisson, Robbins 1956; credibility, Bühlmann 1967):

    admissions of home i in month t ~ Poisson(bed-days_it · rate_kind(i) · calendar_t · θ_i · e_it),

θ_i gamma with mean 1 and variance v (`spread`), e_it spells that pass (`spells`). What is known of θ_i after
Y_i admissions where μ_i were expected of a mean home of its kind is taken as gamma with

    shape 1/v + a_i·Y_i,  rate 1/v + a_i·μ_i,  a_i = 1 / (1 + ψ_i μ_i),

where ψ_i is the noise that spells leave in the total. Its mean is the credibility (best linear) estimate; without
spells a_i = 1 and it is the exact posterior.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline.calendar import Calendar, fit_calendar
from analysis.baseline.spells import RateSpells, find_spells, noise_of_totals
from analysis.baseline.spread import Spread, fit_spread
from analysis.errors import AnalysisError
from analysis.panel import Panel

EVENTS_FOR_OWN_KIND = 20
"""A kind of home with fewer admissions has no rate of its own: it is taken together with the others."""

RECENT_MONTHS = 12
"""Months whose bed-days say how full a home will be: a whole year, so that winter is in it once."""

STILL_OPEN_MONTHS = 3
"""A home without bed-days in so many last months is taken as closed."""

UNKNOWN = "kind not known"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """What is known of each home's admissions without any intervention.

    Parameters
    ----------
    units : DataFrame, index ``unit``
        As in the panel (N homes).
    kind : ndarray of str, shape (N,)
        "nursing", "residential" or `UNKNOWN`.
    shape, rate : ndarray, shape (N,)
        Of the gamma distribution of each home's lasting multiplier.
    kind_rate : ndarray, shape (N,)
        Admissions per bed-day of a mean home of its kind, in an average month at `calendar.last`.
    beds_taken : ndarray, shape (N,)
        Residents on an average day of the last year; zero in homes that have closed.
    calendar : Calendar
        Season and trend.
    spread : Spread
        How much homes differ for good.
    spells : RateSpells
        How much they differ for a while.
    admissions, expected : ndarray, shape (N,)
        Seen in the months used, and expected there of a mean home of the kind.
    supported : ndarray of bool, shape (N,)
        Homes with an intervention in some month.
    last_year_rate : ndarray, shape (N,)
        Admissions per bed-day in the last twelve months, luck and all; zero where there were no bed-days.
    outcome : str
    digest : str
        Of the panel.
    """

    units: pd.DataFrame
    kind: np.ndarray
    shape: np.ndarray
    rate: np.ndarray
    kind_rate: np.ndarray
    beds_taken: np.ndarray
    calendar: Calendar
    spread: Spread
    spells: RateSpells
    admissions: np.ndarray
    expected: np.ndarray
    supported: np.ndarray
    last_year_rate: np.ndarray
    outcome: str
    digest: str

    @property
    def open(self) -> np.ndarray:
        """Which homes are still open, shape (N,)."""
        return self.beds_taken > 0

    @property
    def multiplier(self) -> np.ndarray:
        """Expected lasting multiplier of each home, shape (N,)."""
        return self.shape / self.rate

    @property
    def weight(self) -> np.ndarray:
        """Weight of a home's own past against that of its kind, 0 to 1, shape (N,)."""
        return 1 - 1 / self.spread.variance / self.rate

    def per_day(self) -> np.ndarray:
        """Admissions a day of a mean home of the kind with these residents, an average month, shape (N,)."""
        return self.kind_rate * self.beds_taken

    def draws(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draw every home's multiplier, shape (N, n), float32: 15,000 homes and 1,000 draws are 60 MB."""
        size = (len(self.shape), n)
        drawn = rng.standard_gamma(self.shape.astype(np.float32)[:, None], size, dtype=np.float32)
        drawn /= self.rate.astype(np.float32)[:, None]
        return drawn

    def expected_by_month(self, months: np.ndarray) -> np.ndarray:
        """Give the admissions expected of each home in each month to come, shape (N, T)."""
        return (self.per_day() * self.multiplier)[:, None] * (self.calendar.multiplier(months) * days_in(months))


def baseline_of(panel: Panel, without: np.ndarray | None = None) -> Baseline:
    """Work out each home's baseline.

    Parameters
    ----------
    panel : Panel
        Admissions and bed-days.
    without : ndarray of bool, shape (N, T), optional
        Home-months without any intervention; the others take no part. Months that chose homes stay in: shrinking is
        what allows for them.

    Raises
    ------
    AnalysisError
        If there is not a single admission to learn from.
    """
    takes_part = np.ones(panel.counts.shape, bool) if without is None else without
    exposure = np.where(takes_part, panel.exposure, 0.0)
    counts = np.where(exposure > 0, panel.counts, 0).astype(float)
    if counts.sum() < EVENTS_FOR_OWN_KIND:
        raise AnalysisError(
            f"There are too few {panel.outcome} without an intervention to say what would happen.",
            found=f"fewer than {EVENTS_FOR_OWN_KIND}",
            do="Load more months, or months before the intervention began.",
        )
    calendar = fit_calendar(counts, exposure, panel.months)
    unit_rate = exposure * calendar.multiplier(panel.months)
    kind = panel.units["home_type"].fillna(UNKNOWN).astype(str).to_numpy()
    code = _pooled(kind, counts.sum(1))
    spread, spells, noise = _differences(counts, unit_rate, code)
    kind_rate = np.exp(spread.log_rate)[code]
    mu = unit_rate.sum(1) * kind_rate
    share = 1 / (1 + noise * mu)
    return Baseline(
        units=panel.units,
        kind=kind,
        shape=1 / spread.variance + share * counts.sum(1),
        rate=1 / spread.variance + share * mu,
        kind_rate=kind_rate,
        beds_taken=_beds_taken(panel),
        calendar=calendar,
        spread=spread,
        spells=spells,
        admissions=counts.sum(1).astype(np.int64),
        expected=mu,
        supported=np.asarray(~takes_part.all(axis=1)),
        last_year_rate=last_year_rate(panel),
        outcome=panel.outcome,
        digest=panel.digest,
    )


def _differences(counts: np.ndarray, unit_rate: np.ndarray, code: np.ndarray) -> tuple[Spread, RateSpells, np.ndarray]:
    """Lasting and passing differences: first as if nothing passed, then with what passes taken out."""
    total, expected = counts.sum(1), unit_rate.sum(1)
    first = fit_spread(total, expected, code)
    spells = find_spells(counts, unit_rate)
    noise = noise_of_totals(unit_rate, spells, first.variance)
    return fit_spread(total, expected, code, noise), spells, noise


def _pooled(kind: np.ndarray, admissions: np.ndarray) -> np.ndarray:
    """Give kinds with a rate of their own a number, 0 to K − 1, and the others the largest one's; shape (N,)."""
    kinds, code = np.unique(kind, return_inverse=True)
    few = np.bincount(code, admissions, len(kinds)) < EVENTS_FOR_OWN_KIND
    if few.any():
        largest = int(np.argmax(np.bincount(code, admissions, len(kinds))))
        code = np.where(few[code], largest, code)
    return np.unique(code, return_inverse=True)[1]


def _beds_taken(panel: Panel) -> np.ndarray:
    """Residents on an average day of each home's last months, shape (N,)."""
    recent = panel.exposure[:, -RECENT_MONTHS:]
    days = np.where(recent > 0, days_in(panel.months[-RECENT_MONTHS:]), 0).sum(1)
    still_open = (panel.exposure[:, -STILL_OPEN_MONTHS:] > 0).any(1)
    return np.where(still_open, recent.sum(1) / np.maximum(days, 1), 0.0)


def last_year_rate(panel: Panel) -> np.ndarray:
    """Admissions per bed-day of each home in its last twelve months, shape (N,); zero where there were no bed-days."""
    exposure = panel.exposure[:, -RECENT_MONTHS:]
    counts = np.where(exposure > 0, panel.counts[:, -RECENT_MONTHS:], 0)
    return counts.sum(1) / np.maximum(exposure.sum(1), 1.0)


def days_in(months: np.ndarray) -> np.ndarray:
    """Days of each month, shape (T,)."""
    first = np.asarray(months, "datetime64[M]")
    return ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int)


def months_without(panel: Panel, spells: pd.DataFrame) -> np.ndarray:
    """Find the home-months before any intervention, shape (N, T).

    Parameters
    ----------
    panel : Panel
    spells : DataFrame
        One row per home and intervention, of whatever name: ``unit`` (or ``location_id``) and ``started``.
    """
    unit = spells["unit" if "unit" in spells else "location_id"]
    started = spells["started"].notna().to_numpy() & unit.isin(panel.units.index).to_numpy()
    first = np.full(len(panel.units), len(panel.months))
    rows = panel.units.index.get_indexer(unit[started].array)
    np.minimum.at(first, rows, panel.month_index(spells.loc[started, "started"]))
    return np.arange(len(panel.months))[None, :] < first[:, None]
