"""How many admissions, over how many bed-days, in which home and month?

A `Panel` is a pair of dense unit × month matrices with the units' attributes beside them. It is dense because a home
is observed in most months, and every later step is then a product of matrices; a unit-month that was not observed has
exposure zero, which is also its weight in every likelihood.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.later import Constant, Once
from analysis.panel import faults
from analysis.panel.numbers import as_numbers, finite, rounded_fact, whole
from analysis.panel.streamed import read_matrices
from analysis.panel.zones import as_written

ATTRIBUTES = ("name", "home_type", "beds", "area", "region", "provider")
"""What is known of a unit and does not change."""

MISSING = np.iinfo(np.int64).min
"""Month of a missing date, as numpy casts it."""

FACTS = ("fact", "homes", "home_months", "reading")


def names_of(units: pd.DataFrame) -> pd.Series:
    """Call each unit by its name, or by its number where no name is known: a list of blanks names nobody."""
    return units["name"].astype(object).where(units["name"].notna(), units.index.astype(str))


class LikelyCounts:
    """Counts that the bands of a panel as shown allow: drawn when they are asked for, which takes as long as an answer.

    Parameters
    ----------
    drawn, together : ndarray, shape (N, T), or callable that makes it
        As of `Panel`.
    """

    def __init__(self, drawn: np.ndarray | Callable[[], np.ndarray], together: np.ndarray | Callable[[], np.ndarray]):
        self._drawn, self._together = (Once(part) if callable(part) else Constant(part) for part in (drawn, together))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return isinstance(self._drawn, Once) or bool(self._drawn.value.size)

    @property
    def drawn(self) -> np.ndarray:
        """Whole counts."""
        return self._drawn()

    @property
    def together(self) -> np.ndarray:
        """Counts of which only sums may be looked at."""
        return self._together()

    def of(self, homes: np.ndarray | slice, months: slice) -> "LikelyCounts":
        """Give those of some homes and months."""
        return LikelyCounts(lambda: self.drawn[homes][:, months], lambda: self.together[homes][:, months])


NONE_LIKELY = LikelyCounts(np.zeros((0, 0), np.int64), np.zeros((0, 0)))
AS_COUNTED = {"unseen": np.zeros((0, 0), bool), "likely": NONE_LIKELY}
"""Of a panel of counts, which are not as shown."""


class _Digest:
    """A digest that is computed when it is first asked for: on millions of cells it takes longer than a fit."""

    def __get__(self, panel, owner=None):
        if panel is None:
            return ""  # what the field holds where nothing is given
        if not panel.__dict__["_digest"]:
            panel.__dict__["_digest"] = _digest(panel)
        return panel.__dict__["_digest"]

    def __set__(self, panel, given):
        panel.__dict__["_digest"] = given


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Counts and exposure by unit (home or area) and month, or quarter, or year.

    Parameters
    ----------
    units : DataFrame, index ``unit`` (str), sorted
        Attributes that do not change: `ATTRIBUTES`, with home_type "nursing" or "residential".
    months : ndarray of datetime64[M], shape (T,)
        Consecutive months; of figures by quarter or year, the first month of each.
    counts : ndarray of int64, shape (N, T)
        Events; zero where nothing was observed.
    exposure : ndarray of float64, shape (N, T)
        Bed-days; zero where nothing was observed. A unit-month takes part exactly where exposure is above zero.
    outcome, exposure_unit : str
        What was counted, over what, in words ("emergency admissions", "bed-days").
    facts : DataFrame
        What the making of the panel decided or noticed, one row each: fact, homes, home_months, reading.
    digest : str
        SHA-256 of everything above but `facts`, in canonical order; computed when asked for, where it is not given.
    unseen : ndarray of bool, shape (N, T)
        In a panel of counts as shown, which are then no whole numbers: home-months of which nothing shows how many
        there were (`disclosure.estimates.unseen`). Without elements in a panel of counts.
    likely : LikelyCounts
        In a panel of counts as shown: counts that the same bands allow. Without elements in a panel of counts.
    also : mapping of str to Panel
        What else was counted in the same homes and months, by what it is called; not part of the digest.
    rated : DataFrame
        Overall ratings of the homes, one row each: unit, published, rating (missing where it was taken back); not part
        of the digest. Without rows where none are known.
    length : int
        Months in a period: 1, 3 or 12.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    exposure: np.ndarray
    outcome: str
    exposure_unit: str
    facts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FACTS)))
    digest: str = _Digest()  # type: ignore[assignment]
    unseen: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    likely: LikelyCounts = NONE_LIKELY
    also: Mapping[str, "Panel"] = field(default_factory=dict)
    rated: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["unit", "published", "rating"]))
    length: int = 1

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, *, outcome: str = "emergency admissions", exposure_unit: str = "bed-days",
        length: int = 1,
    ) -> "Panel":  # fmt: skip
        """Make a panel from a tidy frame.

        Parameters
        ----------
        frame : DataFrame
            One row per unit and month: ``unit, month, count, exposure`` and any of `ATTRIBUTES`. Rows whose count or
            exposure is missing, or whose exposure is zero, take no part.
        outcome, exposure_unit : str
            What was counted, over what.
        length : int
            Months in a period; ``month`` is then its first month.

        Raises
        ------
        AnalysisError
            If a column is missing, a unit-month comes twice, or a count or exposure is negative, without end or no
            number, or a count is not whole (within a millionth it is rounded, and `facts` say so); or if years, or
            quarters, begin in different months.
        """
        _check(frame)
        frame = frame.assign(unit=frame["unit"].astype(str))
        units = _attributes(frame)
        month = _to_months(frame["month"])
        if ((month - month.min()) % length).any():
            raise faults.out_of_step(frame["month"], length)
        months = np.arange(month.min(), month.max() + 1, length).astype("datetime64[M]")
        cell = units.index.get_indexer(frame["unit"].array), (month - month.min()) // length
        counts, exposure, facts = _filled(frame, cell, (units.index, months))
        return cls(
            units=units, months=months, counts=counts, exposure=exposure, outcome=outcome, exposure_unit=exposure_unit,
            facts=facts, length=length,
        )  # fmt: skip

    @classmethod
    def from_parquet(
        cls, path: Path | str, *, outcome: str = "emergency admissions", exposure_unit: str = "bed-days"
    ) -> "Panel":
        """Make the same panel from a Parquet file of such a frame, in less time and memory than the frame would take.

        Parameters
        ----------
        path : Path or str
            With the columns of `from_frame`.
        outcome, exposure_unit : str
            What was counted, over what.

        Raises
        ------
        AnalysisError
            As `from_frame`; and if the file cannot be read, or a column holds neither numbers nor dates.
        """
        found = read_matrices(path, ATTRIBUTES)
        return cls(
            units=found.units,
            months=found.months,
            counts=found.counts,
            exposure=found.exposure,
            outcome=outcome,
            exposure_unit=exposure_unit,
            facts=rounded_facts(*found.rounded),
        )

    def tidy(self) -> pd.DataFrame:
        """One row per unit and month observed: unit, month, count, exposure, then the attributes."""
        row, column = np.nonzero(self.exposure)
        frame = pd.DataFrame(
            {
                "unit": self.units.index[row],
                "month": self.months[column].astype("datetime64[s]"),
                "count": self.counts[row, column],
                "exposure": self.exposure[row, column],
            }
        )
        return frame.join(self.units, on="unit")

    @property
    def drawn(self) -> np.ndarray:
        """Whole counts drawn from the bands of a panel as shown (`disclosure.estimates.drawn`), shape (N, T)."""
        return self.likely.drawn

    @property
    def together(self) -> np.ndarray:
        """Counts, in a panel as shown, of which only sums over many homes may be looked at (`panel.together`)."""
        return self.likely.together

    @property
    def by_chance(self) -> "Panel":
        """Whole counts, whose luck from month to month can be looked at: those drawn, in a panel of counts as shown."""
        return replace(self, counts=self.drawn, **AS_COUNTED, digest="") if self.likely else self

    def of(self, homes: np.ndarray | slice = slice(None), months: slice = slice(None)) -> "Panel":
        """Give some homes, (N,), and months of the panel."""
        cells = {name: getattr(self, name) for name in ("counts", "exposure", "unseen")}
        cells: dict[str, Any] = {name: values[homes][:, months] if values.size else values
                                 for name, values in cells.items()}  # fmt: skip
        if self.likely:
            cells["likely"] = self.likely.of(homes, months)
        also = {name: other.of(homes, months) for name, other in self.also.items()}
        return replace(self, units=self.units.loc[homes], months=self.months[months], **cells, also=also, digest="")

    def month_index(self, dates: Any) -> np.ndarray:
        """Position of each date's month, or period, in `months`; negative or beyond the end where it lies outside.

        A missing date gives the smallest integer.
        """
        return month_index(dates, self.months, self.length)


def monthly(panel: Panel) -> Panel:
    """Give a panel that is by month; AnalysisError where it is by quarter or year."""
    if panel.length > 1:
        raise faults.by_period(panel.length)
    return panel


def month_index(dates: Any, months: np.ndarray, length: int = 1) -> np.ndarray:
    """Position of each date's month in consecutive months, or periods, as of `Panel.month_index`."""
    month = _to_months(dates)
    return np.where(month == MISSING, MISSING, (month - months[0].astype(np.int64)) // length)


def _check(frame: pd.DataFrame) -> None:
    fault = faults.without_columns(frame.columns)
    if fault:
        raise fault
    if frame.empty:
        raise faults.empty()
    if frame[["unit", "month"]].isna().to_numpy().any():
        raise faults.unnamed()
    twice = frame.assign(month=_to_months(frame["month"])).duplicated(["unit", "month"]).to_numpy()
    if twice.any():
        unit, month = frame.loc[twice, ["unit", "month"]].iloc[0]
        raise faults.twice(unit, month, int(twice.sum()))


def _filled(frame: pd.DataFrame, cell: tuple, axes: tuple[pd.Index, np.ndarray]) -> tuple:
    """Put counts and exposure in their places, zero where nothing was observed, and what was noticed.

    Parameters
    ----------
    cell : tuple of ndarray, shape (n,)
        Row and column of every row of the frame.
    axes : Index and ndarray of datetime64[M]
        Units and months.
    """
    count, days = (as_numbers(frame[name]) for name in ("count", "exposure"))
    if (count < 0).any() or (days < 0).any():
        raise faults.negative()
    known = ~np.isnan(count) & (days > 0)
    place = cell[0][known], cell[1][known]

    def at(position: int) -> str:
        return f"{axes[0][place[0][position]]}, {axes[1][place[1][position]]}"

    numbers, rounded = whole(count[known], at)
    finite(days[known], at)
    counts, exposure = (np.zeros(tuple(map(len, axes)), kind) for kind in (np.int64, np.float64))
    counts[place], exposure[place] = numbers, days[known]
    return counts, exposure, rounded_facts(len(set(place[0][rounded])), int(rounded.sum()))


def rounded_facts(units: int, cells: int) -> pd.DataFrame:
    """Facts of a panel in which so many counts were rounded."""
    return pd.DataFrame([rounded_fact(units, cells)] if cells else [], columns=list(FACTS))


def _to_months(dates: Any) -> np.ndarray:
    """Count months since January 1970; `MISSING` for a missing date."""
    return as_written(dates).to_numpy().astype("datetime64[M]").astype(np.int64)


def _attributes(frame: pd.DataFrame) -> pd.DataFrame:
    """First known value of each attribute, one row per unit, units sorted by name."""
    known = [name for name in ATTRIBUTES if name in frame]
    units = frame.sort_values("month").groupby("unit", sort=True)[["month", *known]].first()
    return pd.DataFrame({name: units[name] if name in known else None for name in ATTRIBUTES}, index=units.index)


def _digest(panel: Panel) -> str:
    digest = hashlib.sha256()
    digest.update(str(panel.units.reset_index().to_csv(index=False, float_format="%.15g")).encode())
    whole = np.float64 if panel.unseen.size else np.int64
    for array, kind in ((panel.months, "datetime64[M]"), (panel.counts, whole), (panel.exposure, np.float64)):
        digest.update(np.ascontiguousarray(array, dtype=kind).view(np.uint8).data)
    by = f"\n{panel.length}" if panel.length > 1 else ""
    digest.update(f"{panel.outcome}\n{panel.exposure_unit}{by}".encode())
    return digest.hexdigest()
