"""Are these counts and these exposures numbers that a panel can hold?

Counts are whole. A number within `NEARLY` of a whole one is that whole number, written by software that counts in
decimals; it is rounded, and the panel says so. Anything else is no count, and is refused: cut off after its point,
2.9999999 would be 2 and infinity less than nothing.
"""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError

NEARLY = 1e-6
"""Decimals that summed shares of whole numbers lose stay far below; rates and averages are far above."""
MOST = 2.0**53
"""Above this not every whole number has a float of its own."""
ROUNDED = "counts rounded to whole numbers"


def rounded_fact(units: int, cells: int) -> tuple[str, int, int, str]:
    """Tell that counts a hair away from whole numbers were rounded: a row of `Panel.facts`."""
    return ROUNDED, units, cells, f"counts within {NEARLY:g} of a whole number were taken as that number"


def whole(counts: np.ndarray, at: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give counts as whole numbers, and where they had to be rounded.

    Parameters
    ----------
    counts : ndarray of int or float, shape (n,)
        None missing.
    at : callable (position) -> str
        Names the unit and month of one of them.

    Returns
    -------
    ndarray of int64 and ndarray of bool, shape (n,)

    Raises
    ------
    AnalysisError
        If one is no whole number.
    """
    if counts.dtype.kind in "iub":
        _refuse(counts, counts.astype(np.float64) > MOST, at)
        return counts.astype(np.int64), np.zeros(counts.shape, bool)
    near = np.rint(counts)
    with np.errstate(invalid="ignore"):  # infinity is as far from infinity as nobody knows
        _refuse(counts, ~(np.abs(counts - near) <= NEARLY) | (np.abs(counts) > MOST), at)
    return near.astype(np.int64), counts != near


def _refuse(counts: np.ndarray, odd: np.ndarray, at: Any) -> None:
    if not odd.any():
        return
    first, others = int(odd.argmax()), int(odd.sum()) - 1
    more = f", and {others:,} more" if others else ""
    mend = (
        "Mend it where it was written"
        if abs(counts[first]) > MOST
        else "Give the counts themselves, not rates or averages"
    )
    raise AnalysisError(
        "The counts of a panel must be whole numbers.",
        found=f"{counts[first]:.12g} ({at(first)}){more}",
        do=f"{mend}, and leave out a month whose count is not known.",
    )


def finite(exposure: np.ndarray, at: Any) -> None:
    """Refuse exposure without end."""
    if (endless := np.isinf(exposure)).any():
        raise AnalysisError(
            "The exposure of a panel must be a number of days.",
            found=f"infinity ({at(int(endless.argmax()))})",
            do="Give the bed-days, or leave out a month whose bed-days are not known.",
        )


def as_numbers(column: pd.Series) -> np.ndarray:
    """Give a column as int64 (where it is of whole numbers, none missing) or float64, those missing as NaN.

    Raises
    ------
    AnalysisError
        If it holds something else.
    """
    missing = column.isna().to_numpy()
    if pd.api.types.is_integer_dtype(column.dtype) and not missing.any():
        return column.to_numpy()
    if column.dtype == object:
        other = next((value for value in column[~missing] if not isinstance(value, Real | Decimal)), None)
        if other is not None:
            raise not_numbers(repr(other))
    elif not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_complex_dtype(column.dtype):
        raise not_numbers(repr(column[~missing].iloc[0]) if not missing.all() else f"a column of {column.dtype}")
    numbers = np.full(len(column), np.nan)
    numbers[~missing] = column[~missing].astype(np.float64)
    return numbers


def not_numbers(found: str) -> AnalysisError:
    """Say that counts or exposure are no numbers."""
    return AnalysisError("Counts and exposure of a panel must be numbers.", found=found, do="Write them as numbers.")
