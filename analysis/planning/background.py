"""What would these homes' months be like if nothing were done?

A power calculation is as good as the noise it assumes, so the noise is read from the panel at hand. Without the
intervention the admissions of home i in month t are taken to be

    y_it ~ Poisson(E_i · r_i · s_m(t) · exp(g·t + e_it − σ²/2)),   e_it = φ e_i,t−1 + √(1 − φ²) σ z_it,

with bed-days a month E_i, the home's own rate r_i, twelve calendar months s, growth g, and shocks e that last: good and
bad spells with standard deviation σ and month-to-month correlation φ. Months in which a home had an intervention are
left out.

Rates are drawn towards the mean of all homes by the gamma-Poisson rule (Y_i + κ) / (m_i + κ), where m_i is what the
average home would have had over the same bed-days and κ = 1 / CV². Shocks are found by moments: with home effects
taken out, residuals u = y − μ of home i have covariance Q (diag(μ) + V) Q', Q = I − p 1', p = μ / Σμ,
V_st = μ_s μ_t (exp(σ² φ^|s−t|) − 1). The sums of products of residuals k months apart, k = 0 … `LAGS`, are matched to
it by least squares. Taking Q into account matters: the home effect absorbs part of a slow shock.

Source: Clayton and Kaldor (1987), Biometrics 43(3), for the rates; Zeger (1988), "A regression model for time series of
counts", Biometrika 75(4), for moments of a latent process, here with fixed effects.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.panel import Panel

LAGS = 12
"""Months apart up to which residuals are compared: a year, beyond which a few years of data say little."""
CORRELATIONS = np.round(np.arange(0, 0.96, 0.05), 2)
"""Month-to-month correlations of shocks that are tried; beyond 0.95 a shock is a change of the home."""
HOMES_FOR_SHOCKS = 400
"""Homes whose residuals are enough to know two numbers; in a national panel the rest would only take time."""
FEWEST_MONTHS = 12
"""With less than a year nothing is known of the seasons."""
RECENT = 12
"""Months from which a home's bed-days are taken, its last ones: what it is now, not what it once was."""


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
        Coefficient of variation of rates between homes.
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


def background(panel: Panel, untreated: np.ndarray) -> Background:
    """Read the noise of a panel.

    Parameters
    ----------
    panel : Panel
    untreated : ndarray of bool, shape (N, T)
        Home-months without any intervention.

    Raises
    ------
    AnalysisError
        If less than a year, or fewer than three homes, or no admissions, are left.
    """
    used = untreated & (panel.exposure > 0)
    alive = used.sum(axis=1) > 1
    counts, exposure = (np.where(used, values, 0.0)[alive] for values in (panel.counts, panel.exposure))
    seen = exposure.sum(axis=0) > 0
    if seen.sum() < FEWEST_MONTHS or alive.sum() < 3 or not counts.any():
        raise AnalysisError(
            "Nothing can be planned from these data: they do not show how admissions vary without an intervention.",
            found=f"{int(alive.sum()):,} homes, {int(seen.sum()):,} months, {int(counts.sum()):,} admissions",
            do=f"Load at least three homes and {FEWEST_MONTHS} months in which nothing was tried.",
        )
    months = _month_rates(counts, exposure)
    common = exposure * months
    rate, cv = _shrunken(counts.sum(axis=1), common.sum(axis=1))
    season, growth = _course(months, counts.sum(axis=0), panel.months)
    fitted = common * (counts.sum(axis=1) / common.sum(axis=1))[:, None]
    sd, correlation = shocks(counts, fitted)
    average = np.average(months, weights=exposure.sum(axis=0))
    return Background(
        rate=rate * average,
        bed_days=_recent(panel.exposure[alive]),
        home_type=panel.units["home_type"].fillna("unknown").to_numpy(dtype=str)[alive],
        season=season,
        growth=growth,
        shock_sd=sd,
        shock_correlation=correlation,
        home_cv=cv,
        following=panel.months[-1] + 1,
        events=int(counts.sum()),
    )


def untreated(panel: Panel, interventions: pd.DataFrame) -> np.ndarray:
    """Home-months before a home's first intervention of any kind, shape (N, T).

    Parameters
    ----------
    interventions : DataFrame
        ``unit`` (or ``location_id``) and ``started``, one row per spell.
    """
    first = np.full(len(panel.units), len(panel.months))
    spells = interventions.rename(columns={"location_id": "unit"}).dropna(subset=["started"])
    place = panel.units.index.get_indexer(spells["unit"].array)
    known = place >= 0
    np.minimum.at(first, place[known], panel.month_index(spells["started"])[known])
    return np.arange(len(panel.months)) < first[:, None]


