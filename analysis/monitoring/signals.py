"""Which months are more than the usual coming and going?

Method: the four rules of Making Data Count. A month is special cause where it lies outside the limits; where it is one
of seven (or six) in a row on one side of the centre, or of seven (or six) that rise, or fall, without a break; or where
it is one of two close to a limit among three in a row on one side of the centre.

Icons. Variation: of the last month, common cause, or special cause for better or for worse. Assurance: whether limits
that hold now will pass the target always, never, or now and then; asked of the limits of the last stretch, so that
after limits were drawn anew the old ones no longer speak.

Source: NHS England, Making Data Count; what its R package NHSRplotthedots does.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.monitoring.limits import Limits

Variation = Literal["common cause", "improvement", "concern", "special cause"]
Assurance = Literal["pass", "fail", "inconsistent"]
Better = Literal["lower", "higher", "neither"]
RULES = ("outside the limits", "a run on one side", "a trend", "two of three close to a limit")
"""In the order in which they are asked; names as the reader sees them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signals:
    """Which rule each month breaks.

    Parameters
    ----------
    outside, run, trend, close : ndarray of bool, shape (T,)
    side : ndarray of int, shape (T,)
        −1 below the centre, 1 above, 0 on it.
    """

    outside: np.ndarray
    run: np.ndarray
    trend: np.ndarray
    close: np.ndarray
    side: np.ndarray

    @property
    def special(self) -> np.ndarray:
        """Whether any rule is broken, shape (T,)."""
        return self.outside | self.run | self.trend | self.close

    def broken(self, place: int) -> tuple[str, ...]:
        """Name the rules that one month breaks."""
        found = (self.outside, self.run, self.trend, self.close)
        return tuple(name for name, rule in zip(RULES, found, strict=True) if rule[place])

    def variation(self, better: Better) -> list[Variation]:
        """Say of every month what it is, given which way is better."""
        good = {"lower": -1, "higher": 1, "neither": 2}[better]
        return [_variation(special, None if better == "neither" else side == good)
                for special, side in zip(self.special, self.side, strict=True)]  # fmt: skip


def _variation(special: bool, well: bool | None) -> Variation:
    if not special:
        return "common cause"
    return "special cause" if well is None else "improvement" if well else "concern"


def signals(values: np.ndarray, limits: Limits, stretch: np.ndarray, points: int = 7) -> Signals:
    """Ask the rules of every month; no run or trend reaches over the border of two stretches.

    Parameters
    ----------
    values : ndarray, shape (T,)
    limits : Limits
    stretch : ndarray of int, shape (T,)
        Months with the same number have the same baseline.
    points : 6 or 7
        How many make a run or a trend.
    """
    outside = (values > limits.upper) | (values < limits.lower)
    near = ~outside & ((values > limits.near_upper) | (values < limits.near_lower))
    side = np.sign(values - limits.centre).astype(int)
    parts = [np.flatnonzero(stretch == number) for number in np.unique(stretch)]
    run, trend, close = (np.zeros(len(values), bool) for _ in range(3))
    for part in parts:
        run[part] = _part_of(_alike(side[part], points), points)
        steps = np.sign(np.diff(values[part])).astype(int)
        trend[part] = _part_of(np.concatenate([[False], _alike(steps, points - 1)]), points)
        close[part] = near[part] & _two_of_three(near[part], side[part])
    return Signals(outside=outside, run=run, trend=trend, close=close, side=side)


def assurance(target: float, limits: Limits, better: Better) -> Assurance | None:
    """Say whether the target is met always, never, or by chance; None where neither way is better."""
    if better == "neither":
        return None
    if target > limits.upper[-1]:
        return "pass" if better == "lower" else "fail"
    if target < limits.lower[-1]:
        return "fail" if better == "lower" else "pass"
    return "inconsistent"


def _alike(signs, points):
    """Whether a place ends a row of `points` equal signs, none of them 0."""
    ends = np.zeros(len(signs), bool)
    for place in range(points - 1, len(signs)):
        row = signs[place - points + 1 : place + 1]
        ends[place] = row[0] != 0 and (row == row[0]).all()
    return ends


def _part_of(ends, points):
    """Whether a place is one of the `points` before and at an end."""
    part = np.zeros(len(ends), bool)
    for end in np.flatnonzero(ends):
        part[end - points + 1 : end + 1] = True
    return part


def _two_of_three(near, side):
    """Whether a place is in three in a row on one side, of which two are close to a limit."""
    found = np.zeros(len(near), bool)
    for place in range(len(near) - 2):
        three = slice(place, place + 3)
        if near[three].sum() >= 2 and abs(side[three].sum()) == 3:
            found[three] = True
    return found
