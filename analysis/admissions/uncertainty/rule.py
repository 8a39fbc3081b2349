"""Which interval can be trusted with this many homes on either side?

| homes supported | homes compared | interval shown | p shown |
|---|---|---|---|
| 1 | any | none | rank among all homes, by permutation |
| any | 1 | none | the same |
| 2 | 2 or more | inverted randomisation test | randomisation |
| 3 or more | 2 or more | CR2 with Bell–McCaffrey degrees of freedom | its t test; randomisation beside it |
| one carries over four fifths of its side | | none | none |

With fewer than three treated homes every cluster-robust variance fails: at one it rejects a true null 82% of the time.
With one home to compare with it rejects 77%: that home is fitted by itself and shows no noise. Two or three are safe
(0.5 and 1.2% with 38 and 37 treated), because the degrees of freedom know of them. Who serves as comparison is counted
for every estimate by itself (`sides`); estimates of single months and cohorts keep their interval with one or two
treated homes, where the error is measured on all homes at one common effect (0 to 4% of true nulls rejected).
A model-based standard error is never shown: months within a home are correlated, and it rejects 14 to 25% of the time.
The usual interval (CR1, normal limits as most software gives) is computed only to be shown beside the one used.

The counts are of clusters. Where homes are clustered by provider or area, whole clusters are permuted if all
homes of every treated one began in the same month. Otherwise there is no permutation test (nothing says how the homes
of a provider came to be treated), nor where the model has more or less than an effect for every home and every month
(`applicable`); below three treated clusters nothing is then shown but the estimate.

Source: size table of this project (`bench`), 80 homes, 36 months; MacKinnon and Webb (2018, 2020) on few treated
clusters.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.admissions.engine.common_effect import fit_common
from analysis.admissions.engine.estimate import Estimate, PoissonFit
from analysis.admissions.uncertainty.applicable import inapplicable
from analysis.admissions.uncertainty.scales import carried, t_table
from analysis.inference.randomisation import Assignments, Null, assign, invert, p_value

FEWEST_FOR_CLUSTERED = 3
"""Treated homes from which CR2 keeps its size (1.9% at three; 1.0% but three times as wide at two; 82% at one)."""
FEWEST_COMPARED = 2
"""Homes to compare with from which CR2 keeps its size (0.5% at two, 1.2% at three; 77% at one)."""
CARRIED = 0.8
"""A home with more than this part of its side leaves no interval: with nine tenths a true null is rejected 20%."""
HEAVY = 1 / 3
"""A home with more than this part of its side is named in the headline: with a half a true null is rejected 9%."""
CLUSTERED = "cluster-robust t interval"
CARRIED_BY_ONE = "no interval: one home or group of homes carries the answer"
INVERTED = "inverted randomisation test"
NOTHING = "no interval: too few clusters"
RANK = "rank among all homes; no interval"
RANK_OF_CLUSTER = "rank among all clusters of homes; no interval"
WHY = {
    CLUSTERED: "From three treated clusters on, the bias-reduced error with its own degrees of freedom rejects a true "
    "null hypothesis about as often as it says.",
    INVERTED: "With two treated clusters every cluster-robust error fails; the effects that a randomisation test does "
    "not reject can still be told.",
    RANK: "With one treated home, or one to compare with, nothing shows how much it varies by itself; only its place "
    "among all homes is known.",
    RANK_OF_CLUSTER: "With one treated cluster, or one to compare with, nothing shows how much it varies by itself; "
    "only its place among all clusters is known.",
    NOTHING: "With fewer than three treated clusters, or one to compare with, every cluster-robust error fails, and no "
    "randomisation test was possible.",
    CARRIED_BY_ONE: "Where one carries nearly all of its side, the error does not know how much it varies by itself.",
}
"""Why each is the one that is used."""
FEW_DEGREES = 4.0
"""Below this the t approximation to a cluster-robust statistic is unreliable (Pustejovsky and Tipton 2018)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ruling:
    """What may be said of the overall log rate ratio's uncertainty.

    Parameters
    ----------
    method : str
        In words.
    p_value, low, high : float
        What is shown; limits of the log rate ratio.
    df, effective : float
        Degrees of freedom and effective number of clusters; missing where no cluster-robust variance is used.
    randomisation_p : float
    """

    method: str
    p_value: float
    low: float
    high: float
    df: float
    effective: float
    randomisation_p: float


