"""Would the answer stand if somebody had looked at it every month?

Who looks every month and stops when the interval first leaves out no effect will stop for nothing sooner or later. The
answer as it stood at each look since the first start is set beside an interval that holds at all looks together
(`analysis.inference.confidence_sequence`), and it is said what it means for going on: stop, because there is an effect;
stop, because there is none worth having; or go on.
"""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.looks import Looks, looks
from analysis.checks.bare import answered, enough_behind, leaves_out_no_effect, ratio, rounded_ratio_of
from analysis.design import Design
from analysis.inference.confidence_sequence import half_width
from analysis.months import month_said
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Would it stand if looked at every month?"
OUTCOMES = (Rate,)
SPREAD = abs(np.log(0.8))
"""The sequence is narrowest for a fall by a fifth, as large as interventions in care homes are hoped to be."""
NONE_WORTH_HAVING = (0.95, 1 / 0.95)
"""An effect between a twentieth less and a twentieth more is not one for which a programme is run."""
MOST = 24
"""Looks that are worked out; an interval that holds at all looks holds at some."""

STOP = "Stop: there is an effect, however often one has looked."
FUTILE = "Stop: there is no effect worth having, however often one has looked."
GO_ON = "Go on: what has been seen so far cannot tell."
COLUMNS = ("last_month", "estimate", "conf_low", "conf_high", "one_look_low", "one_look_high")


def every_month(fitted: Fitted[Panel, Design]) -> Check:
    """Set the answer at every look beside an interval that holds at all of them."""
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    if not isinstance(fitted.model, StaggeredRates):
        return Check.cannot_say(NAME, COLUMNS, "The model that leads cannot be asked how it stood earlier.")
    seen = _told(looks(fitted.model, fitted.observed, fitted.design, MOST), fitted.observed, fitted.design)
    if not len(seen.months):
        return Check.cannot_say(
            NAME, COLUMNS, "At no look had enough homes started for an interval, so there is nothing to look at again."
        )
    table = _table(seen)
    low, high = (float(table[name].iloc[-1]) for name in ("conf_low", "conf_high"))
    stands = leaves_out_no_effect(low, high)
    verdict = STOP if stands else FUTILE if NONE_WORTH_HAVING[0] < low and high < NONE_WORTH_HAVING[1] else GO_ON
    return Check(
        name=NAME,
        passed=True if stands else None,
        table=table,
        reading=_reading(table, ratio(fitted.effects), verdict, spoken=answered(fitted.effects)),
        number=f"{low:.2f} to {high:.2f} at all looks",
    )


def _told(seen: Looks, panel: Panel, design: Design) -> Looks:
    """Leave out looks behind which few events stood."""
    ends = [panel.months <= month for month in seen.months]
    told = np.array([enough_behind(panel, replace(design, included=design.included & end)) for end in ends], bool)
    return Looks(**{field.name: getattr(seen, field.name)[told] for field in fields(seen)})


def _table(seen: Looks) -> pd.DataFrame:
    half = half_width(seen.std_error, seen.df, SPREAD)
    once = half_width_once(seen)
    ends = [seen.log_ratio, seen.log_ratio - half, seen.log_ratio + half, seen.log_ratio - once, seen.log_ratio + once]
    told = rounded_ratio_of(ends)
    return pd.DataFrame(dict(zip(COLUMNS, [seen.months.astype("datetime64[s]"), *told], strict=True)))


def half_width_once(seen: Looks, alpha: float = 0.05) -> np.ndarray:
    """Give half the width of the interval for one look, at every look."""
    return stdtrit(seen.df, 1 - alpha / 2) * seen.std_error


def _reading(table: pd.DataFrame, given: tuple[float, ...], verdict: str, *, spoken: bool) -> str:
    last = table.iloc[-1]
    told = interval(float(last["estimate"]), float(last["conf_low"]), float(last["conf_high"]))
    crossed = table[(table["one_look_low"] > 1) | (table["one_look_high"] < 1)]
    early = (
        " Looked at with the usual interval, it first left out no effect in "
        f"{month_said(crossed['last_month'].iloc[0])}."
        if len(crossed)
        else ""
    )
    end = (
        " The usual interval leaves out no effect, which holds for who looked once."
        if spoken and verdict == GO_ON
        else ""
    )
    return (
        f"{verdict} An interval that holds at every look since the first start is {told} now; that for one look is "
        f"{given[1]:.2f} to {given[2]:.2f}.{early}{end}"
    )
