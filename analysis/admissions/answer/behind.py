"""Which events stand behind an estimate, and what would it be had they been the counts as shown?

With O events in a set of home-months with the intervention, B in the same homes before, and A and N in the homes
compared with, before and after, a rate ratio is nearly (O / B) / (N / A), and exactly so where all homes start
together. As told it is

    ρ · (O' / O) (B / B') (A' / A) (N / N')

with the counts as shown, O' to N': sums over homes of steps of their banded cumulative counts (`disclosure.estimates`),
forwards and backwards from each home's start, or from the first start of all where a home has none. Single months have
O' and N' of their own.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.admissions.compared.attributes import attribute
from analysis.design import NEVER, Design
from analysis.disclosure import HES, MANY_HOMES, MONTHS, Rule, nearest
from analysis.disclosure.estimates import factor, steps
from analysis.panel import Panel
from analysis.results import By

WHOLE_QUARTER = 3
"""Months; of a quarter looked at in part, a month could be had by subtraction once all of it is."""
ENOUGH_A_HOME = 4
"""Events a home in a month: of fewer, the bands of homes hide what a single month says."""


class AsShown(NamedTuple):
    """What counts as shown make of a group.

    Parameters
    ----------
    ratio, count : float
        What they make of its rate ratio and of its events, as ratios; missing where it may not be told.
    events : float
        Its events, not for showing.
    """

    ratio: float
    count: float
    events: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Behind:
    """Which home-months an answer rests on, and how many events they had.

    Parameters
    ----------
    units : DataFrame, N rows
    months : ndarray of datetime64[M], shape (T,)
    counts, shown : ndarray, shape (N, T)
        Events, and what their sums over homes and neighbouring months are taken for.
    used : ndarray of bool, shape (N, T)
        Home-months on which the answer rests.
    since : ndarray, shape (N, T)
        Months since the start, below zero before it.
    dose : ndarray, shape (N,) or (0,)
    rule : Rule
        How counts of homes are banded and kept back.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    shown: np.ndarray
    used: np.ndarray
    since: np.ndarray
    dose: np.ndarray
    rule: Rule

    @classmethod
    def of(cls, cells: pd.DataFrame, panel: Panel, design: Design, rule: Rule) -> "Behind":
        """Find the home-months of ``Effects.augment()`` in the panel."""
        T = len(panel.months)
        used = np.zeros(panel.counts.shape, bool)
        month = cells["month"].to_numpy("datetime64[M]")
        used[panel.units.index.get_indexer(cells["unit"]), (month - panel.months[0]).astype(int)] = True
        started = design.start != NEVER
        first = design.start[started & (design.start < T)].min(initial=T)
        start = np.where(started, design.start, T)
        return cls(
            units=panel.units,
            months=panel.months,
            counts=panel.counts,
            shown=_shown(panel.counts, np.where(started, design.start, first), rule),
            used=used,
            since=np.arange(T) - start[:, None],
            dose=design.dose,
            rule=rule,
        )

    @property
    def after(self) -> np.ndarray:
        """Home-months used with the intervention, shape (N, T)."""
        return self.used & (self.since >= 0)

    @property
    def treated(self) -> np.ndarray:
        """Homes with a month of the intervention, shape (N,)."""
        return np.asarray(self.after.any(axis=1))

    def group(self, by: By, key: Any) -> AsShown:
        """Work out what counts as shown make of a group of estimates."""
        homes, held = self._cells(by, key)
        if not held.any():
            return AsShown(np.nan, np.nan, 0.0)
        before = self.used & homes[:, None] & (self.since < 0)
        compared = self._compared(homes)
        if by == "calendar" and self.shown[held].sum() < ENOUGH_A_HOME * homes.sum():
            return AsShown(np.nan, np.nan, float(self.counts[held].sum()))
        single = by == "event_time"
        count = self._factor(held, single=single)
        ratio = count / self._factor(before) * self._factor(compared & _any(before))
        after = compared & _any(held)
        if after.any():  # months before the start have no other comparison than all months before
            ratio = ratio / self._factor(after, single=single)
        if by == "dose":  # the ratio of one unit more: to the power of the dose it is that of the homes
            ratio = ratio ** (1 / np.nanmean(self.dose[homes]))
        return AsShown(float(ratio), count, float(self.counts[held].sum()))

    def quarters(self, counterfactual: np.ndarray) -> pd.DataFrame:
        """Give what was observed and expected of treated homes, of whole quarters: as `tables.observed`.

        Parameters
        ----------
        counterfactual : ndarray, shape (N, T)
        """
        held = self.used & self.treated[:, None]
        quarter = pd.PeriodIndex(self.months.astype("datetime64[s]"), freq="Q").to_timestamp()
        by_before, rows = self._factor(held & (self.since < 0)), []
        for first in quarter.unique():
            cells = held & np.asarray(quarter == first)
            homes = int(cells.any(axis=1).sum())
            if cells.any(axis=0).sum() == WHOLE_QUARTER:
                many = homes >= MANY_HOMES
                rule = MONTHS if many else HES
                shown = float(self.counts[cells].sum() if many else self.shown[cells].sum())
                pair = (shown, by_before * counterfactual[cells].sum())
                told = [pd.NA if not value > rule.hidden_to else nearest(value, rule) for value in pair]
                rows.append((first, homes, *told, sum(value is pd.NA for value in told)))
        frame = pd.DataFrame(rows, columns=["quarter", "homes", "observed", "counterfactual", "hidden"])
        return frame.astype({"observed": "Int64", "counterfactual": "Int64"})

    def _cells(self, by: By, key: Any) -> tuple[np.ndarray, np.ndarray]:
        """Homes (N,) and home-months (N, T) of a group."""
        homes, held = self.treated, self.after
        if by == "event_time":
            held = self.used & (self.since == key)
            homes = homes & held.any(axis=1)
        elif by == "cohort":
            at = np.datetime64(key, "M") - self.months[0]
            homes = homes & (self.since[:, 0] == -at.astype(int))
        elif by == "subgroup":
            name, _, value = str(key).partition(": ")
            homes = homes & (attribute(self.units, name).astype(str).to_numpy() == value)
        elif by == "calendar":
            held = held & (self.months == np.datetime64(key, "M"))
        return homes, held & homes[:, None]

    def _compared(self, homes: np.ndarray) -> np.ndarray:
        """Home-months without it of homes still without it when the first of some homes started, shape (N, T)."""
        first = self.since[homes, 0].max()
        return self.used & (self.since < 0) & (~homes & (self.since[:, 0] < first))[:, None]

    def _factor(self, held: np.ndarray, *, single: bool = False) -> float:
        """Count as shown over the true one in some home-months."""
        true = float(self.counts[held].sum())
        if single and held.any(axis=1).sum() >= MANY_HOMES:
            return factor(true, float(nearest(true, MONTHS)), MONTHS)
        return factor(true, float(self.shown[held].sum()), self.rule)


def _any(held: np.ndarray) -> np.ndarray:
    """Months of some home-months, shape (T,)."""
    return np.asarray(held.any(axis=0))


def _shown(counts: np.ndarray, start: np.ndarray, rule: Rule) -> np.ndarray:
    """Give steps of every home's banded cumulative counts, forwards and backwards from its start, shape (N, T)."""
    after = np.arange(counts.shape[1]) >= start[:, None]
    backwards = steps(counts[:, ::-1], ~after[:, ::-1], rule)[:, ::-1]
    return np.where(after, steps(counts, after, rule), backwards)
