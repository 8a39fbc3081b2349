"""Tables of targeting as they may be handed out: the homes by name, the contest of rules, effects by kind of home.

What a home sends to hospital, and how many people live in it, are counts of people: they are shown to the nearest 5,
and not at all from 1 to 7. Rates of one home are worked out from the counts as shown, so that they give nothing away.
There is no ranking and there are no pounds of one home: homes are people's work, and luck is most of what parts two.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES, MARK, Rule, marked, nearest, protect
from analysis.results import limit

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


def homes_display(shown: pd.DataFrame) -> pd.DataFrame:
    """Lay out the homes by name."""
    yes = {True: "yes", False: "no"}
    rows = shown.to_dict("records")
    return pd.DataFrame(
        {
            "Home": shown["name"],
            "Kind": shown["kind"],
            "Offered": shown["chosen"].map(yes),
            "Has had an intervention": shown["already"].map(yes),
            "Qualifies by the rule": shown["qualifies"].map(yes),
            "Residents": marked(shown["residents"]),
            "Admissions expected for every 100 residents a year (95% interval)": [
                MARK if pd.isna(row["rate"]) else f"{row['rate']:,} ({row['rate_low']:,} to {row['rate_high']:,})"
                for row in rows
            ],
            "Worth its cost": [f"{100 * p:.0f} times in 100" for p in shown["worthwhile"]],
        }
    )


def pounds(value: float) -> str:
    """Write pounds: "£12,300", "−£400"."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"


def contested(table: pd.DataFrame) -> pd.DataFrame:
    """Round the contest of rules so that it may be handed out: pounds to thousands, admissions to the nearest 5."""
    money = ["promised", "delivered", "delivered_low", "delivered_high", "gain", "gain_low", "gain_high"]
    people = ["averted_promised", "averted_delivered"]
    rounded = {name: (table[name] / POUNDS).round() * POUNDS for name in money}
    rounded |= {name: [nearest(x) if np.isfinite(x) else x for x in table[name]] for name in people}
    return table.assign(**rounded, homes=table["homes"].round(1))


def contested_display(shown: pd.DataFrame) -> pd.DataFrame:
    """Lay out the contest of rules."""
    rows = shown.to_dict("records")
    return pd.DataFrame(
        {
            "Rule": [row["rule"] for row in rows],
            "Homes": [_whole(row["homes"]) for row in rows],
            "Years judged": [row["cuts"] for row in rows],
            "Promised a year": [_pounds(row["promised"]) for row in rows],
            "Delivered a year (95% interval)": [
                f"{pounds(row['delivered'])} ({pounds(row['delivered_low'])} to {pounds(row['delivered_high'])})"
                if np.isfinite(row["delivered"]) else "–"
                for row in rows
            ],
            "Admissions averted a year": [_whole(row["averted_delivered"]) for row in rows],
            "Targeting gains over it (95% interval)": [
                "–" if row["rule"] == "targeted" or np.isnan(row["gain"])
                else f"{pounds(row['gain'])} ({pounds(row['gain_low'])} to {pounds(row['gain_high'])})"
                for row in rows
            ],
        }
    )  # fmt: skip


def _pounds(value):
    return pounds(value) if np.isfinite(value) else "–"


def _whole(value):
    return f"{value:,.0f}" if np.isfinite(value) else "–"


def groups_display(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out effects of groups, by themselves and drawn towards the others; `adjusted`: p of their difference."""
    rows = table.to_dict("records")
    return pd.DataFrame(
        {
            "Homes": [row["group"] for row in rows],
            "Rate ratio drawn together (95% interval)": [
                f"{row['shrunken']:.2f} ({limit(row['shrunken_low'])} to {limit(row['shrunken_high'])})" for row in rows
            ],
            "By itself (95% interval)": [
                f"{row['estimate']:.2f} ({limit(row['conf_low'])} to {limit(row['conf_high'])})" for row in rows
            ],
            "p of no difference, all questions together": [f"{row['adjusted']:.3f}" for row in rows],
        }
    )
