"""Would one effect for each cohort, instead of one for each home, have told the same?

    y_it ~ E_it · exp(α_g(i) + γ_t + δ_gt·D_it)

needs no more than the sums of counts and bed-days by cohort and month: the saturated model is fitted to cohorts as if
each were one home. Where homes of a cohort share one exposure pattern both models give the same effects. Where homes
come and go they part, and cohort effects are biased if those that leave differ in their rates: homes with high rates
that close after the start look like a fall. Home effects are therefore the rule, and this fit shows what hangs on it.

Source: Wooldridge (2023), Econometrics Journal 26(3), eq. 3.5 (cohort effects, as most software fits it).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Cohort, Sample
from analysis.admissions.engine.adjusted import fit
from analysis.admissions.engine.common_effect import add_information, inverse
from analysis.admissions.engine.contrasts import Contrast, contrast
from analysis.admissions.engine.saturated import Saturated
from analysis.inference.clustered import Reference

FAR = 1.96
"""Standard errors between the models from which the reader is told: the other answer then lies outside the interval."""


def fit_cohorts(sample: Sample) -> Saturated:
    """Fit the saturated model with cohort effects; one row of the sample is then one cohort."""
    return fit(as_cohorts(sample))


def as_cohorts(sample: Sample) -> Sample:
    """Take every cohort as if it were one home."""
    places = [Cohort(rows=slice(g, g + 1), first=c.first, informs=c.informs) for g, c in enumerate(sample.cohorts)]
    return replace(
        sample,
        counts=sample.events,
        exposure=sample.bed_days,
        homes=sample.homes[[c.rows.start for c in sample.cohorts]],
        cohorts=tuple(places),
    )


def spread(sample: Sample, cohorts: Saturated) -> Saturated:
    """Say of every home what a fit of cohorts says of them all: the same rate per bed-day."""
    found: dict[str, Any] = {name: getattr(cohorts, name) for name in cohorts.__dataclass_fields__}
    found["sample"] = sample
    return CohortsSpread(**found)


class CohortsSpread(Saturated):
    """A fit with cohort effects, its means given home by home."""

    def _means(self, rates):
        level = self.weighted / np.where(self.sample.bed_days > 0, self.sample.bed_days, 1.0)
        of_home = np.repeat(np.arange(len(rates)), [g.rows.stop - g.rows.start for g in self.sample.cohorts])
        return self.sample.exposure * (level * rates)[of_home]


def cohort_reference(sample: Sample, of_cohorts: Reference) -> Reference:
    """Give the reference model with an effect for every cohort, from its fit to cohorts as if each were one home."""
    G, T = sample.bed_days.shape
    of_home = np.repeat(np.arange(G), [g.rows.stop - g.rows.start for g in sample.cohorts])
    per_day = of_cohorts.fitted / np.where(sample.bed_days > 0, sample.bed_days, 1.0)
    months = np.broadcast_to(np.eye(T), (G, T, T)) if of_cohorts.base is None else of_cohorts.base
    base = np.concatenate([np.repeat(np.eye(G)[:, None], T, axis=1), months], axis=2)
    H = np.zeros((base.shape[2] + 1,) * 2)
    for mean, Z, d in zip(of_cohorts.fitted, base, of_cohorts.regressor, strict=True):
        add_information(H, np.diag(mean), (np.arange(base.shape[2]), Z), d)
    return replace(of_cohorts, fitted=sample.exposure * per_day[of_home], inverse=inverse(H), base=base, swept=False)


def apart(sample: Sample, home: Contrast, std_error: float) -> pd.DataFrame:
    """Compare the overall effect of both models, one row each: effects, rate_ratio, log_apart, errors_apart.

    Parameters
    ----------
    home : Contrast
        Overall, with home effects.
    std_error : float
        Of its log rate ratio; the unit of `errors_apart`.
    """
    cohort = contrast(fit_cohorts(sample), home.marks)
    logs = np.array([np.log(c.observed[0] / c.expected[0]) for c in (home, cohort)])
    return pd.DataFrame(
        {
            "effects": ["home", "cohort"],
            "rate_ratio": np.exp(logs),
            "log_apart": logs - logs[0],
            "errors_apart": (logs - logs[0]) / std_error,
        }
    )


def parting(table: pd.DataFrame, effects: str) -> Iterator[str]:
    """Say where the two models part, and what is assumed where the model has effects for cohorts."""
    home, cohort = table.iloc[0], table.iloc[1]
    if effects == "cohort":
        yield (
            "This model has one level for all homes that started in the same month. It assumes that homes which come, "
            "go or change their size are like the others of their start; with a level for each home the rate ratio "
            f"would be {home['rate_ratio']:.2f}."
        )
        return
    if abs(cohort["errors_apart"]) > FAR:
        yield (
            "With one effect for each group of homes that started together, instead of one for each home, the rate "
            f"ratio would be {cohort['rate_ratio']:.2f}, outside the interval: the homes that came, went or changed "
            "size were not like the others, and only effects for each home allow for that."
        )
