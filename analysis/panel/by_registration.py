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

from analysis.panel.cells import OUTCOMES, HomeMonths, cells_of, span
from analysis.panel.dense import Panel, month_index
from analysis.registrations import Registrations
from analysis.store import Store

PLANNED = "planned admissions"
COLUMNS = {"emergency_admissions": "emergency", "avoidable_admissions": "avoidable", PLANNED: "planned"}
"""Column of `let_out.HELD`, and of what was revised, by what is counted."""
WHOLE = "emergency_admissions"
PART_OF = {"avoidable_admissions": WHOLE}
"""Count to another of which it is a part: no more is told of it than fits what is told of the other. Planned admissions
are part of nothing that is told, nor is their sum with emergency ones."""

ALONE = pd.DataFrame({"location_id": [], "home": []}, dtype="str")
"""Of registrations none of which is added to another."""


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
    held = cells_of(store, count if count in OUTCOMES else WHOLE, ALONE)
    known = held.planned if count == PLANNED else held.known
    there = held.none | (held.by_month | ~np.isnan(held.counted)) & (~np.isnan(known) | _corrected(store, held))
    home = homes.of(pd.Series(held.names)).to_numpy(str)
    there &= _while_registered(there & ~(held.none & np.isnan(held.bed_days)), np.unique(home, return_inverse=True)[1])
    rows, columns = there.any(axis=1), span(there)
    there, months = there[rows][:, columns], held.months[columns]
    counts, days = (np.where(there, np.nan_to_num(each[rows][:, columns]), 0.0) for each in (known, held.bed_days))
    return CountsByRegistration(
        registrations=held.names[rows], homes=home[rows], months=months, counts=counts.astype(np.int64),
        days=_days(days, there, months),
    )  # fmt: skip


def _corrected(store: Store, held: HomeMonths) -> np.ndarray:
    """Tell which counts a later file changed, shape (N, T)."""
    with store.reading() as connection:
        cells = connection.execute("SELECT DISTINCT location_id, month FROM revised").df()
    row, month = pd.Index(held.names).get_indexer(cells["location_id"].array), month_index(cells["month"], held.months)
    there, found = (row >= 0) & (month >= 0) & (month < len(held.months)), np.zeros(held.stated.shape, bool)
    found[row[there], month[there]] = True
    return found


def _while_registered(held: np.ndarray, home: np.ndarray) -> np.ndarray:
    """Tell months in which no other registration of the home held its residents, as far as is known, shape (R, T).

    Parameters
    ----------
    held : ndarray of bool, shape (R, T)
        Where a registration has admissions, or bed-days.
    home : ndarray of int, shape (R,)
        Which home each registration belongs to.
    """
    T = held.shape[1]
    month, ever = np.arange(T), np.asarray(held.any(axis=1))
    first, last = np.where(ever, held.argmax(axis=1), T), np.where(ever, T - 1 - held[:, ::-1].argmax(axis=1), -1)
    began, ended = np.full(len(home), T), np.full(len(home), -1)
    np.minimum.at(began, home, first)
    np.maximum.at(ended, home, last)
    before, after = month < first[:, None], month > last[:, None]
    return ever[:, None] & ~(before & (first > began[home])[:, None]) & ~(after & (last < ended[home])[:, None])


def _days(given: np.ndarray, there: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Give bed-days, and where there are none the mean of the registration's, or any number that is the same a day."""
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.float64)
    hundredths = np.rint(100 * given).sum(axis=1)  # whole, so that the sum is the same in whatever order they lie
    over = np.where(given > 0, length, 0.0).sum(axis=1)
    a_day = np.divide(hundredths / 100, over, out=np.ones(len(given)), where=over > 0)
    return np.where(given > 0, given, np.where(there, length * a_day[:, None], 0.0))
