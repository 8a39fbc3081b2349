"""Which homes received what, from when until when, how much of it, and how were they chosen?

How homes were chosen matters as much as when: homes picked after a bad year improve by themselves, so the months
that were looked at to choose them (`chosen_from`, `chosen_to`) are left out of the comparison.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DateRule,
    Dates,
    Quantity,
    ReadColumn,
    Screening,
    Starts,
    amounts,
    answer,
    dates,
    more,
    names,
    one_row_each,
    parsed,
    perhaps_personal,
    personal,
    rows_were,
    screening,
    set_aside_words,
    spared,
    starts,
)
from analysis.sources.columns.starts import never
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.schema import TABLES

UNNAMED = "intervention"
STARTS = ("first", "every")
DOSE = Quantity(what="an amount, 0 or more", whole=False, highest=1e9, required=False, spare=True)
PLANNED = DateRule(
    grain="month", required=False, past=False
)  # a start can lie ahead, and may be known only to the month


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and spell of an intervention."""
    none = raw.frame["started"][never(raw.frame["started"])]
    raw = replace(raw, frame=raw.frame.assign(started=raw.frame["started"].mask(raw.frame.index.isin(none.index))))
    columns = _columns(raw, say)
    said = sum((column.screening for column in columns.values()), personal(raw)) + _comparison_homes(raw, none)
    blank = raw.frame["started"][raw.frame["started"].isna()].drop(none.index)
    said += set_aside_words(raw, "started", blank, "missing date", "the day or month the intervention began")
    rows = spells({name: _plain(column) for name, column in columns.items()})
    if not said.stops:
        said += _backwards(raw, said.keep(rows))
    unknown = without_day(columns) | (rows.index.isin(said.set_aside["row"]) & ~rows.index.isin(none.index))
    rows = rows.assign(started=rows["started"].mask(unknown))
    if not said.stops:
        said += _repeated(raw, said.keep(rows).dropna(subset="started"))
        said += two_starts(raw, say, said.keep(rows)) + _nobody_knows(raw, rows[unknown])
    return parsed(raw, said, lambda: {"interventions": chosen_starts(say, said.keep(rows), rows[unknown])})


def without_day(columns: Mapping[str, ReadColumn]) -> pd.Series:
    """Return where something began, or ended, on a day that nobody can tell."""
    told = [column.unknown for column in columns.values() if isinstance(column, Starts)]
    return sum(told[1:], told[0]).astype(bool)


def _columns(raw: RawTable, say: Say) -> dict[str, ReadColumn]:
    """Read every column of the file, under the names of the table."""
    started = starts(raw, "started", say, PLANNED)
    rule = replace(PLANNED, order=started.order)
    columns: dict[str, ReadColumn] = {"location_id": homes_of(raw, say), "started": started}
    if "ended" in raw.frame:
        columns["ended"] = starts(raw, "ended", say, replace(rule, ends=True))
    for name in ("chosen_from", "chosen_to"):
        if name in raw.frame:
            window = dates(raw, name, say, rule)
            columns[name] = replace(window, screening=spared(window.screening))
    columns |= {name: names(raw, name) for name in ("intervention", "chosen_by") if name in raw.frame}
    return columns | ({"dose": amounts(raw, "dose", say, DOSE)} if "dose" in raw.frame else {})