def treated_homes(estimate: Estimate) -> int:
    """Homes with the intervention behind an overall estimate."""
    return int(estimate.n_homes[0])


def clustered(overall: Estimate) -> bool:
    """Whether there are enough clusters on both sides for a variance by cluster, and none carries its side."""
    return (
        int(overall.n_clusters[0]) >= FEWEST_FOR_CLUSTERED
        and bool(compared(overall)[0])
        and not carried_by_one(overall)
    )


def compared(estimate: Estimate) -> np.ndarray:
    """Whether each estimate has enough clusters to compare with, shape (R,)."""
    return estimate.n_compared >= FEWEST_COMPARED


def carried_by_one(overall: Estimate) -> bool:
    """Whether one cluster has nearly all of a side on which there are others."""
    sides = ((overall.n_clusters, overall.treated_share), (overall.n_compared, overall.compared_share))
    return any(int(count[0]) > 1 and float(share[0]) > CARRIED for count, share in sides)


def uncertainty(estimate: Estimate, conf_level: float, *, enough: bool | np.ndarray) -> pd.DataFrame:
    """Log rate ratios with standard error, p-value and limits; NaN where no cluster-robust interval can be trusted.

    Parameters
    ----------
    enough : bool or ndarray of bool, shape (R,)
        Whether there are enough clusters on both sides.
    """
    return t_table(estimate.log_ratio, _error(estimate, estimate.std_error, enough), estimate.df, conf_level)


def uncertainty_averted(estimate: Estimate, conf_level: float, *, enough: bool | np.ndarray) -> pd.DataFrame:
    """Say of admissions averted what `uncertainty` says of log rate ratios; no limits where none was observed."""
    std_error = _error(estimate, estimate.averted_std_error, enough)
    return t_table(estimate.averted, std_error, estimate.averted_df, conf_level)


def uncertainty_gap(estimate: Estimate, conf_level: float, *, enough: bool | np.ndarray) -> pd.DataFrame:
    """Say of C − O, as it is averaged, what `uncertainty` says of log rate ratios."""
    std_error = _error(estimate, estimate.gap_std_error, enough)
    return t_table(estimate.gap, std_error, estimate.gap_df, conf_level)


def _error(estimate, std_error, enough):
    return np.where(enough & (estimate.observed > 0) & estimate.comparable, std_error, np.nan)


def judge(fit: PoissonFit, overall: Estimate, *, conf_level: float, draws: int, seed: int) -> Ruling:
    """Choose the interval by the number of homes on either side.

    Parameters
    ----------
    draws : int
        Of the randomisation test; none where zero.
    """
    enough, ranked = clustered(overall), stands_alone(overall)
    by_cluster = _by_cluster(overall, conf_level)
    starts = cluster_starts(fit)
    if not draws or starts is None or by_cluster.method == CARRIED_BY_ONE:
        return by_cluster
    assignments = assign(starts, len(fit.sample.months), draws, seed)
    p = p_value(fit_null(fit, 0.0), assignments, studentised=not ranked)
    if enough:
        return replace(by_cluster, randomisation_p=p)
    rank = RANK if len(starts) == len(fit.sample.homes) else RANK_OF_CLUSTER
    low, high = (np.nan, np.nan) if ranked else inverted(fit, assignments, conf_level)
    return Ruling(
        method=rank if ranked else INVERTED,
        p_value=p, low=low, high=high, df=np.nan, effective=np.nan, randomisation_p=p,
    )  # fmt: skip


def limits(fit: PoissonFit, overall: Estimate, conf_level: float) -> Ruling | None:
    """Give what `judge` says where its limits and p-value rest on no permutation; None where they do.

    The randomisation test that may stand beside them, which takes longest of all, is missing.
    """
    by_cluster = _by_cluster(overall, conf_level)
    settled = clustered(overall) or by_cluster.method == CARRIED_BY_ONE or cluster_starts(fit) is None
    return by_cluster if settled else None


def stands_alone(overall: Estimate) -> bool:
    """Whether one cluster makes up a side by itself."""
    return int(overall.n_clusters[0]) == 1 or int(overall.n_compared[0]) <= 1


