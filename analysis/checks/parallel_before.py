"""Did the homes run alike before the intervention began?

If homes that were to get the intervention were already drifting from the others, the drift would go on and be taken for
an effect. All months before the start are tested together (the model's joint test of its leads). Passing is weak
evidence: with few homes the test sees only large drifts, so the largest departure is told as well.

Source: Roth (2022), American Economic Review: Insights 4(3), on how little a passed test proves.
"""

import numpy as np
import pandas as pd

from analysis.design import Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Model

NAME = "Did homes run alike before the start?"
ALPHA = 0.05
"""Level of the test, as everywhere in the answer (95% intervals)."""

COLUMNS = ("months_before", "largest_departure", "statistic", "df", "p_value")


def parallel_before(panel: Panel, design: Design, model: Model, effects: Effects) -> Check:
    """Test all months before the start together."""
    ratios = effects.tidy("event_time").query(f"term == '{RATE_RATIO}'")
    leads = ratios.query("event_time < 0").dropna(subset=["estimate"])
    test = effects.diagnostics.get("pre_trend", pd.DataFrame())
    if leads.empty or test.empty or pd.isna(test["p_value"].iloc[0]):
        reading = (
            f"{len(leads)} months before the start could be estimated, with too few homes to test them together, so "
            "the data cannot say whether homes ran alike."
        )
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    departure = float(np.abs(np.log(leads["estimate"].to_numpy(float))).max())
    table = test.assign(months_before=len(leads), largest_departure=np.expm1(departure)).reindex(columns=list(COLUMNS))
    p = float(test["p_value"].iloc[0])
    return Check(name=NAME, passed=p >= ALPHA, table=table, reading=_reading(p, len(leads), np.expm1(departure)))


def _reading(p: float, months: int, departure: float) -> str:
    told = f"over the {months} months before the start (joint test, p = {p:.2g}; largest departure {departure:.0%})"
    if p < ALPHA:
        return (
            f"Homes already ran differently {told}: part of what the model calls an effect may be that difference "
            "going on."
        )
    return (
        f"No difference is seen {told}. That rules out large drifts, not small ones: with this many homes a drift "
        "within the intervals of those months would go unseen."
    )
