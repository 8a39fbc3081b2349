"""What do the rules look at? Taken from an answer about admissions, ratings, or one area's measure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.outcomes import AreaMeasure, Closures, Outcome, Rate, Stays
from analysis.results import NOT_SHOWN, OBSERVED_EXPECTED, RATE_RATIO, Check, Effects, Fitted
from analysis.verdict.rules import FEW, Evidence

GRAVE = (
    "drifting_apart", "earlier_starts", "how_chosen", "outlasting", "stood_out", "spill_over",
    "chosen_by_rating", "spike_before", "placebo_in_time",
)  # fmt: skip
"""Doubts that, where they are a concern, can make an effect out of nothing or hide one; others widen what is not known.
Only doubts whose false alarms were counted and are rare stand here: each is another way to be told not to believe."""
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
        grave=tuple(name for name in named[False] if name in GRAVE),
        agree=sum(other == side for other in others), of=len(others), strength=strength(outcome, fitted),
        fewest=_sides(outcome, fitted)[0],
        why_none=str(fitted.effects.summary.get(NOT_SHOWN, "")),
    )  # fmt: skip


def _span(outcome: Outcome, fitted: Fitted) -> tuple[float, float, float]:
    """Estimate and interval as a ratio of which less than one is better."""
    if isinstance(outcome, AreaMeasure):
        return _of_area(fitted.judged)
    tidy = fitted.effects.tidy()
    row = tidy.loc[tidy["term"] == (RATE_RATIO if isinstance(outcome, Rate | Stays) else OBSERVED_EXPECTED)]
    if not len(row):
        return np.nan, np.nan, np.nan
    value, low, high = (float(row[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high"))
    if isinstance(outcome, Rate | Closures | Stays):  # fewer is better
        return value, low, high
    with np.errstate(divide="ignore"):
        value, low, high = (float(np.divide(1.0, x)) for x in (value, high, low))
    return value, low, high


def _of_area(judged: Any) -> tuple[float, float, float]:
    """Give the last year since the start by the reader's own baseline; no interval where baselines part."""
    if judged is None or judged.verdict is None or not judged.verdict.enough:
        return np.nan, np.nan, np.nan
    asked = judged.verdict.asked
    row, year = asked.iloc[-1], int(asked.index[-1])
    if year in judged.verdict.by_some:
        return float(row["estimate"]), np.nan, np.nan
    return float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"])


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
