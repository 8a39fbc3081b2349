"""One effect, said three ways.

With O observed and C expected admissions over B bed-days and ρ = O / C,

    rate ratio                             ρ
    rate difference per 1,000 bed-days     1000 (O − C) / B
    admissions averted                     C − O (of admissions, whatever ρ averages over)

The ratio has the t interval of log ρ. The other two have the t interval of C − O, with an error and degrees of freedom
of its own: C is estimated, and an interval that held it at its estimate covered 85% where it claimed 95%. Near the edge
the two may fall on different sides of "no effect", because a t interval of the logarithm is lopsided on the scale of
admissions; the result is then undecided, and `notes` says so.

Where a randomisation test gives the interval (`rule`), there is no error to build on. Limits of ρ are then carried over
with C held for the upper limit and O held (C = O / ρ) for the lower, whichever of the two is the farther.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.admissions.engine.estimate import Estimate
from analysis.results import AVERTED, RATE_DIFFERENCE, RATE_RATIO, TIDY

PER_BED_DAYS = 1000.0


def limits(log_ratio: np.ndarray, std_error: np.ndarray, df: np.ndarray, conf_level: float) -> tuple:
    """Confidence limits of log ρ from the t distribution, each of shape (R,)."""
    half = stdtrit(df, 0.5 + conf_level / 2) * std_error
    return log_ratio - half, log_ratio + half


def p_values(statistic: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided p-values from the t distribution, shape (R,)."""
    return 2 * stdtr(df, -np.abs(statistic))


def t_table(value: np.ndarray, std_error: np.ndarray, df: np.ndarray, conf_level: float) -> pd.DataFrame:
    """Estimates with what follows from the t distribution: estimate, std_error, p_value, conf_low, conf_high.

    Parameters
    ----------
    value, std_error, df : ndarray, shape (R,)
    """
    low, high = limits(value, std_error, df, conf_level)
    return pd.DataFrame(
        {
            "estimate": value,
            "std_error": std_error,
            "p_value": p_values(value / std_error, df),
            "conf_low": low,
            "conf_high": high,
        }
    )


def ratios(logs: pd.DataFrame) -> dict[str, np.ndarray]:
    """Take the exponential of a `t_table`: columns of `TIDY`; statistic and p-value stay those of the logarithm."""
    log, error = logs["estimate"].to_numpy(), logs["std_error"].to_numpy()
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        ratio, low, high = np.exp([log, logs["conf_low"], logs["conf_high"]])
    p = logs["p_value"].to_numpy()
    return dict(zip(TIDY[1:], (ratio, ratio * error, log / error, p, low, high), strict=True))


def carried(low: np.ndarray, high: np.ndarray, observed: np.ndarray, expected: np.ndarray) -> tuple:
    """Limits of C − O from limits of log ρ, each of shape (R,)."""
    with np.errstate(over="ignore", divide="ignore"):  # a ratio without end is a number without end
        ends = np.exp([high, low])  # a high ratio is a low number averted
        farthest = np.array([expected * (1 - ends), observed * (1 / ends - 1)])
    return farthest[:, 0].min(axis=0), farthest[:, 1].max(axis=0)


def three_ways(
    by: str, estimate: Estimate, logs: pd.DataFrame, gaps: tuple[pd.DataFrame, pd.DataFrame]
) -> pd.DataFrame:
    """Tidy table of all three terms, the rows of one key together.

    Parameters
    ----------
    by : str
        Name of the key column.
    estimate : Estimate
    logs : DataFrame, R rows
        estimate, std_error, p_value, conf_low, conf_high of log ρ.
    gaps : pair of DataFrame, R rows each
        The same of C − O as it is averaged, and of admissions averted.
    """
    per_day, averted = gaps
    terms = {
        RATE_RATIO: ratios(logs),
        RATE_DIFFERENCE: _scaled(per_day, -PER_BED_DAYS / estimate.exposure),
        AVERTED: _scaled(averted, np.ones(len(logs))),
    }
    # interleaved by hand: frames joined and sorted would take longer than the estimates themselves
    columns = {name: np.stack([term[name] for term in terms.values()], axis=1).ravel() for name in TIDY[1:]}
    keys = pd.Series(estimate.keys).repeat(len(terms)).array
    return pd.DataFrame({by: keys, TIDY[0]: np.tile([*terms], len(logs)).astype(object)} | columns)


def _scaled(gaps, scale):
    """Multiply by a number that may be negative."""
    ends = np.sort(gaps[["conf_low", "conf_high"]].to_numpy() * scale[:, None], axis=1)
    value, error = gaps["estimate"].to_numpy() * scale, gaps["std_error"].to_numpy() * np.abs(scale)
    p = gaps["p_value"].to_numpy()
    return dict(zip(TIDY[1:], (value, error, value / error, p, ends[:, 0], ends[:, 1]), strict=True))
