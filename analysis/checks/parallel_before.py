"""Did the homes run alike before the intervention began?

If homes that were to get the intervention were already drifting from the others, the drift would go on and be taken for
an effect. Two tests share the level: of the months just before the start together (the model's joint test of its
leads), which looks in every direction, and of a steady drift over all months before it (`admissions.answer.drift`). Of
60 homes, 20 of them with the intervention, the first finds a drift of 2% a month over 40 months in three of five cases
only, for it has to look everywhere; the second in nearly all (`bench/doubts.md`). Passing is weak evidence: with few
homes only large drifts are seen, so the largest departure is told as well, and which drift would have been noticed.

Source: Roth (2022), American Economic Review: Insights 4(3), on how little a passed test proves.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.drift import SteadyDrift, steady_drift
from analysis.checks.bare import enough_behind
from analysis.design import NEVER, Design
from analysis.inference.pretrend_power import power
from analysis.outcomes import Rate, Stays
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Fitted, Model

NAME = "Did homes run alike before the start?"
OUTCOMES = (Rate, Stays)
ALPHA = 0.05
"""Level of both tests together, as everywhere in the answer (95% intervals)."""

LARGE = 0.2
"""A month that departs by a fifth is as far off as interventions are hoped to move: chance may explain it, but to say
that nothing is amiss would be to take a weak test at its word."""

OFTEN = 0.8
"""Of cases in which a drift must be noticed for it to count as one that would be: the power that studies plan for."""

FEWEST_SIGNS = 5.4
"""Homes below which no pattern of signs is as rare as 1 in 20 (2 of 2 to the power of 5.4)."""

COLUMNS = (
    "months_before", "largest_departure", "statistic", "df", "p_value", "drift_a_month", "drift_low", "drift_high",
    "drift_p_value", "power",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the months before the start show.

    Parameters
    ----------
    months, departure, joint_p : int, float, float
        Months just before the start that were tested together, the largest of their departures, and the p-value.
    drift : SteadyDrift, optional
        Over all months before; nothing where it cannot be told.
    matters : float
        Drift a month, of the log rate, that makes up `LARGE` of the answer; missing where not known.
    power : float
        Share of cases in which such a drift is noticed.
    """

    months: int
    departure: float
    joint_p: float
    drift: SteadyDrift | None
    matters: float
    power: float

    @property
    def p_value(self) -> float:
        """Of both tests together (Bonferroni)."""
        return self.joint_p if self.drift is None else min(1.0, 2 * min(self.joint_p, self.drift.p_value))

    @property
    def by_drift(self) -> bool:
        """Whether the drift is the clearer sign of the two."""
        return self.drift is not None and self.drift.p_value < self.joint_p


