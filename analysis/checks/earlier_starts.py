"""Would the method have found an effect before there was anything to find?

Months from the true start on are taken away from the homes that had the intervention, and each is given a false start a
year, half a year and a year and a half earlier: all that is then called an effect is something else. The answer uses
those months too, to know what the homes were like, so a false effect there is a difference in course that may go on
afterwards. Several false starts are asked about, and the smallest p-value is held to as many (Bonferroni).

Source: Imbens and Wooldridge (2009), Journal of Economic Literature 47(1), on placebo tests; the comparison is that of
the answer itself.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import ask_again
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.plural import counted
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Is nothing found before the start?"
OUTCOMES = (Rate,)
EARLIER = (12, 6, 18)
"""Months by which the start is brought forward: a year first, for then winters weigh alike. Of homes counted by quarter
or year, those that are whole periods."""
BEFORE = 1.0
"""A false start needs as many months before it as after it, or what homes were like is not known."""
ALPHA = 0.05

COLUMNS = ("months_earlier", "estimate", "conf_low", "conf_high", "p_value")


def earlier_starts(fitted: Fitted[Panel, Design]) -> Check:
    """Ask again as if homes had started earlier, on months before their true start."""
    panel, design = fitted.observed, fitted.design
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    rows = list({row[1:]: row for row in _rows(fitted, panel, design)}.values())  # the same months are one look
    if not rows:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            "No false start can be asked about: homes with the intervention have fewer than "
            f"{2 * min(_earlier(panel.length))} months before their start that take part.",
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    known = table["p_value"].dropna()
    if known.empty:
        few = "The false starts have estimates, but too few homes for an interval."
        return Check(name=NAME, passed=None, table=table, reading=few)
    p = min(1.0, float(known.min()) * len(known))
    passed, number = p >= ALPHA, f"chance gives as much in {100 * p:.2g} of 100"
    return Check(name=NAME, passed=passed, table=table, reading=_reading(table, p, passed=passed),
                 number=number)  # fmt: skip


def _rows(fitted: Fitted[Panel, Design], panel: Panel, design: Design) -> Iterator[tuple]:
    """Yield the answer to every false start of which enough is seen."""
    month, joins = np.arange(len(panel.months)), design.start != NEVER
    before = ~joins[:, None] | (month < design.start[:, None])
    part = design.included & before
    for months in _earlier(panel.length):
        false = np.where(joins, design.start - months, NEVER)
        seen = part & (panel.exposure > 0) & (month < false[:, None])
        enough = joins & (seen.sum(axis=1) >= BEFORE * months)
        if not enough.any():
            continue
        kept = part & (~joins | enough)[:, None]
        early = replace(design, start=np.where(enough, false, NEVER), included=kept)
        try:
            yield months, *ask_again(fitted.model, panel, early)
        except AnalysisError:
            continue


def _earlier(length: int) -> list[int]:
    """Give `EARLIER` in months, or in periods of so many where it is whole ones."""
    return [months // length for months in EARLIER if not months % length]


def _reading(table: pd.DataFrame, p: float, *, passed: bool) -> str:
    told = "; ".join(
        f"{counted(row['months_earlier'], 'month')} earlier "
        f"{interval(row['estimate'], row['conf_low'], row['conf_high'])}"
        for row in table.to_dict("records")
    )
    chance = f"chance gives as much in {100 * p:.2g} of 100"
    said = f"Asked as if homes had started before they did, when nothing had been done, the rate ratio is: {told}."
    if passed:
        return (
            f"{said} Taken together that is no more than chance ({chance}), as it should be. A drift within these "
            "intervals would go unseen."
        )
    return (
        f"{said} Taken together that is more than chance ({chance}), where there was nothing to find: homes did not "
        "run like those they are compared with, and part of the answer may be that."
    )
