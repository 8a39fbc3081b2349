"""What did the other interventions do, that the answer is net of?

Their effects are part of θ (`untreated`), one for every year since they began. With b the solution of
(information) b = e_k, one admission more in a cohort-month moves θ_k by b_gt = Z_gt b before the start, and by what
follows from the treated months' own equations after it: the backward solve of `contrasts` with e_k on its right.
"""

import numpy as np
import pandas as pd

from analysis.admissions.compared.untreated import YEAR
from analysis.admissions.engine.adjusted import along_base, information_about, solve
from analysis.admissions.engine.contrasts import without_events
from analysis.admissions.engine.estimate import PoissonFit, errors
from analysis.admissions.uncertainty.rule import FEWEST_FOR_CLUSTERED
from analysis.admissions.uncertainty.scales import t_table

OTHERS = ("intervention", "from_month", "to_month", "homes", "rate_ratio", "df", "conf_low", "conf_high", "p_value")


def other_effects(fit: PoissonFit, conf_level: float) -> pd.DataFrame:
    """One row per other intervention and year since it began: `OTHERS`, months since its start counted from 0.

    Limits are given from as many homes on as for the intervention itself.
    """
    Z = fit.sample.untreated
    known = [] if Z is None else [k for k in range(-len(Z.others), 0) if Z.free[k]]
    if Z is None or not known:
        return pd.DataFrame(columns=list(OTHERS))
    homes = np.array([_homes(fit, k) for k in known])
    theta = (fit.cohorts or fit.saturated).theta[known]  # type: ignore[index] - an adjusted fit has one
    error, df = errors(fit, _weights(fit, known))
    told = t_table(theta, np.where(homes >= FEWEST_FOR_CLUSTERED, error, np.nan), df, conf_level)
    years = np.array([Z.others[k][1] for k in known])
    found = pd.DataFrame({"intervention": [Z.others[k][0] for k in known], "homes": homes, "df": df})
    found = found.assign(from_month=years * YEAR, to_month=(years + 1) * YEAR - 1, p_value=told["p_value"])
    ratio = np.exp(told[["estimate", "conf_low", "conf_high"]]).rename(columns={"estimate": "rate_ratio"})
    return found.join(ratio)[list(OTHERS)]


def _homes(fit, k):
    """Homes that inform the k-th effect: months of it without the intervention under study."""
    sample, columns = fit.sample, fit.sample.untreated.columns
    before = np.arange(len(sample.months)) < np.array([[g.first] for g in sample.cohorts])
    seen = (columns[:, :, k] != 0) & before
    parts = [
        (sample.exposure[g.rows][:, own] > 0).any(axis=1).sum()
        for g, own in zip(sample.cohorts, seen, strict=True)
        if g.informs
    ]
    return int(sum(parts))


def _weights(fit, known):
    """Give the derivative of some θ by the counts of each cohort and month, shape (R, G, T)."""
    saturated = fit.cohorts or fit.saturated
    sample, P = saturated.sample, len(fit.sample.untreated.free)
    right = np.eye(P)[:, known]
    b = solve(sample, information_about(sample, saturated.blocks), right).T
    weights = np.zeros((len(known), *saturated.rates.shape))
    for g, (cohort, block) in enumerate(zip(sample.cohorts, saturated.blocks, strict=True)):
        if cohort.informs:
            f, own = cohort.first, along_base(sample, g, b)
            weights[:, g, :f] = own[:, :f]
            weights[:, g, f:] = -own[:, :f] @ block.solved.T
            nothing = np.zeros(weights[:, g].shape), np.ones(len(known))
            weights[:, g] = without_events(saturated, g, nothing, weights[:, g])
    if fit.cohorts is None:
        return weights
    share = saturated.fitted / saturated.fitted.sum(axis=1, keepdims=True)
    return weights - np.einsum("rgt,gt->rg", weights, share)[:, :, None]
