"""Would the answer hold if homes had drifted apart by themselves?

Homes that run alike before a start need not have run alike after it. How far they may have parted without overturning
the answer is worked out from an event study in which every period stands against the last before the start
(`admissions.answer.periods`): by how many times the largest step seen before (relative magnitudes), and if what was
seen before only went on, or bent (smoothness). It is told for the overall answer and for every period after the start.

A concern is an answer that would not stand a step after the start as large as the largest before, where homes are seen
to have moved apart before it. Where chance explains the steps before, the bound is as wide as chance is, and the reader
judges. Intervals allow for few homes by the degrees of freedom of the answer's error.

Source: Rambachan and Roth (2023), Review of Economic Studies 90(5); Roth (2022), AER: Insights 4(3).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtrit

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.periods import FEWEST, PeriodEffects, period_effects, widths
from analysis.checks.bare import DIGITS, answered, rounded_ratio_of
from analysis.design import Design
from analysis.disclosure import BEHIND
from analysis.inference.honest import (
    Target,
    bend_that_overturns,
    drift_that_overturns,
    relative_interval,
    smooth_interval,
)
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.plural import counted
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Would the answer hold if homes had drifted apart?"
OUTCOMES = (Rate,)
ALPHA = 0.05
LEVEL = 1 - ALPHA
"""As every interval (95%)."""
STEPS = (0.5, 1.0, 2.0)
"""Times the largest step before that are told."""
BENDS = (0.0, 0.02)
"""Bends a period, of the log rate ratio, that are told: none, and two percentage points."""
AS_EVER = 1.0
"""A step after the start as large as the largest before is no more than has been seen: an answer ought to stand it."""
FEWEST_HOMES = 3
"""Homes with the intervention below which no error can be trusted."""

COLUMNS = ("what", "allowed", "estimate", "conf_low", "conf_high")
ALIKE, STEP, STRAIGHT = "had homes run alike", "drift {:g} times as fast as ever", "drift straight on"
BENT = "drift straight on, bent by {:g}%"
BY_DRIFT, BY_BEND = "overturned by a drift, times as fast as ever", "overturned by a bend, in percent"
STANDS = "stands a drift of"


def drifting_apart(fitted: Fitted[Panel, Design]) -> Check:
    """Say how far homes may have drifted apart before the answer is overturned."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    if why := effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    if not isinstance(model, StaggeredRates):
        return Check.cannot_say(NAME, COLUMNS, "The model that leads has no event study to ask this of.")
    found = period_effects(model, panel, design)
    if found is None:
        *_, shortest = widths(panel.length)
        return Check.cannot_say(
            NAME,
            COLUMNS,
            f"This needs {FEWEST} periods of a {shortest} or more before the start in most homes with the "
            "intervention, and they have fewer.",
        )
    if found.homes < FEWEST_HOMES:
        return Check.cannot_say(
            NAME, COLUMNS,
            f"This needs {FEWEST_HOMES} homes with enough months before the start; of those with the intervention "
            f"{found.homes} {'has' if found.homes == 1 else 'have'}.",
        )  # fmt: skip
    drift = drift_that_overturns(found.overall, ALPHA)
    table = pd.DataFrame(list(_rows(found, drift, shown=bool(panel.unseen.size))), columns=list(COLUMNS))
    moved, spoken = _moved(found) < ALPHA, answered(effects)
    passed = (drift >= AS_EVER or (False if moved else None)) if spoken else None
    return Check(name=NAME, passed=passed, table=table, reading=_reading(found, table, drift, (moved, spoken)),
                 number=f"{STANDS} {_times(drift)}" if spoken else "")  # fmt: skip


def _moved(found: PeriodEffects) -> float:
    """P-value of homes having run alike over the periods before, by F: clusters are few."""
    _, F, rank = found.overall.moved_before()
    left = found.study.df - rank + 1  # of Hotelling's T², whose F is this times left / (rank · df)
    return float(fdtrc(rank, left, F * left / found.study.df)) if rank and left > 0 else 1.0


