"""What do councils report, by month or by year, and what breaks the series?

The store holds one row per area, measure and period: a month, a quarter or a year. What stands behind each figure, and
the panel that methods look at, is `observed`'s to say.

Definitional breaks of ASCOF: permanent admissions were measures 2A(1) and 2A(2) to 2022/23 and are 2B and 2C from
2023/24 (before, 2B and 2C were reablement and delayed transfers); from 2024/25 they are built from client level data,
which cannot tell temporary from permanent admissions (Department of Health and Social Care, ASCOF repository notes).

Shares of people: where the file holds the people behind a value, a council's own
working file perhaps, not yet published, the value is worked out anew from how many may be shown (`as_shown`), once, on
the way in: whatever is told of it afterwards, a rate, a fall, a place among others, gives no more away. Where it holds
values alone they are taken as they stand: how many people a rounded rate stands for is nowhere in the data, and
councils' outcomes are published with their small figures taken out by the publisher (``[c]``; Adult Social Care
Outcomes Framework, data quality statements). Delayed days count days and not people.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import protect
from analysis.errors import AnalysisError
from analysis.months import MONTH, YEAR
from analysis.outcomes import TOTAL_DELAYS

NATIONAL = "E92"
"""First characters of England's code; its row is context, never a comparison area."""

ABOVE_COUNCILS = (NATIONAL, "E12", "E54", "E40")
"""England, regions, integrated care boards and NHS regions: rows that add up councils."""


RENUMBERED, CLIENT_LEVEL = pd.Timestamp("2023-04-01"), pd.Timestamp("2024-04-01")
BREAKS = {
    RENUMBERED: "the measure was renumbered (2A became 2B and 2C)",
    CLIENT_LEVEL: "built from client level data, which cannot tell temporary from permanent admissions",
}
"""First year of each definition of ASCOF's permanent admissions."""

RATE_ALONE = "published rate"
"""What the exposure of a rate is called behind which nobody says how many stand."""

PERMANENT = r"(?i)permanent admission"
"""Measures that `BREAKS` concern."""

ONE_SERIES = (
    (r"^ASCOF 2A\(1\)", r"^ASCOF 2B(?!\()", "Permanent admissions aged 18 to 64 (ASCOF 2A(1), 2B)"),
    (r"^ASCOF 2A\(2\)", r"^ASCOF 2C(?!\()", "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)"),
)
"""Code to 2022/23, code from 2023/24, and the name of the whole series."""


