"""Does the answer depend on which months are looked at?

Where months begin and end is a choice, and a choice can turn a sign: a published evaluation of a care-home programme
found a cost of £73,408 a month in a short window and a saving of £57,168 in a long one. The answer is worked out over
every window that could be defended: from the first month, a half-year or a year later; to the last month, a half-year
or a year earlier; and with the months just before the start left out, in which the intervention may already work.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, on specification curves; McCarthy et al. (2019),
BMC Health Services Research 19, for that evaluation.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import answered, ask_again, ratio
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.months import month_said
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted

NAME = "Does the answer depend on the months looked at?"
OUTCOMES = (Rate,)
CUT = (0, 6, 12)
"""Months taken off at either end: none, or so many that whole half-years are left."""
EARLY = 3
"""Months before the start that may already have been changed."""
HALF = 0.5
"""Part of the effect that ought to be left in every window."""

COLUMNS = ("first_month", "last_month", "months_before_left_out", "estimate", "conf_low", "conf_high")


def windows(fitted: Fitted[Panel, Design]) -> Check:
    """Work the answer out over every window."""
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    table = pd.DataFrame(list(_rows(fitted)), columns=list(COLUMNS))
    if len(table) < 2:
        return Check.cannot_say(NAME, COLUMNS, "There are too few months to look at a shorter window.")
    spoken, estimate = answered(fitted.effects), ratio(fitted.effects)[0]
    passed = bool((np.log(table["estimate"]) / np.log(estimate) >= HALF).all()) if spoken else None
    low, high = table["estimate"].min(), table["estimate"].max()
    return Check(
        name=NAME, passed=passed, table=table, reading=_reading(table, passed, spoken=spoken),
        number=f"{low:.2f} to {high:.2f}",
    )  # fmt: skip


def _rows(fitted: Fitted[Panel, Design]) -> Iterator[tuple]:
    panel, design, model = fitted.observed, fitted.design, fitted.model
    used = np.flatnonzero((design.included & (panel.exposure > 0)).any(axis=0))
    month, start = np.arange(len(panel.months)), design.start[:, None]
    before = (start != NEVER) & (month < start) & (month >= start - EARLY)
    spans = [(a, b, 0) for a in CUT for b in CUT] + [(0, 0, EARLY)]
    for late, early, left_out in spans:
        if used.size <= late + early:
            continue
        first, last = used[0] + late, used[-1] - early
        part = design.included & ((month >= first) & (month <= last))
        part &= ~before if left_out else True
        try:
            found = ask_again(model, panel, replace(design, included=part))[:3]
        except AnalysisError:
            continue
        if np.isfinite(found[0]) and found[0] > 0:
            yield month_said(panel.months[first]), month_said(panel.months[last]), left_out, *found


def _reading(table: pd.DataFrame, passed: bool | None, *, spoken: bool) -> str:
    low, high = table["estimate"].min(), table["estimate"].max()
    speak = int(((table["conf_low"] > 1) | (table["conf_high"] < 1)).sum())
    often = f"in {speak} of them" if speak else "in no window"
    told = (
        f"Over {len(table)} windows the rate ratio is between {low:.2f} and {high:.2f}, and {often} does its interval "
        "leave out no effect"
    )
    if not spoken:
        return f"{told}. The answer claims no effect."
    if passed:
        return f"{told}: at least half of the effect is there in every one."
    return f"{told}: in some, more than half of the effect is gone. Say why the chosen months are the right ones."
