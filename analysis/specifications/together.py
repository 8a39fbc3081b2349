"""What do analyses of the same homes and months have in common, and what does each say?

Analyses over one window are made together. What homes are matched with does not hang on who serves as comparison, so
that is done once; a sample is taken once for all models of it; the model with one effect, from which errors are read,
knows neither who is compared nor what is averaged over, so it is fitted and corrected once (`fit_both`); and the two
errors differ in the residuals only. Each says to the last digit but four what it would say alone (`overall`), which a
test holds.
"""

from dataclasses import replace

import numpy as np

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import Estimate, PoissonFit, estimate_by, fit_both
from analysis.admissions.uncertainty.rule import judge
from analysis.checks.bare import DIGITS, enough_behind
from analysis.design import Design, Plan
from analysis.errors import AnalysisError
from analysis.matching import comparable
from analysis.panel import Panel
from analysis.specifications.choices import MODELS, Specification, within

Told = tuple[float, float, float]
"""Rate ratio and its limits."""


def together(asked: list[Specification]) -> list[list[Specification]]:
    """Put those together that are made of the same homes and months."""
    kinds: dict[tuple, list[Specification]] = {}
    for one in asked:
        kinds.setdefault((one.match, one.ends, one.anticipated), []).append(one)
    return list(kinds.values())


def answers(plain: StaggeredRates, panel: Panel, design: Design, group: list[Specification]) -> list[tuple]:
    """Give a row for each analysis over one window that can be made and told."""
    own = within(panel, design, group[0])
    try:
        if group[0].match != "none":
            own, _ = comparable(panel, own, Plan(intervention=design.intervention, match=group[0].match))
    except AnalysisError:
        return []
    if not enough_behind(panel, own):
        return []
    window, rows = _Window(plain, panel, own), []
    for one in group:
        told = window.told(one)
        if told is not None and np.isfinite(told[0]):
            rows.append((*_shown(panel, told), one.comparison, *one.ends, one.anticipated, one.match, one.model,
                         one.vcov))  # fmt: skip
    return rows


def _shown(panel: Panel, told: Told) -> Told:
    """Of counts as shown, to the digits that may be told."""
    ratio, low, high = (float(np.round(value, DIGITS)) if panel.unseen.size else value for value in told)
    return ratio, low, high


class _Window:
    """Homes and months of some analyses, and what of them has been fitted."""

    def __init__(self, plain: StaggeredRates, panel: Panel, design: Design) -> None:
        self.plain, self.panel, self.design = plain, panel, design
        self.found: dict[tuple, dict[str, Told] | None] = {}
        self.taken: dict[tuple, tuple[Setting, Sample]] = {}
        self.fits: dict[tuple, PoissonFit] = {}

    def told(self, one: Specification) -> Told | None:
        """Say what one analysis says; nothing where it refuses."""
        key = one.comparison, one.model
        if key not in self.found:
            try:
                self.found[key] = self._by_error(one)
            except AnalysisError:
                self.found[key] = None
        found = self.found[key]
        return None if found is None else found[one.vcov]

    def _by_error(self, one: Specification) -> dict[str, Told]:
        model = replace(self.plain, **dict(MODELS)[one.model])  # type: ignore[arg-type]
        setting, sample = self._taken(one, model)
        kind = model.effects, model.month_effects_by
        fit = fit_both(setting, sample, "CR2", model.effects, like=self.fits.get(kind))
        self.fits.setdefault(kind, fit)
        found = estimate_by(fit, everything(sample.treated_cells))
        return {vcov: _told(fit, own, model.conf_level) for vcov, own in found.items()}

    def _taken(self, one: Specification, model: StaggeredRates) -> tuple[Setting, Sample]:
        key = one.comparison, model.month_effects_by, model.average
        if key not in self.taken:
            setting = model.setting(self.panel, replace(self.design, comparison=one.comparison))
            refuse_before(setting)
            sample = setting.sample()
            refuse_without_estimate(setting, sample)
            self.taken[key] = setting, sample
        return self.taken[key]


def _told(fit: PoissonFit, found: Estimate, conf_level: float) -> Told:
    """Rate ratio and limits by the rule of the answer, nothing drawn."""
    if not np.isfinite(found.log_ratio[0]):
        return np.nan, np.nan, np.nan
    ruling = judge(fit, found, conf_level=conf_level, draws=0, seed=0)
    middle, low, high = np.exp([found.log_ratio[0], ruling.low, ruling.high])
    return float(middle), float(low), float(high)
