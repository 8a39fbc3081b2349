"""Are these bed-days bed-days, or residents, or thousands?

A whole column in another unit shows itself: as rates that no home has, or as fewer bed-days than there are residents.
It is asked about, and turned into bed-days, so that every sentence that names the unit is true.

Rates: permanent residents of 65 and over had 0.70 emergency admissions a year in 2016/17 (Improvement Analytics Unit,
July 2019), new ones 0.87 to 1.04 (BMJ Quality & Safety 2019, table 5): 2 to 3 in 1,000 bed-days.
"""

from decimal import Decimal

import pandas as pd

from analysis.sources.columns import ReadColumn, answer, screening
from analysis.sources.layout import RawTable, Say

QUESTION = "unit of bed-days"
OPTIONS = ("bed-days", "residents", "thousands of bed-days", "something else")
HIGHEST_RATE, LOWEST_RATE = 0.02, 0.0001
"""Admissions per bed-day: seven a year for each resident, and one in 27 years; no set of homes is outside."""
ENOUGH = 20  # admissions, or expected ones, below which chance alone could bring such a rate
FEWEST_DAYS = 93  # bed-days of three residents in a month: below that a middling home has hardly anyone in it
MOST_OF_BEDS = 2.0  # twice the bed-days that the beds allow, in the middle home-month


def in_bed_days(raw: RawTable, say: Say, days: ReadColumn, month: pd.Series, known: dict[str, pd.Series]) -> ReadColumn:
    """Return bed-days in bed-days, asking where a whole column looks like something else.

    Parameters
    ----------
    days : ReadColumn
        As they stand (Decimal).
    month : Series of datetime64
    known : mapping of str to Series
        admissions and beds, where the file has them.
    """
    amount = pd.to_numeric(days.values, errors="coerce").astype("float64")
    of = {name: values.astype("float64") for name, values in known.items()}
    in_beds = {"bed-days of the beds": of["beds"] * month.dt.days_in_month} if "beds" in of else {}
    found = odd_unit(amount, of | in_beds)
    if not found or days.screening.stops:
        return days
    cells = raw.frame["bed_days"][amount.notna()]
    words = {"fault": "bed-days in another unit", "found": found, "expected": "the days that residents spent there"}
    said = answer(say, QUESTION, OPTIONS)
    if said is None:
        do = "Say what the column holds: bed-days (used as they stand), residents, thousands of bed-days, or neither."
        asked = screening("ask", raw, "bed_days", cells, do=do, question=QUESTION, options=OPTIONS, **words)
        return ReadColumn(values=days.values, screening=days.screening + asked)
    if said == OPTIONS[3]:
        do = "Load a column of bed-days: beds in use added up over the days of the month."
        return ReadColumn(
            values=days.values, screening=days.screening + screening("reject", raw, "bed_days", cells, do=do, **words)
        )
    noted = screening("note", raw, "bed_days", cells, do=_did(said), **words)
    return ReadColumn(values=_turned(days.values, month, said), screening=days.screening + noted)


def odd_unit(amount: pd.Series, known: dict[str, pd.Series]) -> str:
    """Say what is odd about a column as a whole; nothing where nothing is.

    Parameters
    ----------
    amount : Series of float
        Bed-days as they stand.
    known : mapping of str to Series of float
        ``admissions`` and ``bed-days of the beds``, where they are known.
    """
    there = amount > 0
    total, middle = amount[there].sum(), amount[there].median()
    if not there.any():
        return ""
    if "bed-days of the beds" in known:
        share = (amount / known["bed-days of the beds"])[there].median()
        if share > MOST_OF_BEDS:
            return f"{share:,.0f} times the bed-days that the beds allow, in the middle home-month"
    if "admissions" in known:
        events = known["admissions"][there].sum()
        rate = events / total
        if events >= ENOUGH and rate > HIGHEST_RATE:
            return f"{events:,.0f} admissions over {total:,.0f}, {365 * rate:,.0f} a year for each resident"
        if events and total * LOWEST_RATE >= ENOUGH and rate < LOWEST_RATE:
            return f"{events:,.0f} admissions over {total:,.0f}, one in {1 / (365 * max(rate, 1e-9)):,.0f} years"
        return ""
    return f"{middle:,.1f} in the middle home-month" if middle < FEWEST_DAYS and there.sum() >= ENOUGH else ""


def _turned(values: pd.Series, month: pd.Series, unit: str) -> pd.Series:
    if unit == OPTIONS[0]:
        return values
    times = month.dt.days_in_month if unit == OPTIONS[1] else pd.Series(1_000, index=month.index)
    turned = [
        None if value is None or pd.isna(by) else value * Decimal(int(by))
        for value, by in zip(values, times, strict=True)
    ]
    return pd.Series(turned, index=values.index, dtype="object")


def _did(said: str) -> str:
    return {
        OPTIONS[0]: "You said that they are bed-days; they are used as they stand.",
        OPTIONS[1]: "You said that they are residents: multiplied by the days of each month.",
        OPTIONS[2]: "You said that they are thousands: multiplied by 1,000.",
    }[said]
