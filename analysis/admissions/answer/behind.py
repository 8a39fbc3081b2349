"""Which events stand behind an estimate, and are they enough for it to be told?

Events in a set of home-months with the intervention, in the same homes before, and in the homes compared with, before
and after; all as they are shown (`disclosure.estimates`), as was what the model was fitted to. Nothing here is looked
up in the counts themselves.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.admissions.compared.attributes import attribute
from analysis.design import NEVER, Design
from analysis.disclosure import HES, MOST_UNSEEN, Rule, nearest
from analysis.months import a_year_of
from analysis.panel import Panel
from analysis.panel.dense import month_index
from analysis.results import By, Effects

WHOLE_QUARTER = 3
"""Months; a quarter looked at in part would look like a fall."""


class Group(NamedTuple):
    """What is known of a group of estimates.

    Parameters
    ----------
    told : bool
        Whether enough stands behind it.
    events : float
        Its events, as shown.
    """

    told: bool
    events: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Behind:
    """Which home-months an answer rests on, and how many events they had.

    Parameters
    ----------
    units : DataFrame, N rows
    months : ndarray of datetime64[M], shape (T,)
    counts : ndarray, shape (N, T)
        Events, as shown.
    unseen : ndarray of bool, shape (N, T)
        Where nothing shows how many there were.
    used : ndarray of bool, shape (N, T)
        Home-months on which the answer rests.
    since : ndarray, shape (N, T)
        Months since the start, below zero before it.
    rule : Rule
        How few events are not told.
    length : int
        Months in a period.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    unseen: np.ndarray
    used: np.ndarray
    since: np.ndarray
    rule: Rule
    length: int = 1

    @classmethod
    def of(cls, effects: Effects, panel: Panel, design: Design, rule: Rule) -> "Behind":
        """Find the home-months of an answer in the panel."""
        T, used = len(panel.months), effects.used(panel.units.index, panel.months)
        start = np.where(design.start != NEVER, design.start, T)
        return cls(
            units=panel.units,
            months=panel.months,
            counts=panel.counts,
            unseen=panel.unseen,
            used=used,
            since=np.arange(T) - start[:, None],
            rule=rule,
            length=panel.length,
        )

    @cached_property
    def after(self) -> np.ndarray:
        """Home-months used with the intervention, shape (N, T)."""
        return self.used & (self.since >= 0)

    @cached_property
    def treated(self) -> np.ndarray:
        """Homes with a month of the intervention, shape (N,)."""
        return np.asarray(self.after.any(axis=1))

    @cached_property
    def _own(self) -> "Behind":
        """Treated homes alone."""
        own = self.treated
        counts, unseen, used, since = (part[own] for part in (self.counts, self.unseen, self.used, self.since))
        return replace(self, units=self.units[own], counts=counts, unseen=unseen, used=used, since=since)

    @cached_property
    def _without(self) -> tuple[np.ndarray, ...]:
        """Home-months used without it, (N, T) each: how many, their events, and those of them that nothing shows."""
        without = (self.used & (self.since < 0)).astype(float)
        events = without * self.counts
        return without, events, events * self.unseen

    @cached_property
    def _others(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """Sum `_without` of homes that are not treated by their `since` at first, (S,), and month: (S, T) each."""
        rest = ~self.treated
        since, row = np.unique(self.since[rest, 0], return_inverse=True)
        sums = [np.zeros((len(since), len(self.months))) for _ in self._without]
        for total, part in zip(sums, self._without, strict=True):
            np.add.at(total, row, part[rest])
        return since, sums

    def group(self, by: By, key: Any) -> Group:
        """Say whether a group of estimates may be told."""
        own, (homes, held) = self._own, self._own._cells(by, key)
        if not homes.any():  # such as a lead of homes of which no month with it takes part
            return Group(False, 0.0)
        before = own.used & homes[:, None] & (own.since < 0)
        found = [own._sums(cells) for cells in (held, before)]
        cells, events, unseen = self._compared(homes)
        months = [_any(before)]
        if cells[_any(held)].any():  # months before the start are compared with all others before it
            months.append(_any(held))
        found += [(events[some].sum(), unseen[some].sum()) for some in months]
        return Group(all(map(self._enough, found)), float(found[0][0]))

    def _sums(self, held: np.ndarray) -> tuple[float, float]:
        """Sum the events of some home-months, and those of them that nothing shows."""
        return self.counts[held].sum(), self.counts[held & self.unseen].sum()

    def _enough(self, found: tuple[float, float]) -> bool:
        """Whether enough is shown of some home-months, and enough of it seen."""
        events, unseen = found
        return bool(events > self.rule.hidden_to and unseen <= MOST_UNSEEN * events)

    def quarters(self, counterfactual: np.ndarray) -> pd.DataFrame:
        """Give what was observed and expected of treated homes, of whole quarters: as `tables.observed`.

        Parameters
        ----------
        counterfactual : ndarray, shape (N, T)
        """
        held, rows = self.used & self.treated[:, None], []
        quarter = pd.PeriodIndex(self.months.astype("datetime64[s]"), freq="Q").to_timestamp()
        for first in quarter.unique():
            cells = held & np.asarray(quarter == first)
            if cells.any(axis=0).sum() == max(WHOLE_QUARTER // self.length, 1):
                pair = self.counts[cells].sum(), counterfactual[cells].sum()
                told = [pd.NA if value <= HES.hidden_to else nearest(value) for value in pair]
                rows.append((first, int(cells.any(axis=1).sum()), *told, sum(value is pd.NA for value in told)))
        frame = pd.DataFrame(rows, columns=["quarter", "homes", "observed", "counterfactual", "hidden"])
        return frame.astype({"observed": "Int64", "counterfactual": "Int64"})

    def _cells(self, by: By, key: Any) -> tuple[np.ndarray, np.ndarray]:
        """Homes (N,) and home-months (N, T) of a group."""
        homes, held = self.treated, self.after
        if by == "event_time":
            held = self.used & (self.since == key)
            homes = homes & held.any(axis=1)
        elif by == "year":
            held = held & (self.since // a_year_of(self.length) == key - 1)
            homes = homes & held.any(axis=1)
        elif by == "cohort":
            homes = homes & (self.since[:, 0] == -month_index([key], self.months, self.length)[0])
        elif by == "subgroup":
            name, _, value = str(key).partition(": ")
            homes = homes & (attribute(self.units, name).astype(str).to_numpy() == value)
        elif by == "calendar":
            held = held & (self.months == np.datetime64(key, "M"))
        return homes, held & homes[:, None]

    def _compared(self, homes: np.ndarray) -> list[np.ndarray]:
        """Sum by month, (T,) each, what is `_without` it of homes still so when the first of some treated started.

        Parameters
        ----------
        homes : ndarray of bool
            Of treated homes.
        """
        own, (since, others) = self._own, self._others
        first = own.since[homes, 0].max()
        still = (own.since[:, 0] < first) & ~homes
        together = zip(others, own._without, strict=True)
        return [(since < first).astype(float) @ rest + still.astype(float) @ part for rest, part in together]


def _any(held: np.ndarray) -> np.ndarray:
    """Months of some home-months, shape (T,)."""
    return np.asarray(held.any(axis=0))
