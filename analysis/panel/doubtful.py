"""Which homes have beds where bed-days belong?

Thirty times too few bed-days make thirty times the rate, and a choice of homes by rate takes them first. Known by two
things together: bed-days of a few people, and a rate that none of the others has.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.panel.dense import FACTS, Panel

TOO_FEW = 5.0
"""Bed-days below a fifth of the others' are nothing odd by themselves: there are homes of a few beds."""
RATE_TIMES = 10.0
"""Beds for bed-days raise a rate thirtyfold; homes themselves differ by less than ten (the same at the door,
`sources.plausible`)."""
FEWEST = 5
"""Admissions: ten times the usual rate comes by chance where there are fewer."""

FACT = "bed-days that look like beds"
SAID = (
    "{who} left out: {their} bed-days look like numbers of beds (few, with more than ten times the admissions per "
    "bed-day of the others). Load the file again with bed-days: residents added up over the days of the month."
)


USED = (
    "used as they stand, with more than ten times the admissions per bed-day of the others: if these are beds, "
    "load the file again with bed-days"
)


def beds_for_days(panel: Panel) -> np.ndarray:
    """Find the homes whose bed-days look like beds, shape (N,)."""
    seen = panel.exposure > 0
    days = np.where(seen, panel.exposure, 0.0).sum(axis=1)
    in_a_month = np.divide(days, seen.sum(axis=1), out=np.zeros(len(days)), where=days > 0)
    counted = np.where(seen, panel.counts, 0).sum(axis=1)
    rate = np.divide(counted, days, out=np.zeros(len(days)), where=days > 0)
    if not (days > 0).any():
        return np.zeros(len(days), bool)
    few = in_a_month * TOO_FEW < np.median(in_a_month[days > 0])
    return few & (rate > RATE_TIMES * np.median(rate[days > 0])) & (counted >= FEWEST)


def with_doubt(shown: Panel) -> Panel:
    """Note homes whose bed-days look like beds: after counts as shown, or a threshold would tell of the counts."""
    odd = beds_for_days(shown)
    if not odd.any():
        return shown
    row = pd.DataFrame([(FACT, int(odd.sum()), int((shown.exposure[odd] > 0).sum()), USED)], columns=list(FACTS))
    return replace(shown, facts=pd.concat([shown.facts, row], ignore_index=True))


def left_out(homes: int) -> str:
    """Say that so many homes are left out for it; nothing where none is."""
    who, their = ("1 home is", "its") if homes == 1 else (f"{homes:,} homes are", "their")
    return SAID.format(who=who, their=their) if homes else ""


def of_homes(panel: Panel, some: np.ndarray) -> Panel:
    """Give the panel of some of its homes, (N,); the panel itself where that is all of them."""
    return panel if some.all() else panel.of(some)
