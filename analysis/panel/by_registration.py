"""Which counts does a store hold, whatever else is known of their months?

Bands (`panel.shown`) are counted of these. A panel would not do: which months of which homes it has depends on bed-days
and beds, on the occupancy that a protocol states and on which registrations are one home. Any of these may come later
than admissions, or be asked for in two ways, and months that come into a panel would count all that follow anew.

So counts are taken registration by registration, in every month that holds one, as `store.let_out` remembers them.
Over what admissions are taken to come evenly within a band may depend on bed-days, which give no count away: where they
are not known, the registration's own mean stands in.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.panel.dense import Panel
from analysis.registrations import Registrations
from analysis.store import Store
from analysis.store.let_out import HELD

PLANNED = "planned admissions"
COLUMNS = {"emergency_admissions": "emergency", "avoidable_admissions": "avoidable", PLANNED: "planned"}
"""Column of `let_out.HELD`, and of what was revised, by what is counted."""
PART_OF = {"avoidable_admissions": "emergency_admissions"}
"""Count to another of which it is a part: no more is told of it than fits what is told of the other. Planned admissions
are part of nothing that is told, nor is their sum with emergency ones."""

CELLS = """
WITH held AS ({held}), covered AS (
    SELECT DISTINCT unnest(generate_series(first, last, INTERVAL 1 MONTH))::DATE AS month FROM (
        SELECT date_trunc('month', min(admitted)) AS first, date_trunc('month', max(admitted)) AS last
        FROM admission_events GROUP BY "load")
), silent AS (
    SELECT location_id, month FROM (SELECT DISTINCT location_id FROM admission_events), covered
    EXCEPT SELECT location_id, month FROM held
), corrected AS (SELECT DISTINCT location_id, month FROM revised)
SELECT row, month, n, silent FROM (
    SELECT location_id, month, {column} AS n, FALSE AS silent FROM held
    WHERE {column}_known OR (location_id, month) IN (SELECT (location_id, month) FROM corrected)
    UNION ALL SELECT location_id, month, 0, TRUE FROM silent
) JOIN ({named}) USING (location_id)
"""
OCCUPIED = "SELECT row, month, bed_days::DOUBLE AS bed_days FROM occupancy JOIN ({named}) USING (location_id)"
"""Bed-days, which are put beside the counts here: to join so many rows by name and month takes three times as long."""
NAMED = """
SELECT location_id, (row_number() OVER (ORDER BY location_id) - 1)::INTEGER AS row FROM (
    SELECT location_id FROM admission_events UNION SELECT location_id FROM admission_counts)
"""
"""Numbers of registrations in the order of their names, which take long to sort and to hand over."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountsByRegistration:
    """Counts by registration and month.

    Parameters
    ----------
    registrations, homes : ndarray of str, shape (R,)
        Sorted, and to which home each belongs.
    months : ndarray of datetime64[M], shape (T,)
        Consecutive: all that hold a count.
    counts : ndarray of int64, shape (R, T)
    days : ndarray of float64, shape (R, T)
        Over which they come: bed-days, or what stands for them; zero in months that hold no count.
    """

    registrations: np.ndarray
    homes: np.ndarray
    months: np.ndarray
    counts: np.ndarray
    days: np.ndarray

    @classmethod
    def of(cls, panel: Panel) -> "CountsByRegistration":
        """Give the counts of a panel of which each home has one registration."""
        names = panel.units.index.to_numpy(str)
        return cls(registrations=names, homes=names, months=panel.months, counts=panel.counts, days=panel.exposure)


def counts_by_registration(store: Store, count: str, homes: Registrations) -> CountsByRegistration:
    """Take the counts of a store, registration by registration.

    Parameters
    ----------
    store : Store
        What was loaded.
    count : str
        One of `COLUMNS`.
    homes : Registrations
        Which home each registration belongs to.
    """
    with store.reading() as connection:
        cells = connection.execute(CELLS.format(held=HELD, column=COLUMNS[count], named=NAMED)).df()
        occupied = connection.execute(OCCUPIED.format(named=NAMED)).df()
        names = connection.execute(f"{NAMED} ORDER BY row").df()["location_id"]
    cells["bed_days"] = _beside(cells, occupied, len(names))
    home = homes.of(names).to_numpy(str)
    cells = _while_registered(cells, np.unique(home, return_inverse=True)[1])
    present, row = np.unique(cells["row"], return_inverse=True)
    month = cells["month"].to_numpy().astype("datetime64[M]")
    months = np.arange(month.min(), month.max() + 1)
    counts, days = np.zeros((len(present), len(months)), np.int64), np.zeros((len(present), len(months)))
    at = row, (month - months[0]).astype(np.int64)
    counts[at], days[at] = cells["n"], _days(cells, row, month)
    return CountsByRegistration(
        registrations=names.to_numpy(str)[present], homes=home[present], months=months, counts=counts, days=days
    )


def _beside(cells: pd.DataFrame, occupied: pd.DataFrame, homes: int) -> np.ndarray:
    """Give the bed-days of every cell, missing where none are known."""
    if not len(cells):
        return np.zeros(0)
    month, known = (each["month"].to_numpy().astype("datetime64[M]").astype(np.int64) for each in (cells, occupied))
    first, last = month.min(), month.max()
    within = (known >= first) & (known <= last)
    days = np.full((homes, last - first + 1), np.nan)
    days[occupied["row"].to_numpy()[within], known[within] - first] = occupied["bed_days"].to_numpy()[within]
    return days[cells["row"].to_numpy(), month - first]


def _while_registered(cells: pd.DataFrame, home: np.ndarray) -> pd.DataFrame:
    """Leave out months without an admission in which another registration of the home held its residents.

    Parameters
    ----------
    cells : DataFrame
        As of `CELLS`.
    home : ndarray of int, shape (R,)
        Which home each registration belongs to.
    """
    month, row = cells["month"].to_numpy().astype("datetime64[M]").astype(np.int64), cells["row"].to_numpy()
    held = (~cells["silent"] | cells["bed_days"].notna()).to_numpy()
    spans = []
    for ends, none in ((np.minimum, np.iinfo(np.int64).max), (np.maximum, np.iinfo(np.int64).min)):
        own, all_of_it = np.full(len(home), none), np.full(len(home), none)
        ends.at(own, row[held], month[held])
        ends.at(all_of_it, home, own)
        spans.append((own[row], all_of_it[home[row]]))
    (first, began), (last, ended) = spans
    there = ((first == began) | (month >= first)) & ((last == ended) | (month <= last)) & (first <= last)
    return cells.loc[there].reset_index(drop=True)


def _days(cells: pd.DataFrame, row: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Give bed-days, and where there are none the mean of the registration's, or any number that is the same a day."""
    given = cells["bed_days"].fillna(0.0).to_numpy(np.float64)
    length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.float64)
    sums = [np.bincount(row, values) for values in (given, np.where(given > 0, length, 0.0))]
    a_day = np.divide(*sums, out=np.ones(len(sums[0])), where=sums[1] > 0)
    return np.where(given > 0, given, length * a_day[row])
