"""Did homes run alike before the intervention began?

All leads together. Each lead is a sum over clusters, δ = Σ_c s_c with s_c in R^q the clusters' scores under a model
without leads, and

    W = δ' (Σ_c s_c s_c')⁻¹ δ.

If homes ran alike the scores lie about zero, and each could as well have had the other sign. Turning signs at random
leaves Σ s_c s_c' as it is, so the share of turned W at least as large as W is a p-value that needs neither degrees of
freedom nor many homes; with thousands of clusters it is that of the chi-squared distribution, which is then used. Where
no more clusters carry the leads than there are leads, W is the same under every sign: there is no test. Where homes are
clustered in two ways, the signs are those of the coarser clusters.

Source: Kline and Santos (2012), "A score based approach to wild bootstrap inference", Journal of Econometric Methods
1(1), null imposed; Borusyak, Jaravel and Spiess (2024), "Revisiting event study designs", sec. 4.4, for the leads.
"""

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.admissions.engine.estimate import Estimate
from analysis.inference.randomisation import TIE
from analysis.inference.wild import multipliers

PRE_TREND = ("statistic", "df", "p_value", "clusters", "leads", "why")
FEW_CLUSTERS = (
    "fewer than three homes, or groups of homes that may share their luck, had the intervention, so nothing shows how "
    "far months differ by chance"
)
FEW_CARRY = (
    "each of these months rests on one home or hardly more, so a difference cannot be told from that home's luck"
)
"""Why months before the start are not tested."""
DRAWS = 4_999
"""The p-value is then known to about 0.003 at 0.05."""
MANY = 2_000
"""Clusters beyond which the chi-squared distribution stands in for the draws."""


def joint_test(event_time: Estimate, *, enough: bool, seed: int) -> pd.DataFrame:
    """Test all leads together: one row, empty without leads.

    It holds W, the number of leads q, the p-value, how many clusters carry the lead that fewest carry, which leads were
    tested, and why there is no test.

    Leads that few clusters carry (a home that started late, alone) are left out of W, so that they do not silence the
    others: the most are taken for which more clusters than leads carry each.
    """
    leads = np.flatnonzero((np.array(event_time.keys) < 0) & (event_time.observed > 0) & event_time.comparable)
    if not leads.size:
        return pd.DataFrame(columns=list(PRE_TREND))
    carried = _carried(leads, event_time.effective[leads])
    held = carried if carried.size else leads
    W, p_value, why = np.nan, np.nan, ""
    if not enough:
        why = FEW_CLUSTERS
    elif not carried.size:
        why = FEW_CARRY
    else:
        W, p_value = sign_test(event_time.by_coarser()[held], seed)
    tested = tuple(int(event_time.keys[lead]) for lead in held)
    clusters = float(event_time.effective[held].min())
    return pd.DataFrame([(W, len(held), p_value, clusters, tested, why)], columns=list(PRE_TREND))


def _carried(leads: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Take the largest set of leads of which each is carried by more clusters than there are leads, in their order."""
    order = np.argsort(-clusters, kind="stable")
    fits = clusters[order] > np.arange(1, len(leads) + 1)
    return np.sort(leads[order[: int(np.cumprod(fits).sum())]])


def sign_test(scores: np.ndarray, seed: int) -> tuple[float, float]:
    """Compute W and its p-value, the observed signs counted among the draws.

    Parameters
    ----------
    scores : ndarray, shape (q, m)
        What each cluster contributes to each lead.
    seed : int
        Of the signs drawn.
    """
    inverse = np.linalg.pinv(scores @ scores.T, hermitian=True)
    if scores.shape[1] > MANY:
        W = float(scores.sum(axis=1) @ inverse @ scores.sum(axis=1))
        return W, float(chdtrc(len(scores), W))
    signs = multipliers("Rademacher", scores.shape[1], DRAWS, seed)
    sums = np.vstack([np.ones(scores.shape[1]), signs]) @ scores.T
    turned = ((sums @ inverse) * sums).sum(axis=1)
    return float(turned[0]), float((turned >= turned[0] * (1 - TIE)).mean())
