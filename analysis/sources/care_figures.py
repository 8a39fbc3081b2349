"""What is published of councils' Better Care Fund metrics, and of how full their care homes are (Capacity Tracker)?

**Better Care Fund**: one row per Health and Wellbeing Board, metric and period, as boards return them; since 2025/26
emergency admissions of people of 65 and over, delays of discharge, and permanent admissions to care homes. What a board
planned may stand beside what came about, and is not kept: it is no outcome.

**Capacity Tracker**: DHSC's monthly statistics of adult social care, one row per council and month (or day): the share
of beds of care homes that are occupied, of the homes that answered, and the beds behind it where they are given.

Source: names of columns as these publications use them in words; of neither a machine-readable layout is fixed, and no
file was at hand. A table whose columns go by other names is told which are missing and asked which they are.
"""

from dataclasses import replace

import pandas as pd

from analysis.sources import fields
from analysis.sources.areas import parse_ascof
from analysis.sources.layout import Layout, Parsed, RawTable, Say

OCCUPIED = "beds of care homes occupied (Capacity Tracker)"
OF_THE_FUND = "{metric} (Better Care Fund)"
TABLE = "area_outcomes"
PERIOD = ("period", "reporting period", "time period", "year", "financial year", "quarter", "month", "reporting month")


def parse_fund(raw: RawTable, say: Say) -> Parsed:
    """Read one row per board, metric and period."""
    found = parse_ascof(raw, say)
    return _with(found, lambda rows: rows.assign(measure=[OF_THE_FUND.format(metric=one) for one in rows["measure"]]))


def parse_occupied(raw: RawTable, say: Say) -> Parsed:
    """Read one row per council and month."""
    return _with(parse_ascof(replace(raw, frame=raw.frame.assign(indicator=OCCUPIED)), say), _in_per_cent)


def _in_per_cent(rows: pd.DataFrame) -> pd.DataFrame:
    """Bring shares to per cent, and say that beds are counted."""
    value = rows["value"].astype(float)
    value = value * 100 if (value.max() or 0) <= 1.0 else value
    both = rows["numerator"].notna() & rows["denominator"].notna()
    named = {name: pd.Series(words, rows.index, dtype="object").where(both)
             for name, words in (("counted", "beds occupied"), ("among", "beds"))}  # fmt: skip
    return rows.assign(value=value.round(4), **named)


def _with(found: Parsed, change) -> Parsed:
    if TABLE not in found.tables:
        return found
    return replace(found, tables={**found.tables, TABLE: change(found.tables[TABLE])})


BETTER_CARE_FUND = Layout(
    name="better care fund",
    title="Better Care Fund metrics",
    holds="One row per Health and Wellbeing Board, metric and period: what came about; plans are not kept.",
    required={
        "area_code": (
            "hwb code", "health and wellbeing board code", "health wellbeing board code", "hwb ons code",
            "hwb area code", *fields.AREA_CODE,
        ),
        "indicator": ("metric", "bcf metric", "metric name", "better care fund metric"),
        "year": PERIOD,
        "value": ("actual", "actual value", "actual performance", "performance", "value", "metric value", "rate"),
    },
    optional={
        "area_name": (
            "hwb", "hwb name", "health and wellbeing board", "health and wellbeing board name", *fields.AREA_NAME,
        ),
        "numerator": ("numerator", "actual numerator"),
        "denominator": ("denominator", "actual denominator", "population"),
    },
    parse=parse_fund,
)  # fmt: skip
CAPACITY_TRACKER = Layout(
    name="capacity tracker, councils",
    title="Occupancy of care homes by council (Capacity Tracker, published)",
    holds="One row per council and month: the share of beds that are occupied, and the beds where they are given.",
    required={
        "area_code": (
            *fields.AREA_CODE, "upper tier local authority code", "utla code", "local authority ons code",
            "ons la code",
        ),
        "year": ("date", "week ending", "reporting date", "data date", *PERIOD),
        "value": (
            "percentage of beds occupied", "percentage of beds that are occupied", "percentage of occupied beds",
            "occupied beds percentage", "proportion of beds occupied", "occupancy rate", "occupancy", "occupancy %",
            "care home occupancy", "beds occupied (%)", "% of beds occupied", "occupied (%)",
        ),
    },
    optional={
        "area_name": (*fields.AREA_NAME, "upper tier local authority", "utla", "utla name", "local authority name"),
        "numerator": ("occupied beds", "beds occupied", "number of beds occupied", "number of occupied beds"),
        "denominator": ("beds", "total beds", "number of beds", "total number of beds", "all beds"),
    },
    parse=parse_occupied,
)  # fmt: skip
