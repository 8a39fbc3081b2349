"""How many people came to A&E, waited over four hours, and were admitted, by trust and month?

NHS England's monthly figures, as it publishes them (one column per type of department, ``Period`` such as
MSitAE-APRIL-2019) or as re-users keep them (one row per trust, month and type). All types of a trust and month are
added up; a trust of which a type did not report is counted by those that did.
"""

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import MONTH, Quantity, Screening, amounts, dates, parsed, rows_were, screening
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain
from analysis.sources.schema import TABLES

ATTENDANCES = "A&E attendances"
OVER_FOUR_HOURS = "A&E attendances of more than four hours"
ADMITTED = "emergency admissions through A&E"
COUNT = Quantity(what="a number of people", whole=True, highest=1e6, required=False)
NOT_GIVEN = r"(?i)-|\*|n/?a|null|\.\."
SITREP = r"(?i)^MSitAE[-_ ]*"
TRUST = r"[A-Z][0-9A-Z]{2,5}"
SUMS = {"attendances": "attendances", "breaches": "breaches", "admissions": "admissions"}


def parse_rows(raw: RawTable, say: Say) -> Parsed:
    """Read one row per trust, month and type of department."""
    return _parsed(raw, say, {name: [name] for name in SUMS if name in raw.frame})


def parse_columns(raw: RawTable, say: Say) -> Parsed:
    """Read one column per type of department."""
    return _parsed(raw, say, {name: [c for c in raw.frame if _is(c, name)] for name in SUMS})


def _is(column: str, what: str) -> bool:
    """Whether a column counts attendances, waits of over four hours, or admissions, of one type of department."""
    name = plain(column)
    if "booked" in name:  # of those already counted
        return False
    begins = {"attendances": "a e attendances", "breaches": "attendances over 4hrs",
              "admissions": "emergency admissions via a e"}  # fmt: skip
    return name.startswith(begins[what])


def _parsed(raw: RawTable, say: Say, columns: dict[str, list[str]]) -> Parsed:
    month = dates(_without_prefix(raw), "month", say, MONTH)
    code = raw.frame["code"].str.strip().str.upper()
    known = code.str.fullmatch(TRUST).fillna(False).astype(bool)
    said = month.screening + _totals(raw, code[~known])
    values, read = {}, []
    for name, parts in columns.items():
        found = [amounts(_given(raw, part), part, say, COUNT) for part in parts]
        read += found
        if found:
            values[name] = pd.concat([c.values.astype(float) for c in found], axis=1).sum(axis=1, min_count=1)
    said = sum((column.screening for column in read), said)
    name = raw.frame["name"].str.strip() if "name" in raw.frame else code
    rows = pd.DataFrame({"area_code": code, "area_name": name, "period": month.values, **values})
    if "type" in raw.frame and not said.stops:
        said += _twice(raw, said.keep(rows.assign(type=raw.frame["type"].str.strip())))
    return parsed(raw, said, lambda: {"area_outcomes": _outcomes(said.keep(rows), list(values))})


def _without_prefix(raw: RawTable) -> RawTable:
    """Take NHS England's mark off its periods."""
    cells = raw.frame["month"].str.replace(SITREP, "", regex=True)
    return RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.assign(month=cells), serial_dates=raw.serial_dates,
    )  # fmt: skip


def _given(raw: RawTable, name: str) -> RawTable:
    hidden = raw.frame[name].str.strip().str.fullmatch(NOT_GIVEN).fillna(False).astype(bool)
    return RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.assign(**{name: raw.frame[name].mask(hidden)}), serial_dates=raw.serial_dates,
    )  # fmt: skip


def _totals(raw: RawTable, cells: pd.Series) -> Screening:
    """Drop rows of the country and others that are no trust."""
    if cells.empty:
        return Screening()
    words = {"fault": "other rows", "expected": "the code of a trust, such as R1F"}
    do = f"{rows_were(len(cells))} dropped."
    return screening("note", raw, "code", cells, do=do, **words) + Screening(dropped=cells.index)


def _twice(raw: RawTable, rows: pd.DataFrame) -> Screening:
    key = ["area_code", "period", "type"]
    clash = rows.loc[rows.duplicated(key, keep=False), "area_code"]
    if clash.empty:
        return Screening()
    words = {"expected": "one row per trust, month and type", "do": "Keep the right one, and load the file again."}
    return screening("reject", raw, "code", clash, fault="contradicting rows", **words)


def _outcomes(rows: pd.DataFrame, known: list[str]) -> pd.DataFrame:
    """Add up the types of every trust and month."""
    key = ["area_code", "area_name", "period"]
    table = rows.groupby(key, as_index=False)[known].sum(min_count=1)
    made = [_of(table, ATTENDANCES, table["attendances"], counted="attendances")]
    if "breaches" in table:
        some = table["attendances"].where(table["attendances"] > 0)
        value = (100 * table["breaches"] / some).round(4)
        share = _of(table, OVER_FOUR_HOURS, value, counted="attendances over 4 hours", among="attendances")
        made.append(share.assign(numerator=table["breaches"].where(some.notna()), denominator=some))
    if "admissions" in table:
        made.append(_of(table, ADMITTED, table["admissions"], counted="emergency admissions"))
    whole = pd.concat(made, ignore_index=True)
    whole = whole.loc[whole["value"].notna()].assign(months=1).astype({"months": "Int64"})
    return whole.reindex(columns=list(TABLES["area_outcomes"])).reset_index(drop=True)


def _of(table: pd.DataFrame, measure: str, value: pd.Series, **told: str) -> pd.DataFrame:
    about = table[["area_code", "area_name", "period"]]
    return about.assign(measure=measure, value=value, numerator=None, denominator=None, **({"among": None} | told))


def _wide(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column in columns if any(_is(column, what) for what in SUMS))


ROWS = Layout(
    name="a&e by trust and month",
    title="A&E attendances by trust and month",
    holds="One row per trust, month and type of department: attendances, those over four hours, and admissions.",
    required={"month": ("period", *fields.MONTH), "code": ("org_code", "org code", "provider code", "trust code"),
              "attendances": ("attendances", "total attendances")},
    optional={"name": ("org_name", "org name", "trust", "provider name"), "type": ("type", "department type"),
              "breaches": ("breaches", "attendances over 4hrs", "over 4 hours"),
              "admissions": ("admissions", "emergency admissions")},
    parse=parse_rows,
)  # fmt: skip
COLUMNS = Layout(
    name="a&e sitrep",
    title="A&E attendances and emergency admissions, NHS England's monthly file",
    holds="One row per trust and month, with a column for each type of department.",
    required={"month": ("period",), "code": ("org code",), "name": ("org name",)},
    parse=parse_columns,
    extra=_wide,
    fits=lambda columns: any(_is(column, "attendances") for column in columns),
)
