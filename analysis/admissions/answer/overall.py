"""What is the one answer, without what stands beside it? For simulations that ask thousands of times."""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.answer.caveats import caveats
from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.groups import Groups, everything
from analysis.admissions.compared.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.engine.estimate import Estimate, PoissonFit, estimate, estimate_by, fit_both
from analysis.admissions.uncertainty.rule import judge
from analysis.design import Design
from analysis.panel import Panel
from analysis.results import Caveat


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """The answer in logs: the rate ratio's, its limits and p-value, missing where there is none; what warns of it."""

    log_ratio: float
    low: float
    high: float
    p_value: float
    caveats: tuple[Caveat, ...]


def overall(panel: Panel, design: Design, model: StaggeredRates, *, permutations: int | None = None) -> Overall:
    """Answer as `StaggeredRates.fit` does, the overall effect alone; of a dose, the effect of one unit more.

    Parameters
    ----------
    panel : Panel
    design : Design
    model : StaggeredRates
    permutations : int, optional
        Draws of the rule's randomisation; the model's where left out. 0 where the rule will ask for none: its p-value
        and limits are then missing wherever it would have.

    Raises
    ------
    AnalysisError
        Where there is no estimate.
    """
    return _answered(panel, design, model, (permutations, False))[0]


def with_usual_error(
    panel: Panel, design: Design, model: StaggeredRates, *, permutations: int | None = None
) -> tuple[Overall, float]:
    """Answer as `overall`, without what warns of it, and give the usual error (CR1) of the same fit."""
    return _answered(panel, design, model, (permutations, True))


def _answered(
    panel: Panel, design: Design, model: StaggeredRates, how: tuple[int | None, bool]
) -> tuple[Overall, float]:
    permutations, both = how
    setting = model.setting(panel, design)
    refuse_before(setting)
    sample = setting.sample()
    refuse_without_estimate(setting, sample)
    fit = fit_both(setting, sample, model.vcov, model.effects)
    found, usual = _estimates(fit, everything(sample.treated_cells), both=both)
    warned = () if both else tuple(caveats(setting, fit, found, model.vcov))
    error = float(usual.std_error[0])
    if model.dose != "ignore" and design.dose is not None:
        row = model.by_dose(panel, design).table.iloc[0]
        logs = np.log(row[["estimate", "conf_low", "conf_high"]].astype(float))
        return Overall(log_ratio=logs.iloc[0], low=logs.iloc[1], high=logs.iloc[2], p_value=float(row["p_value"]),
                       caveats=warned), error  # fmt: skip
    draws = model.permutations if permutations is None else permutations
    said = judge(fit, found, conf_level=model.conf_level, draws=draws, seed=model.seed)
    return Overall(log_ratio=float(found.log_ratio[0]), low=said.low, high=said.high, p_value=said.p_value,
                   caveats=warned), error  # fmt: skip


def _estimates(fit: PoissonFit, groups: Groups, *, both: bool) -> tuple[Estimate, Estimate]:
    """Give the estimate by the error of the fit, and by the usual one where it is asked for."""
    if not (both and fit.corrected):
        one = estimate(fit, groups)
        return one, one
    found = estimate_by(fit, groups)
    return found["CR2"], found["CR1"]
