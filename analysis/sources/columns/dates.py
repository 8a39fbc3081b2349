"""Which day, or which month, does each cell of a column mean?

The whole column decides what one cell cannot: any day above 12 shows whether the day or the month comes first, and
in a monthly table the part that never changes is the day. What the column leaves open is asked, never guessed.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.sources.columns.clocks import OPTIONS, QUESTION, about_late, late, moments
from analysis.sources.columns.date_forms import EXCEL_1900, EXCEL_1904, FAMILY, WITHOUT_DAY, calendar, forms, parts
from analysis.sources.columns.screening import ReadColumn, Screening, answer, screening, set_aside_words
from analysis.sources.layout import RawTable, Say

ORDERS = ("day first", "month first")
STRAY_SHARE = 0.01  # of the dates that show their order: so few against the rest are typing errors, not a second order
EARLIEST = pd.Timestamp("1990-01-01")  # no records of care homes or hospital stays in use today are older
LONG_AGO = "date too long ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """What is expected of a column of dates.

    Parameters
    ----------
    grain : "day" or "month"
        What each cell stands for.
    required : bool
        Whether a row without it must be set aside.
    past : bool
        Whether days after today must be set aside.
    order : str, optional
        The order of day and month in another column of the same file, for a column that does not show its own.
    ends : bool
        Whether something ended on these days, rather than began.
    """

    grain: Literal["day", "month"]
    required: bool = True
    past: bool = True
    order: str | None = None
    ends: bool = False


MOST_SUBTOTALS = 0.5
"""Of the rows of a table by month; with more, its rows are quarters or years: each year has 12 months and 5 totals."""
BY_MONTH = (
    "Quarters and years of homes are read from one table that holds all of it: home, period, admissions, bed_days and, "
    "where there is an intervention, start. Load such a table, or ask for monthly figures."
)

DAY, MONTH = DateRule(grain="day"), DateRule(grain="month")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dates(ReadColumn):
    """Dates, with the days before they became months, and the order in which day and month were read."""

    days: pd.Series
    order: str | None = None


def today() -> pd.Timestamp:
    """Return today in London: the one place where the door looks at the clock."""
    return pd.Timestamp.now("Europe/London").tz_localize(None).normalize()


def dates(raw: RawTable, name: str, say: Say, rule: DateRule) -> Dates:
    """Read a column of dates.

    Returns
    -------
    Dates
        ``values`` are midnight of the day, or of the first of the month.
    """
    cells = raw.frame[name].str.strip()
    codes, distinct = pd.factorize(cells)
    text = pd.Series(distinct, dtype="str")
    shape = forms(text)
    rows = pd.Series(text.reindex(codes).to_numpy(), index=cells.index)
    shapes = pd.Series(shape.reindex(codes).to_numpy(), index=cells.index).fillna("blank")
    order, said = _order(raw, name, say, rule, (text, shape))
    excel, doubt = _excel(raw, name, say, rule, text[shape == "serial"])
    moment = moments(text, shape)
    ends = late(moment) if rule.grain == "month" else moment.isna() & False
    if ends.any():
        said += about_late(raw, name, say, rows[rows.isin(text[ends])])
    said += doubt + _financial(raw, name, say, rows[shapes == "financial"]) + _unusable(raw, name, rule, (rows, shapes))
    if said.stops:
        nothing = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
        return Dates(values=nothing, screening=said, days=nothing)
    value = _values(text, shape, order, excel, say)
    on_clock = moment.dt.normalize()
    value = value.mask(on_clock.notna(), on_clock)
    if answer(say, QUESTION, OPTIONS) == OPTIONS[0]:
        value = value.mask(ends, value + pd.Timedelta(days=1))
    days = pd.Series(value.reindex(codes).to_numpy(), index=cells.index)
    values = first_of_month(days) if rule.grain == "month" else days
    said += _remarks(raw, name, (rows, shapes)) + _impossible(raw, name, rule, (rows, shapes, values))
    values = values.mask(values.index.isin(said.set_aside["row"]))
    return Dates(values=values, screening=said, days=days, order=order)


def first_of_month(days: pd.Series) -> pd.Series:
    """Return the first day of each day's month."""
    firsts = days.to_numpy().astype("datetime64[M]").astype("datetime64[us]")
    return pd.Series(firsts, index=days.index, name=days.name)


