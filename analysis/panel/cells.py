"""Which counts and bed-days does a store hold, in which month of which home?

The database numbers homes in the order of their names and counts single admissions; where a row then stands among homes
and months is arithmetic. To group and join millions of rows there by home and month takes five times as long. All is
added up as whole numbers, bed-days in hundredths, and is the same in whatever order it lies.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from analysis.panel import faults
from analysis.store import Store

OUTCOMES = {
    "emergency_admissions": ("emergency admissions", "emergency", "admissions"),
    "avoidable_admissions": ("potentially avoidable emergency admissions", "emergency AND avoidable", "avoidable"),
}
"""Outcome to its words, the condition on a single admission, and the column of monthly counts."""

NAMED = """
SELECT location_id, unit, (dense_rank() OVER (ORDER BY unit) - 1)::INTEGER AS row FROM (
    SELECT location_id, coalesce(home, location_id) AS unit FROM (
        SELECT location_id FROM admission_events UNION SELECT location_id FROM admission_counts
        UNION SELECT location_id FROM occupancy
    ) LEFT JOIN same_home USING (location_id))
"""
"""Numbers of homes in the order of their names: to join and sort the names themselves takes most of the time."""

MONTH = "date_diff('month', DATE '1970-01-01', {day})::INTEGER"
ROWS = {
    "stays": f"""
        SELECT row, {MONTH.format(day="month")} AS month, (100 * bed_days)::BIGINT AS n
        FROM occupancy JOIN named USING (location_id) WHERE bed_days IS NOT NULL""",
    "stated": f"""
        SELECT row, {MONTH.format(day="month")} AS month, coalesce({{column}}, 0) AS n, {{column}} IS NULL AS unknown,
            {{column}} IS NULL AND (at_least IS NOT NULL OR at_most IS NOT NULL) AS suppressed
        FROM admission_counts JOIN named USING (location_id)""",
    "events": f"""
        SELECT row, {MONTH.format(day="admitted")} AS month, count(*) FILTER ({{condition}}) AS n,
            count(*) FILTER (NOT emergency) AS planned
        FROM admission_events JOIN named USING (location_id) GROUP BY ALL""",
    "covered": f"""
        SELECT DISTINCT unnest(range(first, last + 1)) AS month FROM (
            SELECT min({MONTH.format(day="admitted")}) AS first, max({MONTH.format(day="admitted")}) AS last
            FROM admission_events GROUP BY "load")""",
    "names": "SELECT DISTINCT row, unit FROM named ORDER BY row",
}
"""What is asked of the database; months are counted from January 1970."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HomeMonths:
    """What a store holds of its homes and months, (N, T) each where nothing else is said.

    Parameters
    ----------
    names : ndarray of str, shape (N,)
        Homes, sorted.
    months : ndarray of datetime64[M], shape (T,)
        Consecutive: all of which anything is held.
    bed_days : ndarray of float64
        Missing where no row holds any.
    stated, unknown, suppressed : ndarray of float64, bool and bool
        The monthly count, missing where there is none or it is not known; whether one stands there that is not known;
        whether it was hidden because it is small.
    counted, planned : ndarray of float64
        From one row per admission; missing in months without a row.
    silent : ndarray of bool
        Months without such a row that a file of single admissions covers, of homes that such files name.
    length : int
        Months in each of the months, which are then quarters or years, each under its first month.
    """

    names: np.ndarray
    months: np.ndarray
    bed_days: np.ndarray
    stated: np.ndarray
    unknown: np.ndarray
    suppressed: np.ndarray
    counted: np.ndarray
    planned: np.ndarray
    silent: np.ndarray
    length: int = 1

    @property
    def held(self) -> np.ndarray:
        """Where any row stands."""
        return ~np.isnan(self.bed_days) | self.by_month | ~np.isnan(self.counted)

    @property
    def by_month(self) -> np.ndarray:
        """Where a monthly count stands, known or not."""
        return self.unknown | ~np.isnan(self.stated)

    @property
    def none(self) -> np.ndarray:
        """Where no row is, of a home and month that rows of single admissions would stand for: none was admitted."""
        return self.silent & ~self.by_month

    @property
    def known(self) -> np.ndarray:
        """Counts: as stated, else as counted; missing in months without either."""
        return np.where(np.isnan(self.stated), self.counted, self.stated)

    def during(self, first: str | None, last: str | None) -> "HomeMonths":
        """Give those of some months, such as from "2019-01"."""
        some = (self.months >= np.datetime64(first or "0001-01")) & (self.months <= np.datetime64(last or "9999-12"))
        return self._of(some)

    def every(self, length: int) -> "HomeMonths":
        """Give quarters or years, which stand under their first month; AnalysisError where they are out of step."""
        if length == 1:
            return self
        there = np.flatnonzero(self.held.any(axis=0))
        begin = set(there % length)
        if len(begin) > 1:
            raise faults.out_of_step(self.months[there], length)
        return replace(self._of(slice(begin.pop() if begin else 0, None, length)), length=length)

    def _of(self, some: np.ndarray | slice) -> "HomeMonths":
        laid_out = (each.name for each in fields(self) if each.name not in ("names", "months", "length"))
        return replace(self, months=self.months[some], **{name: getattr(self, name)[:, some] for name in laid_out})