def parallel_before(fitted: Fitted[Panel, Design]) -> Check:
    """Test the months just before the start together, and a steady drift over all before it."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    ratios = effects.tidy("event_time").query(f"term == '{RATE_RATIO}'")
    leads = ratios.query("event_time < 0").dropna(subset=["estimate"])
    test = effects.diagnostics.get("pre_trend", pd.DataFrame())
    if leads.empty or test.empty or pd.isna(test["p_value"].iloc[0]):
        reading = _cannot_say(panel, design, model, test)
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    told = isinstance(model, StaggeredRates) and enough_behind(panel, design)
    drift = steady_drift(model, panel, design) if told and isinstance(model, StaggeredRates) else None
    seen = _seen(effects, ratios, leads[leads["event_time"].isin(test["leads"].iloc[0])], drift)
    p, few = seen.p_value, float(test["clusters"].iloc[0]) < FEWEST_SIGNS
    passed = False if p < ALPHA else (None if few or seen.departure > LARGE else True)
    reading = _reading(seen, few=few) + ("" if p < ALPHA else _noticed(seen))
    return Check(name=NAME, passed=passed, table=_table(test, seen), reading=reading, number=_number(seen))


def _number(seen: _Seen) -> str:
    """Say how often chance gives as much; of both tests together it is not what is read of the first alone."""
    if seen.p_value < RARE:
        return ""
    return _times(seen.p_value) + (", both tests together" if seen.drift else "")


def _seen(effects: Effects, ratios: pd.DataFrame, leads: pd.DataFrame, drift: SteadyDrift | None) -> _Seen:
    departure = float(np.expm1(np.abs(np.log(leads["estimate"].to_numpy(float))).max()))
    test = effects.diagnostics["pre_trend"]
    matters, noticed = _power(effects, ratios, leads["event_time"].to_numpy(float))
    if drift is not None and np.isfinite(matters):
        noticed = drift.noticed(matters, ALPHA / 2)
    return _Seen(
        months=len(leads), departure=departure, joint_p=float(test["p_value"].iloc[0]), drift=drift,
        matters=matters, power=round(noticed, 2),
    )  # fmt: skip


def _table(test: pd.DataFrame, seen: _Seen) -> pd.DataFrame:
    a_month = [np.nan] * 3 if seen.drift is None else np.expm1(seen.drift.interval(ALPHA)).round(DECIMALS).tolist()
    told = dict(zip(("drift_a_month", "drift_low", "drift_high"), a_month, strict=True))
    p = np.nan if seen.drift is None else seen.drift.p_value
    return test.assign(
        months_before=seen.months, largest_departure=seen.departure, **told, drift_p_value=p, power=seen.power
    ).reindex(columns=[*COLUMNS])


DECIMALS = 4
"""Of a drift a month as a share: hundredths of a percent, for over years they add up."""


def _power(effects: Effects, ratios: pd.DataFrame, leads: np.ndarray) -> tuple[float, float]:
    """Give the drift a month that, going on, would make up `LARGE` of the answer, and how often these months tell it.

    A steady drift moves each lead against the months before all of them, and the answer by what lies between the
    average month after the start and the average month before it. Missing where it is not known.
    """
    V, since = effects.covariance.get("event_time"), effects.augment()["event_time"].dropna().to_numpy(float)
    after, before, base = (since[where] for where in (since >= 0, since < 0, since < leads.min()))
    if V is None or len(V) != len(ratios) or not (after.size and base.size):
        return float("nan"), float("nan")
    a_month = float(np.log1p(LARGE) / (after.mean() - before.mean()))
    rows = np.flatnonzero(ratios["event_time"].isin(leads))
    covariance = V[np.ix_(rows, rows)]
    if not np.isfinite(covariance).all():
        return a_month, float("nan")
    return a_month, power(a_month * (leads - base.mean()), covariance, ALPHA)


def _noticed(seen: _Seen) -> str:
    """Say how often a drift that matters would have been noticed, and which would often have been."""
    if not np.isfinite(seen.power):
        return ""
    told = (
        f" A steady drift of {_percent(seen.matters)} a month, which makes up {LARGE:.0%} of the answer by itself, "
        f"would have been noticed in about {100 * seen.power:.0f} of 100 cases"
    )
    if seen.drift is None or seen.power >= OFTEN:
        return f"{told}."
    least = seen.drift.noticeable(OFTEN, ALPHA / 2)
    return f"{told}; only one of {_percent(least)} or more would have been in {100 * OFTEN:.0f}."


def _percent(log: float) -> str:
    """Say a change of a log rate to a tenth of a percent; a fall with its minus sign."""
    return f"{100 * np.expm1(log):.1f}%".replace("-", "−")


def _cannot_say(panel: Panel, design: Design, model: Model, test: pd.DataFrame) -> str:
    """Say why months before the start are not tested: each cause in its own words."""
    end = "so the data cannot say whether homes ran alike."
    if len(test):
        why = test["why"].iloc[0] or "counts in bands tell too little of single months"
        leads = len(test["leads"].iloc[0])
        told = "1 month before the start was" if leads == 1 else f"{leads} months before the start were"
        return f"{told} estimated, but {why}: {end.removeprefix('so ')}"
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


def _reading(seen: _Seen, *, few: bool) -> str:
    p, departure = seen.joint_p, seen.departure
    chance = "chance gives as much less than once in 1,000 times" if p < RARE else _times(p)
    told = (
        f"over the {_months(seen.months)} before the start, taken together ({chance}; the largest is {departure:.0%})"
    )
    drifted = _drifted(seen.drift)
    if seen.p_value < ALPHA and seen.by_drift:
        return (
            f"Homes with the intervention already drifted from the others before the start, {drifted}: part of what "
            "the model calls an effect may be that drift going on."
        )
    if seen.p_value < ALPHA:
        return (
            f"Homes already ran differently {told}: part of what the model calls an effect may be that difference "
            "going on."
        )
    if few:
        return (
            f"No difference can be told {told}: so few homes carry these months that none, however large, could be."
            f"{_nor(drifted)}"
        )
    if departure > LARGE:
        return (
            f"No difference can be told from chance {told}, but months lie so far apart that one as large as the "
            f"effects that are looked for would go unseen.{_nor(drifted)}"
        )
    return (
        f"No difference is seen {told}. That rules out large drifts, not small ones: with this many homes a drift "
        f"within the intervals of those months would go unseen.{_nor(drifted)}"
    )


def _drifted(drift: SteadyDrift | None) -> str:
    """Say the drift a month with its interval and over which homes; nothing where it is not known."""
    if drift is None:
        return ""
    b, low, high = map(_percent, drift.interval(ALPHA))
    return f"by {b} a month ({low} to {high}; {drift.homes:,} homes against {drift.others:,} that never start)"


def _nor(drifted: str) -> str:
    return f" Nor is a steady drift seen over all months before it: homes moved {drifted}." if drifted else ""