def joined(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Give measures that were renumbered one name over all years, and values `as_shown`.

    Parameters
    ----------
    outcomes : DataFrame
        The store's table ``area_outcomes``.
    """
    measure, old = outcomes["measure"].astype("str"), outcomes["period"] < RENUMBERED
    for before, after, name in ONE_SERIES:
        measure = measure.where(~old, measure.str.replace(before, name, regex=True))
        measure = measure.where(old, measure.str.replace(after, name, regex=True))
    return as_shown(outcomes.assign(measure=measure))


def as_shown(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Work out yearly values from the people behind them as they may be shown; missing where these may not be.

    Parameters
    ----------
    outcomes : DataFrame
        As of `joined`: value per so many people, numerator, denominator; the latter two stay as they are.
    """
    value, people, among = (outcomes[name].astype(float) for name in ("value", "numerator", "denominator"))
    counted = people.notna().to_numpy()
    shown = people_shown(outcomes)
    top, bottom = (shown[name].astype(float) for name in ("numerator", "denominator"))
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = value * among / people
        per = np.where(np.isfinite(exact) & (exact > 0), 10.0 ** np.round(np.log10(exact)), np.nan)
        finer = np.where(per < 100, 100 / per, 1.0)  # of a share written as 0.123 three decimals, not one
        crude = np.round(per * top / bottom * finer, DECIMALS) / finer
    # what is no crude rate of these people is standardised, and told where they may be
    told = np.where(abs(exact / per - 1) < ITS_OWN_RATE, crude, np.where(top.isna(), np.nan, value))
    return outcomes.assign(value=np.where(counted, told, value))


def people_shown(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Give numerators and denominators as they may be shown; days, which are no people, as they are.

    Monthly figures of a table that does not say what they count are delayed days.
    """
    numbers = outcomes[["numerator", "denominator"]].astype(float)
    shown = protect(numbers, ["numerator", "denominator"]).astype(float)
    if "counted" not in outcomes:
        return shown.where(outcomes["months"] != MONTH, numbers)
    days = outcomes["counted"].astype("str").str.contains("days", na=False)
    return shown.assign(numerator=numbers["numerator"].where(days, shown["numerator"]))


MERGED = (("RAP", "RAL", "2025-01"),)
"""Trusts that became part of another: North Middlesex of the Royal Free. Code, code of the other, first month."""


def with_those_merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what a trust reported before it was merged to what the other did, so that the other is one over all months.

    Counts are added, rates worked out anew from their numbers; of a rate alone the other's earlier months are left out.

    Parameters
    ----------
    rows : DataFrame
        Of one measure.
    """
    for old, new, _ in MERGED:
        both = rows["area_code"].isin([old, new])
        if not (rows["area_code"] == old).any() or not (rows["area_code"] == new).any():
            continue
        rows = pd.concat([rows.loc[~both], _as_one(rows.loc[both], new)], ignore_index=True)
    return rows


def _as_one(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Put two trusts' rows of a period together under one code."""
    name = rows.loc[rows["area_code"] == code, "area_name"].iloc[-1]
    numbers = [column for column in ("value", "numerator", "denominator") if column in rows]
    rows = rows.assign(area_code=code, area_name=name, **{n: rows[n].astype(float) for n in numbers})
    first, by = rows.groupby("period"), rows.groupby("period", as_index=False)
    twice, added = first["value"].transform("size") > 1, first[numbers].transform("sum", min_count=1)
    parts = rows["numerator"].notna() & rows["denominator"].notna()
    counts = rows["counted"].notna() & rows["numerator"].isna() if "counted" in rows else parts & False
    per = rows["value"] * rows["denominator"] / rows["numerator"]
    value = added["value"].where(counts, added["numerator"] / added["denominator"] * per)
    joined = rows.assign(
        value=rows["value"].where(~twice, value.where(parts | counts)),
        numerator=rows["numerator"].where(~twice, added["numerator"]),
        denominator=rows["denominator"].where(~twice, added["denominator"]),
    )
    return joined.loc[by.cumcount() == 0]


def measures(outcomes: pd.DataFrame) -> pd.DataFrame:
    """List the measures: measure, months (1, 3 or 12), areas, first, last; monthly ones first.

    Parameters
    ----------
    outcomes : DataFrame
        The store's table ``area_outcomes``.
    """
    found = outcomes.groupby(["measure", "months"], as_index=False).agg(
        areas=("area_code", "nunique"), first=("period", "min"), last=("period", "max")
    )
    total = found["measure"] != TOTAL_DELAYS
    return (
        found.assign(total=total).sort_values(["months", "total", "measure"], ignore_index=True).drop(columns="total")
    )


ITS_OWN_RATE = 0.05
"""A value this near to its numerator per 1, 100, 1,000 … of its denominator is that rate, rounded."""
DECIMALS = 1
"""Of values that are worked out anew, as councils' outcomes are published."""


def councils(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of single councils."""
    return rows.loc[~rows["area_code"].str.startswith(ABOVE_COUNCILS)]


def yearly(outcomes: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Give a yearly measure as a table of values: a row per area (England too), a column per year.

    Returns
    -------
    DataFrame, index (area_code, area_name), columns Timestamp of each year's first day
    """
    rows = of_measure(outcomes, measure)
    if (rows["months"] != YEAR).any():
        raise AnalysisError(f"{measure!r} is no yearly measure.", do="Choose one that is published by year.")
    wide = rows.assign(value=rows["value"].astype(float)).pivot_table(
        "value", ["area_code", "area_name"], "period", "first", dropna=False
    )
    return wide.dropna(how="all")


def years_of(outcomes: pd.DataFrame, measure: str, area: str) -> pd.DataFrame:
    """Give an area's years with what stands behind each: period, value, numerator, denominator, definition.

    ``definition`` names what changed in that year, and is empty elsewhere.
    """
    rows = of_measure(outcomes, measure)
    rows = rows.loc[rows["area_code"] == area].sort_values("period", ignore_index=True)
    numbers = rows[["value", "numerator", "denominator"]].astype(float)
    told = [BREAKS.get(period, "") if concerns_breaks(measure) else "" for period in rows["period"]]
    return pd.concat([rows[["period"]], numbers, pd.Series(told, rows.index, name="definition", dtype="str")], axis=1)


def concerns_breaks(measure: str) -> bool:
    """Whether the definitional breaks of permanent admissions concern a measure."""
    return bool(pd.Series([measure]).str.contains(PERMANENT).iloc[0])


def of_measure(outcomes: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Give the rows of a measure; where it is published by month and by year, those of the shorter period.

    Raises
    ------
    AnalysisError
        If there is none.
    """
    rows = outcomes.loc[outcomes["measure"] == measure]
    if rows.empty:
        raise AnalysisError(
            f"There is no measure {measure!r}.",
            found=", ".join(sorted(set(outcomes["measure"]))) or "none",
            do="Choose one of these, or load the file that holds it.",
        )
    return rows.loc[rows["months"] == rows["months"].min()]
