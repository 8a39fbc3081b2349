"""What was known of every home at the end of every month?

A rating counts from the month in which it was published, and until another is, or it is withdrawn. Expected admissions
are those of homes of the kind in the same month with as many bed-days, so that winter is in them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.missing import Missing
from analysis.monitoring.criteria import NEVER_RATED, Measures
from analysis.monitoring.home import days_in
from analysis.monitoring.totals import NOT_KNOWN
from analysis.plans.homes import KnownHomes
from analysis.sources.schema import WITHDRAWN

MONTHS_OF_RATINGS = 72
"""Looked at where the data hold no admissions, which otherwise say how far back."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthByMonth:
    """Homes and what was known of them at the end of every month.

    Parameters
    ----------
    homes : DataFrame, index location id
        name, home_type, beds, area_name.
    measures : Measures
    started : ndarray of datetime64[M], shape (N,)
        First start of any intervention; NaT where there was none.
    """

    homes: pd.DataFrame
    measures: Measures
    started: np.ndarray


def known_of(homes: KnownHomes) -> MonthByMonth:
    """Lay out what was known of every home month by month."""
    register = homes.inspections.homes
    table = register[["name", "home_type", "beds", "area_name"]]
    shown = homes.shown
    if shown is not None:
        there = shown.units.rename(columns={"area": "area_name"})[["name", "home_type", "beds", "area_name"]]
        table = pd.concat([table, there[~there.index.isin(table.index)]])
    table = table.assign(name=table["name"].astype(object).where(table["name"].notna(), ""))
    months = shown.months if shown is not None else _recent(homes)
    rank, rated_for = _ratings(homes.inspections.frame, table.index, months)
    observed, expected, days, room = _counts(shown, table, months)
    measures = Measures(
        months=months, rank=rank, rated_for=rated_for, observed=observed, expected=expected, days=days, room=room,
        registered=_registered(register, table.index, months),
    )  # fmt: skip
    return MonthByMonth(homes=table, measures=measures, started=_first_start(homes.spells, table.index))


def _recent(homes):
    if pd.isna(homes.until):
        raise AnalysisError(
            "These data hold neither ratings of homes nor admissions by which they can be followed.",
            found=homes.watchable.reason if isinstance(homes.watchable, Missing) else None,
            do="Load ratings, or monthly admissions and bed-days, on the Data page.",
        )
    last = np.datetime64(homes.until, "M")
    return np.arange(last - MONTHS_OF_RATINGS + 1, last + 1)


def _ratings(frame, index, months):
    """Give rank and age of the rating that had been published by the end of every month."""
    rows = frame[(frame["key_question"] == "Overall") & (frame["rating"].notna() | (frame["unrated"] == WITHDRAWN))]
    rows = rows.dropna(subset=["published"]).sort_values("published", kind="stable")
    home, at = index.get_indexer(rows["home"]), rows["published"].to_numpy().astype("datetime64[M]")
    place = (at - months[0]).astype(int)
    inside = (home >= 0) & (place < len(months))
    number = np.flatnonzero(inside)
    last = np.full((len(index), len(months)), -1)
    last[home[inside], np.maximum(place[inside], 0)] = number  # of several in one month the last written stands
    last = np.maximum.accumulate(last, axis=1)
    codes = np.append(rows["rating"].cat.codes.to_numpy(), NEVER_RATED)
    age = np.arange(len(months)) - np.append(place, len(months))[last]
    return codes[last].astype(np.int8), np.where(last >= 0, age, np.inf).astype(np.float32)


def _counts(shown, table, months):
    """Give running totals of admissions as shown, expected, bed-days and room, each of shape (N, T + 1)."""
    N, T = len(table), len(months)
    if shown is None:
        nothing = np.zeros((N, T + 1))
        return nothing, nothing, nothing, nothing
    counts, days = np.zeros((N, T)), np.zeros((N, T))
    row = table.index.get_indexer(shown.units.index)
    counts[row], days[row] = shown.counts, shown.exposure
    expected = np.zeros((N, T))
    kind = table["home_type"].astype(object).fillna(NOT_KNOWN).astype(str).to_numpy()
    for each in np.unique(kind):  # of homes of the kind in the same month, so that winter is in it
        own = kind == each
        total = days[own].sum(axis=0)
        rate = np.divide(counts[own].sum(axis=0), total, out=np.zeros(T), where=total > 0)
        expected[own] = days[own] * rate
    beds = pd.to_numeric(table["beds"], errors="coerce").fillna(0).to_numpy(float)[:, None]
    room = (days > 0) * beds * days_in(months)
    return tuple(np.column_stack([np.zeros(N), np.cumsum(part, axis=1)]) for part in (counts, expected, days, room))


def _registered(register, index, months):
    first, last = (
        register[name].reindex(index).to_numpy().astype("datetime64[M]")[:, None]
        for name in ("registered", "deregistered")
    )  # fmt: skip
    return ~(first > months[None, :]) & ~(last <= months[None, :])


def _first_start(spells, index):
    first = spells.dropna(subset=["started"]).groupby("location_id")["started"].min().reindex(index)
    return first.to_numpy().astype("datetime64[M]")
