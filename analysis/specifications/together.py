"""What do analyses of the same homes and months have in common, and what does each say?

Analyses over one window are made together. What homes are matched with does not hang on who serves as comparison, so
that is done once; a sample is taken once for all models of it; the model with one effect, from which errors are read,
knows neither who is compared nor what is averaged over, so it is fitted and corrected once (`fit_both`); and the two
errors differ in the residuals only. Each says to the last digit but four what it would say alone (`overall`), which a
test holds.
"""

from dataclasses import replace
from itertools import groupby

import numpy as np

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import Estimate, PoissonFit, estimate_by, fit_both
from analysis.admissions.engine.noise import NoiseFit
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
    told = _Window(plain, panel, own).told(group)
    return [
        (*_shown(panel, found), one.comparison, *one.ends, one.anticipated, one.match, one.model, one.vcov)
        for one in group
        if (found := told[one]) is not None and np.isfinite(found[0])
    ]


def _shown(panel: Panel, told: Told) -> Told:
    """Of counts as shown, to the digits that may be told."""
    ratio, low, high = (float(np.round(value, DIGITS)) if panel.unseen.size else value for value in told)
    return ratio, low, high


class _Window:
    """Homes and months of some analyses, and what of them has been fitted."""

    def __init__(self, plain: StaggeredRates, panel: Panel, design: Design) -> None:
        self.plain, self.panel, self.design = plain, panel, design
        self.taken: dict[str, tuple[Setting, Sample]] = {}
        self.noise: NoiseFit | None = None

    def told(self, group: list[Specification]) -> dict[Specification, Told | None]:
        """Say what each analysis says; nothing where it refuses."""
        told: dict[Specification, Told | None] = {}
        for (_, by), some in groupby(sorted(group, key=_kind), key=_kind):  # what one needs is let go before the next
            self.noise, self.taken, found = None, {} if by else self.taken, {}
            for one in some:
                key = one.comparison, one.model
                if key not in found:
                    found[key] = self._by_error_or_none(one)
                told[one] = found[key] and found[key][one.vcov]
        return told

    def _by_error_or_none(self, one: Specification) -> dict[str, Told] | None:
        try:
            return self._by_error(one)
        except AnalysisError:
            return None

    def _by_error(self, one: Specification) -> dict[str, Told]:
        model = replace(self.plain, **dict(MODELS)[one.model])  # type: ignore[arg-type]
        setting, sample = self._taken(one, model)
        fit = fit_both(setting, sample, "CR2", model.effects, like=self.noise)
        self.noise = self.noise or fit.noise
        found = estimate_by(fit, everything(sample.treated_cells))
        return {vcov: _told(fit, own, model.conf_level) for vcov, own in found.items()}

    def _taken(self, one: Specification, model: StaggeredRates) -> tuple[Setting, Sample]:
        """Take what can be compared; kept where another model asks for the same."""
        if one.comparison in self.taken and _shared(model):
            return self.taken[one.comparison]
        setting = model.setting(self.panel, replace(self.design, comparison=one.comparison))
        refuse_before(setting)
        sample = setting.sample()
        refuse_without_estimate(setting, sample)
        if _shared(model):
            self.taken[one.comparison] = setting, sample
        return setting, sample


def _shared(model: StaggeredRates) -> bool:
    return model.average == "bed_day" and not model.month_effects_by


def _kind(one: Specification) -> tuple[str, str]:
    """Say what the model with one effect is made of."""
    options = dict(MODELS)[one.model]
    return options.get("effects", "home"), " ".join(options.get("month_effects_by", ()))


def _told(fit: PoissonFit, found: Estimate, conf_level: float) -> Told:
    """Rate ratio and limits by the rule of the answer, nothing drawn."""
    if not np.isfinite(found.log_ratio[0]):
        return np.nan, np.nan, np.nan
    ruling = judge(fit, found, conf_level=conf_level, draws=0, seed=0)
    middle, low, high = np.exp([found.log_ratio[0], ruling.low, ruling.high])
    return float(middle), float(low), float(high)
