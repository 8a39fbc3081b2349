"""Which month, quarter or year does each cell of a column mean?

Published figures are by month, by quarter or by year, and some files hold several of them. A financial year begins in
April: 2016/17 is April 2016 to March 2017, and its first quarter April to June 2016. A year alone is a calendar year.
2010/11 could be November 2010: a column whose cells with a stroke are all of two years in a row means years.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.sources.columns.date_forms import calendar
from analysis.sources.columns.dates import DateRule, dates
from analysis.sources.columns.screening import ReadColumn, set_aside_words
from analysis.sources.layout import RawTable, Say

FIRST_MONTH = 4
"""Financial years begin in April."""
EXPECTED = "a financial year such as 2016/17, a quarter such as 2016/17 Q1 or 2016 Q2, a year, or a month"
YEARS = r"(?P<year>(?:19|20)\d{2}) ?[-/–] ?(?:(?:19|20)?(?P<next>\d{2}))"
QUARTERS = (
    rf"(?:fy ?)?{YEARS}[ ,:/-]*q(?:uarter|tr)? ?(?P<quarter>[1-4])",
    rf"q(?:uarter|tr)? ?(?P<quarter>[1-4])[ ,:/-]*(?:fy ?)?{YEARS}",
)
CALENDAR_QUARTERS = (
    r"(?P<year>(?:19|20)\d{2})[ ,:/-]*q(?:uarter|tr)? ?(?P<quarter>[1-4])",
    r"q(?:uarter|tr)? ?(?P<quarter>[1-4])[ ,:/-]*(?P<year>(?:19|20)\d{2})",
)
YEAR_ALONE = r"(?:calendar year )?(?P<year>(?:19|20)\d{2})(?:\.0)?"
MONTH = DateRule(grain="month", past=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periods(ReadColumn):
    """First day of each period, with its length in months (index: row number)."""

    months: pd.Series


def periods(raw: RawTable, name: str, say: Say) -> Periods:
    """Read a column of periods; a cell that is none sets its row aside."""
    cells = raw.frame[name].str.strip()
    text = pd.Series(cells.dropna().unique(), dtype="str")
    first, months = _longer(text)
    shorter = cells.isin(text[months.isna()])
    if shorter.any():
        return _with_months(raw, name, say, (cells, shorter, dict(zip(text, first, strict=True))))
    said = set_aside_words(raw, name, cells[cells.isna()], "missing period", EXPECTED)
    length = cells.map(dict(zip(text, months, strict=True)))
    return Periods(values=cells.map(dict(zip(text, first, strict=True))), months=length, screening=said)


def _with_months(raw: RawTable, name: str, say: Say, found: tuple) -> Periods:
    """Read what is no longer period as months, and put both together."""
    cells, shorter, known = found
    rest = RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.loc[shorter], serial_dates=raw.serial_dates,
    )  # fmt: skip
    column = dates(rest, name, say, MONTH)
    longer = cells.map(known)
    blank = set_aside_words(raw, name, cells[cells.isna()], "missing period", EXPECTED)
    months = pd.Series(1, index=cells.index).where(shorter, cells.map(_lengths(cells[~shorter])))
    values = column.values.reindex(cells.index).where(shorter, longer)
    return Periods(values=values, months=months, screening=blank + column.screening)


def _lengths(cells: pd.Series) -> dict[str, int]:
    text = pd.Series(cells.dropna().unique(), dtype="str")
    return dict(zip(text, _longer(text)[1], strict=True))


def _longer(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Give first day and months of distinct values that are quarters or years; missing where they are neither."""
    first = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    months = pd.Series(pd.NA, index=text.index, dtype="Int64")
    known = [*((p, 3, FIRST_MONTH) for p in QUARTERS), *((p, 3, 1) for p in CALENDAR_QUARTERS), (YEARS, 12, 4)]
    for pattern, length, begins in [*known, (YEAR_ALONE, 12, 1)]:
        parts = text.str.extract(rf"(?i)^{pattern}$")
        fits = parts["year"].notna() & months.isna()
        if "next" in parts:
            fits &= (pd.to_numeric(parts["year"]) + 1) % 100 == pd.to_numeric(parts["next"])
        if pattern == YEARS and not _are_years(text, fits):
            continue
        quarter = pd.to_numeric(parts["quarter"]) if "quarter" in parts else pd.Series(1, index=text.index)
        month = begins + 3 * (quarter - 1)
        year = pd.to_numeric(parts["year"]) + (month > 12)
        first = first.mask(fits, calendar(year, (month - 1) % 12 + 1))
        months = months.mask(fits, length)
    return first, months


def _are_years(text: pd.Series, fits: pd.Series) -> bool:
    """Whether all that is written as two numbers with a stroke, or a dash, is two years in a row."""
    two = text.str.fullmatch(r"(?:19|20)\d{2} ?[-/–] ?(?:\d{2}|(?:19|20)\d{2})").fillna(False).astype(bool)
    return bool(fits[two].all())
