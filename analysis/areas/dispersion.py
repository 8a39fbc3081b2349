"""How far does one series scatter about its own course, and what interval does that give?

Counts of events that come by chance alone scatter with a variance equal to their mean. Of a real series the variance is
φ times as large,

    φ = Σ (y_t − μ_t)² / μ_t / (T − k),    cov β = φ · (X' diag(μ) X)⁻¹,

with limits from t on T − k degrees of freedom: quasi-Poisson. It knows that months scatter, and not that months in a
row are alike, as Newey and West's does. What each is worth is counted where nothing was done: every other area (or
home) is asked the same, and how often its interval holds no difference stands beside.

Source: McCullagh and Nelder (1989), Generalized Linear Models, 4.5 and 6.2; held to statsmodels' GLM with scale "X2".
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.areas.case import ALL, Case
from analysis.areas.interrupted import comparators
from analysis.areas.segmented import (
    SegmentedFit,
    Segments,
    contrast,
    fixed_b_limit,
    fixed_b_p,
    information,
    means,
    quasi_poisson,
    segments,
    waves,
)
from analysis.errors import AnalysisError
from analysis.inference.usual import NORMAL

FEWEST_LEFT = 8
"""Periods beyond the coefficients: on fewer φ is known to no better than a factor of three, 95 times in 100."""
COLUMNS = ("how", "estimate", "conf_low", "conf_high", "p_value", "alarms", "others")
POISSON, QUASI, IN_A_ROW = "Poisson", "quasi-Poisson", "Newey–West"
ALARM = 0.05
"""p-value at which an interval of 95% leaves out no difference."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scatter:
    """How far a series scatters, and its intervals.

    Parameters
    ----------
    dispersion : float
        φ of the series.
    left : int
        Periods beyond the coefficients.
    periods : int
    table : DataFrame
        `COLUMNS`, one row for each kind of interval: rate ratio over all periods since the start, and in how many of
        the others, in which nothing was done, the same interval leaves out no difference.
    """

    dispersion: float
    left: int
    periods: int
    table: pd.DataFrame


def scatter(case: Case, *, harmonics: int = 2, by_others: bool = False, conf_level: float = 0.95) -> Scatter:
    """Say how far the treated series of a case scatters.

    Parameters
    ----------
    case : Case
    harmonics : int
        Of the season, beside a trend and its change at the start.
    by_others : bool
        Against the rate of the others month by month instead, with a change of level alone: for series too small to
        have a trend and a season of their own.
    conf_level : float

    Raises
    ------
    AnalysisError
        Where too few periods are left to know how far it scatters.
    """
    season = () if by_others else waves(case.months.astype(int) % 12, harmonics, case.length)
    matrix = segments(case.time, season, trend=not by_others, slope=not by_others, length=case.length)
    left = len(case.time) - matrix.X.shape[1]
    if left < FEWEST_LEFT:
        raise AnalysisError(
            "How far the series scatters cannot be told: it is too short for its trend and season.",
            found=f"{len(case.time)} periods for {matrix.X.shape[1]} coefficients",
            do="Choose a longer window, or a measure that is published by month.",
        )
    exposure = comparators(case) if by_others else case.exposure
    some = (case.counts[:, case.before].sum(axis=1) > 0) & (case.counts[:, ~case.before].sum(axis=1) > 0)
    some[case.treated] = True
    row = int(some[: case.treated].sum())
    fit = quasi_poisson(case.counts[some], exposure[some], matrix)
    phi = dispersion(fit, case.counts[some], exposure[some], matrix)
    window = case.windows[ALL]
    table = [
        _told(how, contrast(each, matrix, exposure[some], window), (row, *limits))
        for how, each, limits in _each(fit, phi, (case.counts[some], exposure[some], matrix), conf_level)
    ]
    return Scatter(dispersion=float(phi[row]), left=left, periods=len(case.time),
                   table=pd.DataFrame(table, columns=list(COLUMNS)))  # fmt: skip


def dispersion(fit: SegmentedFit, counts: np.ndarray, exposure: np.ndarray, design: Segments) -> np.ndarray:
    """φ of each series, shape (n,): Pearson's statistic over its degrees of freedom."""
    mu = means(fit, design, exposure)
    return ((counts - mu) ** 2 / mu).sum(axis=1) / (len(design.X) - design.X.shape[1])


def _each(fit: SegmentedFit, phi: np.ndarray, seen: tuple, conf_level: float):
    """Yield each kind of interval: its name, the fit with its covariance, its limit in errors, and its p-values."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit  # noqa: PLC0415 - loaded where it is needed

    _, exposure, design = seen
    T, left = len(design.X), len(design.X) - design.X.shape[1]
    bread = np.linalg.inv(information(means(fit, design, exposure), design.X))
    normal = NORMAL if conf_level == 0.95 else float(ndtri(0.5 + conf_level / 2))
    yield POISSON, replace(fit, covariance=bread), (normal, lambda z: 2 * ndtr(-z))
    quasi = replace(fit, covariance=phi[:, None, None] * bread)
    yield QUASI, quasi, (float(stdtrit(left, 0.5 + conf_level / 2)), lambda z: 2 * stdtr(left, -z))
    yield IN_A_ROW, fit, (fixed_b_limit(T, conf_level), lambda z: fixed_b_p(T, z))


def _told(how: str, found: tuple[np.ndarray, np.ndarray], asked: tuple) -> tuple:
    (log, error), (row, limit, p_of) = found, asked
    with np.errstate(divide="ignore", invalid="ignore"):
        p = p_of(np.abs(log / error))
    others = np.delete(p, row)
    span = np.exp(log[row] + limit * error[row] * np.array([0.0, -1.0, 1.0]))
    return how, *span, float(p[row]), int((others < ALARM).sum()), len(others)
