"""What would the answer have been at every look since the first start?"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import estimate, fit_both
from analysis.admissions.uncertainty.rule import clustered
from analysis.design import NEVER, Design
from analysis.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Looks:
    """Overall log rate ratios of panels that end at each look.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (L,)
        Last month of each.
    log_ratio, std_error, df : ndarray, shape (L,)
    """

    months: np.ndarray
    log_ratio: np.ndarray
    std_error: np.ndarray
    df: np.ndarray


def looks(model: StaggeredRates, panel: Panel, design: Design, most: int) -> Looks:
    """Fit the panel as it was at each look at which enough homes had started for an interval.

    Parameters
    ----------
    most : int
        Looks; where there are more months since the first start, so many that are equally far apart, the last among
        them.
    """
    T, started = len(panel.months), design.start[design.start != NEVER]
    last = np.arange(min(started.min(initial=T), T), T) + 1
    if len(last) > most:
        last = last[np.unique(np.linspace(0, len(last) - 1, most).round().astype(int))]
    setting = model.setting(panel, design)
    found = [(end - 1, told) for end in map(int, last) if (told := _look(model, setting, end))]
    values = np.array([told for _, told in found]).reshape(-1, 3)
    return Looks(
        months=panel.months[[month for month, _ in found]],
        log_ratio=values[:, 0], std_error=values[:, 1], df=values[:, 2],
    )  # fmt: skip


def _look(model: StaggeredRates, setting: Setting, end: int) -> tuple[float, float, float] | None:
    """Give log rate ratio, standard error and degrees of freedom of the first months; nothing where there is none."""
    seen = replace(
        setting,
        months=setting.months[:end],
        counts=setting.counts[:, :end],
        exposure=setting.exposure[:, :end],
        start=np.minimum(setting.start, end),
        later=setting.later | (setting.start >= end),
    )
    sample = seen.sample()
    if not sample.counts[sample.treated].any():
        return None
    found = estimate(fit_both(seen, sample, model.vcov, model.effects), everything(sample.treated_cells))
    if not clustered(found) or not found.comparable[0]:
        return None
    return float(found.log_ratio[0]), float(found.std_error[0]), float(found.df[0])
