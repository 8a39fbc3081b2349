"""What does Fingertips (Office for Health Improvement and Disparities) say of an area by year or quarter?

The download of indicators for any area type: a row per indicator, area, sex, age, category and period, with value,
count and denominator. Rows of a category (deprivation, ethnic group) are shares of an area's people, not areas, and are
dropped; so are periods that pool several years ("2014 - 16"), which overlap, so that no method here may take them.
"""

import pandas as pd

from analysis.sources.columns import Quantity, Screening, amounts, parsed, periods, rows_were, screening
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.schema import TABLES

VALUE = Quantity(what="a number", whole=False, highest=1e12, required=False)
POOLED = r"(?:19|20)\d{2}(?:/\d{2})? ?[-–] ?(?:(?:19|20)?\d{2}(?:/\d{2})?)"
EVERYBODY = {"persons", "all ages", "not applicable"}


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per indicator, area and period."""
    said = Screening()
    if "category" in raw.frame:
        said += _dropped(raw, "category", raw.frame["category"].notna(), "rows of a category")
    pooled = raw.frame["year"].str.strip().str.fullmatch(POOLED).fillna(False).astype(bool)
    said += _dropped(raw, "year", pooled, "several years pooled")
    left = RawTable(
        file=raw.file, sheet=raw.sheet, header_row=raw.header_row, columns=raw.columns, mapping=raw.mapping,
        frame=said.keep(raw.frame), serial_dates=raw.serial_dates,
    )  # fmt: skip
    if left.frame.empty:
        return parsed(raw, said, dict)
    period = periods(left, "year", say)
    numbers = {name: amounts(left, name, say, VALUE) for name in ("value", "numerator", "denominator")
               if name in left.frame}  # fmt: skip
    said = sum((column.screening for column in (period, *numbers.values())), said)
    rows = pd.DataFrame({
        "area_code": left.frame["area_code"].str.strip().str.upper(), "area_name": left.frame["area_name"].str.strip(),
        "measure": _measures(left), "period": period.values, "months": period.months,
        **{name: column.values for name, column in numbers.items()},
    })  # fmt: skip
    if not said.stops:
        said += _once(raw, said.keep(rows))
    return parsed(raw, said, lambda: {"area_outcomes": _outcomes(said.keep(rows))})


def _dropped(raw: RawTable, name: str, out: pd.Series, fault: str) -> Screening:
    cells = raw.frame.loc[out, name]
    if cells.empty:
        return Screening()
    words = {"expected": "an area and one period", "do": f"{rows_were(len(cells))} dropped."}
    return screening("note", raw, name, cells, fault=fault, **words) + Screening(dropped=cells.index)


def _measures(raw: RawTable) -> pd.Series:
    """Name a measure by indicator, and by sex and age where it is not of everybody."""
    measure = raw.frame["indicator"].str.strip()
    for name in ("sex", "age"):
        if name in raw.frame:
            part = raw.frame[name].str.strip()
            some = part.notna() & ~part.str.casefold().isin(EVERYBODY)
            measure = measure.where(~some, measure + ", " + part)
    return measure


def _once(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Drop rows that stand twice, and refuse those that contradict each other."""
    again = rows.index[rows.duplicated()]
    key = ["area_code", "measure", "period", "months"]
    clash = rows.drop(again)
    clash = clash.loc[clash.duplicated(key, keep=False), "area_code"]
    if len(clash):
        words = {"expected": "one row per indicator, area and period", "do": "Keep one of each, and load it again."}
        return screening("reject", raw, "area_code", clash, fault="contradicting rows", **words)
    return Screening(dropped=again)


def _outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows.reindex(columns=list(TABLES["area_outcomes"])).reset_index(drop=True)
    both = table["numerator"].notna() & table["denominator"].notna()
    named = pd.Series("people", table.index, dtype="object").where(both)
    return table.assign(months=table["months"].astype("Int64"), counted=named, among=named)


LAYOUT = Layout(
    name="fingertips",
    title="Fingertips indicators",
    holds="One row per indicator, area, sex, age and period: value, count and denominator.",
    required={"indicator": ("indicator name",), "area_code": ("area code",), "area_name": ("area name",),
              "year": ("time period",), "value": ("value",)},
    optional={"sex": ("sex",), "age": ("age",), "category": ("category",), "numerator": ("count",),
              "denominator": ("denominator",)},
    parse=parse,
)  # fmt: skip
