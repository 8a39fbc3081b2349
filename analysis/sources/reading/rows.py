"""One row of any file, as the formats hand it on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Row(NamedTuple):
    """One row: its number as an editor shows it, its cells as text without the blank tail.

    `hidden` says that the spreadsheet hides it; `filled` counts cells taken from the merged cell above.
    """

    number: int
    cells: list[str]
    hidden: bool = False
    filled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One sheet, its rows to be read once and in order (`name` is None where a file has no sheets)."""

    name: str | None
    rows: Iterator[Row]
    visible: bool = True
    serial_dates: Literal["1900", "1904"] = "1900"
    even: bool = False
    """Whether every row must have as many cells as the header (text files, where a stray comma shifts the rest)."""


def trimmed(cells: list[str]) -> list[str]:
    """Drop the blank tail in place, and return the list."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
