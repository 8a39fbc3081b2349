"""Did the series of one area change level or slope when the intervention began?

An interrupted time series by segmented regression (`segmented` has the equation). Uncontrolled, it supposes that the
trend and the season before the start would have gone on for ever; controlled, that the area would have gone on
*relative to the comparison areas*, whose rate multiplies its exposure. The second is the weaker assumption, and where
the series was climbing before the start, the first one credits the intervention with the end of the climb.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.areas.answer import Estimates, effects
from analysis.areas.case import Case
from analysis.areas.segmented import (
    SegmentedFit,
    Segments,
    autoregressive,
    contrast,
    counterfactual,
    fixed_b_limit,
    fixed_b_p,
    quasi_poisson,
    segments,
    waves,
)
from analysis.design import Design
from analysis.inference.one_thread import compute_on_one_thread
from analysis.panel import Panel
from analysis.results import Effects

Errors = Literal["newey_west", "ar1"]
HOW = {
    "newey_west": "Newey–West with fixed-b limits",
    "ar1": "AR(1) errors by restricted maximum likelihood, t limits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptedTimeSeries:
    """Effect as the ratio of events expected with the change of level and slope to those expected without it.

    E[y_t] = E_t·exp(α + β·t + season_t + λ·after_t + κ·t·after_t); Bernal, Cummins and Gasparrini (2017).

    Parameters
    ----------
    controlled : bool
        Whether the comparison areas' rate multiplies the exposure.
    errors : "newey_west" or "ar1"
        Quasi-Poisson with Newey–West covariance, or log rates with AR(1) errors.
    harmonics : int
        Pairs of sine and cosine for the season; 6 for a level of its own in every calendar month.
    trend, slope : bool
        Whether there is a trend before the start, and whether it may change.
    conf_level : float
    """

    controlled: bool = False
    errors: Errors = "newey_west"
    harmonics: int = 2
    trend: bool = True
    slope: bool = True
    conf_level: float = 0.95

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effect, and rank it among the comparison areas.

        Raises
        ------
        AnalysisError
            If not exactly one area is treated, or a controlled series has nothing to be controlled by.
        """
        compute_on_one_thread()
        case = Case.of(panel, design, fewest=2 if self.controlled else 0)
        matrix = segments(
            case.time, waves(case.months.astype(int) % 12, self.harmonics, case.length), trend=self.trend,
            slope=self.slope, length=case.length,
        )  # fmt: skip
        exposure = comparators(case) if self.controlled else case.exposure
        fit = _fit(case.counts, exposure, matrix, self.errors)
        estimand = "events with the change of level and slope over events without it" + (
            ", relative to comparison areas" if self.controlled else ""
        )
        found = self._estimates(case, fit, matrix, exposure)
        return effects(case, found, estimand=estimand, conf_level=self.conf_level, call=repr(self))

    def _estimates(self, case: Case, fit: SegmentedFit, matrix: Segments, exposure: np.ndarray) -> Estimates:
        told = [contrast(fit, matrix, exposure, window) for window in case.windows.values()]
        theta, error = (np.column_stack(column) for column in zip(*told, strict=True))
        limit, p = self._own(len(case.time) - matrix.X.shape[1], len(case.time), np.abs(theta / error))
        own = theta[case.treated][:, None] + limit * np.outer(error[case.treated], [-1, 1])
        coefficients = _coefficients(fit, matrix, case.treated)
        return Estimates(
            expected=counterfactual(fit, matrix, exposure), log_ratio=theta, scale=error, own_p=p, own_limits=own,
            how=HOW[self.errors], extends_trend=self.trend, diagnostics={"coefficients": coefficients},
        )  # fmt: skip

    def _own(self, df: int, T: int, statistic: np.ndarray) -> tuple[float, np.ndarray]:
        """Limit in standard errors, and p-values."""
        from scipy.special import stdtr, stdtrit  # noqa: PLC0415 - loaded where it is needed

        if self.errors == "ar1":
            return float(stdtrit(df, 0.5 + self.conf_level / 2)), 2 * stdtr(df, -statistic)
        return fixed_b_limit(T, self.conf_level), fixed_b_p(T, statistic)


def comparators(case: Case) -> np.ndarray:
    """Exposure times the rate of all other comparison areas together, shape (n, T)."""
    total = case.counts[case.others].sum(axis=0), case.exposure[case.others].sum(axis=0)
    own = np.arange(len(case.units)) != case.treated  # the treated area is in no total
    counts = total[0] - case.counts * own[:, None]
    exposure = total[1] - case.exposure * own[:, None]
    return case.exposure * np.maximum(counts, 0.5) / exposure


def _fit(counts: np.ndarray, exposure: np.ndarray, matrix: Segments, errors: Errors) -> SegmentedFit:
    return (quasi_poisson if errors == "newey_west" else autoregressive)(counts, exposure, matrix)


def _coefficients(fit: SegmentedFit, matrix: Segments, row: int) -> pd.DataFrame:
    """Change of level and slope of the treated area, on the log scale: term, estimate, std_error, rho."""
    names = ["level", "slope per year"][: int(matrix.effect.sum())]
    error = np.sqrt(np.diag(fit.covariance[row]))[matrix.effect]
    return pd.DataFrame(
        {"term": names, "estimate": fit.beta[row][matrix.effect], "std_error": error, "rho": fit.rho[row]}
    )