def _nobody_knows(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Say that homes with a start that nobody knows serve nowhere, not even as comparison."""
    cells = rows["location_id"].dropna()
    if cells.empty:
        return Screening()
    found = f"no usable start of {cells.iloc[0]}"
    found += more(cells.nunique() - 1, "home like it", "homes like it")
    words = {"found": found, "expected": "the day or month each home began"}
    do = "Unless another row says when they began, they take no part in a comparison: nobody knows which months to use."
    return screening("warn", raw, "started", cells, fault="homes whose start is not known", do=do, **words)


def _plain(column: ReadColumn) -> pd.Series:
    return column.days if isinstance(column, Dates) else column.values


def _comparison_homes(raw: RawTable, none: pd.Series) -> Screening:
    if none.empty:
        return Screening()
    do = f"{rows_were(len(none))} dropped: a home without a start never started."
    words = {"fault": "homes that never started", "expected": "a date or a month", "do": do}
    return screening("note", raw, "started", none, **words) + Screening(dropped=none.index)


def spells(columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the rows of the table of interventions from the columns that are there."""
    rows = pd.DataFrame(dict(columns))
    rows["intervention"] = rows["intervention"].fillna(UNNAMED) if "intervention" in rows else UNNAMED
    for name, kind in TABLES["interventions"].items():
        if name not in rows:
            rows[name] = pd.Series(pd.NaT if kind == "DATE" else None, index=rows.index,
                                   dtype="datetime64[us]" if kind == "DATE" else "object")  # fmt: skip
    return rows[list(TABLES["interventions"])]


def _backwards(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Set aside spells, and refuse windows, that end before they begin."""
    said = Screening()
    for first, last in (("started", "ended"), ("chosen_from", "chosen_to")):
        odd = rows[rows[last] < rows[first]]
        cells = raw.frame[last].reindex(odd.index) if last in raw.frame else pd.Series(dtype=str)
        expected = f"nothing before {raw.mapping.get(first, first)!r}"
        said += set_aside_words(raw, last, cells, "an end before its beginning", expected)
    return said


def _repeated(raw: RawTable, rows: pd.DataFrame) -> Screening:
    key, expected = ["location_id", "intervention", "started"], "one row per home, intervention and start"
    return one_row_each(raw, rows, key, "started", expected=expected, differ="two different rows of one start")


def two_starts(raw: RawTable, say: Say, rows: pd.DataFrame, field: str = "started") -> Screening:
    """Ask what a home with several starts of one intervention means; spells that follow an end are no doubt."""
    rows = rows.dropna(subset="started")
    if not rows.duplicated(["location_id", "intervention"]).any():
        return Screening()
    ordered = rows.sort_values(["location_id", "intervention", "started"], kind="stable")
    before = ordered.groupby(["location_id", "intervention"], dropna=False)[["started", "ended"]].shift()
    odd = ordered[before["started"].notna() & ~(before["ended"] <= ordered["started"])]
    if odd.empty:
        return Screening()
    home, start = odd["location_id"].iloc[0], odd["started"].iloc[0]
    others = odd["location_id"].drop_duplicates().iloc[1:]
    found = f"{home} starting again on {start.day} {start:%B %Y} without having ended"
    found += more(len(others), "home like it", "homes like it")
    words = {"fault": "two starts", "found": found, "expected": "one start per home"}
    if said := answer(say, "starts", STARTS):
        return screening("note", raw, field, odd["location_id"], do=f"You said: {said}.", **words)
    do = "Say whether the first start counts or every start does."
    return screening("ask", raw, field, odd["location_id"], do=do, question="starts", options=STARTS, **words)


def chosen_starts(say: Say, rows: pd.DataFrame, unknown: pd.DataFrame) -> pd.DataFrame:
    """Return the spells that count, after the reader's answer about second starts.

    A home that had the intervention from a day that nobody knows (`unknown`) has one spell without a start.
    """
    pair = ["location_id", "intervention"]
    rows = rows.dropna(subset="started").sort_values([*pair, "started"], kind="stable")
    if answer(say, "starts", STARTS) == STARTS[0]:
        rows = rows.drop_duplicates(pair)
    if unknown.empty:
        return rows.reset_index(drop=True)
    lost = unknown.dropna(subset="location_id")[pair].drop_duplicates()
    lost = lost[~lost.set_index(pair).index.isin(rows.set_index(pair).index)]
    every = pd.concat([rows, spells({name: lost[name] for name in pair})]) if len(lost) else rows
    return every.sort_values([*pair, "started"], kind="stable").reset_index(drop=True)


LAYOUT = Layout(
    name="interventions",
    title="Interventions",
    holds="One row per home and intervention: start, end, dose, and how and from which months homes were chosen.",
    required={"home": fields.HOME, "started": fields.START},
    optional={
        "intervention": fields.INTERVENTION,
        "ended": fields.END,
        "area_name": fields.AREA,
        "dose": ("dose", "hours", "visits per month", "sessions", "intensity"),
        "chosen_by": ("chosen_by", "criterion", "selection criterion", "how chosen", "selected because", "selection"),
        "chosen_from": ("chosen_from", "selection from", "selected from", "window from", "selection window from"),
        "chosen_to": ("chosen_to", "selection to", "selected to", "window to", "selection window to"),
    },
    parse=parse,
    private=True,
    extra=perhaps_personal,
    forgiving=("started", "intervention", "ended", "dose", "chosen_by", "chosen_from", "chosen_to", "area_name"),
)
