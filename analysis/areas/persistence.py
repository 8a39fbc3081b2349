"""What was seen, every method, year by year since the start, and was it still there later?

Size and course only: whether chance gives as much is `verdict`'s to say, and is said first.

An effect is called gone from the first year in which, and after which, the middle of the methods that compare with
other areas stands less than a tenth from no difference, or on the other side of it. The interrupted time series do not
decide this: each extends the area's own earlier climb or fall for as long as one looks, so in later years they answer
what would have come of that climb rather than what became of the area.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.results import Effects

SMALL = 0.10
"""Nearer to no difference than this is called none: what one year differs from the next is two to three times that."""

LARGE = 0.25
"""From this on an effect is called large."""

BY_YEAR = ("method", "year", "estimate", "conf_low", "conf_high", "p_value", "rank", "areas", "own_low", "own_high",
           "own_p", "false_alarms", "how", "extends_trend")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """What became of the effect.

    Parameters
    ----------
    first_year : float
        Middle of the comparing methods' rate ratios in the first year.
    gone_from, halved_from : int or None
        First year from which no effect, or less than half of it on the log scale, is left; None where it lasted, or
        there was none to begin with.
    last_year : int
        Last year seen.
    """

    first_year: float
    gone_from: int | None
    halved_from: int | None
    last_year: int

    @property
    def size(self) -> str:
        """Say how large the first year's effect is: "large", "moderate" or "none"."""
        away = abs(1 - self.first_year)
        return "large" if away >= LARGE else "moderate" if away >= SMALL else "none"


def by_year(answers: Mapping[str, Effects]) -> pd.DataFrame:
    """Set every method's estimates side by side, with the columns `BY_YEAR`; year 0 is all months together.

    Parameters
    ----------
    answers : mapping of str to Effects
        By name of the method.
    """
    parts = [effects.diagnostic("intervals").assign(method=name) for name, effects in answers.items()]
    return pd.concat(parts, ignore_index=True)[list(BY_YEAR)]


def persistence(years: pd.DataFrame) -> Persistence | None:
    """Judge what became of the effect from the methods that compare with other areas; None where there is none.

    Parameters
    ----------
    years : DataFrame
        `by_year`.
    """
    comparing = years.loc[~years["extends_trend"] & (years["year"] > 0)]
    if comparing.empty:
        return None
    middle = comparing.groupby("year")["estimate"].median()
    size = np.sign(np.log(middle.iloc[0])) * np.log(middle.to_numpy())
    return Persistence(
        first_year=float(middle.iloc[0]),
        gone_from=_from(middle.index, size, -np.log(1 - SMALL)),
        halved_from=_from(middle.index, size, size[0] / 2),
        last_year=int(middle.index[-1]),
    )


def _from(years: pd.Index, size: np.ndarray, limit: float) -> int | None:
    """First year from which, and after which, the effect is no larger than a limit; None where it never was larger."""
    left = size > limit
    return int(years[int(np.flatnonzero(left)[-1]) + 1]) if left[0] and not left[-1] else None
