"""One effect, said three ways that cannot contradict one another.

With O observed and C expected admissions over B bed-days and ρ = O / C,

    rate ratio                             ρ
    rate difference per 1,000 bed-days     1000 (O − C) / B  =  1000 C (ρ − 1) / B
    admissions averted                     C − O             =  C (1 − ρ)

The interval belongs to log ρ and is carried over to the other two with C held at its estimate, so all three exclude
"no effect" together, and nobody can avert more than was expected. Standard errors are those of the number shown (delta
method, C held); statistic and p-value are those of log ρ.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.admissions.estimate import Estimate
from analysis.results import TIDY

PER_BED_DAYS = 1000.0
TERMS = ("rate_ratio", "rate_difference_per_1000_bed_days", "admissions_averted")


def limits(log_ratio: np.ndarray, std_error: np.ndarray, df: np.ndarray, conf_level: float) -> tuple:
    """Confidence limits of log ρ from the t distribution, each of shape (R,)."""
    half = stdtrit(df, 0.5 + conf_level / 2) * std_error
    return log_ratio - half, log_ratio + half


def p_values(statistic: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided p-values from the t distribution, shape (R,)."""
    return 2 * stdtr(df, -np.abs(statistic))


def three_ways(by: str, estimate: Estimate, logs: pd.DataFrame) -> pd.DataFrame:
    """Tidy table of all three terms, the rows of one key together.

    Parameters
    ----------
    by : str
        Name of the key column.
    estimate : Estimate
    logs : DataFrame, R rows
        estimate, std_error, p_value, conf_low, conf_high of log ρ.
    """
    scales = (None, PER_BED_DAYS * estimate.expected / estimate.exposure, -estimate.expected)
    tables = [_one_way(logs, term, scale) for term, scale in zip(TERMS, scales, strict=True)]
    table = pd.concat([t.assign(**{by: estimate.keys}) for t in tables]).sort_index(kind="stable")
    return table.reset_index(drop=True).reindex(columns=[by, *TIDY])


def _one_way(logs, term, scale):
    """Tell the ratio itself (scale None), or scale × (ratio − 1)."""
    ratio = np.exp(logs[["estimate", "conf_low", "conf_high"]].to_numpy())
    error = ratio[:, 0] * logs["std_error"].to_numpy()
    statistic = (logs["estimate"] / logs["std_error"]).to_numpy()
    if scale is not None:
        ratio, error = scale[:, None] * (ratio - 1), np.abs(scale) * error
        ratio[:, 1:] = np.sort(ratio[:, 1:], axis=1)
        statistic = np.sign(scale) * statistic
    values = (term, ratio[:, 0], error, statistic, logs["p_value"].to_numpy(), ratio[:, 1], ratio[:, 2])
    return pd.DataFrame(dict(zip(TIDY, values, strict=True)))
