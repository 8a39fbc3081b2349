"""How does a table of millions of unit-months become a panel without ever standing in memory?

Twice through the file, every column decoded once. First units and months are read: they say how large the matrices are
and where each row belongs. Then counts and exposure are read and put straight into their places. Beside the matrices
only one number is held for each row.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import AnalysisError
from analysis.panel import faults
from analysis.panel.numbers import finite, not_numbers, whole
from analysis.panel.zones import as_written
from analysis.sources.reading.row_groups import ParquetTable

DAY = np.timedelta64(1, "D")
NEVER = np.iinfo(np.int64).max
"""Later than any month."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrices:
    """What a panel is made of.

    Parameters
    ----------
    units : DataFrame, index ``unit``
        Sorted, with the attributes asked for.
    months : ndarray of datetime64[M], shape (T,)
    counts, exposure : ndarray of int64 and float64, shape (N, T)
    rounded : (int, int)
        Units, and unit-months, whose counts were a hair away from whole numbers.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    exposure: np.ndarray
    rounded: tuple[int, int] = (0, 0)


def read_matrices(path: Path | str, attributes: tuple[str, ...]) -> Matrices:
    """Read a Parquet file with one row per unit and month.

    Raises
    ------
    AnalysisError
        As `Panel.from_parquet`.
    """
    table = ParquetTable(path, coded=("unit", *attributes))
    fault = faults.without_columns(table.columns) or (None if table.rows else faults.empty())
    if fault:
        raise fault
    unit, month, names = _places(table)
    order = pc.array_sort_indices(names).to_numpy()
    order = order[np.bincount(unit, minlength=len(names))[order] > 0]  # a category may be named and have no row
    rank = np.empty(len(names), unit.dtype)
    rank[order] = np.arange(len(order))
    names, unit = names.take(pa.array(order)), rank[unit]
    months = np.arange(month.min(), month.max() + 1)
    cell = np.multiply(unit, len(months), dtype=np.int64)
    cell += month
    cell -= months[0]
    _refuse_repeated(cell, names, months)
    index = pd.Index(names.to_pandas(), name="unit", dtype="str")
    found = {name: _first_known(table, name, unit, month) if name in table.columns else None for name in attributes}
    months = months.astype("datetime64[M]")
    counts, exposure, rounded = _filled(table, cell, (index, months))
    return Matrices(
        units=pd.DataFrame(found, index=index), months=months, counts=counts, exposure=exposure, rounded=rounded
    )


def _places(table: ParquetTable) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Code of the unit and month of every row, and the units' names in the order of their codes."""
    unit, month = np.empty(table.rows, np.int32), np.empty(table.rows, np.int32)
    code: dict[str, int] = {}
    for rows, batch in table.portions(["unit", "month"]):
        column, dates = batch.column("unit"), batch.column("month")
        if column.null_count or dates.null_count:
            raise faults.unnamed()
        unit[rows] = _coded(column, code)
        month[rows] = _months(dates)
    return unit, month, pa.array(list(code), pa.string())


def _coded(column: pa.Array, code: dict[str, int]) -> np.ndarray:
    """Codes of a column of text or numbers; names not met before get the next ones."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    names = column.dictionary.cast(pa.string()).to_pylist()
    own = np.array([code.setdefault(name, len(code)) for name in names], np.int32)
    return own[column.indices.to_numpy(zero_copy_only=False)]


def _months(dates: pa.Array) -> np.ndarray:
    """Months since January 1970: every day of the span is looked up once, which is faster than a calendar per row."""
    if not pa.types.is_date(dates.type) and not pa.types.is_timestamp(dates.type):
        if pa.types.is_dictionary(dates.type) or pa.types.is_string(dates.type) or pa.types.is_large_string(dates.type):
            dates = pa.array(as_written(dates.to_pandas()))
        else:
            raise AnalysisError(
                "The month of a panel must be a date.", found=f"values of type {dates.type}", do="Write it as a date."
            )
    if pa.types.is_timestamp(dates.type) and dates.type.tz:
        dates = pc.local_timestamp(dates)
    if pa.types.is_date32(dates.type):
        day = dates.view(pa.int32()).to_numpy()
    else:
        unit = dates.type.unit if pa.types.is_timestamp(dates.type) else "ms"
        day = dates.view(pa.int64()).to_numpy() // (DAY // np.timedelta64(1, unit))
    first, last = int(day.min()), int(day.max())
    return np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)[day - first]


def _refuse_repeated(cell: np.ndarray, names: pa.Array, months: np.ndarray) -> None:
    """Stop where two rows belong to one place."""
    if (cell[1:] > cell[:-1]).all():
        return
    times = np.bincount(cell, minlength=1)
    if times.max() > 1:
        place = int(times.argmax())
        unit, month = names[place // len(months)], months[place % len(months)].astype("datetime64[M]")
        raise faults.twice(unit, month, int((times[times > 1] - 1).sum()))


def _filled(table: ParquetTable, cell: np.ndarray, axes: tuple[pd.Index, np.ndarray]) -> tuple:
    """Read counts and exposure, zero where nothing was observed; and how many units and counts were rounded."""
    names, months = axes
    counts, exposure = np.zeros((len(names), len(months)), np.int64), np.zeros((len(names), len(months)))
    near: list[np.ndarray] = []
    for rows, batch in table.portions(["count", "exposure"]):
        events, bed_days = _numbers(batch.column("count")), _numbers(batch.column("exposure"))
        if (events < 0).any() or (bed_days < 0).any():
            raise faults.negative()
        known, place = bed_days > 0, cell[rows]
        if events.dtype.kind == "f":
            known &= ~np.isnan(events)
        if not known.all():
            events, bed_days, place = events[known], bed_days[known], place[known]

        def at(position: int, place: np.ndarray = place) -> str:
            return f"{names[place[position] // len(months)]}, {months[place[position] % len(months)]}"

        finite(bed_days, at)
        counts.reshape(-1)[place], rounded = whole(events, at)
        exposure.reshape(-1)[place] = bed_days.astype(np.float64, copy=False)
        near.append(place[rounded])
    places = np.concatenate(near)
    return counts, exposure, (len(np.unique(places // len(months))), len(places))


def _numbers(column: pa.Array) -> np.ndarray:
    """Values of a column, those missing as NaN."""
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise not_numbers(f"values of type {column.type}")
    if column.null_count:
        return column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return column.to_numpy()


def _first_known(table: ParquetTable, name: str, unit: np.ndarray, month: np.ndarray) -> list:
    """Value of an attribute in each unit's first month in which it is known."""
    n = int(unit.max()) + 1
    best, value = np.full(n, NEVER), np.full(n, None, dtype=object)
    for rows, batch in table.portions([name]):
        column, unit_here, month_here = batch.column(0), unit[rows], month[rows]
        known = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
        known = known[month_here[known] < best[unit_here[known]]]
        known = known[np.lexsort((month_here[known], unit_here[known]))]
        first = known[np.flatnonzero(np.diff(unit_here[known], prepend=-1))]
        best[unit_here[first]], value[unit_here[first]] = month_here[first], column.take(pa.array(first)).to_pylist()
    return list(value)
