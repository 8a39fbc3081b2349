"""How many bed-days did each home's residents spend there in each month?

From the Capacity Tracker: the mean of the month's snapshots of beds in use, times the days of the month (its columns:
Skills for Care, DataEngineering, schemas of the Capacity Tracker). Or from resident-days as the homes counted them.
Bed-days are decimals to a hundredth, so that sums do not depend on their order.
"""

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DAY,
    HIGHEST_BED_DAYS,
    MONTH,
    Quantity,
    ReadColumn,
    Screening,
    amounts,
    counts,
    dates,
    decimals,
    homes,
    more,
    parsed,
    perhaps_personal,
    personal,
    rows_were,
    screening,
    set_apart,
)
from analysis.sources.columns.dates import first_of_month
from analysis.sources.home_months import absent_months, endings, one_per_month, unread
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.plausible import plausible
from analysis.sources.schema import TABLES
from analysis.sources.unfinished import lacking
from analysis.sources.units import in_bed_days

HIGHEST_BEDS = 1_000  # no care home in England has half as many
BED_DAYS = Quantity(what="bed-days, 0 or more", whole=False, highest=HIGHEST_BED_DAYS)


def parse_days(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and month with its resident-days."""
    if "start" in raw.frame:
        return parsed(raw, lacking(raw, ("admissions",)), dict)
    home = homes_of(raw, say)
    rest = set_apart(raw, home.screening)
    month, days = dates(rest, "month", say, MONTH), amounts(rest, "bed_days", say, BED_DAYS)
    days = in_bed_days(rest, say, days, month.values, {})
    said = personal(raw) + home.screening + month.screening + days.screening
    rows = pd.DataFrame({"home": home.values, "month": month.values, "bed_days": days.values})
    if not said.stops:
        said += one_per_month(raw, said.keep(rows), month.days)
    if not said.stops:
        judged = said.keep(rows).assign(bed_days=lambda kept: kept["bed_days"].astype("float64"))
        said += absent_months(raw, say, rows) + endings(raw, say, rows) + plausible(raw, judged)
    return parsed(
        raw, said, lambda: {"occupancy": occupancy(said.keep(rows), "resident days")} | unread(raw, said, rows)
    )


def occupancy(rows: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Return the table of bed-days from checked rows (home, month, bed_days)."""
    table = rows.rename(columns={"home": "location_id"}).assign(basis=basis)
    return table[list(TABLES["occupancy"])].reset_index(drop=True)


def parse_tracker(raw: RawTable, say: Say) -> Parsed:
    """Read snapshots of beds in use."""
    home, when, used = homes(raw), _updated(raw, say), counts(raw, "used_beds", say, highest=HIGHEST_BEDS)
    said = personal(raw) + home.screening + when.screening + used.screening
    rows = pd.DataFrame({"home": home.values, "day": when.values, "used": used.values, "stamp": raw.frame["updated"]})
    if "max_beds" in raw.frame:
        beds = counts(raw, "max_beds", say, required=False, highest=HIGHEST_BEDS)
        said += beds.screening + _overfull(raw, used.values, beds.values)
    if not said.stops:
        said += _repeated(raw, said.keep(rows))
    return parsed(raw, said, lambda: {"occupancy": occupancy(monthly(said.keep(rows)), "capacity tracker")})


def _updated(raw: RawTable, say: Say) -> ReadColumn:
    """Read the time of each snapshot; Capacity Tracker's are UTC, and say so only in the name of their column."""
    stamps = raw.frame["updated"].str.strip()
    if "utc" not in raw.mapping["updated"].casefold():
        return dates(raw, "updated", say, DAY)
    zoned = stamps.str.replace(r"^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$", r"\1Z", regex=True)
    utc = RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.assign(updated=zoned), serial_dates=raw.serial_dates,
    )  # fmt: skip
    read = dates(utc, "updated", say, DAY)
    said = tuple(finding for finding in read.screening.findings if finding.fault != "times with a zone")
    return ReadColumn(values=read.values, screening=Screening(findings=said, set_aside=read.screening.set_aside))


def _repeated(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Drop snapshots that stand there twice: extracts repeat a home's last update until it makes another."""
    again = rows.index[rows.duplicated(["home", "stamp", "used"])]
    if again.empty:
        return Screening()
    words = {"found": "a snapshot that stands there already", "expected": "one row per home and update"}
    do = f"{rows_were(len(again))} dropped."
    said = screening("note", raw, "updated", rows.loc[again, "home"], fault="repeated rows", do=do, **words)
    return said + Screening(dropped=again)


def _overfull(raw: RawTable, used: pd.Series, beds: pd.Series) -> Screening:
    over = used[(used > beds).fillna(False).astype(bool)]
    if over.empty:
        return Screening()
    found = f"{over.iloc[0]} beds in use of {beds[over.index[0]]}"
    found += more(len(over) - 1)
    words = {"expected": "no more beds in use than there are", "do": "They are used as they stand; check the beds."}
    return screening("warn", raw, "used_beds", over, fault="more beds in use than beds", found=found, **words)


def monthly(rows: pd.DataFrame) -> pd.DataFrame:
    """Return bed-days by home and month from snapshots.

    Parameters
    ----------
    rows : DataFrame
        home, day, used (beds in use).

    Returns
    -------
    DataFrame
        home, month, bed_days: mean beds in use × days of the month, exact to a hundredth.
    """
    month = first_of_month(rows["day"])
    mean = rows["used"].astype("float64").groupby([rows["home"], month.rename("month")]).mean()
    days = (mean.to_numpy() * mean.index.get_level_values("month").days_in_month).round(2)
    text = pd.Series(days).map("{:.2f}".format).astype("str")
    return mean.index.to_frame(index=False).assign(bed_days=decimals(text).to_numpy())


DAYS = Layout(
    name="resident days",
    title="Bed-days by home and month",
    holds="One row per home and month: the days that residents spent in the home (occupied bed-days).",
    required={"home": fields.HOME, "month": fields.MONTH, "bed_days": fields.BED_DAYS},
    optional={"start": fields.START, "area_name": fields.AREA},
    parse=parse_days,
    private=True,
    extra=perhaps_personal,
)
TRACKER = Layout(
    name="capacity tracker",
    title="Capacity Tracker",
    holds="Snapshots of beds in use by home; a month's bed-days are their mean times its days.",
    required={
        "home": ("cqcid", *fields.HOME),
        "used_beds": ("usedbeds", "used beds", "occupied beds", "beds occupied"),
        "updated": ("lastupdatedutc", "last updated utc", "lastupdatedbst", "last updated", "snapshot date", "updated"),
    },
    optional={"max_beds": ("maxcapacity", "max capacity", "maximum capacity")},
    parse=parse_tracker,
    private=True,
    extra=perhaps_personal,
)
