"""How models of ratings tell an estimate: the t interval of what they estimate, and when there is none."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.plural import counted
from analysis.ratings.strata import LIKE_THEM
from analysis.results import TIDY

FEWEST = 3
"""Supported homes below which no standard error can be trusted, as for admissions."""
ONE_HOME = 1.0
"""Degrees of freedom below which one home is all that carries an estimate: no interval."""
FEW_DEGREES = 4.0
"""Degrees of freedom below which one or two homes decide the interval (Tipton 2015)."""


def estimate_table(
    terms: Iterable[str], value: np.ndarray, std_error: np.ndarray, df: np.ndarray, conf_level: float
) -> pd.DataFrame:
    """One row per estimate in the columns of `TIDY`, with a key column ``overall``; intervals from the t distribution.

    Parameters
    ----------
    value, std_error, df : ndarray, shape (R,)
        Missing errors leave the rest of the row missing.
    """
    std_error = np.where(df >= ONE_HOME, std_error, np.nan)
    half = stdtrit(df, 0.5 + conf_level / 2) * std_error
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = value / std_error
    table = pd.DataFrame(
        {
            "term": list(terms),
            "estimate": value,
            "std_error": std_error,
            "statistic": statistic,
            "p_value": 2 * stdtr(df, -np.abs(statistic)),
            "conf_low": value - half,
            "conf_high": value + half,
        }
    )
    return table.assign(overall="all")[["overall", *TIDY]]


def ratio_rows(table: pd.DataFrame, terms: Iterable[str]) -> pd.DataFrame:
    """Take the exponential of the rows of some terms; statistic and p-value stay those of the logarithm."""
    logs = table["term"].isin(list(terms))
    ratio = table.copy()
    with np.errstate(over="ignore"):
        ratio.loc[logs, ["estimate", "conf_low", "conf_high"]] = np.exp(
            table.loc[logs, ["estimate", "conf_low", "conf_high"]]
        )
    ratio.loc[logs, "std_error"] = ratio["estimate"] * table["std_error"]
    return ratio


def unmatched_said(homes: int) -> str:
    """Say how many supported homes a model leaves out because no other home is like them."""
    out, like = ("home is", "it") if homes == 1 else ("homes are", "them")
    return f"{homes:,} supported {out} left out here: when support began, no other home was like {like} ({LIKE_THEM})."


def net_of(homes: int) -> str:
    """Say that an answer is net of other interventions."""
    return (
        f"{homes:,} of the homes compared {'has' if homes == 1 else 'have'} another intervention too. The answer is "
        "net of it, if it does the same in supported homes as in others."
    )


def few(supported: int, inference: pd.DataFrame) -> Iterator[str]:
    """Say where the interval rests on few homes.

    Parameters
    ----------
    inference : DataFrame
        With ``df``.
    """
    if supported < FEWEST:
        yield f"Only {counted(supported, 'supported home')} watched: too few for any interval, so none is given."
        return
    df = inference["df"]
    if (df < ONE_HOME).any():
        yield "Where no interval is given, one home is all that carries the estimate."
    if ((df >= ONE_HOME) & (df < FEW_DEGREES)).any():
        about = max(round(float(df[df >= ONE_HOME].min())) + 1, 2)
        yield (
            f"Few homes carry the answer: its interval is corrected to be as wide as one from about {about} homes, and "
            "a true effect of ordinary size may well be missed."
        )
