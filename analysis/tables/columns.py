"""How is a table read? Each column says its heading, what it is made of, and how that is written.

What is read and what is downloaded come from one tidy frame: a column of a table names columns of the frame, and a
frame that lacks one of them has no such column in its table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as it is read.

    Parameters
    ----------
    heading : str
        With the unit, where there is one.
    of : str or tuple of str
        Columns of the tidy frame it is made of.
    write : callable, optional
        Makes of their values, row by row, what stands in the cell; without it the value itself does.
    """

    heading: str
    of: str | tuple[str, ...]
    write: Callable[..., Any] | None = None

    def cells(self, tidy: pd.DataFrame) -> pd.Series | list:
        """Write the column's cells."""
        names = (self.of,) if isinstance(self.of, str) else self.of
        if self.write is None:
            return tidy[names[0]]
        return [self.write(*values) for values in zip(*(tidy[name] for name in names), strict=True)]

    def within(self, tidy: pd.DataFrame) -> bool:
        """Tell whether the frame has what the column is made of."""
        return {self.of} <= {*tidy} if isinstance(self.of, str) else {*self.of} <= {*tidy}


def read(tidy: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Lay a tidy frame out for reading.

    Parameters
    ----------
    tidy : DataFrame
        One row per thing told.
    columns : iterable of Column
        In the order in which they are read.
    """
    return pd.DataFrame({column.heading: column.cells(tidy) for column in columns if column.within(tidy)}, tidy.index)


def number(digits: int = 1, missing: str = "–") -> Callable[[float], str]:
    """Make a writer of numbers with some digits after the point; what is not finite is missing."""
    return lambda value: f"{value:,.{digits}f}" if pd.notna(value) and np.isfinite(value) else missing


def percent(value: float) -> str:
    """Write a whole percentage that is one already: 37 is "37%"."""
    return f"{value:.0f}%"


def pounds(value: float) -> str:
    """Write pounds: "£12,300", "−£400"."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"


def yes_or_no(value: object) -> str:
    """Write a truth."""
    return "yes" if value else "no"


def named(value: object) -> str:
    """Write a name that has underscores as it is said."""
    return str(value).replace("_", " ")