def _order(raw: RawTable, name: str, say: Say, rule: DateRule, written: tuple) -> tuple[str | None, Screening]:
    """Return which part comes first, or a question where neither the column nor the reader has said."""
    text, shape = written
    slashed = text[shape == "slashed"]
    if slashed.empty:
        return rule.order, Screening()
    said = answer(say, "dates", ORDERS)
    rows = raw.frame[name].str.strip()
    cells = rows[rows.isin(slashed)]
    families = set(shape.replace(FAMILY)) - {"none", "longer period"}
    if said:
        return said, _settled(raw, name, cells, f"You said {said}.", said)
    if len(families) > 1:
        other = text[~shape.isin(["slashed", "none", "longer period"])].iloc[0]
        found = f"two ways of writing dates, {cells.iloc[0]!r} and {other!r}"
        return None, _question(raw, name, cells, "mixed dates", found)
    shown = _shown(parts(slashed, "slashed"), slashed.map(cells.value_counts()), rule.grain)
    order = shown or rule.order
    if order is None:
        return None, _question(raw, name, cells, "ambiguous dates", f"{cells.iloc[0]!r}, and no day above 12")
    reason = "the column shows it" if shown else "the file's other dates show it"
    return order, _settled(raw, name, cells, f"Read {order}: {reason}.", order)


def _question(raw: RawTable, name: str, cells: pd.Series, fault: str, found: str) -> Screening:
    do = "Say which comes first, the day or the month."
    words = {"expected": "dates of one unmistakable kind, such as 2023-02-01", "do": do}
    return screening("ask", raw, name, cells, fault=fault, found=found, question="dates", options=ORDERS, **words)


def _settled(raw: RawTable, name: str, cells: pd.Series, do: str, order: str) -> Screening:
    expected = "dates such as 2023-02-01"
    return screening("note", raw, name, cells, fault=f"dates {order}", expected=expected, do=do)


def _shown(part: pd.DataFrame, rows: pd.Series, grain: str) -> str | None:
    """Return the order that the values themselves show, `rows` being how many rows have each."""
    first, second = part["first"], part["second"]
    day_first, month_first = int(rows[first > 12].sum()), int(rows[second > 12].sum())
    if day_first or month_first:
        stray = min(day_first, month_first) / (day_first + month_first)
        winner = ORDERS[0] if day_first > month_first else ORDERS[1]
        return winner if stray <= STRAY_SHARE else None
    if grain == "month" and _constant(first) and not _constant(second):
        return ORDERS[0]
    if grain == "month" and _constant(second) and not _constant(first):
        return ORDERS[1]
    return None


def _constant(part: pd.Series) -> bool:
    return bool((part == part.iloc[0]).all())


def _excel(raw: RawTable, name: str, say: Say, rule: DateRule, text: pd.Series) -> tuple[pd.Timestamp, Screening]:
    """Return the day that spreadsheet day numbers count from."""
    if text.empty:
        return EXCEL_1900, Screening()
    cells = raw.frame[name].str.strip()
    cells = cells[cells.isin(text)]
    options = ("1900", "1904")
    said = answer(say, "excel days", options) or ("1904" if raw.serial_dates == "1904" else None)
    if said is None and _open_1904(text, rule):
        found = f"{cells.iloc[0]!r}, a spreadsheet's number for a day in one of two countings, four years apart"
        do = "Say whether the workbook counted days from 1900 (Windows) or from 1904 (older Macs)."
        words = {"expected": "dates such as 2023-02-01", "do": do, "question": "excel days", "options": options}
        return EXCEL_1900, screening("ask", raw, name, cells, fault="day numbers", found=found, **words)
    base = EXCEL_1904 if said == "1904" else EXCEL_1900
    first = base + pd.Timedelta(days=int(float(cells.iloc[0])))
    do = f"Read as days counted from {said or 1900}: the first is {first.day} {first:%B %Y}."
    return base, screening("note", raw, name, cells, fault="day numbers", expected="dates such as 2023-02-01", do=do)


def _open_1904(text: pd.Series, rule: DateRule) -> bool:
    """Whether months counted from 1904 are all firsts, and counted from 1900 are not: then either may be meant."""
    number = pd.to_timedelta(pd.to_numeric(text).astype(int), unit="D")
    late, early = EXCEL_1904 + number, EXCEL_1900 + number
    return rule.grain == "month" and (late.dt.day == 1).all() and (early.dt.day != 1).all() and late.max() <= today()


def _values(text: pd.Series, shape: pd.Series, order: str | None, excel: pd.Timestamp, say: Say) -> pd.Series:
    """Return the day each distinct value means, missing where it means none."""
    value = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    for form in shape.unique():
        here = text[shape == form]
        if form not in ("none", "longer period", "month without year", "zoned"):
            value[here.index] = _assembled(parts(here, form), order, excel, say)
    return value


