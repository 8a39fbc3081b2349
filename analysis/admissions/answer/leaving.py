"""What would the answer be without some homes?

How far each home moves the log rate ratio is read to first order from the residuals of the reference model, in which no
treated home can hide (those of the saturated model are zero where a cohort is one home): good enough to say which homes
to look at. Those are left out and all is fitted again.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import PoissonFit, fit_both
from analysis.admissions.uncertainty.without_each import without
from analysis.design import Design
from analysis.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """A fit from which homes can be left out.

    Parameters
    ----------
    setting : Setting
    fit : PoissonFit
    moved : ndarray, shape (N,)
        How far each home moves the log rate ratio, to first order; zero where it takes no part.
    treated, used : ndarray of bool, shape (N,)
        Homes with the intervention, and all that take part.
    """

    setting: Setting
    fit: PoissonFit
    moved: np.ndarray
    treated: np.ndarray
    used: np.ndarray

    def without(self, out: np.ndarray) -> float:
        """Give the rate ratio without some homes, shape (N,), all fitted again; NaN where none is left."""
        if not (self.treated & ~out).any():
            return np.nan
        log = without(self.setting, self.fit, ~out)
        return float(np.exp(log)) if np.isfinite(log) else np.nan


def leaving(model: StaggeredRates, panel: Panel, design: Design) -> Leaving:
    """Fit once, and say how far each home moves the answer."""
    setting = model.setting(panel, design)
    fit = fit_both(setting, setting.sample(), "CR1", model.effects)
    sample, reference = fit.sample, fit.reference
    weights = fit.home_weights(everything(sample.treated_cells).marks)
    moved, used, treated = (np.zeros(len(setting.start), kind) for kind in (float, bool, bool))
    moved[sample.homes] = (weights * (reference.counts - reference.fitted)).sum(axis=1)
    used[sample.homes], treated[sample.homes] = True, sample.treated.any(axis=1)
    return Leaving(setting=setting, fit=fit, moved=moved, treated=treated, used=used)
