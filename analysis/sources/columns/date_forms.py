"""In which form is a date written, and which parts stand where?

Each form is a pattern with named parts. The forms are tried in order and the first that fits the whole cell counts.
"""

import re

import numpy as np
import pandas as pd

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_ISO = r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
FORMS = {
    "iso": _ISO + r"(?:[T ]00:00(?::00(?:\.0+)?)?)?",
    "timed": _ISO + rf"[T ]{_CLOCK}",
    "zoned": _ISO + rf"[T ]{_CLOCK} ?(?:z|utc|[+-]\d{{2}}:?\d{{2}})",
    "compact": r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    "slashed": rf"(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}})(?:[ T]{_CLOCK})?",
    "named": rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ /.-]*{_NAME}[ ,/.'-]*(?P<year>\d{{4}}|\d{{2}})",
    "month and year": rf"{_NAME}[ ,/.'-]*(?P<year>\d{{4}}|\d{{2}})",
    "year and month": r"(?P<year>(?:19|20)\d{2})[-/. ]?(?P<month>0[1-9]|1[0-2])",
    "numbers of month and year": r"(?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2})",
    "serial": r"(?P<serial>[2-7]\d{4})(?:\.\d+)?",
    "financial": r"(?P<year>(?:19|20)\d{2})[-/](?:\d{4}|\d{2})[ ,/-]*(?:m|p|mth|month|period)[ -]?(?P<nth>\d{1,2})",
    "month without year": _NAME,
    "longer period": r".*\b(?:q[1-4]|qtr|quarter|totals?|sub-?total|annual|ytd)\b.*|\d{4}/\d{2}(?:\d{2})?|\d{4}",
}
"""Name to pattern, in the order they are tried; ignoring case."""

CLOCKED = ("timed", "zoned")
WITHOUT_DAY = ("month and year", "year and month", "numbers of month and year", "financial")
FAMILY = {"timed": "iso", "zoned": "iso", "compact": "iso", "year and month": "iso", "month and year": "named"}
EXCEL_1900, EXCEL_1904 = pd.Timestamp("1899-12-30"), pd.Timestamp("1904-01-01")


_COMPILED = {form: re.compile(pattern, re.IGNORECASE) for form, pattern in FORMS.items()}


def forms(text: pd.Series) -> pd.Series:
    """Return the name of each value's form, ``"none"`` where it has none."""
    return pd.Series([_form(value) for value in text], index=text.index, dtype="object")


def _form(value: str) -> str:
    return next((form for form, pattern in _COMPILED.items() if pattern.fullmatch(value)), "none")


def parts(text: pd.Series, form: str) -> pd.DataFrame:
    """Return the named parts of values of one form, as numbers (years in four digits, months by number)."""
    fits = filter(None, map(_COMPILED[form].fullmatch, text))  # every value has this form
    found = pd.DataFrame([fit.groupdict() for fit in fits], index=text.index)
    if "name" in found:
        found["month"] = [MONTHS.index(name[:3].lower()) + 1 for name in found.pop("name")]
    found = found.astype("int64")
    if "year" in found:
        found["year"] = found["year"] + (found["year"] < 100) * 1900 + (found["year"] < 70) * 100
    return found


def calendar(year: pd.Series, month: pd.Series, day: pd.Series | int = 1) -> pd.Series:
    """Return dates, missing where the calendar has no such day."""
    days_of = pd.DataFrame({"year": year, "month": month, "day": day}).fillna(0).astype("int64")
    y, m, d = days_of.to_numpy().T
    months = (12 * (y - 1970) + m - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (d - 1)
    fits = (y > 0) & (y < 10_000) & (m > 0) & (m < 13) & (days.astype("datetime64[M]") == months)
    return pd.Series(np.where(fits, days, np.datetime64("NaT")).astype("datetime64[us]"), index=days_of.index)
