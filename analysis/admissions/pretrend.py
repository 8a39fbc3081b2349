"""Did homes run alike before the intervention began?

All leads together: W = δ' V⁻¹ δ for the q log rate ratios δ of the months before the start. V is read from residuals
of a model without leads, so W cannot exceed the number η of homes that carry it: for η alike homes W / η follows
Beta(q/2, (η − q)/2), that is

    (W / q) · (η − q) / (η − W)  ~  F(q, η − q),

with η the leads' mean Satterthwaite degrees of freedom. (Chi-squared and Hotelling's distribution, made for residuals
with leads, would never reject.) Where η ≤ q, or too few homes were treated for a variance by cluster, there is no test.

Source: Borusyak, Jaravel and Spiess (2024), sec. 4.4, for the leads; Hotelling's statistic with the mean known to be
zero under the null (Anderson, Introduction to Multivariate Statistical Analysis, sec. 5.2) for the distribution.
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
    q, homes = len(leads), event_time.df[leads].mean()
    row = (np.nan, q, homes - q, np.nan)
    if enough and homes > q:
        delta, V = event_time.log_ratio[leads], event_time.covariance[np.ix_(leads, leads)]
        W = delta @ np.linalg.pinv(V, hermitian=True) @ delta
        statistic = W / q * (homes - q) / (homes - W) if homes > W else np.inf
        row = (statistic, q, homes - q, fdtrc(q, homes - q, statistic))
    return pd.DataFrame([row], columns=list(PRE_TREND))
