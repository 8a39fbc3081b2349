"""How far do good and bad spells move a home's rate, and how long do they last?

A spell e_it multiplies home i's rate in month t: mean 1, variance s, correlation ρ from one month to the next. Found by
moments within homes: with home and month effects taken out by proportional fitting, residuals u = y − μ of home i have
covariance Q (diag(μ) + V) Q', Q = I − p 1', p = μ / Σμ, V_st = s μ_s μ_t ρ^|s−t|. The sums of products of residuals
k months apart, k = 0 … `LAGS`, are matched to it by least squares. Taking Q into account matters: the home's level
absorbs part of a slow spell. Months have effects of their own, because what moves all homes at once (an epidemic) is no
home's spell.

Source: Zeger (1988), "A regression model for time series of counts", Biometrika 75(4), for moments of a latent process,
here with fixed effects.
"""

from dataclasses import dataclass

import numpy as np

LAGS = 12
"""Months apart up to which residuals are compared: a year, beyond which a few years of data say little."""
MONTHS_NEEDED = 12
"""Fewer months cannot tell a spell from a lasting difference."""
CORRELATIONS = np.round(np.arange(0, 0.96, 0.05), 2)
"""Correlations that are tried; beyond 0.95 a spell is a change of the home."""
HOMES_ENOUGH = 400
"""Homes, the largest, whose residuals are enough to know two numbers; in a national panel the rest only take time."""
SWEEPS = 50
"""Of proportional fitting; where homes take part in most months it settles in ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpells:
    """Good and bad spells of homes.

    Parameters
    ----------
    variance : float
        s, of a single month's multiplier.
    correlation : float
        ρ, from one month to the next.
    """

    variance: float = 0.0
    correlation: float = 0.0

    @property
    def log_sd(self) -> float:
        """Standard deviation of the log of a log-normal multiplier with this variance."""
        return float(np.sqrt(np.log1p(self.variance)))

    def left_in_mean(self, share: np.ndarray) -> np.ndarray:
        """Variance of the mean multiplier over months with these shares, shape (N, T) to (N,)."""
        lag = np.abs(np.subtract.outer(*[np.arange(share.shape[1])] * 2))
        return self.variance * ((share @ self.correlation**lag) * share).sum(1)


def find_spells(counts: np.ndarray, expected: np.ndarray) -> RateSpells:
    """Find variance and correlation of spells.

    Parameters
    ----------
    counts, expected : ndarray, shape (N, T)
        Expected on any scale; zero where a home-month takes no part.
    """
    if (expected > 0).any(axis=0).sum() < MONTHS_NEEDED:
        return RateSpells()
    known = np.flatnonzero(counts.sum(axis=1) > 0)
    largest = known[np.argsort(-expected[known].sum(axis=1), kind="stable")[:HOMES_ENOUGH]]
    y, mu = counts[largest], _fitted(counts[largest], expected[largest])
    p = mu / mu.sum(axis=1, keepdims=True)
    lags = np.arange(min(LAGS, mu.shape[1] - 2) + 1)
    scale = _products(mu, mu, lags)
    seen = (_products(y - mu, y - mu, lags) - _own_noise(mu, p, lags)) / scale
    best, answer = np.inf, RateSpells()
    for correlation in CORRELATIONS:
        told = _of_spells(mu, p, correlation, lags) / scale
        size = max(float(told @ seen / (told @ told)), 0.0)
        misfit = ((seen - size * told) ** 2).sum()
        if misfit < best:
            best, answer = misfit, RateSpells(variance=size, correlation=float(correlation) if size else 0.0)
    return answer


def noise_of_totals(expected: np.ndarray, spells: RateSpells, lasting: float) -> np.ndarray:
    """Give ψ_i, the relative variance that spells leave in a home's total, shape (N,): (1 + v) s Σ w_t w_u ρ^|t−u|.

    Parameters
    ----------
    expected : ndarray, shape (N, T)
        Its shares over the months are w.
    spells : RateSpells
    lasting : float
        v, the variance of homes' lasting multipliers.
    """
    total = expected.sum(1)
    if not spells.variance:
        return np.zeros(len(total))
    return (1 + lasting) * spells.left_in_mean(expected / np.where(total > 0, total, 1)[:, None])


def _fitted(counts, expected):
    """Means with every home's and every month's sum as counted, shape (N, T)."""
    of_home, of_month = counts.sum(axis=1), counts.sum(axis=0)
    month = np.ones(expected.shape[1])
    for _ in range(SWEEPS):
        home = of_home / np.maximum(expected @ month, np.finfo(float).tiny)
        month = of_month / np.maximum(home @ expected, np.finfo(float).tiny)
    fitted = expected * month
    return fitted * (of_home / fitted.sum(axis=1))[:, None]


def _products(a, b, lags):
    """Sum products k months apart, for each lag."""
    T = a.shape[1]
    return np.array([(a[:, : T - k] * b[:, k:]).sum() for k in lags])


def _own_noise(mu, p, lags):
    """Give the sums of products that Poisson noise alone would give, for each lag: diag(μ) − μμ' / Σμ."""
    return np.where(lags == 0, mu.sum(), 0.0) - _products(p, mu, lags)


def _of_spells(mu, p, correlation, lags):
    """Give the sums of products k months apart of Q V Q' with V = μμ' ∘ ρ^|s−t|, for each lag."""
    month = np.arange(mu.shape[1])
    row = mu * (mu @ correlation ** np.abs(month[:, None] - month))  # V 1
    whole = row.sum(axis=1, keepdims=True)  # 1' V 1
    own = correlation**lags * _products(mu, mu, lags)
    return own - _products(p, row, lags) - _products(row, p, lags) + _products(p * whole, p, lags)
