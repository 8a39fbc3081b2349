"""Tables of targeting as they may be handed out: the ranked list, the contest of rules, effects by kind of home.

What a home sends to hospital, and how many people live in it, are counts of people: they are shown to the nearest 5,
and not at all from 1 to 7. Pounds of one home are worked out from the counts as shown, so that they give nothing away.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import HES, MARK, Rule, marked, nearest, protect
from analysis.results import limit

POUNDS = 1_000
"""Sums over homes go to the nearest thousand pounds: no admission of one home can be worked back from them."""


def ranked(homes: pd.DataFrame, offer: Mapping[str, float], rule: Rule = HES) -> pd.DataFrame:
    """Rank homes by what an offer is worth in them.

    Parameters
    ----------
    homes : DataFrame, one row per open home
        unit, name, kind, residents, expected (admissions a year), ratio (rate ratio), net (its mean), worthwhile
        (probability), chosen, qualifies.
    offer : mapping
        value, cost_per_home, cost_per_resident.

    Returns
    -------
    DataFrame
        The same but `net`, best first, with rank; expected and residents protected; net_pounds from counts as shown.
    """
    ordered = homes.sort_values(["net", "unit"], ascending=[False, True], ignore_index=True)
    shown = protect(ordered, ["residents", "expected"], rule).drop(columns=["hidden", "net"])
    cost = offer["cost_per_home"] + offer["cost_per_resident"] * shown["residents"].astype("Float64")
    net = offer["value"] * (1 - ordered["ratio"]) * shown["expected"].astype("Float64") - cost
    return shown.assign(
        rank=np.arange(1, len(shown) + 1),
        net_pounds=net.round(-2).astype("Int64"),
        worthwhile=shown["worthwhile"].round(2),
    ).drop(columns="ratio")


def ranked_display(shown: pd.DataFrame) -> pd.DataFrame:
    """Lay out the ranked list."""
    yes = {True: "yes", False: "no"}
    return pd.DataFrame(
        {
            "Rank": shown["rank"],
            "Home": shown["name"],
            "Kind": shown["kind"],
            "Offered": shown["chosen"].map(yes),
            "Qualifies by the rule": shown["qualifies"].map(yes),
            "Residents": marked(shown["residents"]),
            "Admissions expected in a year": marked(shown["expected"]),
            "Net benefit a year": [MARK if pd.isna(x) else pounds(x) for x in shown["net_pounds"]],
            "Worth its cost": [f"{100 * p:.0f} times in 100" for p in shown["worthwhile"]],
        }
    )


def costed_display(costs: pd.DataFrame, year: str) -> pd.DataFrame:
    """Lay out `benefit.costed`, in pounds of a year: what each figure is, as printed, and who said so."""
    rows = costs.to_dict("records")
    return pd.DataFrame(
        {
            "What": costs["what"],
            f"Used (£ of {year})": [pounds(row["pounds"]) for row in rows],
            "As printed": [row["printed"] or "–" for row in rows],
            "Price year": [row["price_year"] or "–" for row in rows],
            "Source": costs["source"],
            "Checked": ["verified" if row["verified"] else "not verified" for row in rows],
        }
    )


def pounds(value: float) -> str:
    """Write pounds: "£12,300", "−£400"."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"


def contested(table: pd.DataFrame) -> pd.DataFrame:
    """Round the contest of rules so that it may be handed out: pounds to thousands, admissions to the nearest 5."""
    money = ["promised", "delivered", "gain", "gain_low", "gain_high"]
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
            "Delivered a year": [_pounds(row["delivered"]) for row in rows],
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
    """Lay out effects of groups, by themselves and drawn towards the others."""
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
        }
    )
