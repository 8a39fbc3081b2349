"""What would the answer have been without each home, provider or area, whatever the model?

All is done again without it, from the choice of what can be compared on: nothing is expanded or approximated, so it
holds for every option that changes what is estimated (`applicable`). The plain model has a faster way to the same
numbers (`analysis.inference.left_out`).

Source: MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38(5), for the jackknife.
"""

from dataclasses import replace

import numpy as np

from analysis.admissions.compared.groups import everything, per_home
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.adjusted import fit as fit_effects
from analysis.admissions.engine.cohort_effects import as_cohorts
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.estimate import PoissonFit


def without_each(setting: Setting, fit: PoissonFit) -> np.ndarray:
    """Log rate ratio without each cluster of the sample, NaN where there is none, shape (m,)."""
    clusters = np.unique(fit.reference.cluster)
    return np.array([without(setting, fit, setting.groupings[0] != cluster) for cluster in clusters])


def without(setting: Setting, fit: PoissonFit, kept: np.ndarray) -> float:
    """Give the log rate ratio of some homes, NaN where there is none; `kept` of shape (N,)."""
    some = replace(setting, counts=setting.counts * kept[:, None], exposure=setting.exposure * kept[:, None])
    sample = some.sample()
    if not sample.counts[sample.treated].any():
        return np.nan
    marks = everything(sample.treated_cells).marks
    weights = marks if fit.average == "bed_day" else per_home(sample, marks)
    found = contrast(fit_effects(sample if fit.cohorts is None else as_cohorts(sample)), weights)
    return float(np.log(found.observed[0] / found.expected[0]))
