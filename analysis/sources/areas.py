"""What do councils report: delayed transfers by month, and adult social care outcomes by year?

Delayed transfers of care (NHS England, sitreps to February 2020): delayed days by council and month, attributable to
the NHS, to social care, to both, and in total. ASCOF (NHS Digital, DHSC): one value per council and year, or the
open-data layout with a numerator, a denominator and an outcome per measure, where ``[c] [x] * :`` stand for figures
that are not given.
"""

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    MONTH,
    Quantity,
    ReadColumn,
    Screening,
    amounts,
    answer,
    dates,
    names,
    one_row_each,
    parsed,
    periods,
    rows_were,
    screening,
    set_aside_words,
    today,
)
from analysis.sources.home_months import one_per_month
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.schema import TABLES

DELAYS = {
    "delayed_nhs": "delayed days, NHS",
    "delayed_social_care": "delayed days, social care",
    "delayed_both": "delayed days, both",
    "delayed_total": "delayed days, total",
}
COUNTED_DAYS = "delayed days"
NOT_GIVEN = r"(?i)\[[a-z]\]|\*+|:|\.\.|-|c|x|n/?a"
VALUE = Quantity(what="a number", whole=False, highest=1e12, required=False)
FIRST_MONTH, MONTHS_OF_A_YEAR = 4, 12  # financial years begin in April
PARTS = ("numerator", "denominator", "outcome")


def parse_delays(raw: RawTable, say: Say) -> Parsed:
    """Read delayed days by council and month."""
    code, month = _codes(raw), dates(raw, "month", say, MONTH)
    name = names(raw, "area_name") if "area_name" in raw.frame else ReadColumn(values=code.values)
    values = {measure: _value(raw, field, say) for field, measure in DELAYS.items() if field in raw.frame}
    said = sum((column.screening for column in (code, month, name, *values.values())), Screening())
    rows = pd.DataFrame({"home": code.values, "month": month.values, "area_name": name.values})
    rows = rows.assign(**{measure: column.values for measure, column in values.items()})
    if not said.stops:
        said += one_per_month(raw, said.keep(rows), month.days, "area")
    return parsed(raw, said, lambda: {"area_outcomes": _delays(said.keep(rows), list(values))})


def _codes(raw: RawTable) -> ReadColumn:
    """Return the areas' codes; rows without one are set aside."""
    cells = raw.frame["area_code"]
    codes = cells.str.strip().str.upper()
    return ReadColumn(values=codes, screening=set_aside_words(raw, "area_code", cells[codes.isna()], "missing area",
                                                        "an area's code such as E06000046"))  # fmt: skip


def _value(raw: RawTable, name: str, say: Say) -> ReadColumn:
    """Read a column of figures, of which some may not be given."""
    cells = raw.frame[name].str.strip()
    hidden = cells[cells.str.fullmatch(NOT_GIVEN).fillna(False).astype(bool)]
    given = RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=raw.frame.assign(**{name: cells.drop(hidden.index).reindex(cells.index)}), serial_dates=raw.serial_dates,
    )  # fmt: skip
    column = amounts(given, name, say, VALUE)
    if hidden.empty:
        return column
    do = "They are kept as unknown, neither as zero nor left out."
    said = screening("warn", raw, name, hidden, fault="suppressed figures", expected="a number", do=do)
    return ReadColumn(values=column.values, screening=column.screening + said)


