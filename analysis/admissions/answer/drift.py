"""Did homes with the intervention drift away from the others, a little every month, before their start?

Of months without the intervention alone, by Poisson quasi-likelihood,

    y_it ~ E_it · exp(α_i + γ_t + b·(t − s_i)·G_i),

with G_i marking homes that start, in month s_i, and b the drift a month of the log rate. One number is estimated from
all months before the start, so that it tells a steady drift from chance where a test of many months together, which
looks in every direction at once, does not. A drift that homes differ in is noise of the clusters, by which the error is
(CR2, with its degrees of freedom). Homes that never start are what others drift from: where there are none nobody can
tell a drift from the calendar.

Source: Roth (2022), "Pretest with caution", American Economic Review: Insights 4(3), sec. I, on linear violations;
Wooldridge (2023), Econometrics Journal 26(3), sec. 6, for a trend of the treated in a Poisson model.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import nctdtr, stdtr, stdtrit

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.sample import Sample, take
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.common_effect import fit_common
from analysis.admissions.uncertainty.rule import FEWEST_COMPARED, FEWEST_FOR_CLUSTERED
from analysis.design import Design
from analysis.inference.clustered import Reference, correct, cr2
from analysis.inference.two_way import two_way
from analysis.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyDrift:
    """What the months before the start say of a drift.

    Parameters
    ----------
    a_month : float
        b, of the log rate.
    std_error, df : float
    homes, others : int
        That start, and that never do, of which something is known.
    """

    a_month: float
    std_error: float
    df: float
    homes: int
    others: int

    @property
    def p_value(self) -> float:
        """Of no drift."""
        return float(2 * stdtr(self.df, -abs(self.a_month) / self.std_error))

    def interval(self, alpha: float) -> tuple[float, float, float]:
        """Give the drift with its limits."""
        half = float(stdtrit(self.df, 1 - alpha / 2)) * self.std_error
        return self.a_month, self.a_month - half, self.a_month + half

    def noticed(self, drift: float, alpha: float) -> float:
        """Give the share of cases in which a test at a level notices a drift a month, of the log rate."""
        far, limit = abs(drift) / self.std_error, stdtrit(self.df, 1 - alpha / 2)
        return float(1 - nctdtr(self.df, far, limit) + nctdtr(self.df, far, -limit))

    def noticeable(self, share: float, alpha: float) -> float:
        """Give the drift a month, of the log rate, that is noticed in so large a share of cases."""
        return float(self.std_error * (stdtrit(self.df, 1 - alpha / 2) + stdtrit(self.df, share)))


def steady_drift(model: StaggeredRates, panel: Panel, design: Design) -> SteadyDrift | None:
    """Estimate the drift; nothing where it cannot be told from chance or from the calendar at all."""
    setting = model.setting(panel, design)
    if setting.adjusted:  # months by kind of home, and other interventions, are not part of this model
        return None
    sample = _before(setting)
    if not _enough(setting, sample):
        return None
    starts = sample.of_cohorts(setting.start) < len(setting.months)
    since = (sample.months - sample.of_cohorts(setting.start)[:, None]) * starts[:, None]
    rates = sample.events.sum(axis=0) / sample.bed_days.sum(axis=0)
    common = fit_common(sample, since.astype(float), np.maximum(rates, LEAST))
    if not common.converged:
        return None
    references = [common.reference(sample, since, by[sample.homes]) for by in setting.groupings]
    variance, df = _variance(references)
    homes = int((setting.start[sample.homes] < len(setting.months)).sum())
    others = len(sample.homes) - homes
    told = {"std_error": float(np.sqrt(variance)), "df": df, "homes": homes, "others": others}
    return SteadyDrift(a_month=common.effect, **told) if variance > 0 else None


LEAST = 1e-12
"""A month without an admission has a rate to begin from all the same."""


def _before(setting: Setting) -> Sample:
    """Take the months without the intervention; homes that start in the same month stand together."""
    T = len(setting.months)
    there = np.arange(T) < setting.start[:, None]
    return take(
        setting.counts * there, setting.exposure * there, setting.start,
        stratum=np.zeros(len(setting.start), dtype=np.int64), never_only=False,
    )  # fmt: skip


def _enough(setting: Setting, sample: Sample) -> bool:
    """Whether enough clusters have two months or more on either side."""
    starts = setting.start[sample.homes] < len(setting.months)
    some = (sample.exposure > 0).sum(axis=1) >= MONTHS
    cluster = setting.groupings[0][sample.homes]
    treated, compared = (len(np.unique(cluster[some & side])) for side in (starts, ~starts))
    return treated >= FEWEST_FOR_CLUSTERED and compared >= FEWEST_COMPARED


MONTHS = 2
"""One month, and another to hold it against."""


def _variance(references: list[Reference]) -> tuple[float, float]:
    """Give the variance of b and its degrees of freedom."""
    last = references[0].inverse[-1]
    weights = np.array([references[0].along(g, last) for g in range(len(references[0].rows))])[None]
    parts = [cr2(weights, correct(reference)) for reference in references]
    variance = two_way(*(p.scores for p in parts)) if len(parts) > 1 else parts[0].covariance
    return float(variance[0, 0]), float(min(part.df[0] for part in parts[:2]))
