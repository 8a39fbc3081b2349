"""Which assumption matters, and how wrong would it have to be to turn the answer?

Tornado: every input in its middle, then one after the other at the low and the high end of its 95% range. Switching
value: the value of one input, all others in their middle, at which value and cost are equal. Both are one call of the
projection with the inputs laid out as draws.
"""

import numpy as np
import pandas as pd

from analysis.baseline import Baseline
from analysis.scenarios.lots import WHICH
from analysis.scenarios.money import money
from analysis.scenarios.projection import LEVELS, TREND, project
from analysis.scenarios.ranges import Held, OneAtATime, Range, Ratio
from analysis.scenarios.scenario import PER_ADMISSION, Scenario

GRID = 400
"""Points at which net value is worked out between the bounds; between them it is nearly straight."""

BEYOND = 5.0
"""A cost or quantity is tried up to so many times its high end: a switch farther off is no longer of interest."""

LOWEST_RATIO, HIGHEST_RATIO = 0.3, 1.3
"""Rate ratios tried."""

A_PENNY = 0.01
"""Pounds: an input that moves the answer by less does not move it."""

NO_MONEY = (PER_ADMISSION["stay_days"][0], PER_ADMISSION["cash_share"][0])
"""Inputs that move beds, or cash against capacity, and not their sum."""


def tornado(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Net value with each input at its low and high end, the widest first.

    Returns
    -------
    DataFrame
        input, low, high (of the input; effects as rate ratios), net_low, net_high, net_middle, source, verified.
    """
    inputs = {name: spread for name, spread in scenario.inputs().items() if name not in NO_MONEY}
    names = (*inputs, LEVELS, TREND, WHICH)
    moved = project(baseline, scenario, OneAtATime(names=names))
    net = money(moved).net
    rows = []
    for j, name in enumerate(names):
        _, source, verified = inputs.get(name, (None, "This county's own past", True))
        low, high = (
            _values(moved.drawn[name][2 * j + 1 : 2 * j + 3], inputs[name][0]) if name in inputs else (np.nan,) * 2
        )
        rows.append((name, low, high, *net[2 * j + 1 : 2 * j + 3], net[0], source, verified))
    columns = ["input", "low", "high", "net_low", "net_high", "net_middle", "source", "verified"]
    frame = pd.DataFrame(rows, columns=columns)
    width = (frame["net_high"] - frame["net_low"]).abs()
    matters = width > A_PENNY
    return frame.loc[matters].iloc[np.argsort(-width[matters].to_numpy(), kind="stable")].reset_index(drop=True)


def _values(drawn: np.ndarray, spread: Range | Ratio) -> tuple[float, float]:
    return tuple(np.exp(drawn) if isinstance(spread, Ratio) else drawn)


def switching_values(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Value of each input at which value and cost are equal: input, middle, switch (missing where none is)."""
    rows = []
    for name, (spread, _, _) in scenario.inputs().items():
        if name in NO_MONEY:
            continue
        tried = _tried(name, spread)
        net = money(project(baseline, scenario, Held(name=name, values=tried))).net
        middle, switch = float(spread.at(np.array(0.5))), _zero(tried, net)
        if isinstance(spread, Ratio):
            middle, switch = np.exp(middle), np.exp(switch)
        rows.append((name, middle, switch))
    return pd.DataFrame(rows, columns=["input", "middle", "switch"])


def _tried(name: str, spread: Range | Ratio) -> np.ndarray:
    if isinstance(spread, Ratio):
        return np.linspace(np.log(LOWEST_RATIO), np.log(HIGHEST_RATIO), GRID)
    most = 1.0 if name.endswith((": uptake", ": fidelity")) else BEYOND * max(spread.high, 1.0)
    return np.linspace(0.0, most, GRID)


def _zero(x: np.ndarray, y: np.ndarray) -> float:
    """Where a line through the points first crosses zero, or missing."""
    crossed = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) <= 0)
    if not crossed.size or not np.ptp(y):
        return np.nan
    i = crossed[0]
    return float(x[i] if y[i] == y[i + 1] else x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i]))
