"""A table with one row per home and one column per month: what do its cells count?

The file does not say, so the reader is asked. Once they have said, each cell becomes a home-month and is read as in
any such table; a row with a cell that cannot be used is set aside whole, so that every row is used or is not.
"""

from dataclasses import replace

import pandas as pd

from analysis.sources import fields
from analysis.sources.admissions import parse_counts
from analysis.sources.columns import Screening, answer, parsed, personal, screening
from analysis.sources.columns.date_forms import forms
from analysis.sources.findings import Finding
from analysis.sources.home_months import ABSENT
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.occupancy import parse_days

FEWEST = 2  # columns named after months that make a table a wide one
HOLDS = {"admissions": parse_counts, "bed_days": parse_days}


def months(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that are named after months or dates, if there are several."""
    shape = forms(pd.Series([column.strip() for column in columns], dtype="str"))
    dated = ~shape.isin(["none", "longer period", "serial", "compact"])
    found = tuple(column for column, month in zip(columns, dated, strict=True) if month)
    return found if len(found) >= FEWEST else ()


def parse(raw: RawTable, say: Say) -> Parsed:
    """Ask what the cells are, then read them."""
    wide = months(tuple(raw.frame.columns))
    said = answer(say, "cells", tuple(HOLDS))
    words = {"fault": "months as columns", "found": f"{len(wide):,} columns named after months",
             "expected": "one row per home and month"}  # fmt: skip
    if said is None:
        do = "Say what the cells below the months are."
        asked = screening("ask", raw, wide[0], do=do, question="cells", options=tuple(HOLDS), **words)
        return parsed(raw, personal(raw) + asked, dict)
    note = screening("note", raw, wide[0], do=f"You said that the cells are {said}; each became a row.", **words)
    return _read(raw, say, said, note)


def _read(raw: RawTable, say: Say, field: str, note: Screening) -> Parsed:
    """Read the cells as home-months; a row is used where any cell of it is."""
    long, row = _long(raw, field)
    first = HOLDS[field](long, say)
    tables = first.tables
    if zero := _said_zero(say, first):
        tables = HOLDS[field](_long(raw, field, blank="0")[0], say).tables
    aside = _lost_rows(raw, first, row, zero)
    findings = tuple(_of_file(f, row, set(aside["fault"])) for f in first.findings)
    counted = {"rows_used": len(raw.frame) - len(aside), "set_aside": aside} if tables else {}
    return Parsed(tables=tables, findings=note.findings + findings, **counted)


def _said_zero(say: Say, read: Parsed) -> bool:
    """Whether blank cells were asked about, and are zero: at a home's ends as in its middle."""
    return answer(say, "absent months", ABSENT) == "zero" and any(f.fault == "absent months" for f in read.findings)


def _lost_rows(raw: RawTable, read: Parsed, row: pd.Series, zero: bool) -> pd.DataFrame:
    """Return the rows of the file of which no cell can be used; where only some cells cannot, the others are."""
    cells = read.set_aside.assign(row=row.reindex(read.set_aside["row"]).to_numpy())
    spoilt = cells["row"].map(cells["row"].value_counts() == row.value_counts().reindex(cells["row"].unique()))
    lost = cells[spoilt.astype(bool)].drop_duplicates("row")
    blank = raw.frame.index.difference(row) if not zero else raw.frame.index[:0]
    words = {"column": "", "found": "blank cells", "expected": "a value in some month", "fault": "rows without a value"}
    return pd.concat([lost, pd.DataFrame({"row": blank, **words})], ignore_index=True) if len(blank) else lost


def _of_file(finding: Finding, row: pd.Series, lost: set[str]) -> Finding:
    """Return what was found in a cell as something of the file's row, which is kept without it unless it is lost."""
    placed = replace(finding, row=int(row[finding.row]) if finding.row is not None else None)
    if placed.outcome == "rows" and placed.fault not in lost:
        return replace(placed, outcome="warn", do="The other months of the home are used.")
    return placed


def _long(raw: RawTable, field: str, blank: str | None = None) -> tuple[RawTable, pd.Series]:
    """Return one row per cell, numbered through, and the row of the file that each stands in.

    Blank cells are left out, or say what `blank` says.
    """
    wide = list(months(tuple(raw.frame.columns)))
    whose = [name for name in ("home", "area_name") if name in raw.frame]
    cells = raw.frame.reset_index(names="row").melt(["row", *whose], wide, var_name="month", value_name=field)
    cells[field] = cells[field] if blank is None else cells[field].fillna(blank)
    cells = cells.dropna(subset=field).sort_values("row", kind="stable").reset_index(drop=True)
    mapping = {**{name: raw.mapping[name] for name in whose}, "month": wide[0], field: wide[0]}
    return replace(raw, frame=cells[[*whose, "month", field]], mapping=mapping), cells["row"]


LAYOUT = Layout(
    name="one column per month",
    title="One row per home, one column per month",
    holds="One row per home and a column for each month; you say whether the cells are admissions or bed-days.",
    required={"home": fields.HOME},
    optional={"area_name": fields.AREA},
    parse=parse,
    private=True,
    extra=months,
    fits=lambda columns: bool(months(tuple(columns))),
)
