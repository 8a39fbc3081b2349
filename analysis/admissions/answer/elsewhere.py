"""What would be found if homes that never had the intervention were said to have had it?

Homes that never start are fitted by themselves, without any effect. So many of them as had the intervention, or half of
them where they are fewer than twice as many, are drawn by lot and given the months in which it started; the common
effect that is then found, to first order, is all chance and difference between homes. Fewer homes are left to compare
with than the answer has, so false effects scatter a little more; with k and n homes on the two sides of the answer, and
k' and n' on those of the draws, they are brought to the answer's size by √((1/k + 1/n) / (1/k' + 1/n')).

Source: Abadie, Diamond and Hainmueller (2010), JASA 105(490), for placebos in space; the statistic is that of
`analysis.inference.randomisation`.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.engine.adjusted import fit as fit_effects
from analysis.admissions.engine.common_effect import fit_common
from analysis.design import Design
from analysis.inference.randomisation import Null, statistics
from analysis.panel import Panel

DRAWS = 999
"""A share of 5% is then known to within 1.4 points."""
FEWEST = 8
"""Homes without the intervention below which lots among them are soon exhausted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Elsewhere:
    """False programmes.

    Parameters
    ----------
    effects : ndarray, shape (B,)
        Log rate ratios found, brought to the size of the answer.
    homes : int
        That never had the intervention.
    drawn : int
        Of them in every false programme.
    """

    effects: np.ndarray
    homes: int
    drawn: int


def elsewhere(model: StaggeredRates, panel: Panel, design: Design, seed: int) -> Elsewhere | None:
    """Draw false programmes among homes that never start; nothing where these are too few.

    Parameters
    ----------
    seed : int
        Of the draws.
    """
    setting = model.setting(panel, design)
    T = len(setting.months)
    never = setting.start >= T
    alone = replace(setting, counts=setting.counts * never[:, None], exposure=setting.exposure * never[:, None])
    sample = alone.sample()
    starts = np.searchsorted(sample.months, np.sort(setting.start[setting.treated.any(axis=1)]))
    starts, n = starts[(starts > 0) & (starts < len(sample.months))], len(sample.homes)
    if n < FEWEST or not starts.size:
        return None
    k = min(len(starts), n // 2)
    some = starts[np.linspace(0, len(starts) - 1, k).round().astype(int)]
    none = np.zeros((len(sample.cohorts), len(sample.months)))
    common = fit_common(sample, none, fit_effects(sample).month_rates)
    null = Null(counts=sample.counts, fitted=common.fitted, inverse=common.basis_inverse[:-1, :-1])
    rng = np.random.default_rng(seed)
    rows = np.argsort(rng.random((DRAWS, n)), axis=1)[:, :k]
    size = np.sqrt((1 / len(starts) + 1 / n) / (1 / k + 1 / (n - k)))
    return Elsewhere(effects=size * statistics(null, some, rows, studentised=False), homes=n, drawn=k)
