"""What would other methods have said of the same effect?

All of them side by side, the default marked. The usual error, the bias-reduced one and the randomisation test cost next
to nothing and are always there; those that fit or draw many times over are computed when asked for:

| asked for | what is done |
|---|---|
| CR3 | every cluster left out and all refitted; t with the degrees of freedom of the default |
| cluster bootstrap | clusters drawn anew within each cohort and all refitted; percentiles |
| wild score, wild score Webb | score bootstrap under the null; the effects it does not reject |
| randomisation interval | the effects that the randomisation test does not reject |
| start months | randomisation of the start months among the treated |
| two ways | homes may share their luck with those of their provider and with those of their area |

CR2, CR1, CR3, two ways and the cluster bootstrap are about the average effect on the treated; the others about one
effect common to all homes and months.

Source: see `analysis.inference.resampling`, `wild`, `randomisation` and `two_way`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.setting import Setting, groupings
from analysis.admissions.engine.estimate import Estimate, PoissonFit, estimate
from analysis.admissions.uncertainty.applicable import inapplicable, is_plain
from analysis.admissions.uncertainty.rule import CLUSTERED, Ruling, cluster_starts, fit_null, inverted, uncertainty
from analysis.admissions.uncertainty.scales import t_table
from analysis.admissions.uncertainty.without_each import without_each
from analysis.inference.clustered import correct
from analysis.inference.left_out import refit_without_each
from analysis.inference.randomisation import assign, assign_starts, invert, p_value
from analysis.inference.refits import SaturatedFit, refit
from analysis.inference.resampling import (
    drawn_with_replacement,
    jackknife_variance,
    leave_one_out,
    percentiles,
    sign_p_value,
)
from analysis.inference.wild import Weights, multipliers, score_p_value

Also = Literal[
    "CR3", "cluster bootstrap", "wild score", "wild score Webb", "randomisation interval", "start months", "two ways"
]
"""Methods that take longer than the default."""

DRAWS = 999
"""Of each bootstrap: a p-value of 0.05 is then known to within 0.014."""
LOST = 0.01
"""Where more than this share of bootstrap draws has no estimate, the rest would not speak for all; nothing is shown."""

GOOD_FOR = {
    "CR2": "The default from three treated homes: errors corrected for the leverage of few treated homes.",
    "CR1": "What most software prints; too small unless cohorts and the number of treated homes are large.",
    "randomisation": "Right with any number of treated homes if all feel the same effect; no standard error.",
    "CR3": "Cautious: how far the answer moves when each home is left out. Wide with few treated homes.",
    "cluster bootstrap": "No formula behind it; far too narrow where few homes start in the same month.",
    "wild score": "Good from about five treated homes; with two it can hardly reject, with one it says nothing.",
    "wild score Webb": "As the wild score, for few clusters in all.",
    "randomisation interval": "All effects the randomisation test does not reject; trusts that homes are alike.",
    "two ways": "When homes of one provider, and homes of one area, may both share their luck; needs several of each.",
    "start months": "When every home is treated in the end: would other start dates have shown as much?",
}
METHODS = ("method", "std_error", "df", "conf_low", "conf_high", "p_value", "default", "good_for")


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOptions:
    """What the specification asks of the methods beside the default, and of what panel."""

    also: tuple[Also, ...]
    conf_level: float
    permutations: int
    seed: int
    setting: Setting


def methods(fit: PoissonFit, overall: Estimate, usual: Estimate, ruling: Ruling, asked: MethodOptions) -> pd.DataFrame:
    """One row per method: `METHODS`; std_error and df are of the log rate ratio, limits of the rate ratio."""
    rows = [*_cheap(fit, overall, usual, ruling, asked), *(_asked(name, fit, overall, asked) for name in asked.also)]
    table = pd.DataFrame(rows).reindex(columns=list(METHODS))
    table["good_for"] = table["good_for"].astype(object).fillna(table["method"].map(GOOD_FOR))
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        table[["conf_low", "conf_high"]] = np.exp(table[["conf_low", "conf_high"]])
    return table


def _cheap(fit, overall, usual, ruling, asked) -> Iterator[dict]:
    """Tell what the default has computed already."""
    by_t = ruling.method == CLUSTERED
    if fit.corrected:
        yield _row("CR2", uncertainty(overall, asked.conf_level, enough=True).iloc[0], overall.df[0], default=by_t)
    plain = uncertainty(usual, asked.conf_level, enough=True).iloc[0]
    yield _row("CR1", plain, usual.df[0], default=by_t and not fit.corrected)
    limits = (np.nan, np.nan) if by_t else (ruling.low, ruling.high)
    if why := inapplicable("randomisation", fit):
        yield _none("randomisation", why) | {"default": not by_t}
        return
    yield _drawn("randomisation", limits, ruling.randomisation_p) | {"default": not by_t}


def _none(method, why):
    """Give a row that says why the method has no number here."""
    return _drawn(method, (np.nan, np.nan), np.nan) | {"good_for": f"Not computed: {why}."}


def _row(method, told, df, *, default=False):
    shown = {name: told[name] for name in ("std_error", "conf_low", "conf_high", "p_value")}
    return {"method": method, "df": df, "default": bool(default)} | shown


def _drawn(method, limits, p, std_error=np.nan):
    """Give a row without degrees of freedom."""
    told = {"std_error": std_error, "conf_low": limits[0], "conf_high": limits[1], "p_value": p}
    return _row(method, told, np.nan)


def _asked(method, fit, overall, asked):
    if why := inapplicable(method, fit):
        return _none(method, why)
    if method == "CR3":
        return _jackknife(fit, overall, asked)
    if method == "cluster bootstrap":
        return _bootstrap(fit, asked)
    if method == "two ways":
        return _two_ways(fit, overall, asked)
    if method in ("start months", "randomisation interval"):
        return _randomisation(method, fit, asked)
    return _wild(method, fit, asked) if overall.n_clusters[0] > 1 else _drawn(method, (np.nan, np.nan), np.nan)


def _jackknife(fit, overall, asked):
    cluster = fit.reference.cluster
    if not is_plain(fit):
        left_out = without_each(asked.setting, fit)
    elif len(np.unique(cluster)) == len(cluster):
        left_out = refit_without_each(_model(fit))
    else:
        left_out = refit(_model(fit), leave_one_out(cluster))
    error = np.array([np.sqrt(jackknife_variance(left_out, overall.log_ratio[0]))])
    return _row("CR3", t_table(overall.log_ratio, error, overall.df, asked.conf_level).iloc[0], overall.df[0])


def _bootstrap(fit, asked):
    cohort = np.repeat(np.arange(len(fit.sample.cohorts)), [g.rows.stop - g.rows.start for g in fit.sample.cohorts])
    found = refit(_model(fit), drawn_with_replacement(fit.reference.cluster, cohort, DRAWS, asked.seed))
    if np.isnan(found).mean() > LOST:
        return _drawn("cluster bootstrap", (np.nan, np.nan), np.nan)
    limits = percentiles(found, asked.conf_level)
    return _drawn("cluster bootstrap", limits, sign_p_value(found), float(np.nanstd(found, ddof=1)))


def _two_ways(fit, overall, asked):
    """Cluster the overall effect by provider and area; `cluster` does it for every set of effects."""
    by = groupings(asked.setting.units, "provider and area")
    references = tuple(replace(fit.reference, cluster=each[fit.sample.homes]) for each in by)
    both = replace(
        fit,
        references=references,
        corrected=tuple(map(correct, references)),
        n_clusters=tuple(int(each.max()) + 1 for each in by),
    )
    found = estimate(both, everything(fit.sample.treated_cells))
    told = t_table(overall.log_ratio, found.std_error, found.df, asked.conf_level).iloc[0]
    return _row("two ways", told, found.df[0])


def _wild(method, fit, asked):
    kind: Weights = "Webb" if method == "wild score Webb" else "Rademacher"
    cluster = fit.reference.cluster
    v = multipliers(kind, len(np.unique(cluster)), DRAWS, asked.seed)

    def p(effect):
        return score_p_value(fit_null(fit, effect), fit.sample.treated, cluster, v)

    return _drawn(method, invert(p, fit.common_effect, asked.conf_level), p(0.0))


def _randomisation(method, fit, asked):
    """Nothing where the homes of a cluster did not start together, or no draws are wanted."""
    starts = cluster_starts(fit)
    if not asked.permutations or starts is None:
        return _drawn(method, (np.nan, np.nan), np.nan)
    draw = assign if method == "randomisation interval" else assign_starts
    assignments = draw(starts, len(fit.sample.months), asked.permutations, asked.seed)
    limits = inverted(fit, assignments, asked.conf_level) if draw is assign else (np.nan, np.nan)
    return _drawn(method, limits, p_value(fit_null(fit, 0.0), assignments))


def _model(fit):
    sample = fit.sample
    return SaturatedFit(
        counts=sample.counts,
        fitted=fit.saturated.fitted,
        counterfactual=np.where(sample.treated, fit.saturated.counterfactual, 0.0),
        rows=tuple(g.rows for g in sample.cohorts),
        first=tuple(g.first for g in sample.cohorts),
        informs=tuple(g.informs for g in sample.cohorts),
    )
