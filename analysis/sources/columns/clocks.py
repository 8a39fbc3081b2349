"""On which day is a moment, whose clock stood in some zone?

Midnight of its own offset is that date: ``2023-01-01T00:00:00+01:00`` is 1 January, though it is still December in
London. Any other moment is read as the clock stood in London. In a column of months, moments that all stand in the last
hours of a month are midnights of another zone, turned to London or UTC by the software that wrote them: asked.
"""

import pandas as pd

from analysis.sources.columns.date_forms import CLOCKED
from analysis.sources.columns.screening import Screening, answer, screening
from analysis.sources.layout import RawTable, Say

ZONE = r"(?i) ?(?:z|utc|[+-]\d{2}:?\d{2})$"
MIDNIGHT = r"(?i).*[T ]00:00(?::00(?:\.0+)?)?(?: ?(?:z|utc|[+-]\d{2}:?\d{2}))?"
LATE = pd.Timedelta(hours=3)
"""Zones of Europe are up to three hours ahead of London."""
QUESTION, OPTIONS = "late hours", ("next month", "month as written")


def moments(text: pd.Series, shape: pd.Series) -> pd.Series:
    """Return the time of each distinct value with a clock, as read; missing for the others."""
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    clocked = text[shape.isin(CLOCKED)]
    if clocked.empty:
        return found
    own = clocked.str.replace(ZONE, "", regex=True).str.replace(r"[/.](?=\d+[/. T])", "-", regex=True)
    written = pd.to_datetime(own, errors="coerce", format="ISO8601")
    zoned = clocked[(shape[clocked.index] == "zoned") & ~clocked.str.fullmatch(MIDNIGHT)]
    london = pd.to_datetime(zoned, utc=True, errors="coerce", format="ISO8601").dt.tz_convert("Europe/London")
    found[clocked.index] = written.astype("datetime64[us]")
    found[zoned.index] = london.dt.tz_localize(None).astype("datetime64[us]")
    return found


def late(moment: pd.Series) -> pd.Series:
    """Return which moments of a column of months stand in a month's last hours, where all with a clock time do."""
    timed = moment[moment.notna() & (moment != moment.dt.normalize())]
    if timed.empty:
        return pd.Series(False, index=moment.index)
    hours = (timed == timed.dt.floor("h")).all()  # another zone's midnight is a whole hour
    ends = (timed + LATE).dt.to_period("M") > timed.dt.to_period("M")
    return pd.Series(bool(hours and ends.all()) & moment.index.isin(timed.index), index=moment.index)


def about_late(raw: RawTable, name: str, say: Say, cells: pd.Series) -> Screening:
    """Ask which month such moments mean."""
    if cells.empty:
        return Screening()
    words = {"fault": "months that begin in the hours before", "expected": "months such as 2023-02"}
    if said := answer(say, QUESTION, OPTIONS):
        return screening("note", raw, name, cells, do=f"You said: {said}.", **words)
    do = (
        "Say whether these are midnights of another time zone, at which the next month begins, or the month as written."
    )
    return screening("ask", raw, name, cells, do=do, question=QUESTION, options=OPTIONS, **words)
