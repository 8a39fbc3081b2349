"""How often did each group go to hospital per day, and what multiplies the rate of those with the support?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.inference.weighted_poisson import OneCoefficient, fit, uncertainty
from analysis.residents.cohort import ResidentCohort
from analysis.residents.counted import BED_DAYS, DEATHS
from analysis.residents.traits import varying

CONF_LEVEL = 0.95
FEWEST_HOMES = 2
"""Homes on either side below which nothing shows how much homes differ."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateRatio:
    """A rate ratio and what stands behind it.

    Parameters
    ----------
    log_ratio : float
    error : OneCoefficient or None
        None where it has no estimate or no uncertainty.
    welch : float
        Degrees of freedom of a difference between two groups of homes: what each side's homes contribute to the
        variance, over one less than their number.
    events, days : tuple of float
        Of supported residents, and of those like them, weighted.
    """

    log_ratio: float
    error: OneCoefficient | None
    events: tuple[float, float]
    days: tuple[float, float]
    welch: float = np.nan

    @property
    def df(self) -> float:
        """Degrees of freedom: the fewer of the two.

        Those of Bell and McCaffrey take residents of a home to share nothing but what is modelled, and are too many
        where they do and few homes are supported; Welch's look at how much homes of either side in fact differ.
        """
        return max(min(self.error.df, self.welch), 1.0) if self.error else np.nan

    def limits(self) -> tuple[float, float]:
        """Give the limits of the log ratio; NaN where there are none."""
        if self.error is None:
            return np.nan, np.nan
        reach = float(stdtrit(self.df, 0.5 + CONF_LEVEL / 2)) * self.error.cr2
        return self.log_ratio - reach, self.log_ratio + reach

    def p_value(self) -> float:
        """Give the two-sided p-value of no difference."""
        if self.error is None or not self.error.cr2 > 0:
            return np.nan
        return float(2 * stdtr(self.df, -abs(self.log_ratio / self.error.cr2)))


def rate_ratio(cohort: ResidentCohort, count: str, *, adjust: bool, some: np.ndarray | None = None) -> RateRatio:
    """Compare the rates of one count.

    Parameters
    ----------
    count : str
        One of `COUNTED`.
    adjust : bool
        Whether what residents were matched on, and the quarter, are in the model too.
    some : ndarray of bool, optional
        Residents to look at.
    """
    keep = np.ones(len(cohort.residents), bool) if some is None else some
    people, known = cohort.residents.loc[keep], cohort.covariates.loc[keep]
    y = people["died" if count == DEATHS else count].to_numpy(float)
    days = people["days" if count == BED_DAYS else "at_risk"].to_numpy(float)
    w, supported = people["weight"].to_numpy(float), people["supported"].to_numpy(bool)
    sides = [w * supported, w * ~supported]
    events, exposure = ((float(sides[0] @ values), float(sides[1] @ values)) for values in (y, days))
    homes = [people["home"][side > 0].nunique() for side in sides]
    if min(events) <= 0 or min(homes) < FEWEST_HOMES:
        ratio = np.log(events[0] / exposure[0]) - np.log(events[1] / exposure[1]) if min(events) > 0 else np.nan
        return RateRatio(log_ratio=float(ratio), error=None, events=events, days=exposure)
    X = _columns(people, known, adjust=adjust)
    found = fit(y, X, days, w)
    cluster = pd.factorize(people["home"])[0].astype(np.int64)
    error = uncertainty(found, X, cluster, 1) if found.converged else None
    welch = np.nan if error is None else _welch(error.scores, np.bincount(cluster, sides[0]) > 0)
    return RateRatio(log_ratio=float(found.beta[1]), error=error, events=events, days=exposure, welch=welch)


def _welch(scores: np.ndarray, supported: np.ndarray) -> float:
    """Give Welch's degrees of freedom of what clusters contribute, by side; homes that stand on both are supported."""
    parts = [(float((scores[side] ** 2).sum()), int(side.sum())) for side in (supported, ~supported) if side.any()]
    total = sum(v for v, _ in parts)
    beneath = sum(v**2 / max(m - 1, 1) for v, m in parts)
    return total**2 / beneath if beneath > 0 else 1.0


def _columns(people: pd.DataFrame, known: pd.DataFrame, *, adjust: bool) -> np.ndarray:
    """Give the columns of the model, shape (n, P): one, having the support, and what else is known."""
    parts = [np.ones(len(people)), people["supported"].to_numpy(float)]
    if adjust:
        some = varying(known).to_numpy(float)
        quarter = pd.get_dummies(people["quarter"], dtype=float).iloc[:, 1:].to_numpy()
        more = np.column_stack([some, quarter])
        parts += [more - more.mean(axis=0)]
    return np.column_stack(parts)