def _by_cluster(overall, conf_level):
    """Tell what the variance by cluster says; nothing where too few clusters stand on a side."""
    enough = clustered(overall)
    shown = uncertainty(overall, conf_level, enough=enough).iloc[0]
    return Ruling(
        method=CLUSTERED if enough else CARRIED_BY_ONE if _only_carried(overall) else NOTHING,
        p_value=shown["p_value"],
        low=shown["conf_low"],
        high=shown["conf_high"],
        df=overall.df[0] if enough else np.nan,
        effective=overall.effective[0] if enough else np.nan,
        randomisation_p=np.nan,
    )


def _only_carried(overall):
    """Whether the numbers would do, were it not for one that carries its side."""
    few = int(overall.n_clusters[0]) < FEWEST_FOR_CLUSTERED or not compared(overall)[0]
    return carried_by_one(overall) and not few


def cluster_starts(fit: PoissonFit) -> np.ndarray | None:
    """First treated month of each cluster, shape (m,); None where clusters cannot change places as a whole."""
    if inapplicable("randomisation", fit):
        return None
    first, of_home = fit.sample.first, _of_home(fit)
    if of_home is None:
        return first
    starts = np.empty(of_home.max() + 1, dtype=np.int64)
    starts[of_home] = first
    return starts if (starts[of_home] == first).all() else None


def _of_home(fit: PoissonFit) -> np.ndarray | None:
    """Cluster of each home of the sample, shape (n,); None where every home is its own, in the order of the sample."""
    clusters, of_home = np.unique(fit.reference.cluster, return_inverse=True)
    return of_home if len(clusters) < len(of_home) else None


def inverted(fit: PoissonFit, assignments: Assignments, conf_level: float) -> tuple[float, float]:
    """Limits of the log rate ratio by inverting the randomisation test, around the common effect (p = 1 there)."""
    return invert(lambda effect: p_value(fit_null(fit, effect), assignments), fit.common_effect, conf_level)


def fit_null(fit: PoissonFit, effect: float) -> Null:
    """Home and month effects fitted to the counts with a given effect taken out of the treated months."""
    sample = fit.sample
    without = replace(sample, counts=sample.counts * np.exp(-effect * sample.treated))
    common = fit_common(
        without, np.zeros((len(sample.cohorts), len(sample.months)), dtype=bool), fit.saturated.month_rates
    )
    return Null(
        counts=without.counts,
        fitted=common.fitted,
        inverse=common.basis_inverse[:-1, :-1],
        cluster=_of_home(fit),
    )


def as_ruled(logs: pd.DataFrame, ruling: Ruling) -> pd.DataFrame:
    """Replace what the overall row says of log ρ by what the rule allows to be said."""
    return logs.assign(p_value=ruling.p_value, conf_low=ruling.low, conf_high=ruling.high)


def averted_as_ruled(averted: pd.DataFrame, overall: Estimate, ruling: Ruling) -> pd.DataFrame:
    """Replace what the overall row says of admissions averted, where the randomisation test is the rule."""
    if ruling.method == CLUSTERED:
        return averted
    low, high = carried(
        np.array([ruling.low]), np.array([ruling.high]), overall.numbers_observed, overall.numbers_expected
    )
    return averted.assign(p_value=ruling.p_value, conf_low=low, conf_high=high)


def account(ruling: Ruling, overall: Estimate, usual: Estimate, conf_level: float) -> pd.DataFrame:
    """One row: which inference was used, and what the usual one would have said; limits are of the rate ratio.

    The usual one is CR1 with the t distribution on clusters − 1 degrees of freedom.
    """
    plain = uncertainty(usual, conf_level, enough=True).iloc[0]
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        shown, printed = np.exp([ruling.low, ruling.high]), np.exp([plain["conf_low"], plain["conf_high"]])
    return pd.DataFrame(
        {
            "method": [ruling.method],
            "why": [WHY[ruling.method]],
            "treated_homes": [treated_homes(overall)],
            "treated_clusters": [int(overall.n_clusters[0])],
            "compared_clusters": [int(overall.n_compared[0])],
            "treated_share": [float(overall.treated_share[0])],
            "compared_share": [float(overall.compared_share[0])],
            "df": [ruling.df],
            "effective_clusters": [ruling.effective],
            "p_value": [ruling.p_value],
            "randomisation_p": [ruling.randomisation_p],
            "conf_low": [shown[0]],
            "conf_high": [shown[1]],
            "usual_p": [plain["p_value"]],
            "usual_low": [printed[0]],
            "usual_high": [printed[1]],
        }
    )
