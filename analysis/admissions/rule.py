"""Which interval can be trusted with this many treated homes?

| treated homes | interval shown | p shown |
|---|---|---|
| 1 | none | rank among all homes, by permutation |
| 2 | inverted randomisation test | randomisation |
| 3 or more | CR2 with Bell–McCaffrey degrees of freedom | its t test; randomisation beside it |

With fewer than three treated homes every cluster-robust variance fails: at one it rejects a true null 82% of the time.
A model-based standard error is never shown: months within a home are correlated, and it rejects 14 to 25% of the time.
The usual interval (CR1, normal limits as most software gives) is computed only to be shown beside the one used.

Source: size table of this project (`bench`), 80 homes, 36 months; MacKinnon and Webb (2018, 2020) on few treated
clusters.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.admissions.estimate import Estimate
from analysis.admissions.terms import limits, p_values

FEWEST_FOR_CLUSTERED = 3
"""Treated homes from which CR2 keeps its size (1.9% at three; 1.0% but three times as wide at two; 82% at one)."""
FEW_DEGREES = 4.0
"""Below this the t approximation to a cluster-robust statistic is unreliable (Pustejovsky and Tipton 2018)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interval:
    """What is said of the uncertainty of the overall log rate ratio, and by which method."""

    method: str
    std_error: float
    df: float
    p_value: float
    low: float
    high: float


def treated_homes(estimate: Estimate) -> int:
    """Homes with the intervention behind an overall estimate."""
    return int(estimate.n_homes[0])


def uncertainty(estimate: Estimate, conf_level: float, *, clustered: bool) -> pd.DataFrame:
    """Log rate ratios with standard error, p-value and limits; NaN where no cluster-robust interval can be trusted.

    Parameters
    ----------
    clustered : bool
        Whether enough homes were treated in all.
    """
    log_ratio = estimate.log_ratio
    usable = clustered & (estimate.observed > 0)
    std_error = np.where(usable, np.sqrt((estimate.scores**2).sum(axis=1)), np.nan)
    low, high = limits(log_ratio, std_error, estimate.df, conf_level)
    return pd.DataFrame(
        {
            "estimate": log_ratio,
            "std_error": std_error,
            "p_value": p_values(log_ratio / std_error, estimate.df),
            "conf_low": low,
            "conf_high": high,
        }
    )
