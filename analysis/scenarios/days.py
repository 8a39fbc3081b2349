"""Days expected without an intervention, and how many fewer with it: of homes below Good, or of delay in hospital."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.missing import Missing

INTERVAL = (0.025, 0.975)
ENDS = {"low": INTERVAL[0], "middle": 0.5, "high": INTERVAL[1]}

COLUMNS = ("outcome", "estimate", "low", "high", "note")
"""Of the rows of `published.outcomes`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """T months, D draws.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (T,)
    without, averted : ndarray, shape (T, D)
    counted : str
        Of what, in words, such as "38 of 40 homes".
    basis : str
        What they rest on, as a sentence.
    claimed : bool
        Whether any effect is.
    """

    months: np.ndarray
    without: np.ndarray
    averted: np.ndarray
    counted: str
    basis: str
    claimed: bool


def rows(outcome: str, days: Days | Missing) -> list[tuple[str, float, float, float, str]]:
    """Say in rows of the outcomes what is expected and what of it is averted, or why that cannot be said.

    Ratings of homes and delays of councils are published facts and not counts of people here: to whole days.

    Parameters
    ----------
    days : Days or Missing
    """
    averted, unknown = f"{outcome} averted", (np.nan, np.nan, np.nan)
    if isinstance(days, Missing):
        return [(averted, *unknown, f"not available: {days.reason}")]
    expected = (f"{outcome} expected without it", *spread(days.without.sum(0)), f"in {days.counted}")
    if not days.claimed:
        return [expected, (averted, *unknown, "no effect on them is claimed")]
    return [expected, (averted, *spread(days.averted.sum(0)), "of those expected without it")]


def spread(draws: np.ndarray) -> tuple[float, float, float]:
    """Median and 95% interval in whole days: a mean of what may grow or fall for years is pulled up by its extremes."""
    low, middle, high = np.round(np.quantile(draws, list(ENDS.values()))) + 0.0
    return float(middle), float(low), float(high)


def by_month(named: dict[str, Days | Missing]) -> pd.DataFrame:
    """Lay out every month: outcome, month, line ("without it", "with it", "averted"), low, middle, high.

    What is not claimed has one line, "without it"; what is not available has none.
    """
    rows = []
    for outcome, days in named.items():
        if isinstance(days, Missing):
            continue
        lines = {"without it": days.without}
        if days.claimed:
            lines |= {"with it": days.without - days.averted, "averted": days.averted}
        for line, draws in lines.items():
            ends = np.round(np.quantile(draws, list(ENDS.values()), axis=1), 1) + 0.0
            rows.append(pd.DataFrame({"outcome": outcome, "month": days.months.astype("datetime64[s]"), "line": line,
                                      **dict(zip(ENDS, ends, strict=True))}))  # fmt: skip
    columns = ["outcome", "month", "line", *ENDS]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
