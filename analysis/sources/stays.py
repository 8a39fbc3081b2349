"""At what hour was somebody admitted, when were they ready to leave, when did they leave, and to which home?

Columns that a file of admissions may have beside the day: where it has any of them, its stays are kept as a table of
their own. HES gives the day of discharge with the last episode of a spell only, so it is taken from any episode of the
spell. Midnight is also what systems write where nobody knows: where more than `MIDNIGHTS` of the times are 00:00, those
are taken as not known.
"""

import pandas as pd

from analysis.sources.columns import DateRule, Dates, Screening, dates, kept_without, screening, spared
from analysis.sources.layout import RawTable, Say
from analysis.sources.schema import TABLES

COLUMNS = {
    "time": (
        "hour", "admission time", "admitime", "time of admission", "admission hour", "hour of admission",
        "time admitted", "arrival time", "admission_time",
    ),
    "discharged": (
        "discharged", "discharge date", "disdate", "date of discharge", "date discharged", "discharge_date",
        "hospital discharge date", "spell end date",
    ),
    "nights": ("length of stay", "length_of_stay", "los", "speldur", "spell duration", "nights"),
    "ready": (
        "ready", "discharge ready date", "discharge_ready_date", "drd", "ready date", "ready for discharge",
        "date ready for discharge",
    ),
    "went_to": (
        "discharged to", "destination home", "destination location id", "discharge destination home", "went to",
        "destination id",
    ),
}  # fmt: skip
"""Field to the names its column goes by; all may be missing."""
LONGEST = 3_000
"""Nights; what is longer is a mistake."""
MIDNIGHTS = 0.15
"""Of the times. One in 24 is in that hour by chance, one in 1,440 in that minute."""
TIME = r"(?:\d{4}-\d\d-\d\d[ T])?(\d{1,2})(?::?(\d\d)(?::\d\d)?)?"


def stays_of(
    raw: RawTable, say: Say, admitted: Dates, emergency: pd.Series, home: pd.Series
) -> tuple[pd.DataFrame | None, Screening]:
    """Read what is known of each stay beside its day.

    Parameters
    ----------
    raw : RawTable
        Without the rows that were set aside.
    admitted : Dates
    emergency, home : Series
        Of each row.

    Returns
    -------
    DataFrame or None, and Screening
        Columns of the table ``hospital_stays``; none where the file has no such column.
    """
    if not set(raw.frame) & {"time", "discharged", "nights", "ready"}:
        return None, Screening()
    minute, said = _minutes(raw)
    discharged, more = _discharged(raw, say, admitted)
    ready, third = _ready(raw, say, admitted, discharged)
    went_to, fourth = _went_to(raw, say, home)
    frame = pd.DataFrame({
        "location_id": home, "admitted": admitted.values, "emergency": emergency, "minute": minute,
        "discharged": discharged, "ready": ready, "went_to": went_to,
    })  # fmt: skip
    return frame[list(TABLES["hospital_stays"])], said + more + third + fourth


def _minutes(raw: RawTable) -> tuple[pd.Series, Screening]:
    """Return the minute of the day; missing where a cell cannot be a time."""
    if "time" not in raw.frame:
        return pd.Series(pd.NA, index=raw.frame.index, dtype="Int64"), Screening()
    parts = raw.frame["time"].str.strip().str.extract(f"^{TIME}$")
    hour, minute = (pd.to_numeric(parts[part]) for part in (0, 1))
    found = 60 * hour + minute.fillna(0)
    fine = hour.between(0, 23) & minute.fillna(0).between(0, 59)
    odd = raw.frame["time"][raw.frame["time"].notna() & ~fine]
    said = kept_without(raw, "time", odd, "not a time", "an hour such as 14, or a time such as 14:35")
    midnight = fine & (found == 0)
    if midnight.sum() > MIDNIGHTS * fine.sum():
        said += kept_without(raw, "time", raw.frame["time"][midnight], "midnight too often", "the hour of admission")
        fine &= ~midnight
    return found.where(fine).astype("Int64"), said


def _discharged(raw: RawTable, say: Say, admitted: Dates) -> tuple[pd.Series, Screening]:
    """Return the day of discharge, from the length of the stay where no day is given."""
    nothing = pd.Series(pd.NaT, index=raw.frame.index, dtype="datetime64[us]")
    days, said = _day(raw, "discharged", say, admitted.order) if "discharged" in raw.frame else (nothing, Screening())
    if {"spell", "episode"} <= set(raw.frame):
        spell = raw.frame["home"].str.strip() + "\n" + raw.frame["spell"].str.strip()
        days = days.fillna(days.groupby(spell).transform("max"))
    if "nights" in raw.frame:
        nights = pd.to_numeric(raw.frame["nights"].str.strip(), errors="coerce")
        fine = nights.between(0, LONGEST) & (nights == nights.round())
        odd = raw.frame["nights"][raw.frame["nights"].notna() & ~fine]
        said += kept_without(raw, "nights", odd, "not a length of stay", "a whole number of nights")
        days = days.fillna(admitted.values + pd.to_timedelta(nights.where(fine), unit="D"))
    return _within(raw, "discharged" if "discharged" in raw.frame else "nights", admitted, days, said)


def _ready(raw: RawTable, say: Say, admitted: Dates, discharged: pd.Series) -> tuple[pd.Series, Screening]:
    """Return the day on which somebody was ready to leave; none that is not within the stay."""
    if "ready" not in raw.frame:
        return pd.Series(pd.NaT, index=raw.frame.index, dtype="datetime64[us]"), Screening()
    days, said = _day(raw, "ready", say, admitted.order)
    late = days > discharged
    cells = raw.frame["ready"][late]
    said += kept_without(raw, "ready", cells, "ready after the discharge", "a day not after the discharge")
    return _within(raw, "ready", admitted, days.mask(late), said)


def _day(raw: RawTable, name: str, say: Say, order: str | None) -> tuple[pd.Series, Screening]:
    read = dates(raw, name, say, DateRule(grain="day", required=False, order=order, ends=True))
    return read.values, spared(read.screening)


def _within(raw: RawTable, name: str, admitted: Dates, days: pd.Series, said: Screening) -> tuple[pd.Series, Screening]:
    """Leave out days before the admission, or years after it."""
    if name not in raw.frame:
        return days, said
    nights = (days - admitted.values).dt.days
    odd = nights.notna() & ~nights.between(0, LONGEST)
    expected = f"a day on or after the admission, at most {LONGEST:,} days later"
    said += kept_without(raw, name, raw.frame[name][odd], "not a day of the stay", expected)
    return days.mask(odd), said


def _went_to(raw: RawTable, say: Say, home: pd.Series) -> tuple[pd.Series, Screening]:
    """Return the home that somebody was discharged to: that they came from, where the file does not say."""
    if "went_to" not in raw.frame:
        return home, Screening()
    cells = raw.frame["went_to"].str.strip()
    fine = cells.str.fullmatch(r"(?i)1-\d{8,12}").fillna(False).astype(bool)
    odd = raw.frame["went_to"][cells.notna() & ~fine]
    if odd.empty:
        return cells.where(fine), Screening()
    do = "Who went there is not counted at any home."
    words = {"expected": "a CQC location ID such as 1-1234567890, or nothing", "do": do}
    return cells.where(fine), screening("warn", raw, "went_to", odd, fault="not a home", **words)
