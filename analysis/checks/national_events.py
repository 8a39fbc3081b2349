"""Was something else going on in the same months?

What happens to all homes alike is in the comparison and cancels. What came in the same months and touched homes with
the intervention more, or less, does not. A calendar of national events (`analysis/evidence/national_events.csv`) says
which fell into the months looked at; the answer is worked out without the months of each. One that makes the answer
cannot be told from the intervention.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import ask_again, ratio
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval
from analysis.sources.evidence import national_events as calendar

NAME = "Was something else going on in the same months?"
OUTCOMES = (Rate,)
WINTERS = "winters"
TOUCHES = "admissions"
UNVERIFIED = " (dates not verified)"

COLUMNS = ("left_out", "months", "estimate", "conf_low", "conf_high")


def national_events(fitted: Fitted[Panel, Design]) -> Check:
    """Work the answer out without the months of each national event."""
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    rows = list(_rows(fitted))
    if not rows:
        return Check(
            name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)),
            reading="No national event of the calendar falls into these months. What was local is not in it: ask.",
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    given = ratio(fitted.effects)[:3]
    known = table.dropna(subset=["estimate"])
    moved = known[(known["estimate"] < given[1]) | (known["estimate"] > given[2])]
    passed = None if known.empty or not np.isfinite(given[1:]).all() else moved.empty
    return Check(name=NAME, passed=passed, table=table, reading=_reading(table, moved, given))


def _rows(fitted: Fitted[Panel, Design]) -> Iterator[tuple]:
    """Yield the answer without each event of which a month is looked at; all winters are one."""
    panel, design, model = fitted.observed, fitted.design, fitted.model
    used = (design.included & (panel.exposure > 0)).any(axis=0)
    for what, out in _events(panel.months):
        if not (out & used).any():
            continue
        try:
            found = ask_again(model, panel, replace(design, included=design.included & ~out))[:3]
        except AnalysisError:
            found = (np.nan, np.nan, np.nan)
        yield what, int((out & used).sum()), *found


def _events(months: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what happened, and in which of the months, shape (T,)."""
    events = calendar()
    events = events[events["touches"].str.contains(TOUCHES)]
    winters = np.zeros(len(months), bool)
    for row in events.to_dict("records"):
        inside = (months >= np.datetime64(row["first"], "M")) & (months <= np.datetime64(row["last"], "M"))
        if str(row["what"]).startswith("winter"):
            winters |= inside
        else:
            yield f"{row['what']}{'' if row['verified'] else UNVERIFIED}", inside
    yield WINTERS, winters


def _reading(table: pd.DataFrame, moved: pd.DataFrame, given: tuple[float, ...]) -> str:
    told = "; ".join(
        f"leaving out {row['left_out']}: {interval(row['estimate'], row['conf_low'], row['conf_high'])}"
        for row in table.to_dict("records")
    )
    said = f"The rate ratio is {interval(given[0], given[1], given[2])}; {told}."
    if table["estimate"].isna().all() or not np.isfinite(given[1:]).all():
        return f"{said} So the data cannot say whether one of these makes the answer."
    if len(moved):
        return (
            f"{said} Without the {moved['left_out'].iloc[0]} the answer lies outside its own interval: what then "
            "happened cannot be told from the intervention."
        )
    return f"{said} None of these makes the answer. What was local, such as another programme, is not in it: ask."
