"""How do admissions move through the year and from year to year, whatever the home?

log rate_it = α_i + δ·years_t + Σ_h (a_h cos(2πh m_t/12) + b_h sin(2πh m_t/12)), Poisson with bed-days as exposure. The
home's level α_i is profiled out (home total over fitted total), so homes that enter, leave or lose months do not bend
the calendar. Newton on the few calendar terms; one months × months product a step, whatever the number of homes.

Uncertainty: sandwich with one score a home (Wooldridge 1999, Journal of Econometrics 90), so that good and bad spells
within a home widen it.
"""

from dataclasses import dataclass

import numpy as np

MONTHS_FOR_SEASON, MONTHS_FOR_MORE = 12, 24
"""A season needs each calendar month once; a trend, or a second harmonic, each twice: one winter is no trend."""

STEPS, SMALL = 30, 1e-10
"""Newton settles in three to six steps."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """Season and trend, common to all homes.

    Parameters
    ----------
    last : datetime64[M]
        The month at which the trend counts zero years.
    terms : tuple of str
        "trend" (log per year), "cos1", "sin1", … in the order of `estimate`.
    estimate : ndarray, shape (P,)
    covariance : ndarray, shape (P, P)
    centre : float
        Mean time of the admissions it was fitted to, in years from `last` (below zero). Homes' levels are known there,
        so a trend that is wrong by δ is wrong by δ times the years from there, not from `last`.
    """

    last: np.datetime64
    terms: tuple[str, ...]
    estimate: np.ndarray
    covariance: np.ndarray
    centre: float

    def years_from_centre(self, months: np.ndarray) -> np.ndarray:
        """Years over which a trend carries what is known, shape (T,)."""
        return _years(months, self.last) - self.centre

    def multiplier(self, months: np.ndarray) -> np.ndarray:
        """Give the rate of each month over that of an average month at `last`, shape (T,)."""
        return np.exp(_columns(months, self.last, self.terms) @ self.estimate)

    @property
    def season(self) -> np.ndarray:
        """Give the rate of each calendar month over the year's mean, from January, shape (12,)."""
        waves = np.array([term != "trend" for term in self.terms], bool)
        columns = _columns(np.arange(12).astype("datetime64[M]"), self.last, self.terms)
        season = np.exp(columns[:, waves] @ self.estimate[waves])
        return season / season.mean()

    @property
    def trend(self) -> tuple[float, float]:
        """Growth in log rate per year and its standard error; zeros where there are too few months to tell."""
        if "trend" not in self.terms:
            return 0.0, 0.0
        at = self.terms.index("trend")
        return float(self.estimate[at]), float(np.sqrt(self.covariance[at, at]))


def fit_calendar(counts: np.ndarray, exposure: np.ndarray, months: np.ndarray) -> Calendar:
    """Fit season and trend within homes.

    Parameters
    ----------
    counts, exposure : ndarray, shape (N, T)
        Exposure is zero where a home-month takes no part.
    months : ndarray of datetime64[M], shape (T,)
    """
    terms = terms_for(int((exposure.sum(0) > 0).sum()))
    X = _columns(months, months[-1], terms)
    used = counts.sum(1) > 0  # a home without any event says nothing about when events come
    counts, exposure = counts[used], exposure[used]
    beta = np.zeros(len(terms))
    for _ in range(STEPS if len(counts) else 0):
        fitted = _fitted(counts, exposure, X @ beta)
        step = np.linalg.lstsq(_information(fitted, X), X.T @ (counts - fitted).sum(0), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max(initial=0) < SMALL:
            break
    centre = float(np.average(_years(months, months[-1]), weights=counts.sum(0))) if len(counts) else 0.0
    covariance = _sandwich(counts, exposure, X, beta)
    return Calendar(last=months[-1], terms=terms, estimate=beta, covariance=covariance, centre=centre)


def terms_for(observed_months: int) -> tuple[str, ...]:
    """Name the terms that so many months can carry."""
    if observed_months < MONTHS_FOR_SEASON:
        return ()
    if observed_months < MONTHS_FOR_MORE:
        return ("cos1", "sin1")
    return ("trend", "cos1", "sin1", "cos2", "sin2")


def _columns(months: np.ndarray, last: np.datetime64, terms: tuple[str, ...]) -> np.ndarray:
    """Values of the terms in each month, shape (T, P)."""
    number = np.asarray(months, "datetime64[M]").astype(np.int64)
    angle = 2 * np.pi * (number % 12) / 12
    value = {"trend": _years(months, last)}
    for h in (1, 2):
        value |= {f"cos{h}": np.cos(h * angle), f"sin{h}": np.sin(h * angle)}
    return np.stack([value[term] for term in terms], 1) if terms else np.zeros((len(number), 0))


def _years(months: np.ndarray, last: np.datetime64) -> np.ndarray:
    return (np.asarray(months, "datetime64[M]") - last).astype(np.int64) / 12


def _fitted(counts: np.ndarray, exposure: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """Give expected counts with every home's total as observed, shape (N, T)."""
    relative = exposure * np.exp(eta)
    return counts.sum(1, keepdims=True) * relative / relative.sum(1, keepdims=True)


def _information(fitted: np.ndarray, X: np.ndarray) -> np.ndarray:
    total = fitted.sum(1, keepdims=True)
    return X.T @ (fitted.sum(0)[:, None] * X) - (fitted @ X / total).T @ (fitted @ X)


def _sandwich(counts: np.ndarray, exposure: np.ndarray, X: np.ndarray, beta: np.ndarray) -> np.ndarray:
    if not len(counts) or not X.shape[1]:
        return np.zeros((X.shape[1],) * 2)
    fitted = _fitted(counts, exposure, X @ beta)
    score = (counts - fitted) @ X
    bread = np.linalg.pinv(_information(fitted, X))
    return bread @ (score.T @ score) @ bread * len(counts) / max(len(counts) - 1, 1)
