"""Is as much found when the intervention is said to have been in other homes?

As many homes as had it are drawn by lot among those that never did, and given its start months, 999 times
(`admissions.answer.elsewhere`). Nothing was done in them, so what is found there is how far homes part by themselves. A
concern is an answer whose interval leaves out no effect, where as much is found in more than one such draw of twenty.
"""

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.elsewhere import FEWEST, Elsewhere, elsewhere
from analysis.checks.bare import answered, ratio
from analysis.design import Design
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted

NAME = "Is as much found in homes that never had it?"
OUTCOMES = (Rate,)
SEED = 20261127
ALPHA = 0.05
MIDDLE = (0.025, 0.975)
"""Between these shares lie 95 of 100 false answers."""
COLUMNS = ("what", "estimate", "conf_low", "conf_high", "as_large")
GIVEN, FALSE = "the answer", "answers in homes that never had it"


def other_homes(fitted: Fitted[Panel, Design]) -> Check:
    """Say how often as much is found where nothing was done."""
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    if not isinstance(fitted.model, StaggeredRates):
        return Check.cannot_say(NAME, COLUMNS, "The model that leads cannot be asked about false programmes.")
    found = elsewhere(fitted.model, fitted.observed, fitted.design, SEED)
    if found is None:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            f"Fewer than {FEWEST} homes never had the intervention, so no false programmes can be drawn among them.",
        )
    estimate, low, high, _ = ratio(fitted.effects)
    size = np.abs(found.effects)
    share = (1 + int((size >= abs(np.log(estimate))).sum())) / (1 + len(size))
    middle = np.exp(np.quantile(found.effects, MIDDLE))
    rows = [(GIVEN, estimate, low, high, np.nan), (FALSE, np.nan, *middle.round(2), round(share, 3))]
    spoken = answered(fitted.effects)
    passed = share < ALPHA if spoken else None
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    number = f"as much in {100 * share:.2g} of 100 false programmes"
    reading = _reading(found, middle, share, spoken=spoken)
    return Check(name=NAME, passed=passed, table=table, reading=reading, number=number)


def _reading(found: Elsewhere, middle: np.ndarray, share: float, *, spoken: bool) -> str:
    told = (
        f"Said of {found.drawn:,} homes drawn by lot among the {found.homes:,} that never had the intervention, 95 of "
        f"100 false answers lie between rate ratios of {middle[0]:.2f} and {middle[1]:.2f}"
    )
    often = "fewer than 1" if share < 0.01 else f"{100 * share:.0f}"
    if not spoken:
        return (
            f"{told}; one as far from no effect as the answer comes up in {often} of 100. The answer claims no effect."
        )
    if share < ALPHA:
        return f"{told}; one as far from no effect as the answer comes up in {often} of 100."
    return (
        f"{told}; one as far from no effect as the answer comes up in {often} of 100, so its interval is narrower than "
        "homes' own ups and downs allow."
    )
