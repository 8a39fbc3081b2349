"""One table as most evaluators hold it: home, month, admissions, bed-days, and when the intervention began.

It becomes homes, counts, occupancy and interventions at once. A home without a start never received the intervention.
"""

from dataclasses import replace

import pandas as pd

from analysis.sources import by_period, fields
from analysis.sources.admissions import admission_counts
from analysis.sources.columns import (
    MONTH,
    Counts,
    Dates,
    ReadColumn,
    Screening,
    Starts,
    amounts,
    answer,
    counts,
    dates,
    names,
    parsed,
    perhaps_personal,
    personal,
    screening,
    set_apart,
    set_aside_words,
    starts,
)
from analysis.sources.home_months import (
    SAME,
    absent_months,
    changed_ids,
    endings,
    one_per_month,
    successors,
    unread,
    zero_months,
)
from analysis.sources.interventions import PLANNED, chosen_starts, spells, two_starts, without_day
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.occupancy import BED_DAYS, occupancy
from analysis.sources.plausible import plausible
from analysis.sources.schema import SAME_HOME, TABLES
from analysis.sources.units import in_bed_days

AFTER = ("leave out", "still treated")


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and month, or quarter, or year."""
    if by_period.longer(raw):
        return _by_period(raw, say)
    columns = _columns(raw, say)
    said = sum((column.screening for column in columns.values()), personal(raw))
    rows = _rows(raw, columns)
    month = columns["month"]
    if not said.stops and isinstance(month, Dates):
        said += _empty_homes(raw, said.keep(rows))
        said += one_per_month(raw, said.keep(rows), month.days)
    if not said.stops:
        said += _together(raw, say, rows, said)
    return parsed(raw, said, lambda: _tables(say, said.keep(rows), rows) | unread(raw, said, rows))


def _by_period(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and quarter or year."""
    columns = by_period.columns_of(raw, say)
    said = sum((column.screening for column in columns.values()), personal(raw))
    rows, period = _rows(raw, columns), columns["month"]
    assert isinstance(period, by_period.Periods)
    if not said.stops:
        said += _empty_homes(raw, said.keep(rows))
        said += by_period.judged(raw, said.keep(rows), period)
    if not said.stops:
        kept = said.keep(rows)
        said += two_starts(raw, say, _spells(kept), "start") + _stopped(raw, say, kept)
    return parsed(raw, said, lambda: _tables(say, said.keep(rows), rows) | by_period.lengths(said.keep(rows), period))


def _columns(raw: RawTable, say: Say) -> dict[str, ReadColumn]:
    """Read every column that is there, under the field's name."""
    home = homes_of(raw, say)
    raw = set_apart(raw, home.screening)
    month = dates(raw, "month", say, MONTH)
    columns: dict[str, ReadColumn] = {"home": home, "month": month, "admissions": counts(raw, "admissions", say)}
    columns["bed_days"] = amounts(raw, "bed_days", say, BED_DAYS)
    for name in ("avoidable", "beds"):
        if name in raw.frame:
            columns[name] = counts(raw, name, say, required=False)
    known = {name: columns[name].values for name in ("admissions", "beds") if name in columns}
    columns["bed_days"] = in_bed_days(raw, say, columns["bed_days"], month.values, known)
    for name in ("name", "intervention", "home_type", "area_name"):
        if name in raw.frame:
            columns[name] = names(raw, name)
    rule = replace(PLANNED, order=month.order)
    for name in ("start", "end"):
        if name in raw.frame:
            columns[name] = starts(raw, name, say, replace(rule, ends=name == "end"), home.values)
    return columns


def _rows(raw: RawTable, columns: dict[str, ReadColumn]) -> pd.DataFrame:
    """Return one row per row of the file, with its values."""
    rows = pd.DataFrame({name: column.values for name, column in columns.items()}, index=raw.frame.index)
    for name in ("start", "end"):
        column = columns.get(name)
        rows[name] = column.days if isinstance(column, Dates) else pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
    dated = {name: column for name, column in columns.items() if isinstance(column, Starts)}
    rows["unknown"] = without_day(dated).reindex(rows.index, fill_value=False) if dated else False
    if "avoidable" not in rows:
        rows["avoidable"] = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    count = columns["admissions"]
    return rows.assign(at_least=count.at_least, at_most=count.at_most) if isinstance(count, Counts) else rows


