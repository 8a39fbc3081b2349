"""What changed on average over all homes, months of one home being alike? Generalised estimating equations.

    E y_it = E_it · exp(β_g + γ_t + τ·D_it),    corr(y_it, y_is) = ρ,

a level for all homes g that started together instead of one for every home, and errors that hold whatever the true
correlation is, corrected for few homes. Where homes of different rates come, go or change their size differently the
levels do not take that out (`cohort_effects`), and the rate ratio may differ from the answer's for that reason.

Source: Liang and Zeger (1986), Biometrika 73(1); Mancl and DeRouen (2001), Biometrics 57(1), for few clusters; held to
the published figures of Diggle, Heagerty, Liang and Zeger (2002), table 8.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from analysis.admissions.regressions.frame import OPTIONS, Regression, effects_of, rows_of
from analysis.allowed import Checked, Option
from analysis.design import Design
from analysis.panel import Panel
from analysis.results import Effects

WORDS = "change of the average rate of homes with the intervention", "by home, bias-reduced"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalRates(Checked):
    """One rate ratio by generalised estimating equations with cohort and month effects; Liang and Zeger (1986)."""

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS
    conf_level: float = 0.95

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effect."""
        rows = rows_of(panel, design, level="cohort")
        found = marginal(rows.y, rows.X, rows.exposure, rows.home, few=True)
        return effects_of(rows, found, self, WORDS)


def marginal(
    y: np.ndarray, X: np.ndarray, exposure: np.ndarray, cluster: np.ndarray, *, few: bool = False
) -> Regression:
    """Fit by estimating equations, rows of one cluster alike correlated.

    Parameters
    ----------
    y, exposure : ndarray, shape (m,)
    X : ndarray, shape (m, P)
    cluster : ndarray of int64, shape (m,)
    few : bool
        Whether errors are corrected for few clusters, as Mancl and DeRouen do.
    """
    import statsmodels.api as sm  # noqa: PLC0415 - a second to import

    model = sm.GEE(y, X, groups=cluster, family=sm.families.Poisson(), offset=np.log(exposure),
                   cov_struct=sm.cov_struct.Exchangeable())  # fmt: skip
    found = model.fit(cov_type="bias_reduced" if few else "robust")
    return Regression(
        beta=np.asarray(found.params), std_error=float(found.bse[-1]), fitted=np.asarray(found.fittedvalues),
        converged=bool(found.converged),
        facts={"correlation": float(model.cov_struct.dep_params), "dispersion": float(found.scale)},
    )  # fmt: skip
