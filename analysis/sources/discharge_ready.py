"""How long after they were ready were patients discharged, by trust, council and month (Discharge Ready Date)?

NHS England's monthly workbooks since September 2023, which are revised in place. The sheet ``Provider`` has banner rows
and then a header that begins with Region, or with Code (November 2023, 19 columns); to March 2024 there are 22 columns,
from April 2024 on 39, empty columns among them. Councils stand on ``UTLA Acceptable`` (rows ``UTLA Aggregate``), the
country on ``Timeseries``. Bands of delay repeat their names from block to block, so columns of one name are told apart
by their place; the six before the averages are bed-days, in every layout.

Which month it is stands in the banner (``Period:``) or in the file's own name, and is asked for where neither says it.

Three measures. **Bed-days lost**: the total, or the sum of its six bands. **Share discharged after their date**: with
numbers from April 2024 on, a share alone before. **Days from the date to discharge**, over all patients, from April
2024 on. A trust whose return was not acceptable gives none of them ("-").

Source: layouts as read by the public scripts of the Health Foundation (Delayed_Discharges, 2025).
"""

import re

import pandas as pd

from analysis.sources.columns import (
    Quantity,
    ReadColumn,
    Screening,
    amounts,
    answer,
    parsed,
    rows_were,
    screening,
    today,
)
from analysis.sources.columns.date_forms import MONTHS, calendar
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain
from analysis.sources.schema import TABLES

BED_DAYS = "bed-days lost to delayed discharge (DRD)"
LATER = "discharged after their discharge ready date (DRD)"
DAYS_EACH = "days from discharge ready date to discharge (DRD)"
BY_BOARD = ", by integrated care board"
COUNTED = {BED_DAYS: ("bed-days lost", None), LATER: ("patients delayed", "patients discharged"),
           DAYS_EACH: ("bed-days lost", "patients discharged")}  # fmt: skip
PARTS = ("value", "numerator", "denominator")
NATIONAL = "E92000001"
BANDS = 6
FIRST = pd.Timestamp("2023-09-01")
VALUE = Quantity(what="a number", whole=False, highest=1e9, required=False)
NOT_GIVEN = r"(?i)-|\*|n/?a|null|\[[a-z]\]|\.\."
TRUST, BOARD, COUNCIL = r"R[0-9A-Z]{2,4}", r"Q[0-9A-Z]{2}", r"E(?:06|08|09|10)\d{6}"
PERIOD = re.compile(rf"({'|'.join(MONTHS)})[a-z]*[ _-]*(20\d{{2}})", re.IGNORECASE)
ISO = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])(?:-\d{2})?")


