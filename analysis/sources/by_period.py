"""One table of homes by quarter or by year, as most figures of homes are handed on where months would be too small.

A ready-made table (`ready_made`) whose month is a quarter ("2021/22 Q1", "2021 Q2") or a year ("2021/22", "2021"). It
becomes what a monthly table becomes, each period under its first month, and says how long a period is. What is doubted
of months one by one (absent months, sizes, endings) is not asked of periods; a period that is absent is unknown, one
that is not over is set aside. Several lengths in one table are refused: a year beside its quarters counts them twice.
"""

from dataclasses import replace

import pandas as pd

from analysis.months import PERIODS, period_said, periods_said
from analysis.sources.columns import (
    ReadColumn,
    Screening,
    amounts,
    counts,
    names,
    screening,
    set_apart,
    set_aside_words,
    starts,
    today,
)
from analysis.sources.columns.date_forms import forms
from analysis.sources.columns.dates import MOST_SUBTOTALS
from analysis.sources.columns.periods import EXPECTED, Periods, periods
from analysis.sources.columns.screening import one_row_each
from analysis.sources.interventions import PLANNED
from analysis.sources.layout import RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.occupancy import BED_DAYS
from analysis.sources.units import odd_unit

MOST_MONTHS = 12
SAYS = "Homes are counted by {period}: {n:,} of them, {first} to {last}."


def longer(raw: RawTable) -> bool:
    """Whether the rows of a table are quarters or years, rather than months with subtotals among them."""
    cells = raw.frame["month"].str.strip().dropna()
    text = pd.Series(cells.unique(), dtype="str")
    shape = cells.map(dict(zip(text, forms(text), strict=True)))
    return bool((shape == "longer period").sum() > MOST_SUBTOTALS * len(cells)) and len(cells) > 0


def columns_of(raw: RawTable, say: Say) -> dict[str, ReadColumn]:
    """Read every column that is there, under the field's name; as `ready_made` does of months."""
    home = homes_of(raw, say)
    raw = set_apart(raw, home.screening)
    period = _read(raw, say)
    columns: dict[str, ReadColumn] = {"home": home, "month": period, "admissions": counts(raw, "admissions", say)}
    columns["bed_days"] = _bed_days(raw, say, columns["admissions"].values)
    for name in ("avoidable", "beds"):
        if name in raw.frame:
            columns[name] = counts(raw, name, say, required=False)
    for name in ("name", "intervention", "home_type", "area_name"):
        if name in raw.frame:
            columns[name] = names(raw, name)
    for name in ("start", "end"):
        if name in raw.frame:
            columns[name] = starts(raw, name, say, replace(PLANNED, ends=name == "end"), home.values)
    return columns


def _read(raw: RawTable, say: Say) -> Periods:
    """Read the periods: all of one length, and over."""
    found = periods(raw, "month", say)
    known = found.months[found.values.notna()]
    lengths = sorted(set(known.astype(int)))
    said = found.screening
    if len(lengths) > 1:
        cells = raw.frame.loc[found.months != lengths[-1], "month"]
        several = " and ".join(f"{PERIODS.get(n, n)}s" for n in lengths)
        return replace(found, screening=said + screening(
            "reject", raw, "month", cells, fault="periods of several lengths", found=f"{several} in one table",
            expected="months, or quarters, or years", do="Keep the rows of one kind, and load the file again.",
        ))  # fmt: skip
    length = lengths[0] if lengths else MOST_MONTHS
    after = found.values + pd.DateOffset(months=length)
    late = raw.frame.loc[after > today() + pd.Timedelta(days=1), "month"]
    said += set_aside_words(raw, "month", late, f"a {PERIODS[length]} that is not over", f"{PERIODS[length]}s that are")
    return replace(found, values=found.values.mask(found.values.index.isin(late.index)), screening=said)


def _bed_days(raw: RawTable, say: Say, admissions: pd.Series) -> ReadColumn:
    """Read bed-days of a whole period; a column in another unit shows itself by the rates it gives."""
    days = amounts(raw, "bed_days", say, replace(BED_DAYS, highest=BED_DAYS.highest * MOST_MONTHS))
    amount = pd.to_numeric(days.values, errors="coerce").astype("float64")
    found = "" if days.screening.stops else odd_unit(amount, {"admissions": admissions.astype("float64")})
    if not found:
        return days
    do = "Load a column of bed-days: residents added up over the days of the whole period."
    refused = screening("reject", raw, "bed_days", raw.frame["bed_days"][amount.notna()], found=found, do=do,
                        fault="bed-days in another unit", expected="the days that residents spent there")  # fmt: skip
    return replace(days, screening=days.screening + refused)


def judged(raw: RawTable, rows: pd.DataFrame, column: Periods) -> Screening:
    """Judge the rows as a whole: one for each home and period, said to be periods, absent ones told."""
    length = int(column.months.dropna().iloc[0])
    known = rows.dropna(subset=["home", "month"])
    said = one_row_each(raw, known, ["home", "month"], "month", expected=f"one row per home and {PERIODS[length]}",
                        differ=f"two different rows of one {PERIODS[length]}")  # fmt: skip
    first, last = (period_said(end, length) for end in (known["month"].min(), known["month"].max()))
    told = SAYS.format(period=PERIODS[length], n=known["home"].nunique(), first=first, last=last)
    do = (f"Read as the whole {PERIODS[length]}. The one in which an intervention begins after its first month is left "
          "out of the answer; pages that follow homes month by month need monthly figures.")  # fmt: skip
    cells = raw.frame["month"].reindex(known.index)
    said += screening("note", raw, "month", cells, fault="quarters or years", found=told, expected=EXPECTED, do=do)
    return said + _absent(raw, known, length)


def _absent(raw: RawTable, rows: pd.DataFrame, length: int) -> Screening:
    """Say how many periods between a home's first and last have no row."""
    number = (rows["month"].dt.year * 12 + rows["month"].dt.month) // length
    by = number.groupby(rows["home"])
    gaps = (by.max() - by.min() + 1 - by.nunique()).loc[lambda short: short > 0]
    if gaps.empty:
        return Screening()
    cells = raw.frame["home"].reindex(rows.index[rows["home"].isin(gaps.index)])
    found = f"no row for {periods_said(int(gaps.sum()), length)} of {len(gaps):,} homes"
    return screening("warn", raw, "month", cells, fault=f"absent {PERIODS[length]}s", found=found,
                     expected=f"a row for every {PERIODS[length]} of a home",
                     do="They are unknown, not zero, and take no part.")  # fmt: skip


def lengths(rows: pd.DataFrame, column: Periods) -> dict[str, pd.DataFrame]:
    """Say how long the periods of each home are."""
    months = int(column.months.dropna().iloc[0])
    homes = pd.DataFrame({"location_id": rows["home"].drop_duplicates().sort_values()})
    return {"periods": homes.assign(months=months).reset_index(drop=True)}
