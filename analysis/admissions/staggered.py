"""Did admissions change in homes that received the intervention, against what was to be expected without it?

Staggered-adoption difference-in-differences for counts over bed-days: one effect for every cohort and month (see
`saturated` for the equation), averaged as observed over expected admissions (`contrasts`, `terms`), with uncertainty
read from a model in which no treated home can hide its noise (`common_effect`, `analysis.inference.clustered`).

Months before the start are examined on the same scale by a second fit in which they have effects of their own too, so
that each is compared with all earlier months of its home.

Source: Wooldridge (2023), Econometrics Journal 26(3); Borusyak, Jaravel and Spiess (2024), Review of Economic Studies
91(6), for the test of the months before.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from analysis.admissions import diagnostics
from analysis.admissions.cohort_effects import apart, parting
from analysis.admissions.contrasts import contrast, home_month_weights
from analysis.admissions.estimate import Estimate, Fit, Vcov, estimate, estimate_each, fit_both
from analysis.admissions.groups import Groups, by_attribute, by_label, everything
from analysis.admissions.methods import Also, Asked, methods
from analysis.admissions.notes import notes
from analysis.admissions.pretrend import joint_test
from analysis.admissions.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.rule import (
    Verdict,
    account,
    as_ruled,
    averted_as_ruled,
    clustered,
    judge,
    treated_homes,
    uncertainty,
    uncertainty_averted,
)
from analysis.admissions.setting import Cluster, Setting
from analysis.admissions.terms import three_ways
from analysis.design import Comparison, Design
from analysis.inference.one_thread import compute_on_one_thread
from analysis.panel import Panel
from analysis.results import AUGMENT, TIDY, By, Effects

_EMPTY: dict[By, pd.DataFrame] = {"subgroup": pd.DataFrame(columns=["subgroup", *TIDY])}
"""Where the panel knows no attribute to group by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaggeredRates:
    """Average effect on the homes that received an intervention, per bed-day, as a rate ratio and what follows from it.

    y_it ~ E_it · exp(α_i + γ_t + δ_gt·D_it) by Poisson quasi-likelihood; observed over expected admissions of treated
    home-months; Wooldridge (2023).

    Parameters
    ----------
    comparison : Comparison, optional
        "not_yet_treated": every month before a home's start informs the month effects. "never_treated": only homes
        that never start inform them; months before a home's start then serve only as that home's own past. By default
        what the design says.
    conf_level : float
        Of every interval.
    leads : int
        Months before the start that get effects of their own, at most half of those a cohort has.
    subgroups : tuple of str
        Columns of the panel's units; each value gets effects of its own, under common month effects.
    vcov : Vcov
        "CR2" with Bell–McCaffrey degrees of freedom, or "CR1", the usual one: too small where cohorts have few homes,
        however many are treated, because a cohort of one or two fits itself.
    cluster : Cluster
        Within what homes may share their luck: "home", "provider" or "area".
    permutations : int
        Draws of the randomisation test.
    seed : int
        Of those draws.
    also : tuple of Also
        Methods to compute beside the default that take longer: see `methods`.
    """

    comparison: Comparison | None = None
    conf_level: float = 0.95
    leads: int = 6
    subgroups: tuple[str, ...] = ("home_type",)
    vcov: Vcov = "CR2"
    cluster: Cluster = "home"
    permutations: int = 1999
    seed: int = 20261122
    also: tuple[Also, ...] = ()

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effects.

        Raises
        ------
        AnalysisError
            If there is no estimate: nobody or everybody treated at once, no admissions, nothing to compare with.
        """
        compute_on_one_thread()
        setting = Setting.of(panel, design, self.comparison, self.cluster)
        refuse_before(setting)
        sample = setting.sample()
        refuse_without_estimate(setting, sample)
        fit = fit_both(setting, sample, self.vcov)
        estimates = self._estimates(setting, fit)
        return self._effects(setting, fit, estimates, design)

    def _estimates(self, setting: Setting, fit: Fit) -> dict[By, Estimate]:
        """Estimate every set of effects."""
        months = setting.months.astype("datetime64[s]")
        sample, treated = fit.sample, fit.sample.treated_cells
        start = months[np.minimum(sample.of_cohorts(setting.start), len(months) - 1)]
        labels: dict[By, np.ndarray] = {
            "event_time": setting.cohort_time(sample),
            "cohort": np.broadcast_to(start[:, None], treated.shape),
            "calendar": np.broadcast_to(months[sample.months], treated.shape),
        }
        groups: dict[By, Groups] = {"overall": everything(treated)}
        groups |= {by: by_label(label, treated) for by, label in labels.items()}
        estimates = estimate_each(fit, groups)
        leads = self._leads(setting)
        if leads is not None:
            estimates["event_time"] = leads.followed_by(estimates["event_time"])
        return estimates | self._subgroups(setting)

    def _leads(self, setting: Setting) -> Estimate | None:
        """Estimate months before the start, each against all earlier ones: a fit in which they have effects too."""
        sample = setting.sample(leads=self.leads)
        since = setting.cohort_time(sample)
        before = sample.treated_cells & (since < 0)
        if not sample.by_cohort(sample.counts)[before].any():
            return None
        return estimate(fit_both(setting, sample, self.vcov), by_label(since, before))

    def _subgroups(self, setting: Setting) -> dict[By, Estimate]:
        """Estimate effects by home attribute, each from a fit in which its values have effects of their own."""
        found = [e for name in self.subgroups if (e := self._by_attribute(setting, name)) is not None]
        if not found:
            return {}
        joined = found[0]
        for more in found[1:]:
            joined = joined.followed_by(more)
        return {"subgroup": joined}

    def _by_attribute(self, setting: Setting, name: str) -> Estimate | None:
        if name not in setting.units:
            return None
        values = setting.units[name].fillna("unknown")
        sample = setting.sample(stratum=values.factorize(sort=True)[0])
        if not sample.counts[sample.treated].any():
            return None
        groups = by_attribute(name, pd.Series(sample.of_cohorts(values.to_numpy())), sample.treated_cells)
        return estimate(fit_both(setting, sample, self.vcov), groups)

    def _effects(self, setting: Setting, fit: Fit, estimates: dict[By, Estimate], design: Design) -> Effects:
        overall = estimates["overall"]
        verdict = judge(fit, overall, conf_level=self.conf_level, draws=self.permutations, seed=self.seed)
        every = everything(fit.sample.treated_cells)
        usual = estimate(replace(fit, corrected=None), every)
        whole = contrast(fit.saturated, every.marks)
        weights = home_month_weights(fit.saturated, whole)
        effects = apart(fit.sample, whole, float(np.sqrt(overall.covariance[0, 0])))
        tables: dict[By, pd.DataFrame] = _EMPTY | {}
        tables |= {by: self._table(by, e, verdict, overall) for by, e in estimates.items()}
        return Effects(
            tables=tables,
            summary=self._summary(setting, fit, overall),
            cells=partial(_cells, setting, fit.saturated, weights),
            covariance={by: e.covariance for by, e in estimates.items()},
            diagnostics={
                "inference": account(verdict, overall, usual, self.conf_level),
                "methods": methods(fit, overall, usual, verdict, self._asked(setting.units)),
                "pre_trend": joint_test(estimates["event_time"], enough=clustered(overall), seed=self.seed),
                "bands": self._bands(estimates["event_time"], overall),
                "dropped": diagnostics.dropped(setting, fit),
                "cohorts": diagnostics.cohorts(estimates["cohort"]),
                "effects": effects,
                "comparison": diagnostics.comparison(setting, fit),
                "quality": diagnostics.quality(fit),
                "leverage": diagnostics.leverage(setting, weights, fit),
                "degrees_of_freedom": diagnostics.degrees_of_freedom(estimates),
            },
            notes=(*design.notes, *notes(setting, fit, overall, verdict, tables["overall"]), *parting(effects)),
            call=repr(self),
        )

    def _asked(self, units: pd.DataFrame) -> Asked:
        return Asked(
            also=self.also, conf_level=self.conf_level, permutations=self.permutations, seed=self.seed, units=units
        )

    def _table(self, by: str, estimate: Estimate, verdict: Verdict, overall: Estimate) -> pd.DataFrame:
        enough = clustered(overall)
        logs = uncertainty(estimate, self.conf_level, enough=enough)
        averted = uncertainty_averted(estimate, self.conf_level, enough=enough)
        if by == "overall":
            logs, averted = as_ruled(logs, verdict), averted_as_ruled(averted, overall, verdict)
        return three_ways(by, estimate, logs, averted)

    def _bands(self, event_time: Estimate, overall: Estimate) -> pd.DataFrame:
        table = diagnostics.bands(event_time, self.conf_level, self.seed)
        return table if clustered(overall) else table.assign(conf_low=np.nan, conf_high=np.nan)

    def _summary(self, setting: Setting, fit: Fit, overall: Estimate) -> dict[str, object]:
        sample = fit.sample
        return {
            "estimand": "average effect on the homes that received the intervention, per bed-day",
            "scale": "log rate ratio",
            "n_units": len(sample.homes),
            "n_treated": treated_homes(overall),
            "n_comparison": len(sample.homes) - treated_homes(overall),
            "n_clusters": len(np.unique(fit.reference.cluster)),
            "n_obs": int((sample.exposure > 0).sum()),
            "events": int(sample.counts.sum()),
            "exposure": float(sample.exposure.sum()),
            "conf_level": self.conf_level,
            "vcov": f"{self.vcov} by {self.cluster}",
            "converged": fit.converged,
            "dropped": int((sample.reason != "").sum()),
        }


def _cells(setting, fit, weights):
    """One row per home-month used; `weight` is how far one admission more would move the log rate ratio."""
    sample = fit.sample
    order = setting.units.index[sample.homes].argsort()
    place, month = np.nonzero(sample.exposure[order] > 0)
    home = order[place]
    since = setting.event_time(sample)[home, month].astype(float)
    since[(setting.start >= len(setting.months))[sample.homes[home]]] = np.nan
    values = (
        setting.units.index[sample.homes[home]],
        setting.months[sample.months[month]].astype("datetime64[s]"),
        since,
        sample.counts[home, month],
        fit.fitted[home, month],
        fit.counterfactual[home, month],
        weights[home, month],
    )
    return pd.DataFrame(dict(zip(AUGMENT, values, strict=True)))