def _empty_homes(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Set aside months with admissions from a home in which nobody lived."""
    odd = rows[(rows["bed_days"].astype("float64") == 0) & (rows["admissions"] > 0).fillna(False)]
    cells = raw.frame["bed_days"].reindex(odd.index)
    return set_aside_words(
        raw, "bed_days", cells, "admissions without bed-days", "bed-days above 0 where there are admissions"
    )


def _together(raw: RawTable, say: Say, rows: pd.DataFrame, said: Screening) -> Screening:
    """Judge the rows as a whole: absent months, endings, sizes, starts."""
    kept = said.keep(rows)
    judged = kept.assign(bed_days=kept["bed_days"].astype("float64"))
    pairs = successors(rows)
    more = changed_ids(raw, say, pairs) + absent_months(raw, say, rows)
    more += endings(raw, say, rows[~rows["home"].isin(pairs["related"])]) + plausible(raw, judged)
    return more + two_starts(raw, say, _spells(kept), "start") + _stopped(raw, say, kept)


def _spells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct spells of the table's homes, each at the row where it first stands."""
    known = rows[rows["start"].notna()]  # few rows, where each home's start does not stand in every one
    known = known[~known["home"].isin(rows.loc[rows["unknown"], "home"])]
    told = [name for name in ("home", "intervention", "start") if name in known]
    return spells(_stated(known.drop_duplicates(told)))


def _stated(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns that say who had what, from when to when."""
    columns = {"location_id": rows["home"], "started": rows["start"], "ended": rows["end"]}
    return columns | ({"intervention": rows["intervention"]} if "intervention" in rows else {})


def _stopped(raw: RawTable, say: Say, rows: pd.DataFrame) -> Screening:
    """Ask what the months after an intervention's end are."""
    odd = rows[(rows["end"] < rows["month"].max()) & rows["start"].notna()]
    if odd.empty:
        return Screening()
    first = odd.iloc[0]
    end, last = first["end"], rows["month"].max()
    found = f"{first['home']} ending on {end.day} {end:%B %Y}, before the last month, {last:%B %Y}"
    words = {
        "fault": "an intervention that stopped",
        "found": found,
        "expected": "an intervention that lasts to the end",
    }
    if said := answer(say, "after the end", AFTER):
        return screening("note", raw, "end", odd["home"], do=f"You said of the months after it: {said}.", **words)
    do = "Say whether the months after it are left out or still count as treated."
    return screening("ask", raw, "end", odd["home"], do=do, question="after the end", options=AFTER, **words)


def _tables(say: Say, rows: pd.DataFrame, stated: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tidy tables; `stated` are the rows before any was set aside."""
    started = _spells(rows)
    if answer(say, "after the end", AFTER) == AFTER[1]:
        started = started.assign(ended=pd.Series(pd.NaT, started.index, dtype="datetime64[us]"))
    tables = {
        "locations": _locations(rows),
        "admission_counts": admission_counts(rows, zero_months(say, stated)),
        "occupancy": occupancy(rows.dropna(subset="bed_days"), "resident days"),
        "interventions": chosen_starts(say, started, spells(_stated(rows[rows["unknown"]]))),
    }
    return tables | ({"links": _links(successors(stated))} if answer(say, "changed ids", SAME) == SAME[0] else {})


def _locations(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per home, with the last thing the table says of it and nothing it does not say."""
    told = [name for name in ("month", "name", "beds", "area_name", "home_type") if name in rows]
    last = rows.sort_values("month", kind="stable").groupby("home")[told].last().reset_index()
    kind = last["home_type"].str.casefold() if "home_type" in last else pd.Series(None, index=last.index, dtype="str")
    said = pd.DataFrame({"location_id": last["home"]}).assign(
        care_home=True,
        nursing=kind.str.contains("nursing").astype("boolean"),
        residential=kind.str.contains("residential|without nursing").astype("boolean"),
    )
    for name in ("name", "beds", "area_name"):
        if name in last:
            said[name] = last[name]
    return _typed(said, "locations")


EMPTY = {"VARCHAR": "str", "BOOLEAN": "boolean", "INTEGER": "Int64", "DATE": "datetime64[us]"}


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the columns of `table`, absent facts being missing values."""
    return pd.DataFrame({
        name: pd.Series(frame.get(name), index=frame.index, dtype=EMPTY[kind])
        for name, kind in TABLES[table].items()
    })  # fmt: skip


def _links(pairs: pd.DataFrame) -> pd.DataFrame:
    links = pairs.rename(columns={"home": "location_id", "related": "related_id"})
    return _typed(links.assign(kind="predecessor", reason=SAME_HOME), "links")


PERIOD = (*fields.MONTH, "quarter", "financial quarter", "year", "financial year")
"""What the month is called, or the quarter or year that stands in its place."""
LAYOUT = Layout(
    name="ready-made table",
    title="Ready-made table",
    holds="One row per home and month, quarter or year: admissions, bed-days and when an intervention began, if any.",
    required={
        "home": fields.HOME, "month": PERIOD, "admissions": fields.ADMISSIONS, "bed_days": fields.BED_DAYS,
    },
    optional={
        "name": fields.NAME, "start": fields.START, "end": fields.END, "intervention": fields.INTERVENTION,
        "avoidable": fields.AVOIDABLE, "beds": fields.BEDS, "home_type": fields.HOME_TYPE, "area_name": fields.AREA,
    },
    parse=parse,
    private=True,
    extra=perhaps_personal,
    forgiving=("name", "start", "end", "intervention", "avoidable", "beds", "home_type", "area_name"),
)  # fmt: skip
