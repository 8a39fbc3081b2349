"""Did admissions change in homes that received the intervention, against what was to be expected without it?

Staggered-adoption difference-in-differences for counts over bed-days: one effect for every cohort and month (see
`saturated` for the equation), averaged as observed over expected admissions (`contrasts`, `terms`), with uncertainty
read from a model in which no treated home can hide its noise (`common_effect`, `analysis.inference.clustered`).

Months before the start are examined on the same scale by a second fit in which they have effects of their own too, so
that each is compared with all earlier months of its home.

Source: Wooldridge (2023), Econometrics Journal 26(3); Borusyak, Jaravel and Spiess (2024), Review of Economic Studies
91(6), for the test of the months before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import ClassVar

import numpy as np
import pandas as pd

from analysis.admissions.answer import diagnostics
from analysis.admissions.answer.by_home import of_homes
from analysis.admissions.answer.caveats import caveats
from analysis.admissions.answer.cells import cells_of, used_in
from analysis.admissions.answer.lasting import lasting
from analysis.admissions.answer.notes import notes
from analysis.admissions.answer.options import ENTRIES, OPTIONS, SET_ELSEWHERE
from analysis.admissions.compared.attributes import attribute, stated
from analysis.admissions.compared.groups import by_attribute, by_label, everything
from analysis.admissions.compared.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Average, Cluster, Setting
from analysis.admissions.engine.adjusted import fit as fit_effects
from analysis.admissions.engine.cohort_effects import apart, parting
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.estimate import Estimate, Kind, PoissonFit, Vcov, estimate, fit_both
from analysis.admissions.uncertainty.dose import Dose, DoseEffect, dose_effect
from analysis.admissions.uncertainty.methods import Also, MethodOptions, methods
from analysis.admissions.uncertainty.other_interventions import other_effects
from analysis.admissions.uncertainty.pretrend import joint_test
from analysis.admissions.uncertainty.rule import (
    Ruling,
    account,
    as_ruled,
    averted_as_ruled,
    clustered,
    compared,
    judge,
    limits,
    treated_homes,
    uncertainty,
    uncertainty_averted,
    uncertainty_gap,
)
from analysis.admissions.uncertainty.scales import three_ways
from analysis.allowed import Entry, Option, check
from analysis.design import Comparison, Design
from analysis.inference.one_thread import compute_on_one_thread
from analysis.later import Constant, Later, LaterLines, Once
from analysis.panel import Panel
from analysis.results import TIDY, By, Cells, Effects

_EMPTY: dict[By, pd.DataFrame] = {"subgroup": pd.DataFrame(columns=["subgroup", *TIDY])}
"""Where the panel knows no attribute to group by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaggeredRates:
    """Average effect on the homes that received an intervention, as a rate ratio and what follows from it.

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
        Within what homes may share their luck: "home", "provider", "area", or "provider and area".
    permutations : int
        Draws of the randomisation test.
    seed : int
        Of those draws.
    also : tuple of Also
        Methods to compute beside the default that take longer: see `methods`.
    average : Average
        "bed_day": every bed-day counts alike; "home": every home does (`groups`).
    effects : Kind
        "home": an effect for every home. "cohort": one for all homes that started in the same month, as most software
        has it; wrong where homes of different rates come, go or change their size differently (`cohort_effects`).
    month_effects_by : tuple of str
        Columns of the panel's units, or "size": months have effects of their own in each kind of home, so that homes
        are compared with homes of their kind only.
    dose : Dose
        "log-linear": also the effect of one unit more of the intervention (`dose`).
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS
    ENTRIES: ClassVar[Mapping[str, Entry]] = ENTRIES
    comparison: Comparison | None = None
    conf_level: float = 0.95
    leads: int = 6
    subgroups: tuple[str, ...] = ("home_type",)
    vcov: Vcov = "CR2"
    cluster: Cluster = "home"
    permutations: int = 1999
    seed: int = 20261122
    also: tuple[Also, ...] = ()
    average: Average = "bed_day"
    effects: Kind = "home"
    month_effects_by: tuple[str, ...] = ()
    dose: Dose = "ignore"

    def __post_init__(self):
        check(self, {**OPTIONS, **SET_ELSEWHERE})
        if self.effects == "cohort" and (self.average == "home" or self.dose != "ignore"):
            raise ValueError(
                "An average over homes, and an effect by dose, need an effect for every home: let each home have a "
                "usual rate of its own (effects = 'home')."
            )

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effects.

        Raises
        ------
        AnalysisError
            If there is no estimate: nobody or everybody treated at once, no admissions, nothing to compare with.
        """
        compute_on_one_thread()
        setting = self.setting(panel, design)
        refuse_before(setting)
        sample = setting.sample()
        refuse_without_estimate(setting, sample)
        fit = self._fit(setting, sample)
        estimates = self._estimates(setting, fit)
        more = None if self.dose == "ignore" else self.by_dose(panel, design)
        return replace(self._effects(setting, fit, estimates, (design, more)), exposure_unit=panel.exposure_unit)

    def setting(self, panel: Panel, design: Design) -> Setting:
        """Say who is compared with whom, in which months."""
        return Setting.of(panel, design, self.comparison, self.cluster, (self.month_effects_by, self.average))

    def _fit(self, setting: Setting, sample: Sample) -> PoissonFit:
        return fit_both(setting, sample, self.vcov, self.effects)

    def _estimates(self, setting: Setting, fit: PoissonFit) -> Mapping[By, Estimate | None]:
        """Estimate every set of effects, each when it is asked for; no kinds of home where none can be."""
        months = setting.months.astype("datetime64[s]")
        sample, treated = fit.sample, fit.sample.treated_cells
        start = months[np.minimum(sample.of_cohorts(setting.start), len(months) - 1)]
        labels: dict[By, np.ndarray] = {
            "event_time": setting.cohort_time(sample),
            "cohort": np.broadcast_to(start[:, None], treated.shape),
            "calendar": np.broadcast_to(months[sample.months], treated.shape),
            "year": setting.cohort_year(sample),
        }
        made: dict[By, Callable[[], Estimate | None]] = {"overall": lambda: estimate(fit, everything(treated))}
        made |= {by: partial(_labelled, fit, label, treated) for by, label in labels.items()}
        made["event_time"] = lambda: self._by_month(setting, _labelled(fit, labels["event_time"], treated))
        if any(name in stated(setting.units) for name in self.subgroups):
            made["subgroup"] = lambda: self._subgroups(setting)
        return Later(made)

    def _by_month(self, setting: Setting, after: Estimate) -> Estimate:
        """Estimate months before the start beside those after it."""
        leads = self._leads(setting)
        return after if leads is None else leads.followed_by(after)

    def _leads(self, setting: Setting) -> Estimate | None:
        """Estimate months before the start, each against all earlier ones: a fit in which they have effects too."""
        sample = setting.sample(leads=self.leads)
        since = setting.cohort_time(sample)
        before = sample.treated_cells & (since < 0)
        if not sample.by_cohort(sample.counts)[before].any():
            return None
        return estimate(self._fit(setting, sample), by_label(since, before))

    def _subgroups(self, setting: Setting) -> Estimate | None:
        """Estimate effects by home attribute, each from a fit in which its values have effects of their own."""
        found = [e for name in self.subgroups if (e := self._by_attribute(setting, name)) is not None]
        return reduce(Estimate.followed_by, found) if found else None

    def _by_attribute(self, setting: Setting, name: str) -> Estimate | None:
        if name not in stated(setting.units):
            return None
        values = attribute(setting.units, name)
        sample = setting.sample(stratum=values.factorize(sort=True)[0])
        if not sample.counts[sample.treated].any():
            return None
        groups = by_attribute(name, pd.Series(sample.of_cohorts(values.to_numpy())), sample.treated_cells)
        return estimate(self._fit(setting, sample), groups)

    def by_dose(self, panel: Panel, design: Design) -> DoseEffect:
        """Estimate the effect of one unit more, over the months that take part in it."""
        changes = bool(design.dosed.size)
        setting = self.setting(panel, replace(design, included=design.dosed) if changes else design)
        return dose_effect(setting, design.dose_by_month if changes else design.dose, self.vcov, self.conf_level)

    def _effects(
        self,
        setting: Setting,
        fit: PoissonFit,
        estimates: Mapping[By, Estimate | None],
        asked: tuple[Design, DoseEffect | None],
    ) -> Effects:
        """Give the answer: what it comes to, now; what stands beside it, when it is asked for."""
        design, more = asked
        overall = _there(estimates["overall"])
        ruling = Once(lambda: judge(fit, overall, conf_level=self.conf_level, draws=self.permutations, seed=self.seed))
        shown = limits(fit, overall, self.conf_level) or ruling()
        every = everything(fit.sample.treated_cells)
        weights = Once(lambda: fit.home_weights(every.marks))
        table = self._table("overall", overall, shown, overall)
        tables: dict[By, Callable[[], pd.DataFrame]] = {by: Constant(none) for by, none in _EMPTY.items()}
        tables |= {by: partial(self._table_of, by, estimates, shown) for by in estimates}
        tables["overall"] = Constant(table)
        covariance: dict[By, Callable[[], np.ndarray]] = {by: partial(_covariance, estimates, by) for by in estimates}
        if more:
            tables["dose"], covariance["dose"] = Constant(more.table), Constant(more.covariance)
        apart = Once(lambda: self._apart(setting, float(overall.std_error[0])))
        diagnosed = self._diagnosed(setting, fit, estimates, (ruling, weights, apart, more))
        return Effects(
            tables=Later(tables),
            summary=self._summary(setting, fit, overall),
            cells=Cells(make=partial(cells_of, setting, fit.saturated, weights), used=used_in(setting, fit.sample)),
            covariance=Later(covariance),
            diagnostics=Later(diagnosed),
            notes=LaterLines(
                lambda: (
                    *design.notes,
                    *notes(setting, fit, overall, ruling(), table),
                    *parting(apart(), self.effects),
                    *(more.notes() if more else ()),
                )
            ),
            caveats=tuple(caveats(setting, fit, overall, self.vcov)),
            call=repr(self),
            average="exposure" if self.average == "bed_day" else "unit",
            against=self._against(setting),
        )

    def _diagnosed(
        self, setting: Setting, fit: PoissonFit, estimates: Mapping[By, Estimate | None], worked: tuple
    ) -> dict[str, Callable[[], pd.DataFrame]]:
        """Say how to make what else a careful reader asks for."""
        ruling, weights, apart, more = worked
        overall = _there(estimates["overall"])
        usual = Once(lambda: estimate(replace(fit, corrected=()), everything(fit.sample.treated_cells)))
        enough = clustered(overall)

        def of(by: By) -> Estimate:
            return _there(estimates[by])

        return {
            "inference": lambda: account(ruling(), overall, usual(), self.conf_level),
            "methods": lambda: methods(fit, overall, usual(), ruling(), self._asked(setting)),
            "pre_trend": lambda: joint_test(of("event_time"), enough=enough, seed=self.seed),
            "bands": lambda: self._bands(of("event_time"), overall),
            "dropped": lambda: diagnostics.dropped(setting, fit),
            "cohorts": lambda: diagnostics.cohorts(of("cohort")),
            "effects": apart,
            "comparison": lambda: diagnostics.comparison(setting, fit),
            "quality": lambda: diagnostics.quality(fit),
            "lasting": lambda: lasting(fit, setting.cohort_year(fit.sample), overall, self.conf_level),
            "leverage": lambda: diagnostics.leverage(setting, weights(), fit),
            "of_homes": lambda: of_homes(setting, fit),
            "degrees_of_freedom": lambda: diagnostics.degrees_of_freedom(
                {by: found for by, found in estimates.items() if found is not None}
            ),
            "others": lambda: other_effects(fit, self.conf_level),
            "dose": lambda: more.facts if more else pd.DataFrame(),
        }

    def _table_of(self, by: By, estimates: Mapping[By, Estimate | None], ruling: Ruling) -> pd.DataFrame:
        found = estimates[by]
        return _EMPTY[by] if found is None else self._table(by, found, ruling, _there(estimates["overall"]))

    def _asked(self, setting: Setting) -> MethodOptions:
        return MethodOptions(
            also=self.also, conf_level=self.conf_level, permutations=self.permutations, seed=self.seed, setting=setting
        )

    def _table(self, by: str, estimate: Estimate, ruling: Ruling, overall: Estimate) -> pd.DataFrame:
        enough = clustered(overall) & compared(estimate)
        logs = uncertainty(estimate, self.conf_level, enough=enough)
        averted = uncertainty_averted(estimate, self.conf_level, enough=enough)
        if by == "overall":
            logs, averted = as_ruled(logs, ruling), averted_as_ruled(averted, overall, ruling)
        gap = averted if self.average == "bed_day" else uncertainty_gap(estimate, self.conf_level, enough=enough)
        return three_ways(by, estimate, logs, (gap, averted))

    def _apart(self, setting: Setting, std_error: float) -> pd.DataFrame:
        """Set effects for homes and for cohorts side by side, every bed-day counting alike."""
        plain = replace(setting, average="bed_day").sample()
        return apart(plain, contrast(fit_effects(plain), plain.treated_cells[None]), std_error)

    def _bands(self, event_time: Estimate, overall: Estimate) -> pd.DataFrame:
        table = diagnostics.bands(event_time, self.conf_level, self.seed)
        return table if clustered(overall) else table.assign(conf_low=np.nan, conf_high=np.nan)

    def _summary(self, setting: Setting, fit: PoissonFit, overall: Estimate) -> dict[str, object]:
        sample, (comparison, not_yet) = fit.sample, diagnostics.serving(setting, fit)
        return {
            "estimand": self._estimand(setting),
            "scale": "log rate ratio",
            "n_units": len(sample.homes),
            "n_treated": treated_homes(overall),
            "n_comparison": comparison,
            "n_clusters": min(len(reference.clusters) for reference in fit.references[:2]),
            "n_obs": int((sample.exposure > 0).sum()),
            "events": int(np.floor((sample.counts / setting.weights_of(sample)).sum() + 1e-6)),
            "exposure": float((sample.exposure / setting.weights_of(sample)).sum()),
            "conf_level": self.conf_level,
            "vcov": f"{self.vcov} by {self.cluster}",
            "converged": fit.converged,
            "dropped": int((sample.reason != "").sum()),
            "not_yet_treated": not_yet,
            "treated_events": int(overall.numbers_observed[0]),
        }

    def _estimand(self, setting: Setting) -> str:
        over = "per bed-day" if self.average == "bed_day" else "per home, each counting alike"
        return f"average effect on the homes that received the intervention, {over}{self._against(setting)}"

    def _against(self, setting: Setting) -> str:
        """Say what the comparison is narrowed to, and what the answer is net of."""
        within = f", against homes of the same {' and '.join(self.month_effects_by)}" if setting.kinds else ""
        net = f", net of {' and '.join(setting.others)}" if setting.others else ""
        return f"{within}{net}".replace("_", " ")


def _labelled(fit: PoissonFit, label: np.ndarray, treated: np.ndarray) -> Estimate:
    return estimate(fit, by_label(label, treated))


def _there(found: Estimate | None) -> Estimate:
    """Give an estimate of a grouping that every panel has."""
    assert found is not None
    return found


def _covariance(estimates: Mapping[By, Estimate | None], by: By) -> np.ndarray:
    found = estimates[by]
    return np.zeros((0, 0)) if found is None else found.covariance