def _assembled(part: pd.DataFrame, order: str | None, excel: pd.Timestamp, say: Say) -> pd.Series:
    if "serial" in part:
        return (excel + pd.to_timedelta(part["serial"], unit="D")).astype("datetime64[us]")
    if "nth" in part:
        first = 4 if answer(say, "financial year", FINANCIAL) == FINANCIAL[0] else 1
        month = part["nth"].where(part["nth"].between(1, 12)) + first - 2
        return calendar(part["year"] + month // 12, month % 12 + 1)
    if "first" in part:
        day, month = ("first", "second") if order == ORDERS[0] else ("second", "first")
        return calendar(part["year"], part[month], part[day])
    return calendar(part["year"], part["month"], part.get("day", 1))


FINANCIAL = ("M1 is April", "M1 is January")


def _financial(raw: RawTable, name: str, say: Say, cells: pd.Series) -> Screening:
    if cells.empty:
        return Screening()
    said, expected = answer(say, "financial year", FINANCIAL), "months such as 2023-01"
    if said:
        return screening("note", raw, name, cells, fault="financial months", expected=expected, do=f"You said {said}.")
    ask = {"question": "financial year", "options": FINANCIAL, "do": "Say which month M1 is."}
    return screening("ask", raw, name, cells, fault="financial months", expected=expected, **ask)


def _unusable(raw: RawTable, name: str, rule: DateRule, written: tuple) -> Screening:
    """Refuse columns whose cells cannot be dates at all, and set aside cells that are none."""
    rows, shapes = written
    what = "a date such as 2023-02-01" if rule.grain == "day" else "a month such as 2023-02"
    said = Screening()
    if len(cells := rows[shapes == "month without year"]):
        do = "Add the year to every month and load the file again."
        said += screening("reject", raw, name, cells, fault="months without a year", expected=what, do=do)
    if rule.grain == "day" and len(cells := rows[shapes.isin(WITHOUT_DAY)]):
        do = "Give the day as well, or load a table of monthly counts."
        said += screening("reject", raw, name, cells, fault="dates without a day", expected=what, do=do)
    longer = rows[shapes == "longer period"]
    each_row = rule.grain == "month" and rule.required  # which months a row is of, not when something began
    if each_row and len(longer) > MOST_SUBTOTALS * (shapes != "blank").sum():
        return said + screening("reject", raw, name, longer, fault="quarters or years", expected=what, do=BY_MONTH)
    said += set_aside_words(raw, name, longer, "subtotal rows", what)
    if rule.required:
        said += set_aside_words(raw, name, rows[shapes == "blank"], "missing date", what)
    return said + set_aside_words(raw, name, rows[shapes == "none"], "not a date", what)


def _remarks(raw: RawTable, name: str, written: tuple) -> Screening:
    """Say which cells had to be understood."""
    rows, shapes = written
    said, expected = Screening(), "dates such as 2023-02-01"
    if len(cells := rows[shapes == "zoned"]):
        do = (
            "Midnight is read as the day that begins there, whatever the zone; any other time as the clock stood in "
            "London, so an hour before midnight UTC in summer belongs to the next day."
        )
        said += screening("note", raw, name, cells, fault="times with a zone", expected=expected, do=do)
    short = rows[shapes.isin(["named", "month and year"]) & rows.str.fullmatch(r".*\D\d{2}").fillna(False).astype(bool)]
    if len(short):
        one = _in_words(short.iloc[0], str(shapes[short.index[0]]))
        do = f"Read as the year 20xx: the first is {one}."
        said += screening("note", raw, name, short, fault="years of two digits", expected=expected, do=do)
    return said


def _in_words(cell: str, form: str) -> str:
    """Return how a cell with a short year was understood, in words."""
    part = parts(pd.Series([cell], dtype="str"), form)
    day = calendar(part["year"], part["month"], part.get("day", 1)).iloc[0]
    return f"{day.day} {day:%B %Y}" if "day" in part else f"{day:%B %Y}"


def _impossible(raw: RawTable, name: str, rule: DateRule, read: tuple) -> Screening:
    """Set aside days that the calendar does not have, and days that have not come."""
    rows, shapes, days = read
    unread = shapes.isin(["none", "blank", "longer period"])
    late = days > today() if rule.past else pd.Series(False, index=days.index)
    until = f"nothing after today, {today().day} {today():%B %Y}"
    said = set_aside_words(raw, name, rows[days.isna() & ~unread], "impossible date", "a day that the calendar has")
    said += set_aside_words(raw, name, rows[late], "future date", until)
    return said + set_aside_words(raw, name, rows[days < EARLIEST], LONG_AGO, f"nothing before {EARLIEST:%Y}")