def _delays(rows: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    long = rows.melt(["home", "month", "area_name"], measures, var_name="measure", value_name="value")
    long = long.rename(columns={"home": "area_code", "month": "period"})
    return _outcomes(long.assign(months=1, counted=COUNTED_DAYS))


def _outcomes(long: pd.DataFrame) -> pd.DataFrame:
    """Return the table of area outcomes; what is absent is missing."""
    for name in ("numerator", "denominator", "counted", "among"):
        if name not in long:
            long[name] = pd.Series(None, index=long.index, dtype="object")
    return long.assign(months=long["months"].astype("Int64"))[list(TABLES["area_outcomes"])].reset_index(drop=True)


def parse_ascof(raw: RawTable, say: Say) -> Parsed:
    """Read one value per area, measure and year, quarter or month, with what stands behind it where that is given."""
    code, value, period = _codes(raw), _value(raw, "value", say), periods(raw, "year", say)
    name = names(raw, "area_name") if "area_name" in raw.frame else ReadColumn(values=code.values)
    parts = {part: _value(raw, part, say) for part in ("numerator", "denominator") if part in raw.frame}
    said = sum((column.screening for column in (code, period, value, name, *parts.values())), Screening())
    rows = pd.DataFrame({
        "area_code": code.values, "area_name": name.values, "measure": raw.frame["indicator"].str.strip(),
        "period": period.values, "months": period.months, "value": value.values,
        **{part: column.values for part, column in parts.items()},
    })  # fmt: skip
    if not said.stops:
        said += _repeated(raw, said.keep(rows), ["area_code", "measure", "period", "months"])
    return parsed(raw, said, lambda: {"area_outcomes": _outcomes(_named(said.keep(rows)))})


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Say what numerators and denominators count: people, where both are given and nobody says more."""
    if not {"numerator", "denominator"} <= set(rows):
        return rows.copy()
    both = rows["numerator"].notna() & rows["denominator"].notna()
    named = pd.Series("people", rows.index, dtype="object").where(both)
    return rows.assign(counted=named, among=named)


def _years(raw: RawTable, say: Say) -> ReadColumn:
    """Return the first day of each financial year."""
    column = periods(raw, "year", say)
    odd = raw.frame["year"][column.months.notna() & (column.months != MONTHS_OF_A_YEAR)]
    other = set_aside_words(raw, "year", odd, "not a financial year", "a year such as 2016/17")
    return ReadColumn(values=column.values, screening=column.screening + other)


def _repeated(raw: RawTable, rows: pd.DataFrame, key: list[str]) -> Screening:
    differ = "two different rows of one measure and year"
    return one_row_each(raw, rows, key, "area_code", expected="one row per area, measure and year", differ=differ)


def parse_open_ascof(raw: RawTable, say: Say) -> Parsed:
    """Read the open-data layout: one row per area, measure, group and part of the figure."""
    code, value = _codes(raw), _value(raw, "value", say)
    year, asked = _year_of(raw, say)
    part = raw.frame["part"].str.strip().str.casefold()
    said = code.screening + value.screening + asked + _margins(raw, part)
    rows = pd.DataFrame({
        "area_code": code.values, "area_name": raw.frame["area_name"].str.strip(), "measure": _measures(raw),
        "period": year, "part": part, "value": value.values,
    })  # fmt: skip
    if not said.stops:
        said += _repeated(raw, said.keep(rows), ["area_code", "measure", "period", "part"])
    return parsed(raw, said, lambda: {"area_outcomes": _parts(said.keep(rows))})


def _measures(raw: RawTable) -> pd.Series:
    """Return a name for each measure and group: ``ASCOF 2A(2), Female``."""
    group = [raw.frame[name].str.strip() for name in ("level", "group") if name in raw.frame]
    measure = "ASCOF " + raw.frame["measure"].str.strip()
    for part in group:
        every = part.str.fullmatch(r"(?i)total|all|england|overall").fillna(True).astype(bool)
        measure = measure + (", " + part).where(~every, "")
    return measure


def _margins(raw: RawTable, part: pd.Series) -> Screening:
    """Drop margins of error, which are not kept, and set aside parts that no one has named."""
    margin = raw.frame["part"][part == "margin of error"]
    odd = raw.frame["part"][~part.isin([*PARTS, "margin of error"])]
    said = set_aside_words(raw, "part", odd, "unknown part of a figure", "Numerator, Denominator or Outcome")
    if margin.empty:
        return said
    words = {"expected": "Numerator, Denominator or Outcome", "do": f"{rows_were(len(margin))} dropped."}
    return (
        said
        + screening("note", raw, "part", margin, fault="margins of error", **words)
        + Screening(dropped=margin.index)
    )


def _year_of(raw: RawTable, say: Say) -> tuple[pd.Series, Screening]:
    """Return the year of each row; published files name it only in their title, so the reader is asked."""
    if "year" in raw.frame:
        column = _years(raw, say)
        return column.values, column.screening
    last = today().year - (today().month < FIRST_MONTH)
    options = tuple(f"{year}/{(year + 1) % 100:02d}" for year in range(last, 2009, -1))
    said = answer(say, "year", options)
    words = {"fault": "no year", "found": "no column of years", "expected": "the financial year of the figures"}
    period = pd.Series(pd.Timestamp(int((said or options[0])[:4]), FIRST_MONTH, 1), index=raw.frame.index)
    if said:
        return period, screening("note", raw, None, do=f"You said {said}.", **words)
    do = "Say which year it is; the publication's title has it."
    return period, screening("ask", raw, None, do=do, question="year", options=options, **words)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per area, measure and year, with its outcome, numerator and denominator side by side."""
    key = ["area_code", "measure", "period"]
    table = rows.drop_duplicates(key)[[*key, "area_name"]].assign(months=12)
    for part, name in (("outcome", "value"), ("numerator", "numerator"), ("denominator", "denominator")):
        column = rows.loc[rows["part"] == part, [*key, "value"]].rename(columns={"value": name})
        table = table.merge(column, how="left", on=key)
    return _outcomes(_named(table))


_TOTAL = ("delayed_days_total", "total delayed days", "delayed days", "total")
DELAYED_TRANSFERS = Layout(
    name="delayed transfers",
    title="Delayed transfers of care",
    holds="One row per council and month: days of delay due to the NHS, to social care, to both, and in total.",
    required={"area_code": fields.AREA_CODE, "month": fields.MONTH, "delayed_total": _TOTAL},
    optional={
        "area_name": fields.AREA_NAME,
        "delayed_nhs": ("delayed_days_nhs", "nhs", "attributable to nhs"),
        "delayed_social_care": ("delayed_days_social_care", "social care", "attributable to social care"),
        "delayed_both": ("delayed_days_both", "both", "attributable to both"),
    },
    parse=parse_delays,
)
ASCOF = Layout(
    name="ascof",
    title="Figures of areas by year, quarter or month, one value each, such as ASCOF",
    holds="One row per area and period: the value of one measure, and what stands behind it where that is given.",
    required={
        "area_code": fields.AREA_CODE,
        "year": ("period", "year", "financial year", "quarter"),
        "indicator": ("indicator", "measure name", "indicator name", "measure"),
        "value": ("value", "measure value"),
    },
    optional={"area_name": fields.AREA_NAME, "numerator": ("numerator",), "denominator": ("denominator",)},
    parse=parse_ascof,
)
OPEN_ASCOF = Layout(
    name="ascof open data",
    title="Adult social care outcomes (ASCOF), open data",
    holds="One row per area, measure, group and part of the figure (numerator, denominator, outcome).",
    required={
        "area_code": ("ons area code", "ons code", "geographical code"),
        "area_name": ("geographical description",),
        "measure": ("ascof measure code",),
        "part": ("measure type",),
        "value": ("measure value",),
    },
    optional={
        "year": ("year", "financial year", "reporting period"),
        "level": ("disaggregation level",),
        "group": ("measure group description",),
    },
    parse=parse_open_ascof,
)
