"""What do the rules look at? Taken from an answer about admissions, ratings, or one area's measure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.outcomes import AreaMeasure, Outcome, Rate, Ratings, Residents, Stays
from analysis.results import NOT_SHOWN, OBSERVED_EXPECTED, RATE_RATIO, Check, Effects, Fitted
from analysis.verdict.rules import FEW, Evidence

GRAVE = (
    "drifting_apart", "earlier_starts", "how_chosen", "outlasting", "stood_out", "spill_over",
    "chosen_by_rating", "spike_before", "placebo_in_time",
)  # fmt: skip
"""Doubts that, where they are a concern, can make an effect out of nothing or hide one; others widen what is not known.
Only doubts whose false alarms were counted and are rare stand here: each is another way to be told not to believe."""
OF_A_FALL = ("spike_before",)
"""Grave doubts that can make a fall out of nothing but neither a rise nor no effect: a spike falls back by itself. They
count where a fall would be announced; on their own they are a concern of every other council in which nothing was done.
"""
BY_LOT = ("by lot", "random", "lottery")
"""Words of how homes were chosen that mean chance."""


def evidence(outcome: Outcome, fitted: Fitted, compared: pd.DataFrame, examined: Mapping[str, Check]) -> Evidence:
    """Take from an answer what the rules look at.

    Parameters
    ----------
    compared : DataFrame
        What every method says: method, default, conf_low, conf_high.
    examined : mapping of str to Check
        The doubts, by their names in a protocol.
    """
    ratio, low, high = _span(outcome, fitted)
    side = _side(low, high)
    others = [_side(*pair) for pair in _others(compared)] if isinstance(outcome, Rate) else []
    named = {state: tuple(name for name, check in examined.items() if check.passed is state)
             for state in (True, None, False)}  # fmt: skip
    return Evidence(
        ratio=ratio, low=low, high=high, df=_df(fitted.effects), conf_level=_level(fitted.effects),
        passed=named[True], open=named[None], failed=named[False],
        grave=tuple(name for name in named[False] if name in GRAVE and (side < 0 or name not in OF_A_FALL)),
        agree=sum(other == side for other in others), of=len(others), strength=strength(outcome, fitted),
        fewest=_sides(outcome, fitted)[0],
        why_none=_why_none(outcome, fitted), rise=isinstance(outcome, Ratings),
        units="areas" if isinstance(outcome, AreaMeasure) else "homes",
    )  # fmt: skip


def _span(outcome: Outcome, fitted: Fitted) -> tuple[float, float, float]:
    """Estimate and interval as a ratio of which less than one is better."""
    if isinstance(outcome, AreaMeasure):
        return _of_area(fitted.judged)
    tidy = fitted.effects.tidy()
    a_rate = isinstance(outcome, Rate | Residents | Stays)
    row = tidy.loc[tidy["term"] == (RATE_RATIO if a_rate else OBSERVED_EXPECTED)]
    if not len(row):
        return np.nan, np.nan, np.nan
    value, low, high = (float(row[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high"))
    if not isinstance(outcome, Ratings):  # fewer is better
        return value, low, high
    with np.errstate(divide="ignore"):
        value, low, high = (float(np.divide(1.0, x)) for x in (value, high, low))
    return value, low, high


NO_COMPARISON = "So few areas can be compared that none could stand out among them."
BASELINES_PART = (
    "Measured from some numbers of months before the start it would be told otherwise than from others, so no interval "
    "can be trusted."
)


def _of_area(judged: Any) -> tuple[float, float, float]:
    """Give the last year whose change may be announced, or else the last, by the reader's own baseline.

    Years are announced so that an area like the others is told of one with a probability of 5% at most, whichever year
    it is (`analysis.areas.verdict`): that one was chosen costs nothing. No interval where baselines part.
    """
    told = judged.verdict if judged is not None else None
    if told is None or not told.enough:
        return np.nan, np.nan, np.nan
    year = max(told.years, default=int(told.asked.index[-1]))
    estimate, low, high = (float(told.asked.loc[year, name]) for name in ("estimate", "conf_low", "conf_high"))
    return (estimate, low, high) if year not in told.by_some else (estimate, np.nan, np.nan)


def _why_none(outcome: Outcome, fitted: Fitted) -> str:
    if not isinstance(outcome, AreaMeasure):
        return str(fitted.effects.summary.get(NOT_SHOWN, ""))
    told = fitted.judged.verdict if fitted.judged is not None else None
    return NO_COMPARISON if told is None or not told.enough else BASELINES_PART


def _side(low: float, high: float) -> int:
    return -1 if high < 1 else 1 if low > 1 else 0


def _others(compared: pd.DataFrame) -> list[tuple[float, float]]:
    """Intervals by other methods, of those that have one."""
    if not {"conf_low", "conf_high", "default"} <= set(compared):
        return []
    known = compared[~compared["default"].astype(bool)].dropna(subset=["conf_low", "conf_high"])
    return [*known[["conf_low", "conf_high"]].astype(float).itertuples(index=False, name=None)]


def _df(effects: Effects) -> float:
    inference = effects.diagnostic("inference")
    df = pd.to_numeric(inference["df"]).iloc[0] if len(inference) and "df" in inference else np.nan
    return float(df) if pd.notna(df) else np.inf


def _level(effects: Effects) -> float:
    return float(effects.summary.get("conf_level", 0.95))  # type: ignore[arg-type]


def strength(outcome: Outcome, fitted: Fitted) -> int:
    """Give the level of the Maryland scale."""
    if any(word in str(getattr(fitted.design, "chosen_by", "")).lower() for word in BY_LOT):
        return 5
    if isinstance(outcome, AreaMeasure):
        return 3 if fitted.judged is not None and fitted.judged.verdict is not None else 1
    smaller, compared = _sides(outcome, fitted)
    return 1 if not compared else 2 if smaller <= FEW else 3


def _sides(outcome: Outcome, fitted: Fitted) -> tuple[float, float]:
    """Give homes on the smaller side, and those compared with; infinite where it is not homes that are compared."""
    if isinstance(outcome, AreaMeasure):
        return np.inf, np.inf
    summary = fitted.effects.summary
    sides = [float(summary.get(name, 0) or 0) for name in ("n_treated", "n_comparison")]  # type: ignore[arg-type]
    return min(sides), sides[1]
