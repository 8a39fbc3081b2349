"""What would these homes' months be like if nothing were done?

A power calculation is as good as the noise it assumes, so the noise is read from the panel at hand: the baseline of its
homes (`analysis.baseline`). Without the intervention the admissions of home i in month t are taken to be

    y_it ~ Poisson(E_i · r_i · s_m(t) · exp(g·t + e_it − σ²/2)),   e_it = φ e_i,t−1 + √(1 − φ²) σ z_it,

with bed-days a month E_i, the home's own rate r_i, twelve calendar months s, growth g, and shocks e that last: good and
bad spells with standard deviation σ and month-to-month correlation φ. Months in which a home had an intervention are
left out.
"""

from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline, baseline_of
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.plural import counted

FEWEST_HOMES, FEWEST_MONTHS = 3, 12
"""With less than a year nothing is known of the seasons; fewer homes do not show how much homes differ."""
FEWEST_OWN_MONTHS = 2
"""Months without an intervention from which a home's own rate is read; other homes are not drawn into a study."""
DAYS = 365.25 / 12
"""Of a mean month."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """Homes as they would be without an intervention.

    Parameters
    ----------
    rate, bed_days : ndarray, shape (N,)
        Admissions per bed-day in an average month, and bed-days a month, of each home.
    home_type : ndarray of str, shape (N,)
    season : ndarray, shape (12,)
        Multiplier of each calendar month from January, mean 1.
    growth : float
        Change of the log rate per month.
    shock_sd, shock_correlation : float
        σ and φ.
    home_cv : float
        Coefficient of variation of rates between homes of any kind.
    following : numpy.datetime64[M]
        The month after the panel's last: the first that a study could use.
    events : int
        Admissions from which all this was read.
    """

    rate: np.ndarray
    bed_days: np.ndarray
    home_type: np.ndarray
    season: np.ndarray
    growth: float
    shock_sd: float
    shock_correlation: float
    home_cv: float
    following: np.datetime64
    events: int

    def expected(self, homes: np.ndarray, months: int) -> np.ndarray:
        """Admissions to be expected of some homes over the months that follow, shape (months, homes)."""
        calendar = (self.following + np.arange(months)).astype("datetime64[M]").astype(int) % 12
        course = self.season[calendar] * np.exp(self.growth * (np.arange(months) - (months - 1) / 2))
        return course[:, None] * (self.rate * self.bed_days)[homes]


def background(panel: Panel, without: np.ndarray) -> Background:
    """Read the noise of a panel.

    Parameters
    ----------
    panel : Panel
    without : ndarray of bool, shape (N, T)
        Home-months without any intervention (`analysis.baseline.months_without`).

    Raises
    ------
    AnalysisError
        If less than a year, or fewer than three homes, or too few admissions, are left.
    """
    used = without & (panel.exposure > 0)
    own, months = used.sum(axis=1) >= FEWEST_OWN_MONTHS, int(used.any(axis=0).sum())
    if months < FEWEST_MONTHS or own.sum() < FEWEST_HOMES:
        raise _too_little(int(own.sum()), months)
    baseline = baseline_of(panel, without)
    drawn = own & baseline.open
    if drawn.sum() < FEWEST_HOMES:
        raise _too_little(int(drawn.sum()), months)
    return Background(
        rate=(baseline.kind_rate * baseline.multiplier)[drawn] * _average_month(baseline),
        bed_days=baseline.beds_taken[drawn] * DAYS,
        home_type=baseline.kind[drawn],
        season=baseline.calendar.season,
        growth=baseline.calendar.trend[0] / 12,
        shock_sd=baseline.spells.log_sd,
        shock_correlation=baseline.spells.correlation,
        home_cv=_between_homes(baseline.kind_rate[own], baseline.spread.variance),
        following=panel.months[-1] + 1,
        events=int(baseline.admissions.sum()),
    )


def _too_little(homes, months):
    return AnalysisError(
        "Nothing can be planned from these data: they do not show how admissions vary without an intervention.",
        found=f"{counted(homes, 'home')} open, {counted(months, 'month')}",
        do=f"Load at least three homes and {FEWEST_MONTHS} months in which nothing was tried.",
    )


def _average_month(baseline: Baseline) -> float:
    """Mean of the year that ends with the panel over the month that counts as one in the baseline."""
    year = baseline.calendar.last + np.arange(-11, 1)
    return float(baseline.calendar.multiplier(year).mean())


def _between_homes(kind_rate: np.ndarray, variance: float) -> float:
    """Coefficient of variation of rates: of kinds, and of homes within their kind."""
    return float(np.sqrt((1 + variance) * (kind_rate**2).mean() / kind_rate.mean() ** 2 - 1))
