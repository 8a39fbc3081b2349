"""What else a careful reader asks for."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import Estimate, PoissonFit
from analysis.admissions.uncertainty.rule import compared, uncertainty
from analysis.inference.bands import common_level
from analysis.results import By


def dropped(setting: Setting, fit: PoissonFit) -> pd.DataFrame:
    """Homes left out, with the reason: unit, reason."""
    out = np.flatnonzero(fit.sample.reason != "")
    return pd.DataFrame({"unit": setting.units.index[out], "reason": setting.reasons(fit.sample)[out]})


def serving(setting: Setting, fit: PoissonFit) -> tuple[int, int]:
    """Count homes that serve as comparison, and those of them that start later themselves.

    A home serves where it has a month without the intervention, informs the months' effects, and some home (of its
    kind) has the intervention in that month.
    """
    sample, T = fit.sample, len(setting.months)
    informs = np.concatenate([np.full(g.rows.stop - g.rows.start, g.informs) for g in sample.cohorts])
    treated, kind = sample.treated, setting.kind[sample.homes]
    serves = np.zeros(len(informs), dtype=bool)
    for k in np.unique(kind):
        some = kind == k
        months = treated[some].any(axis=0)
        serves[some] = ((sample.exposure[some] > 0) & ~treated[some])[:, months].any(axis=1)
    serves &= informs
    return int(serves.sum()), int((serves & (setting.start[sample.homes] < T)).sum())


def cohorts(cohort: Estimate) -> pd.DataFrame:
    """Weight of each cohort in the overall effect: cohort, homes, observed, expected, weight."""
    return pd.DataFrame(
        {
            "cohort": cohort.keys,
            "homes": cohort.n_homes,
            "observed": cohort.numbers_observed,
            "expected": cohort.numbers_expected,
            "weight": cohort.expected / cohort.expected.sum(),
        }
    )


def comparison(setting: Setting, fit: PoissonFit) -> pd.DataFrame:
    """Homes without the intervention that inform each month: month, homes, admissions, exposure."""
    sample = fit.sample
    informs = np.concatenate([np.full(g.rows.stop - g.rows.start, g.informs) for g in sample.cohorts])
    untreated = (sample.exposure > 0) & ~sample.treated & informs[:, None]
    return pd.DataFrame(
        {
            "month": setting.months[sample.months].astype("datetime64[s]"),
            "homes": untreated.sum(axis=0),
            "admissions": np.floor((sample.counts * untreated).sum(axis=0) + 0.5),
            "exposure": (sample.exposure * untreated).sum(axis=0),
        }
    )


def quality(fit: PoissonFit) -> pd.DataFrame:
    """One row: converged, iterations, dispersion, autocorrelation of residuals a month apart.

    Dispersion is Pearson's statistic over its degrees of freedom, from the common-effect model; 1 is Poisson.
    """
    reference, n, T = fit.reference, *fit.sample.counts.shape
    used = reference.fitted > 0
    r = np.divide(reference.counts - reference.fitted, np.sqrt(reference.fitted), out=np.zeros((n, T)), where=used)
    both = used[:, 1:] & used[:, :-1]
    lagged = (r[:, 1:] * r[:, :-1])[both].mean() if both.any() else np.nan
    return pd.DataFrame(
        {
            "converged": [fit.converged],
            "iterations": [fit.saturated.iterations],
            "dispersion": [(r**2).sum() / max(used.sum() - n - T, 1)],
            "autocorrelation": [lagged / (r[used] ** 2).mean()],
        }
    )


def leverage(setting: Setting, weights: np.ndarray, fit: PoissonFit) -> pd.DataFrame:
    """How much of the overall effect's uncertainty each home carries: unit, share; largest first.

    The share is the home's part of the variance of the log rate ratio under the working model, Σ_t ω² μ.
    """
    part = (weights**2 * fit.reference.fitted).sum(axis=1)
    table = pd.DataFrame({"unit": setting.units.index[fit.sample.homes], "share": part / part.sum()})
    return table.sort_values(["share", "unit"], ascending=[False, True]).reset_index(drop=True)


def bands(event_time: Estimate, conf_level: float, seed: int) -> pd.DataFrame:
    """Simultaneous band of the event study, on the scale of the rate ratio: event_time, estimate, conf_low, conf_high.

    Event times without an admission, or without a variance, stand outside the band and have no limits.
    """
    known = (event_time.observed > 0) & event_time.comparable & compared(event_time)
    known &= (event_time.scores != 0).any(axis=1)
    level = common_level(event_time.covariance[np.ix_(known, known)], conf_level, seed) if known.any() else conf_level
    logs = uncertainty(event_time, level, enough=True)[["estimate", "conf_low", "conf_high"]]
    logs.loc[~known, ["conf_low", "conf_high"]] = np.nan
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        return pd.DataFrame({"event_time": event_time.keys}).join(np.exp(logs))


def degrees_of_freedom(estimates: Mapping[By, Estimate]) -> pd.DataFrame:
    """Tell what every estimate rests on.

    by, key, homes, df, effective_clusters, and of either side how many clusters and the largest part of one
    (`sides`): treated_clusters, compared_clusters, treated_share, compared_share.
    """
    rows = [
        pd.DataFrame({"by": by, "key": [str(k) for k in e.keys], "homes": e.n_homes, "df": e.df,
                      "effective_clusters": e.effective, "treated_clusters": e.n_clusters,
                      "compared_clusters": e.n_compared, "treated_share": e.treated_share,
                      "compared_share": e.compared_share})
        for by, e in estimates.items()
    ]  # fmt: skip
    return pd.concat(rows, ignore_index=True)