def bands(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Give the six columns of bed-days: those before the first average."""
    named = [column for column in columns if column]
    at = next((place for place, column in enumerate(named) if plain(column).startswith("average days")), 0)
    return tuple(named[max(at - BANDS, 0) : at])


def parse_trusts(raw: RawTable, say: Say) -> Parsed:
    """Read trusts and boards of one month."""
    codes = raw.frame["code"].str.strip().str.upper()
    kept = codes.str.fullmatch(f"{TRUST}|{BOARD}").fillna(False).astype(bool)
    return _parsed(raw, say, codes.where(kept), "code of a trust, such as R1F, or of a board")


def parse_councils(raw: RawTable, say: Say) -> Parsed:
    """Read councils of one month."""
    own = raw.frame["summary"].str.strip().str.casefold() == "utla aggregate"
    codes = raw.frame["code"].str.strip().str.upper()
    kept = own & codes.str.fullmatch(COUNCIL).fillna(False).astype(bool)
    return _parsed(raw, say, codes.where(kept), "row of a council (UTLA Aggregate)")


def _parsed(raw: RawTable, say: Say, codes: pd.Series, expected: str) -> Parsed:
    """Read one sheet; subtotals and notes are dropped by rule and counted."""
    month, said = month_of(raw, say)
    out = codes[codes.isna()].index
    said += _dropped(raw, out, expected)
    figures, more = _figures(raw, say)
    rows = figures.assign(area_code=codes, area_name=raw.frame["name"].str.strip(), period=month, months=1)
    said += more
    if not said.stops and (twice := said.keep(rows)["area_code"].dropna()).duplicated().any():
        clash = twice[twice.duplicated(keep=False)]
        words = {"expected": "one row per area", "do": "Keep the right one, and load the file again."}
        said += screening("reject", raw, "code", clash, fault="contradicting rows", **words)
    return parsed(raw, said, lambda: {"area_outcomes": outcomes(said.keep(rows))})


def _dropped(raw: RawTable, out: pd.Index, expected: str) -> Screening:
    """Drop regions, the country, sites and notes, which are no areas of their own here."""
    if out.empty:
        return Screening()
    cells = raw.frame.loc[out].bfill(axis=1).iloc[:, 0]
    words = {"fault": "other rows", "expected": expected, "do": f"{rows_were(len(out))} dropped."}
    return screening("note", raw, "code", cells, **words) + Screening(dropped=out)


def month_of(raw: RawTable, say: Say) -> tuple[pd.Timestamp, Screening]:
    """Find the month in the banner, in the file's own name, or ask."""
    last = today().normalize().replace(day=1)
    options = tuple(f"{month:%Y-%m}" for month in pd.date_range(FIRST, last, freq="MS")[::-1])
    if said := answer(say, "month", options):
        return pd.Timestamp(f"{said}-01"), Screening()
    for row in raw.above:
        told = " ".join(cell for cell in row if cell)
        if told.strip().casefold().startswith("period") and (month := _month(told)) is not None:
            return month, Screening()
    month = _month(raw.file)
    words = {"fault": "which month", "found": "no period above the table", "expected": "the month of the figures"}
    if month is not None:
        do = f"Taken from the file's own name: {month:%B %Y}."
        return month, screening("note", raw, None, do=do, **words)
    do = "Say which month it is; the publication's title has it."
    return last, screening("ask", raw, None, do=do, question="month", options=options, **words)


def _month(text: str) -> pd.Timestamp | None:
    if found := ISO.search(text):
        return pd.Timestamp(int(found[1]), int(found[2]), 1)
    if found := PERIOD.search(text):
        return pd.Timestamp(int(found[2]), MONTHS.index(found[1].casefold()[:3]) + 1, 1)
    return None


def _figures(raw: RawTable, say: Say) -> tuple[pd.DataFrame, Screening]:
    """Give value, numerator and denominator of every measure, in columns "measure|part"."""
    read = {name: _value(raw, name, say) for name in ("patients", "bed_days", "later") if name in raw.frame}
    parts = [_value(raw, name, say) for name in bands(raw.columns) if name in raw.frame and "bed_days" not in read]
    said = sum((column.screening for column in (*read.values(), *parts)), Screening())
    number = {name: column.values.astype(float) for name, column in read.items()}
    nothing = pd.Series(float("nan"), index=raw.frame.index)
    patients = number.get("patients", nothing)
    days = number.get("bed_days", nothing)
    if len(parts) == BANDS:
        days = pd.concat([column.values.astype(float) for column in parts], axis=1).sum(axis=1, min_count=BANDS)
    later, some = _share(number["later"]), patients.where(patients > 0)
    found = {
        BED_DAYS: (days, None, None),
        LATER: (100 * later, (later * patients).round(), patients.where(later.notna())),
        DAYS_EACH: (days / some, days.where(some.notna()), some.where(days.notna())),
    }
    columns = {f"{measure}|{part}": values for measure, three in found.items()
               for part, values in zip(PARTS, three, strict=True)}  # fmt: skip
    return pd.DataFrame(columns, index=raw.frame.index), said


def _share(cells: pd.Series) -> pd.Series:
    """Bring a share to 0 to 1: workbooks hold it so, but some exports write per cent."""
    return cells / 100 if (cells.max() or 0) > 1.0 + 1e-9 else cells


def _value(raw: RawTable, name: str, say: Say) -> ReadColumn:
    """Read a column of figures, of which some are not given."""
    cells = raw.frame[name].str.strip()
    hidden = cells.str.fullmatch(NOT_GIVEN).fillna(False).astype(bool)
    given = RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.assign(**{name: cells.mask(hidden)}), serial_dates=raw.serial_dates,
    )  # fmt: skip
    return amounts(given, name, say, VALUE)


def outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn columns "measure|part" into the table of area outcomes; a figure that is not given is left out."""
    about = rows[["area_code", "area_name", "period", "months"]]
    made = []
    for measure, (counted, among) in COUNTED.items():
        parts = {part: rows[f"{measure}|{part}"].astype(float).round(4) for part in PARTS}
        part = about.assign(**parts, measure=measure, counted=counted, among=among)
        made.append(part.loc[part["value"].notna()])
    table = pd.concat(made, ignore_index=True)
    board = table["area_code"].str.fullmatch(BOARD)
    table["measure"] = table["measure"].where(~board, table["measure"] + BY_BOARD)
    alone = table["numerator"].isna() & table["measure"].str.startswith(LATER)
    table.loc[alone, ["counted", "among"]] = None
    return table.assign(months=table["months"].astype("Int64"))[list(TABLES["area_outcomes"])]


def parse_country(raw: RawTable, say: Say) -> Parsed:
    """Read the country's months."""
    text = raw.frame["month"].str.strip()
    month = text.map(lambda cell: _month(str(cell)))
    period = calendar(month.map(lambda m: m.year if m is not None else None).astype(float),
                      month.map(lambda m: m.month if m is not None else None).astype(float))  # fmt: skip
    said = _dropped(raw, text[period.isna()].index, "a month such as April 2025")
    figures, more = _figures(raw, say)
    rows = figures.assign(area_code=NATIONAL, area_name="England", period=period, months=1)
    said += more
    return parsed(raw, said, lambda: {"area_outcomes": outcomes(said.keep(rows))})


_FIGURES: dict[str, tuple[str, ...]] = {
    "patients": (
        "total discharges", "total number of patients discharged", "total # of patients discharged",
        "total patients discharged", "patients discharged", "total discharges for utla from acceptable trusts",
        "total number of discharges", "number of patients discharged",
    ),
    "bed_days": (
        "total bed days lost due to delayed discharge", "total bed days lost", "total bed days lost to dd",
        "total bed days lost to delayed discharge",
    ),
    "later": (
        "date of discharge is 1+ days after discharge ready date", "dod is 1+ days after drd (%)",
        "date of discharge is 1+ days after discharge ready date (%)", "patients with a delay (%)",
    ),
}  # fmt: skip
_LATER = {"later": _FIGURES["later"]}
_REST = {name: names for name, names in _FIGURES.items() if name != "later"}
TRUSTS = Layout(
    name="discharge ready date",
    title="Discharge Ready Date by trust and month",
    holds="NHS England's monthly workbook: per trust, patients discharged on or after the day they were ready.",
    required={"code": ("code", "org code", "organisation code", "provider code"),
              "name": ("name", "organisation name", "org name", "provider name"), **_LATER},
    optional=_REST,
    parse=parse_trusts,
    sheet="Provider",
    extra=bands,
    repeated=True,
)  # fmt: skip
COUNCILS = Layout(
    name="discharge ready date, councils",
    title="Discharge Ready Date by council and month",
    holds="The councils of the same workbook, from trusts whose returns are acceptable.",
    required={"summary": ("summary type",), "code": ("utla code",), "name": ("utla", "utla name"), **_LATER},
    optional=_REST,
    parse=parse_councils,
    extra=bands,
    beside=True,
    repeated=True,
    never=r"(?i).*unacceptable.*",
)
COUNTRY = Layout(
    name="discharge ready date, country",
    title="Discharge Ready Date of the country by month",
    holds="The national series of the same workbook.",
    required={"month": ("month",), **_LATER},
    optional=_REST,
    parse=parse_country,
    extra=bands,
    beside=True,
    repeated=True,
)
