"""Did the area change more than the others did? The admission-rate engine, on areas.

The estimate is the engine's (any model with the verb ``fit(panel, design)`` may be passed in; this room imports none).
With one treated area no error by cluster exists, so the engine ranks the area by permutation, and beside it stands the
same placebo interval as for every other method. For one treated area in a complete panel the engine's estimate is

    (y_after / y_before) / (Y_after / Y_before),

with Y the other areas' events over the same months; this gives what each comparison area would have been told.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.areas.answer import Estimates, effects, ratios
from analysis.areas.case import Case
from analysis.areas.interrupted import comparators
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceInDifferences:
    """Change of the area's rate over the comparison areas' change, as the engine estimates it.

    Parameters
    ----------
    engine : Model
        An admission-rate model that compares with the never treated.
    conf_level : float
    """

    engine: Model
    conf_level: float = 0.95

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effect, and rank it among the comparison areas.

        Raises
        ------
        AnalysisError
            If not exactly one area is treated, or fewer than two comparison areas are left.
        """
        case = Case.of(panel, design, fewest=2)
        expected = parallel(case)
        theta, p = ratios(case, expected), np.full((len(case.units), len(case.windows)), np.nan)
        for k, window in enumerate(case.windows.values()):
            theta[case.treated, k], p[case.treated, k] = self._engine(panel, design, case, window)
        before = case.before
        gap = (case.counts - expected)[:, before] / expected[:, before].mean(axis=1, keepdims=True)
        noise = np.sqrt((gap**2).mean(axis=1))
        found = Estimates(
            expected=expected, log_ratio=theta, scale=np.repeat(noise[:, None], theta.shape[1], axis=1), own_p=p,
            own_limits=np.full((theta.shape[1], 2), np.nan), how="rank by permutation of the engine; no interval",
        )  # fmt: skip
        return effects(
            case, found, estimand="the area's change over the comparison areas' change", conf_level=self.conf_level,
            call=repr(self),
        )  # fmt: skip

    def _engine(self, panel: Panel, design: Design, case: Case, window: np.ndarray) -> tuple[float, float]:
        """Log rate ratio and permutation p over one window."""
        months = np.isin(panel.months, case.months[case.before | window])
        rows = panel.units.index.isin(case.units.index)
        included = design.included & months[None, :] & rows[:, None]
        start = np.where(rows, design.start, NEVER)
        tidy = self.engine.fit(panel, replace(design, included=included, start=start)).tidy()
        row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
        return float(np.log(row["estimate"])), float(row["p_value"])


def parallel(case: Case) -> np.ndarray:
    """Events expected had each area kept its share of what the comparison areas had before the start, shape (n, T)."""
    usual = comparators(case)
    before = case.before
    share = case.counts[:, before].sum(axis=1) / usual[:, before].sum(axis=1)
    return share[:, None] * usual
