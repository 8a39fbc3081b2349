"""What do councils report, by month or by year, and what breaks the series?

The store holds one row per area, measure and period. A monthly measure becomes a `Panel` with unit = area: its counts
over the days of the month, so that a rate is "delayed on an average day" (February 2017: 185,732 delayed days over 28
days are 6,633 beds, the figure NHS England published). A yearly measure stays a table of values, because ten yearly
points carry no monthly model.

Definitional breaks of ASCOF: permanent admissions were measures 2A(1) and 2A(2) to 2022/23 and are 2B and 2C from
2023/24 (before, 2B and 2C were reablement and delayed transfers); from 2024/25 they are built from client level data,
which cannot tell temporary from permanent admissions (Department of Health and Social Care, ASCOF repository notes).

Yearly measures are shares of people or count them. Where the file holds the people behind a value, a council's own
working file perhaps, not yet published, the value is worked out anew from how many may be shown (`as_shown`), once, on
the way in: whatever is told of it afterwards, a rate, a fall, a place among others, gives no more away. Where it holds
values alone they are taken as they stand: how many people a rounded rate stands for is nowhere in the data, and
councils' outcomes are published with their small figures taken out by the publisher (``[c]``; Adult Social Care
Outcomes Framework, data quality statements). Delayed days count days and not people.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure import protect
from analysis.errors import AnalysisError
from analysis.outcomes import TOTAL_DELAYS
from analysis.panel import Panel

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
    counted = (outcomes["months"].to_numpy() == YEAR) & people.notna().to_numpy()
    shown = protect(outcomes[["numerator", "denominator"]].astype(float), ["numerator", "denominator"])
    top, bottom = (shown[name].astype(float) for name in ("numerator", "denominator"))
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = value * among / people
        per = np.where(np.isfinite(exact) & (exact > 0), 10.0 ** np.round(np.log10(exact)), np.nan)
        crude = np.round(per * top / bottom, DECIMALS)
    # what is no crude rate of these people is standardised, and told where they may be
    told = np.where(abs(exact / per - 1) < ITS_OWN_RATE, crude, np.where(top.isna(), np.nan, value))
    return outcomes.assign(value=np.where(counted, told, value))


def measures(outcomes: pd.DataFrame) -> pd.DataFrame:
    """List the measures: measure, months (1 or 12), areas, first, last; monthly ones first.

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


def area_panel(outcomes: pd.DataFrame, measure: str) -> Panel:
    """Make a panel of areas from a monthly measure; a month that an area did not report has no exposure.

    Raises
    ------
    AnalysisError
        If the measure is not there, is yearly, or holds no council.
    """
    rows = councils(_of_measure(outcomes, measure, months=1))
    if rows.empty:
        raise AnalysisError(
            f"{measure!r} holds no council's months.", do="Load delayed transfers by council and month."
        )
    value = rows["value"].astype(float)
    frame = pd.DataFrame({
        "unit": rows["area_code"], "name": rows["area_name"], "month": rows["period"],
        "count": value.round(), "exposure": np.where(value.notna(), rows["period"].dt.days_in_month, np.nan),
    })  # fmt: skip
    return Panel.from_frame(frame, outcome=measure, exposure_unit="days")


YEAR = 12
ITS_OWN_RATE = 0.05
"""A value this near to its numerator per 1, 100, 1,000 … of its denominator is that rate, rounded."""
DECIMALS = 1
"""Of values that are worked out anew, as councils' outcomes are published."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Areas:
    """Every area's months of one measure.

    Parameters
    ----------
    panel : Panel
    returns : Panel or None
        The same areas' whole return, by which under-reporting is judged; None where it is not loaded.
    """

    panel: Panel
    returns: Panel | None


def areas_of(outcomes: pd.DataFrame, measure: str) -> Areas:
    """Bring together a monthly measure and the whole return of delayed transfers, where that is loaded.

    Parameters
    ----------
    outcomes : DataFrame
        The store's table ``area_outcomes``.
    measure : str

    Raises
    ------
    AnalysisError
        As `area_panel`.
    """
    whole = ((outcomes["measure"] == TOTAL_DELAYS) & (outcomes["months"] == 1)).any()
    return Areas(panel=area_panel(outcomes, measure), returns=area_panel(outcomes, TOTAL_DELAYS) if whole else None)


def councils(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of single councils."""
    return rows.loc[~rows["area_code"].str.startswith(ABOVE_COUNCILS)]


def yearly(outcomes: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Give a yearly measure as a table of values: a row per area (England too), a column per year.

    Returns
    -------
    DataFrame, index (area_code, area_name), columns Timestamp of each year's first day
    """
    rows = _of_measure(outcomes, measure, months=12)
    wide = rows.assign(value=rows["value"].astype(float)).pivot_table(
        "value", ["area_code", "area_name"], "period", "first", dropna=False
    )
    return wide.dropna(how="all")


def years_of(outcomes: pd.DataFrame, measure: str, area: str) -> pd.DataFrame:
    """Give an area's years with what stands behind each: period, value, numerator, denominator, definition.

    ``definition`` names what changed in that year, and is empty elsewhere.
    """
    rows = _of_measure(outcomes, measure, months=12)
    rows = rows.loc[rows["area_code"] == area].sort_values("period", ignore_index=True)
    numbers = rows[["value", "numerator", "denominator"]].astype(float)
    told = [BREAKS.get(period, "") if concerns_breaks(measure) else "" for period in rows["period"]]
    return pd.concat([rows[["period"]], numbers, pd.Series(told, rows.index, name="definition", dtype="str")], axis=1)


def concerns_breaks(measure: str) -> bool:
    """Whether the definitional breaks of permanent admissions concern a measure."""
    return bool(pd.Series([measure]).str.contains(PERMANENT).iloc[0])


def _of_measure(outcomes: pd.DataFrame, measure: str, *, months: int) -> pd.DataFrame:
    rows = outcomes.loc[(outcomes["measure"] == measure) & (outcomes["months"] == months)]
    if rows.empty:
        known = sorted(set(outcomes.loc[outcomes["months"] == months, "measure"]))
        raise AnalysisError(
            f"There is no {'monthly' if months == 1 else 'yearly'} measure {measure!r}.",
            found=", ".join(known) or "none of this kind",
            do="Choose one of these, or load the file that holds it.",
        )
    return rows
