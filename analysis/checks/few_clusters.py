"""Are there enough homes for the interval to mean what it says?

Months of one home resemble each other, so it is homes that count, and above all homes with the intervention: with five
of eighty, the usual 95% interval misses a true null 15% of the time. The corrected interval holds its promise from
three on, and is wide for it. Which interval is shown follows the number of homes; here the reader is told what that
means.
"""

import pandas as pd

from analysis.design import Design
from analysis.panel import Panel
from analysis.results import Check, Effects, Model

NAME = "Are there enough homes?"
ENOUGH = 10
"""Homes with the intervention from which the corrected interval is about as narrow as an honest one can be."""
FEWEST = 3
"""Homes with the intervention below which no standard error can be trusted."""
FEW_DEGREES = 4.0
"""Degrees of freedom below which one or two homes decide the interval (Tipton 2015)."""

COLUMNS = ("homes", "homes_with_intervention", "degrees_of_freedom")


def few_clusters(panel: Panel, design: Design, model: Model, effects: Effects) -> Check:
    """Say how many homes the interval rests on."""
    homes, treated = (int(effects.glance()[name].iloc[0]) for name in ("n_clusters", "n_treated"))
    degrees = effects.diagnostics.get("degrees_of_freedom", pd.DataFrame(columns=["by", "df"]))
    overall = degrees.loc[degrees["by"] == "overall", "df"].to_numpy(float)
    df = float(overall[0]) if len(overall) else float("nan")
    passed = treated >= ENOUGH and not df < FEW_DEGREES
    table = pd.DataFrame([(homes, treated, df)], columns=list(COLUMNS))
    return Check(name=NAME, passed=passed, table=table, reading=_reading(homes, treated, df))


def _reading(homes: int, treated: int, df: float) -> str:
    told = f"{treated:,} of {homes:,} homes had the intervention"
    if treated < FEWEST:
        return f"{told}: too few for any standard error; only its place among reshufflings of homes says anything."
    if treated < ENOUGH or df < FEW_DEGREES:
        return (
            f"{told} ({df:.1f} degrees of freedom): the interval is corrected for so few and wide because of it. A "
            "true effect of ordinary size may well be missed."
        )
    return f"{told} ({df:.1f} degrees of freedom): enough for the interval to hold what it promises."