def _times(drift: float) -> str:
    """Say the drift that an answer stands, of the largest before."""
    return "any size" if np.isinf(drift) else f"{drift:.1f} times the largest before"


def _rows(found: PeriodEffects, drift: float, *, shown: bool) -> Iterator[tuple]:
    """Yield the intervals: of the overall answer, and of each period after the start that may be told."""
    overall = found.overall
    yield "after the start", ALIKE, *_told(overall, alike_interval(overall))
    for step in STEPS:
        yield "after the start", STEP.format(step), *_told(overall, relative_interval(overall, step, ALPHA))
    for bend in BENDS:
        yield (
            "after the start",
            BENT.format(100 * bend) if bend else STRAIGHT,
            *_told(overall, smooth_interval(overall, bend, ALPHA)),
        )
    bends = bend_that_overturns(overall, ALPHA)
    yield "after the start", BY_DRIFT, round(drift, DIGITS), np.nan, np.nan
    yield "after the start", BY_BEND, round(100 * bends, DIGITS), np.nan, np.nan
    least = BEHIND.hidden_to if shown else 0
    for place in np.flatnonzero((found.weights > 0) & (found.events > least)):
        one = found.study.target(np.eye(len(found.weights))[place])
        what = f"{found.period} {place + 1} after"
        yield what, ALIKE, *_told(one, alike_interval(one))
        yield what, STEP.format(AS_EVER), *_told(one, relative_interval(one, AS_EVER, ALPHA))


def alike_interval(target: Target) -> tuple[float, float]:
    """Give the interval of the log rate ratio had homes run alike, for few homes."""
    half = float(stdtrit(min(target.df, MANY), 1 - ALPHA / 2)) * target.std_error
    return target.estimate - half, target.estimate + half


MANY = 1e6
"""Degrees of freedom that are as good as infinite."""


def _told(target: Target, ends: tuple[float, float]) -> tuple[float, ...]:
    return tuple(rounded_ratio_of([target.estimate, *ends]).tolist())


def _reading(found: PeriodEffects, table: pd.DataFrame, drift: float, said: tuple[bool, bool]) -> str:
    moved, spoken = said
    rows = table.iloc[: 1 + len(STEPS) + len(BENDS)].set_index("allowed")[["estimate", "conf_low", "conf_high"]]
    own = f"{counted(found.homes, 'home')} with the intervention"
    against = f"against the last {found.period} before the start, in {own}, the"
    alike, as_ever = (interval(*rows.loc[name]) for name in (ALIKE, STEP.format(AS_EVER)))
    if not spoken:
        return (
            f"The answer holds no effect even if homes would have run alike, so no drift is needed to overturn it: "
            f"{against} rate ratio is {alike}, and {as_ever} if they drifted as fast as ever before."
        )
    went_on = interval(*rows.loc[STRAIGHT])
    seen = "Homes were already moving apart before the start" if moved else "Chance explains how they moved before"
    holds = _holds(
        f"{against[0].upper()}{against[1:]} rate ratio is {alike}", f"from one {found.period} to the next", drift
    )
    return f"{holds} {seen}; had that gone on in a straight line, it would be {went_on}.{_for_few(found.study.df)}"


FEW = 30.0
"""Degrees of freedom below which limits are more than 4% wider than those of many homes."""


def _for_few(df: float) -> str:
    """Say that limits are drawn wider for few homes; nothing where homes are many."""
    if df >= FEW:
        return ""
    wider = float(stdtrit(df, 1 - ALPHA / 2) / stdtrit(MANY, 1 - ALPHA / 2)) - 1
    return f" Homes are few: every limit is {wider:.0%} wider than for many ({df:.0f} degrees of freedom)."


def _holds(against: str, ever: str, drift: float) -> str:
    """Say how fast homes must have drifted apart for the answer to fall."""
    if drift == 0:
        return f"{against}, and it stands no drift after the start at all."
    if np.isinf(drift):
        return f"{against}, and it holds however fast homes drifted apart after the start."
    return (
        f"{against}. It holds unless homes drifted apart after the start more than {drift:.1f} times as fast "
        f"as ever before it, {ever}."
    )
