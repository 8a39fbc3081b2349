"""An evaluation, weighed: of admissions, ratings, or one area's measure."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.outcomes import AreaMeasure, Rate
from analysis.results import NOT_SHOWN, OBSERVED_EXPECTED, RATE_RATIO, Check, Effects
from analysis.verdict.rules import WORTHWHILE, Evidence, Verdict, decide

GRAVE = (
    "drifting_apart", "earlier_starts", "how_chosen", "outlasting", "stood_out", "spill_over",
    "chosen_by_rating", "spike_before", "placebo_in_time",
)  # fmt: skip
"""Doubts that, where they are a concern, can make an effect out of nothing or hide one; others widen what is not known.
Only doubts whose false alarms were counted and are rare stand here: each is another way to be told not to believe."""
BY_LOT = ("by lot", "random", "lottery")
"""Words of how homes were chosen that mean chance."""
FEW = 2
"""Homes on a side of which no change of their own can be told from chance."""


def verdict(evaluation: Evaluation, checks: Iterable[Check] | None = None, worthwhile: float = WORTHWHILE) -> Verdict:
    """Say what an evaluation comes to.

    Parameters
    ----------
    checks : iterable of Check, optional
        The doubts in the order of the protocol, where they have been examined already.
    worthwhile : float
        The least fall (for ratings: rise) worth having, as a part.
    """
    examined = dict(zip(evaluation.protocol.checks, evaluation.checks if checks is None else checks, strict=False))
    return decide(evidence(evaluation, examined), worthwhile)


def evidence(evaluation: Evaluation, examined: dict[str, Check]) -> Evidence:
    """Take from an evaluation what the rules look at."""
    ratio, low, high = _span(evaluation)
    side = _side(low, high)
    others = [_side(*pair) for pair in _others(evaluation)]
    named = {state: tuple(name for name, check in examined.items() if check.passed is state)
             for state in (True, None, False)}  # fmt: skip
    return Evidence(
        ratio=ratio, low=low, high=high, df=_df(evaluation.published), conf_level=_level(evaluation.published),
        passed=named[True], open=named[None], failed=named[False],
        grave=tuple(name for name in named[False] if name in GRAVE),
        agree=sum(other == side for other in others), of=len(others), strength=strength(evaluation),
        why_none=str(evaluation.published.summary.get(NOT_SHOWN, "")),
    )  # fmt: skip


def _span(evaluation: Evaluation) -> tuple[float, float, float]:
    """Estimate and interval as a ratio of which less than one is better."""
    outcome = evaluation.protocol.outcome
    if isinstance(outcome, AreaMeasure):
        return _of_area(evaluation.fitted.judged)
    tidy = evaluation.published.tidy()
    row = tidy.loc[tidy["term"] == (RATE_RATIO if isinstance(outcome, Rate) else OBSERVED_EXPECTED)]
    if not len(row):
        return np.nan, np.nan, np.nan
    value, low, high = (float(row[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high"))
    if isinstance(outcome, Rate):
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


def _others(evaluation: Evaluation) -> list[tuple[float, float]]:
    """Intervals by other methods, of those that have one."""
    if not isinstance(evaluation.protocol.outcome, Rate):
        return []
    compared = evaluation.question.compare(evaluation.fitted)
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


def strength(evaluation: Evaluation) -> int:
    """Give the level of the Maryland scale."""
    summary = evaluation.published.summary
    if any(word in str(getattr(evaluation.design, "chosen_by", "")).lower() for word in BY_LOT):
        return 5
    if isinstance(evaluation.protocol.outcome, AreaMeasure):
        return 3 if evaluation.fitted.judged is not None else 1
    sides = [int(summary.get(name, 0) or 0) for name in ("n_treated", "n_comparison")]  # type: ignore[call-overload]
    return 1 if not sides[1] else 2 if min(sides) <= FEW else 3
