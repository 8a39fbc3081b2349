"""How often would residents of each home go to hospital in each month, had nothing been done?

Expected admissions of home i in month t = exposure_it · rate_type(i) · g_i · w_t · exp(e_it − σ²/2), with
g_i gamma with mean 1 (homes differ), w_t winter and trend, e_it an AR(1) shock with standard deviation σ
(good and bad spells that last). Rates and trend: Health Foundation IAU 2019; BMC Health Services Research 2021.
"""

import numpy as np

DAYS_PER_YEAR = 365.25
RESIDENTIAL_PER_RESIDENT_YEAR = 0.77
"""Emergency admissions per resident-year, residential homes (IAU, July 2019)."""
NURSING_PER_RESIDENT_YEAR = 0.63
"""The same, nursing homes."""
TREND_PER_YEAR = 0.022
"""Emergency admissions of comparable areas rose 12% from 2013 to 2018 (BMC Health Services Research 2021)."""
WINTER = 0.12
"""January over the average month: between the 10% and 15% of common experience; a judgement, not a publication."""


def home_multipliers(rng: np.random.Generator, n: int, cv: float) -> np.ndarray:
    """Gamma multipliers with mean 1 and coefficient of variation `cv`, shape (n,)."""
    return np.ones(n) if cv == 0 else rng.gamma(1 / cv**2, cv**2, n)


def winter_and_trend(months: np.ndarray, *, winter: float = WINTER, trend: float = TREND_PER_YEAR) -> np.ndarray:
    """Multiplier of each month, shape (T,): a cosine that peaks in January, and growth from the first month."""
    calendar = months.astype("datetime64[M]").astype(int) % 12
    years = np.arange(len(months)) / 12
    return (1 + winter * np.cos(2 * np.pi * calendar / 12)) * (1 + trend) ** years


def monthly_shocks(
    rng: np.random.Generator, shape: tuple[int, int], *, correlation: float = 0.8, sd: float = 0.3
) -> np.ndarray:
    """Stationary AR(1) log shocks within homes, shape (N, T), each with standard deviation `sd`."""
    n, n_months = shape
    innovations = rng.standard_normal((n_months, n)) * sd * np.sqrt(1 - correlation**2)
    shocks = np.empty((n_months, n))
    shocks[0] = rng.standard_normal(n) * sd
    for month in range(1, n_months):
        shocks[month] = correlation * shocks[month - 1] + innovations[month]
    return shocks.T


def draw_counts(rng: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """Poisson counts of int64, the same on every machine.

    Expected counts are rounded first, because the last bits of ``exp`` differ between processors.
    """
    return rng.poisson(np.round(expected, 9)).astype(np.int64)