def cells_of(store: Store, count: str, same_home: pd.DataFrame) -> HomeMonths:
    """Take from a store what it holds of a count, and bed-days.

    Parameters
    ----------
    store : Store
        What was loaded.
    count : str
        One of `OUTCOMES`.
    same_home : DataFrame
        location_id and home, of registrations that are added up under another name.
    """
    _, condition, column = OUTCOMES[count]
    with store.reading() as connection:
        connection.register("same_home", same_home)
        asked = {name: query.format(condition=condition, column=column) for name, query in ROWS.items()}
        found = {
            name: connection.execute(f"WITH named AS ({NAMED}) {query}").fetchnumpy() for name, query in asked.items()
        }
        connection.unregister("same_home")
    return _laid_out(found)


def _laid_out(found: dict[str, dict[str, np.ndarray]]) -> HomeMonths:
    """Put every row in its place."""
    held = [found[name]["month"] for name in ("stays", "stated", "events") if len(found[name]["month"])]
    first, last = (min(map(np.min, held)), max(map(np.max, held))) if held else (0, -1)
    shape = len(found["names"]["unit"]), int(last - first) + 1
    at = {name: found[name]["row"].astype(np.int64) * shape[1] + found[name]["month"] - first
          for name in ("stays", "stated", "events")}  # fmt: skip

    def added(name: str, column: str) -> np.ndarray:
        return np.bincount(at[name], found[name][column], shape[0] * shape[1]).reshape(shape)

    def there(name: str) -> np.ndarray:
        where = np.zeros(shape[0] * shape[1], bool)
        where[at[name]] = True
        return where.reshape(shape)

    stated, events, unknown = there("stated"), there("events"), added("stated", "unknown") > 0
    covered = np.isin(np.arange(first, last + 1), found["covered"]["month"])
    return HomeMonths(
        names=found["names"]["unit"].astype(str),
        months=np.arange(first, last + 1).astype("datetime64[M]"),
        bed_days=np.where(there("stays"), added("stays", "n") / 100, np.nan),
        stated=np.where(stated & ~unknown, added("stated", "n"), np.nan),
        unknown=unknown,
        suppressed=added("stated", "suppressed") > 0,
        counted=np.where(events, added("events", "n"), np.nan),
        planned=np.where(events, added("events", "planned"), np.nan),
        silent=~events & events.any(axis=1, keepdims=True) & covered,
    )


def span(there: np.ndarray) -> slice:
    """Give the columns from the first to the last that hold anything, of (N, T)."""
    columns = np.flatnonzero(there.any(axis=0))
    return slice(columns[0], columns[-1] + 1)