def _month_rates(counts, exposure):
    """Rate of each month with home effects taken out by proportional fitting, shape (T,)."""
    known = counts.sum(axis=0)
    months = known / np.maximum(exposure.sum(axis=0), 1)
    for _ in range(50):
        homes = counts.sum(axis=1) / (exposure @ months)
        months = known / np.maximum(homes @ exposure, np.finfo(float).tiny)
    return months


def _shrunken(totals, common):
    """Each home's rate over that of the average home, drawn towards one, and the coefficient of variation."""
    level = totals.sum() / common.sum()
    mean = common * level
    variance = max(((totals - mean) ** 2 - totals).sum() / (mean**2).sum(), 0.0)
    prior = 1 / max(variance, 1e-6)
    return level * (totals + prior) / (mean + prior), float(np.sqrt(variance))


def _course(months, events, dates):
    """Seasons (one yearly wave) and growth, by least squares on the logs, each month weighed by its admissions."""
    seen = (months > 0) & (events > 0)
    when = dates.astype("datetime64[M]").astype(int)
    X = np.column_stack([np.ones(len(when)), when - when[-1], *_wave(when)])[seen]
    root = np.sqrt(events[seen])
    coefficient = np.linalg.lstsq(X * root[:, None], np.log(months[seen]) * root, rcond=None)[0]
    season = np.exp(coefficient[2:] @ _wave(np.arange(12)))
    return season / season.mean(), float(coefficient[1])


def _wave(month):
    return np.cos(2 * np.pi * month / 12), np.sin(2 * np.pi * month / 12)


def _recent(exposure):
    """Mean bed-days of each home's last months with any, shape (N,)."""
    from_the_end = np.cumsum((exposure > 0)[:, ::-1], axis=1)[:, ::-1]
    recent = (exposure > 0) & (from_the_end <= RECENT)
    return np.where(recent, exposure, 0).sum(axis=1) / recent.sum(axis=1)


def shocks(counts: np.ndarray, fitted: np.ndarray) -> tuple[float, float]:
    """Find the standard deviation and month-to-month correlation of the shocks.

    Parameters
    ----------
    counts, fitted : ndarray, shape (N, T)
        Fitted with home effects: rows have the same sums. Zero where a home-month takes no part.
    """
    largest = np.argsort(-fitted.sum(axis=1), kind="stable")[:HOMES_FOR_SHOCKS]
    largest = largest[fitted[largest].any(axis=1)]
    y, mu = counts[largest], fitted[largest]
    p = mu / mu.sum(axis=1, keepdims=True)
    lags = np.arange(min(LAGS, mu.shape[1] - 2) + 1)
    own = _own_share(mu, lags)
    seen = np.array([((y - mu)[:, : mu.shape[1] - k] * (y - mu)[:, k:]).sum() for k in lags]) - own
    scale = np.array([(mu[:, : mu.shape[1] - k] * mu[:, k:]).sum() for k in lags])
    best, answer = np.inf, (0.0, 0.0)
    for correlation in CORRELATIONS:
        told = _expected_products(mu, p, correlation, lags) / scale
        size = max(told @ (seen / scale) / (told @ told), 0.0)
        misfit = ((seen / scale - size * told) ** 2).sum()
        if misfit < best:
            best, answer = misfit, (float(np.sqrt(np.log1p(size))), float(correlation) if size else 0.0)
    return answer


def _own_share(mu, lags):
    """Give the sums of products that Poisson noise alone would give, for each lag: diag(μ) − μμ' / Σμ."""
    T, whole = mu.shape[1], mu.sum(axis=1)
    apart = np.array([((mu[:, : T - k] * mu[:, k:]).sum(axis=1) / whole).sum() for k in lags])
    return np.where(lags == 0, mu.sum(), 0.0) - apart


def _expected_products(mu, p, correlation, lags):
    """Give the sums of products k months apart of Q V Q' with V = μμ' ∘ φ^|s−t|, for each lag."""
    T = mu.shape[1]
    month = np.arange(T)
    R = correlation ** np.abs(month[:, None] - month) if correlation else np.eye(T)
    row = mu * (mu @ R)  # V 1
    whole = row.sum(axis=1)  # 1' V 1
    answer = np.empty(len(lags))
    for k in lags:
        a, b = slice(0, T - k), slice(k, T)
        own = (mu[:, a] * mu[:, b]).sum() * (correlation**k if correlation else float(k == 0))
        crossed = (p[:, a] * row[:, b] + row[:, a] * p[:, b]).sum()
        answer[k] = own - crossed + (p[:, a] * p[:, b] * whole[:, None]).sum()
    return answer
