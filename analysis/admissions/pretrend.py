"""Did homes run alike before the intervention began?

All leads together: W = δ' V⁻¹ δ for the log rate ratios δ of the months before the start. With few treated homes V is
itself uncertain, so W is referred to Hotelling's distribution with the smallest degrees of freedom η of any lead:
(η − q + 1) / (η q) · W ~ F(q, η − q + 1). Where η < q, or too few
homes were treated for a variance by cluster, there is no test, and the p-value is missing.

Source: Borusyak, Jaravel and Spiess (2024), sec. 4.4; Pustejovsky and Tipton (2018), sec. 3.2 (approximate Hotelling).
"""

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from analysis.admissions.estimate import Estimate

PRE_TREND = ("statistic", "df", "df_residual", "p_value")


def joint_test(event_time: Estimate, *, enough: bool) -> pd.DataFrame:
    """One row: F statistic, its degrees of freedom, p-value; empty where no month before the start was estimated."""
    leads = np.flatnonzero((np.array(event_time.keys) < 0) & (event_time.observed > 0))
    if not leads.size:
        return pd.DataFrame(columns=list(PRE_TREND))
    q, left = len(leads), event_time.df[leads].min() - len(leads) + 1
    delta, V = event_time.log_ratio[leads], event_time.covariance[np.ix_(leads, leads)]
    statistic = delta @ np.linalg.pinv(V, hermitian=True) @ delta / q * left / event_time.df[leads].min()
    known = enough and left > 0
    row = (statistic, q, left, fdtrc(q, left, statistic)) if known else (np.nan, q, left, np.nan)
    return pd.DataFrame([row], columns=list(PRE_TREND))
