"""Which assumption matters, and how wrong would it have to be to turn the answer?

Tornado: every input in its middle, then one after the other at the low and the high end of its 95% range. Switching
value: the value of one input, all others in their middle, at which value and cost are equal. Both are one call of the
projection with the inputs laid out as draws.
"""

import numpy as np
import pandas as pd

from analysis.baseline import Baseline
from analysis.scenarios.inputs import Input, inputs
from analysis.scenarios.lots import WHICH
from analysis.scenarios.money import money
from analysis.scenarios.projection import LEVELS, TREND, project
from analysis.scenarios.ranges import Held, OneAtATime, Ratio
from analysis.scenarios.scenario import Scenario

GRID = 400
"""Points at which net value is worked out between the bounds; between them it is nearly straight."""

BEYOND = 5.0
"""A cost or quantity is tried up to so many times its high end: a switch farther off is no longer of interest."""

LOWEST_RATIO, HIGHEST_RATIO = 0.3, 1.3
"""Rate ratios tried."""

A_PENNY = 0.01
"""Pounds: an input that moves the answer by less does not move it."""

NO_MONEY = ("stay_days", "cash_share")
"""Inputs that move beds, or cash against capacity, and not their sum."""

COUNTY = {LEVELS: "Admissions without it", TREND: "Trend from year to year", WHICH: "Which homes the lot draws"}
"""Inputs that come with the county, by key, in words; they have no value of their own to tell."""


def tornado(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Net value with each input at its low and high end, the widest first.

    Returns
    -------
    DataFrame
        input, key, unit, low, high (of the input; effects as rate ratios), net_low, net_high, net_middle, source,
        verified.
    """
    moving = _moving(scenario)
    keys = (*(each.key for each in moving), *COUNTY)
    moved = project(baseline, scenario, OneAtATime(keys=keys))
    net = money(moved).net
    rows = [
        (*_input(each), *_ends(each, moved.drawn[each.key][2 * j + 1 : 2 * j + 3])) for j, each in enumerate(moving)
    ]
    rows += [(label, key, "", np.nan, np.nan) for key, label in COUNTY.items()]
    origin = [(each.source, each.verified) for each in moving] + [("This county's own past", True)] * len(COUNTY)
    frame = pd.DataFrame(rows, columns=["input", "key", "unit", "low", "high"]).assign(
        net_low=net[1::2],
        net_high=net[2::2],
        net_middle=net[0],
        source=[source for source, _ in origin],
        verified=[verified for _, verified in origin],
    )
    width = (frame["net_high"] - frame["net_low"]).abs()
    matters = width > A_PENNY
    return frame.loc[matters].iloc[np.argsort(-width[matters].to_numpy(), kind="stable")].reset_index(drop=True)


def _moving(scenario: Scenario) -> list[Input]:
    return [each for each in inputs(scenario) if each.key not in NO_MONEY]


def _input(each: Input) -> tuple[str, str, str]:
    return each.label, each.key, each.unit


def _ends(each: Input, drawn: np.ndarray) -> tuple[float, float]:
    return tuple(np.exp(drawn) if isinstance(each.spread, Ratio) else drawn)


def switching_values(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Value of each input at which value and cost are equal: input, key, unit, middle, switch (missing if none is)."""
    rows = []
    for each in _moving(scenario):
        tried = _tried(each)
        net = money(project(baseline, scenario, Held(key=each.key, values=tried))).net
        middle, switch = float(each.spread.at(np.array(0.5))), _zero(tried, net)
        if isinstance(each.spread, Ratio):
            middle, switch = np.exp(middle), np.exp(switch)
        rows.append((*_input(each), middle, switch))
    return pd.DataFrame(rows, columns=["input", "key", "unit", "middle", "switch"])


def _tried(each: Input) -> np.ndarray:
    if isinstance(each.spread, Ratio):
        return np.linspace(np.log(LOWEST_RATIO), np.log(HIGHEST_RATIO), GRID)
    return np.linspace(0.0, 1.0 if each.unit == "share" else BEYOND * max(each.spread.high, 1.0), GRID)


def _zero(x: np.ndarray, y: np.ndarray) -> float:
    """Where a line through the points first crosses zero, or missing."""
    crossed = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) <= 0)
    if not crossed.size or not np.ptp(y):
        return np.nan
    i = crossed[0]
    return float(x[i] if y[i] == y[i + 1] else x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i]))
