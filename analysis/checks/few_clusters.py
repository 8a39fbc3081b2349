"""Are there enough homes for the interval to mean what it says?

Months of one home resemble each other, so it is homes that count, and above all homes with the intervention: with five
of eighty, the usual 95% interval misses a true null 15% of the time. The corrected interval holds its promise from
three on, and is wide for it. The homes they are compared with count as much: with one, it misses in three of four.
Which interval is shown follows the number of homes; here the reader is told what that
means.
"""

import pandas as pd

from analysis.design import Design
from analysis.outcomes import Rate, Residents, Stays
from analysis.panel import Panel
from analysis.plural import counted
from analysis.results import Check, Fitted

NAME = "Are there enough homes?"
OUTCOMES = (Rate, Residents, Stays)
ENOUGH = 10
"""Homes with the intervention from which the corrected interval is about as narrow as an honest one can be."""
FEWEST = 3
"""Homes with the intervention below which no standard error can be trusted."""
FEW_DEGREES = 4.0
"""Degrees of freedom below which one or two homes decide the interval (Tipton 2015)."""

FEWEST_COMPARED = 2
"""Homes (or groups of homes that share their luck) to compare with, below which no standard error can be trusted."""
HEAVY = 1 / 3
"""Part of one side in one home above which what happened there may be what is seen."""
SIDES = ("treated_clusters", "compared_clusters", "treated_share", "compared_share")

COLUMNS = ("homes", "homes_with_intervention", "degrees_of_freedom", *SIDES)


def few_clusters(fitted: Fitted[Panel, Design]) -> Check:
    """Say how many homes the interval rests on."""
    effects = fitted.effects
    homes, treated = (int(effects.glance()[name].iloc[0]) for name in ("n_units", "n_treated"))
    degrees = effects.diagnostics.get("degrees_of_freedom", pd.DataFrame(columns=["by", "df"]))
    overall = degrees.loc[degrees["by"] == "overall", "df"].to_numpy(float)
    df = float(overall[0]) if len(overall) else float("nan")
    sides = _sides(degrees)
    alone, heavy = sides["compared_clusters"] < FEWEST_COMPARED, _heavy(sides)
    passed = treated >= ENOUGH and not df < FEW_DEGREES and not alone and not heavy
    table = pd.DataFrame([(homes, treated, df, *sides.values())], columns=list(COLUMNS))
    reading = _of_one(homes, treated, sides, heavy) if alone or heavy else _reading(homes, treated, df)
    return Check(name=NAME, passed=passed, table=table, reading=reading, number=counted(treated, "home"))


def _sides(degrees: pd.DataFrame) -> dict[str, float]:
    """Clusters on either side of the overall effect and the largest part of one; missing where no model said."""
    overall = degrees.loc[degrees["by"] == "overall"].reindex(columns=list(SIDES))
    return {name: float(overall[name].iloc[0]) if len(overall) else float("nan") for name in SIDES}


def _heavy(sides: dict[str, float]) -> str:
    """Name the side of which one home has more than a third though there are several; empty where none has."""
    if sides["treated_clusters"] > FEWEST and sides["treated_share"] > HEAVY:
        return "those with the intervention"
    return (
        "those they are compared with"
        if sides["compared_clusters"] > FEWEST and sides["compared_share"] > HEAVY
        else ""
    )


def _of_one(homes: int, treated: int, sides: dict[str, float], heavy: str) -> str:
    told = f"{treated:,} of {homes:,} homes had the intervention"
    if sides["compared_clusters"] < FEWEST_COMPARED:
        return (
            f"{told}, and there is only one to compare with (a home, or a group of homes that share their luck): no "
            "standard error can be trusted, because its own ups and downs are in the answer and nothing shows how "
            "large they are. Add homes that did not receive it."
        )
    share = sides["treated_share" if heavy == "those with the intervention" else "compared_share"]
    return (
        f"{told}, and one of {heavy} carries {share:.0%} of that side: what happened there by chance may be what is "
        "seen. Look at the result without it."
    )


def _reading(homes: int, treated: int, df: float) -> str:
    told = f"{treated:,} of {homes:,} homes had the intervention"
    if treated < FEWEST:
        return f"{told}: too few for any standard error; only its place among reshufflings of homes says anything."
    unequal = "" if treated < ENOUGH else ", of which a few carry most of the answer"
    if treated < ENOUGH or df < FEW_DEGREES:
        return (
            f"{told}{unequal}: the interval is corrected for so few and wide because of it. A true effect of ordinary "
            "size may well be missed."
        )
    return f"{told}: enough for the interval to hold what it promises."
