"""Tables of targeting as they may be handed out: the homes by name, the contest of rules, effects by kind of home.

What a home sends to hospital, and how many people live in it, are counts of people: they are shown to the nearest 5,
and not at all from 1 to 7. Rates of one home are worked out from the counts as shown, so that they give nothing away.
There is no ranking and there are no pounds of one home: homes are people's work, and luck is most of what parts two.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES, MARK, Rule, marked, nearest, protect
from analysis.results import limit
from analysis.tables.columns import Column, number, pounds, yes_or_no

POUNDS = 1_000
"""Sums over homes go to the nearest thousand pounds: no admission of one home can be worked back from them."""


def homes(listed: pd.DataFrame, rule: Rule = HES) -> pd.DataFrame:
    """Give every home by name, as it may be shown: no order of merit, and rates with their intervals.

    Parameters
    ----------
    listed : DataFrame, one row per open home
        unit, name, kind, residents, expected (admissions a year) with low and high, worthwhile (probability), chosen,
        qualifies, already (whether it has had an intervention).

    Returns
    -------
    DataFrame
        By name: residents and expected protected; rate, rate_low, rate_high (admissions for every 100 residents a year,
        to the nearest 5), worked out from the counts as shown and missing where one is not; worthwhile.
    """
    ordered = listed.sort_values(["name", "unit"], ignore_index=True)
    shown = protect(ordered, ["residents", "expected"], rule)
    around = {
        "rate": 1.0,
        "rate_low": ordered["low"] / ordered["expected"],
        "rate_high": ordered["high"] / ordered["expected"],
    }
    rate = 100 * shown["expected"].astype("Float64") / shown["residents"].astype("Float64").replace(0, pd.NA)
    rates = {name: (rate * times / rule.base).round().mul(rule.base).astype("Int64") for name, times in around.items()}
    return shown.drop(columns=["hidden", "low", "high"]).assign(**rates, worthwhile=shown["worthwhile"].round(2))


def _count(count: float) -> str:
    return marked([count])[0]


def _rate(rate: float, low: float, high: float) -> str:
    return MARK if pd.isna(rate) else f"{rate:,} ({low:,} to {high:,})"


HOMES = (
    Column("Home", "name"),
    Column("Kind", "kind"),
    Column("Offered", "chosen", yes_or_no),
    Column("Has had an intervention", "already", yes_or_no),
    Column("Qualifies by the rule", "qualifies", yes_or_no),
    Column("Residents", "residents", _count),
    Column(
        "Admissions expected for every 100 residents a year (95% interval)", ("rate", "rate_low", "rate_high"), _rate
    ),
    Column("Worth its cost", "worthwhile", lambda p: f"{100 * p:.0f} times in 100"),
)
"""Of `homes`."""


def contested(table: pd.DataFrame) -> pd.DataFrame:
    """Round the contest of rules so that it may be handed out: pounds to thousands, admissions to the nearest 5."""
    money = ["promised", "delivered", "delivered_low", "delivered_high", "gain", "gain_low", "gain_high"]
    people = ["averted_promised", "averted_delivered"]
    rounded = {name: (table[name] / POUNDS).round() * POUNDS for name in money}
    rounded |= {name: [nearest(x) if np.isfinite(x) else x for x in table[name]] for name in people}
    return table.assign(**rounded, homes=table["homes"].round(1))


def _pounds(value: float) -> str:
    return pounds(value) if np.isfinite(value) else "–"


def _delivered(value: float, low: float, high: float) -> str:
    return f"{pounds(value)} ({pounds(low)} to {pounds(high)})" if np.isfinite(value) else "–"


def _gain(rule: str, gain: float, low: float, high: float) -> str:
    return "–" if rule == "targeted" or np.isnan(gain) else f"{pounds(gain)} ({pounds(low)} to {pounds(high)})"


CONTESTED = (
    Column("Rule", "rule"),
    Column("Homes", "homes", number(0)),
    Column("Years judged", "cuts"),
    Column("Promised a year", "promised", _pounds),
    Column("Delivered a year (95% interval)", ("delivered", "delivered_low", "delivered_high"), _delivered),
    Column("Admissions averted a year", "averted_delivered", number(0)),
    Column("Targeting gains over it (95% interval)", ("rule", "gain", "gain_low", "gain_high"), _gain),
)
"""Of `contested`."""


def _ratio(estimate: float, low: float, high: float) -> str:
    return f"{estimate:.2f} ({limit(low)} to {limit(high)})"


GROUPS = (
    Column("Homes", "group"),
    Column("Rate ratio drawn together (95% interval)", ("shrunken", "shrunken_low", "shrunken_high"), _ratio),
    Column("By itself (95% interval)", ("estimate", "conf_low", "conf_high"), _ratio),
    Column("p of no difference, all questions together", "adjusted", number(3)),
)
"""Of effects of groups of homes, by themselves and drawn towards the others."""
