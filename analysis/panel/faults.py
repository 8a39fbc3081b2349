"""What makes a table of unit-months no panel?"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.errors import AnalysisError
from analysis.months import PERIODS

NEEDED = ("unit", "month", "count", "exposure")


def without_columns(columns: Iterable) -> AnalysisError | None:
    """Name the columns that are missing."""
    missing = [name for name in NEEDED if name not in columns]
    if not missing:
        return None
    return AnalysisError(
        f"A panel needs the columns unit, month, count and exposure; {', '.join(missing)} is missing.",
        found=", ".join(map(str, columns)),
    )


def empty() -> AnalysisError:
    """No row at all."""
    return AnalysisError("A panel needs at least one row.")


def unnamed() -> AnalysisError:
    """Rows of no unit, or no month."""
    return AnalysisError("Every row of a panel needs a unit and a month.")


def twice(unit: Any, month: Any, rows: int) -> AnalysisError:
    """Two rows for the same unit and month."""
    return AnalysisError("A unit has two rows for one month.", found=f"{unit}, {month} ({rows:,} in all)")


def negative() -> AnalysisError:
    """Less than nothing."""
    return AnalysisError("Counts and exposure cannot be negative.")


def by_period(length: int) -> AnalysisError:
    """Homes that are counted by quarter or year, where they would be followed month by month."""
    return AnalysisError(
        f"Homes are counted by {PERIODS[length]} here, and this follows them month by month.",
        do="Load monthly figures of the homes to have it. What an intervention changed is answered of quarters and "
        "years too, on the pages Admissions, Comparison, Doubts and Verdict.",
    )


def refuse_by_period(length: int, asked: bool) -> None:
    """Refuse what changes from month to month where homes are counted by quarter or year."""
    if asked and length > 1:
        raise AnalysisError(
            "Effects of other interventions beside, pauses and doses that change cannot be told where homes are "
            f"counted by {PERIODS[length]}.",
            do="Leave out homes' months with another intervention, and count first spells: in a protocol, [comparison] "
            'others = "leave out" and spells = "first". Or load monthly figures.',
        )


def out_of_step(months: Any, length: int) -> AnalysisError:
    """Quarters or years that begin in different months."""
    begin = sorted({f"{pd.Timestamp(month):%B}" for month in months})
    return AnalysisError(
        f"The {PERIODS[length]}s of one measure begin in months that do not follow one another.",
        found=f"periods of {length} months that begin in {', '.join(begin)}",
        do="Keep those of one kind, such as financial years from April, and load the file again.",
    )
