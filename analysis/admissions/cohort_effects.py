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

import numpy as np
import pandas as pd

from analysis.admissions.contrasts import Contrast, contrast
from analysis.admissions.sample import Cohort, Sample
from analysis.admissions.saturated import Saturated, fit_saturated

FAR = 1.96
"""Standard errors between the models from which the reader is told: the other answer then lies outside the interval."""


def fit_cohorts(sample: Sample) -> Saturated:
    """Fit the saturated model with cohort effects; one row of the sample is then one cohort."""
    places = [Cohort(rows=slice(g, g + 1), first=c.first, informs=c.informs) for g, c in enumerate(sample.cohorts)]
    cohorts = replace(
        sample,
        counts=sample.events,
        exposure=sample.bed_days,
        homes=sample.homes[[c.rows.start for c in sample.cohorts]],
        cohorts=tuple(places),
    )
    return fit_saturated(cohorts)


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


def parting(table: pd.DataFrame) -> Iterator[str]:
    """Say where the two models part."""
    cohort = table.iloc[1]
    if abs(cohort["errors_apart"]) > FAR:
        yield (
            "With one effect for each group of homes that started together, instead of one for each home, the rate "
            f"ratio would be {cohort['rate_ratio']:.2f}, outside the interval: the homes that came, went or changed "
            "size were not like the others, and only effects for each home allow for that."
        )
