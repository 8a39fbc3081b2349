"""How is a month, a quarter or a year written, and how is it said?

Written, in files, addresses and options, a month is "2017-04"; said, on every page and in every message, "April 2017".
Figures are published by month, by quarter or by year. A quarter or a year is written as its first month, and said
"April to June 2017", "2017/18" (twelve months that do not begin in January) or "2017".
"""

import re
from typing import Any

import pandas as pd

MONTH_FORM = re.compile(r"(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])")
"""Months from 1900 on, in the digits 0 to 9."""


def is_month(value: Any) -> bool:
    """Whether a value is a month such as "2019-01"."""
    return isinstance(value, str) and MONTH_FORM.fullmatch(value) is not None


def month_said(month: Any) -> str:
    """Say a month, or the month of a day: "April 2017"; a text that is no month stays as it is."""
    return month if isinstance(month, str) and not is_month(month) else f"{pd.Timestamp(month):%B %Y}"


def day_said(day: Any) -> str:
    """Say a day: "3 April 2017"; nothing where it is missing."""
    return "" if pd.isna(day) else f"{pd.Timestamp(day).day} {pd.Timestamp(day):%B %Y}"


MONTH, QUARTER, YEAR = 1, 3, 12
"""Lengths of the periods by which figures are published, in months."""
PERIODS = {MONTH: "month", QUARTER: "quarter", YEAR: "year"}


def a_year_of(length: int) -> int:
    """Count the periods of so many months in a year."""
    return YEAR // length


def period_said(first: Any, length: int) -> str:
    """Say the period of so many months that begins with a month."""
    if length == MONTH:
        return month_said(first)
    begins = pd.Timestamp(first)
    if length == YEAR:
        return f"{begins.year}" if begins.month == 1 else f"{begins.year}/{(begins.year + 1) % 100:02d}"
    last = begins + pd.DateOffset(months=length - 1)
    return f"{begins:%B}{'' if last.year == begins.year else f' {begins.year}'} to {last:%B %Y}"


def periods_said(number: int, length: int) -> str:
    """Say how many periods: "24 months", "1 year"."""
    return f"{number:,} {PERIODS[length]}{'' if number == 1 else 's'}"


NAMED = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) (?:19|20)[0-9]{2}"
)
"""A month as `month_said` says it."""
OF_MONTHS = re.compile(r"(?<!calendar )\b([Mm])onth(ly|s)?\b")
OF_QUARTERS = re.compile(r"\b([Qq])uarter(ly|s)?\b(?! of)")
"""Of homes counted by year what is drawn by quarter elsewhere is drawn by year."""


def in_periods(words: Any, length: int) -> Any:
    """Say of quarters, or years, what was said of the months that a panel has; what is no text stays as it is.

    A text that is the name of a month names the period that begins with it; a calendar month stays one.
    """
    if length == MONTH or not isinstance(words, str):
        return words
    if NAMED.fullmatch(words):
        return period_said(words, length)
    name = PERIODS[length]

    def said(found: re.Match) -> str:
        return f"{name.capitalize() if found[1].isupper() else name}{found[2] or ''}"

    told = OF_MONTHS.sub(said, words)
    return OF_QUARTERS.sub(said, told) if length == YEAR else told
