"""Did the homes run alike before the intervention began?

If homes that were to get the intervention were already drifting from the others, the drift would go on and be taken for
an effect. All months before the start are tested together (the model's joint test of its leads). Passing is weak
evidence: with few homes the test sees only large drifts, so the largest departure is told as well.

Source: Roth (2022), American Economic Review: Insights 4(3), on how little a passed test proves.
"""

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.inference.pretrend_power import power
from analysis.outcomes import Rate, Stays
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Fitted, Model

NAME = "Did homes run alike before the start?"
OUTCOMES = (Rate, Stays)
ALPHA = 0.05
"""Level of the test, as everywhere in the answer (95% intervals)."""

LARGE = 0.2
"""A month that departs by a fifth is as far off as interventions are hoped to move: chance may explain it, but to say
that nothing is amiss would be to take a weak test at its word."""

FEWEST_SIGNS = 5.4
"""Homes below which no pattern of signs is as rare as 1 in 20 (2 of 2 to the power of 5.4)."""

COLUMNS = ("months_before", "largest_departure", "statistic", "df", "p_value", "power")


def parallel_before(fitted: Fitted[Panel, Design]) -> Check:
    """Test all months before the start together."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    ratios = effects.tidy("event_time").query(f"term == '{RATE_RATIO}'")
    leads = ratios.query("event_time < 0").dropna(subset=["estimate"])
    test = effects.diagnostics.get("pre_trend", pd.DataFrame())
    if leads.empty or test.empty or pd.isna(test["p_value"].iloc[0]):
        reading = _cannot_say(panel, design, model, test)
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    leads = leads[leads["event_time"].isin(test["leads"].iloc[0])]
    departure = float(np.expm1(np.abs(np.log(leads["estimate"].to_numpy(float))).max()))
    seen = _power(effects, ratios, leads["event_time"].to_numpy(float))
    table = test.assign(months_before=len(leads), largest_departure=departure, power=seen).reindex(columns=[*COLUMNS])
    p = float(test["p_value"].iloc[0])
    few = float(test["clusters"].iloc[0]) < FEWEST_SIGNS
    passed = False if p < ALPHA else (None if few or departure > LARGE else True)
    reading = _reading(p, len(leads), departure, few=few) + ("" if p < ALPHA else _noticed(seen))
    return Check(name=NAME, passed=passed, table=table, reading=reading, number=_times(p) if p >= RARE else "")


def _power(effects: Effects, ratios: pd.DataFrame, leads: np.ndarray) -> float:
    """How often these months give a drift away that, going on, would make up `LARGE` of the answer; NaN if not known.

    A steady drift moves each lead against the months before all of them, and the answer by what lies between the
    average month after the start and the average month before it.
    """
    V, since = effects.covariance.get("event_time"), effects.augment()["event_time"].dropna().to_numpy(float)
    after, before, base = (since[where] for where in (since >= 0, since < 0, since < leads.min()))
    if V is None or len(V) != len(ratios) or not (after.size and base.size):
        return float("nan")
    a_month = np.log1p(LARGE) / (after.mean() - before.mean())
    rows = np.flatnonzero(ratios["event_time"].isin(leads))
    covariance = V[np.ix_(rows, rows)]
    if not np.isfinite(covariance).all():
        return float("nan")
    return round(power(a_month * (leads - base.mean()), covariance, ALPHA), 2)


def _noticed(seen: float) -> str:
    """Say how often a drift that matters would have been noticed."""
    if not np.isfinite(seen):
        return ""
    return (
        f" A steady drift that makes up {LARGE:.0%} of the answer by itself would have been noticed in about "
        f"{100 * seen:.0f} of 100 cases."
    )


def _cannot_say(panel: Panel, design: Design, model: Model, test: pd.DataFrame) -> str:
    """Say why months before the start are not tested: each cause in its own words."""
    end = "so the data cannot say whether homes ran alike."
    if len(test):
        why = test["why"].iloc[0] or "counts in bands tell too little of single months"
        return f"{len(test['leads'].iloc[0])} months before the start were estimated, but {why}, {end}"
    if getattr(model, "leads", 1) == 0:
        return f"The protocol asks for no months before the start to be estimated (leads = 0), {end}"
    month = np.arange(len(panel.months))
    before = (design.start != NEVER)[:, None] & (month < design.start[:, None]) & (panel.exposure > 0)
    seen, part = (int(where.sum(axis=1).max(initial=0)) for where in (before, before & design.included))
    if part >= MONTHS_NEEDED:
        return f"Homes with the intervention had no {panel.outcome} in the months just before their start, {end}"
    if seen >= MONTHS_NEEDED:
        return (
            f"Homes have up to {_months(seen)} before their start, but the rules of the protocol leave "
            f"{part or 'none'} of them in, and a month can only be held against an earlier one, {end}"
        )
    return (
        f"No home has more than {_months(seen)} before its start, and a month can only be held against an earlier one, "
        f"{end}"
    )


MONTHS_NEEDED = 2
"""Months before the start: one to be looked at, and one to hold it against."""


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count or 'no'} months"


RARE = 0.001


def _times(p: float) -> str:
    return f"chance gives as much {100 * p:.2g} times in 100"


def _reading(p: float, months: int, departure: float, *, few: bool) -> str:
    chance = "chance gives as much less than once in 1,000 times" if p < RARE else _times(p)
    told = f"over the {_months(months)} before the start, taken together ({chance}; the largest is {departure:.0%})"
    if p < ALPHA:
        return (
            f"Homes already ran differently {told}: part of what the model calls an effect may be that difference "
            "going on."
        )
    if few:
        return f"No difference can be told {told}: so few homes carry these months that none, however large, could be."
    if departure > LARGE:
        return (
            f"No difference can be told from chance {told}, but months lie so far apart that one as large as the "
            "effects that are looked for would go unseen."
        )
    return (
        f"No difference is seen {told}. That rules out large drifts, not small ones: with this many homes a drift "
        "within the intervals of those months would go unseen."
    )
