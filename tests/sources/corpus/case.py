"""A bad file, and the clean table that most of them spoil."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp

Rows = list[dict[str, str]]
HOMES, YEARS = 12, (2022, 2023)
COLUMNS = ("location_id", "name", "month", "admissions", "bed_days", "start_month")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One bad file.

    `number` is its number in the catalogue of bad input (0: beyond it); `outcome` the strongest thing the door says
    (``accept`` where it says nothing); `fault`, `row` and `column` what and where; `apart` why the outcome is another
    than the catalogue's, where it is.
    """

    number: int
    title: str
    outcome: str
    make: Callable[[], bytes]
    fault: str | None = None
    row: int | None = None
    column: str | None = None
    file: str = "table.csv"
    say: dict[str, str] = field(default_factory=dict)
    apart: str = ""

    @property
    def id(self) -> str:
        return f"{self.number}-{self.title}".replace(" ", "-")


def poisson(draw: random.Random, mean: float) -> int:
    count, left = 0, draw.random()
    chance = term = exp(-mean)
    while left > chance:
        count += 1
        term *= mean / count
        chance += term
    return count


def clean() -> Rows:
    """Return twelve homes over two years, four of them with the intervention from 2023, without a fault."""
    draw, rows = random.Random(20261122), []
    for home in range(HOMES):
        beds = 20 + 3 * home
        for year in YEARS:
            for month in range(1, 13):
                days = 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
                rows.append({
                    "location_id": f"1-10000{home:04d}",
                    "name": f"Home {chr(65 + home)}",
                    "month": f"{year}-{month:02d}-01",
                    "admissions": str(poisson(draw, beds * 0.06)),
                    "bed_days": str(round(beds * days * draw.uniform(0.82, 0.92))),
                    "start_month": f"2023-{3 + home:02d}-01" if home < 4 else "",
                })  # fmt: skip
    return rows


def row_of(home: int, month: int) -> int:
    """Return the place in `clean` of a home (from 0) and month (0 to 23); its row number in the file is two more."""
    return home * 24 + month


def csv_of(rows: Rows, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_of(rows: Rows, spoil: Callable | None = None) -> bytes:
    """Return a workbook with numbers and dates as such; `spoil` may change it before it is saved."""
    from datetime import datetime  # noqa: PLC0415

    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        cells: list = list(row.values())
        for place, name in enumerate(row):
            if name in ("month", "start_month") and cells[place]:
                cells[place] = datetime.fromisoformat(cells[place])
            elif name in ("admissions", "bed_days"):
                cells[place] = int(cells[place])
        sheet.append([cell or None if isinstance(cell, str) else cell for cell in cells])
    if spoil:
        spoil(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def each(change: Callable[[dict[str, str]], dict[str, str]]) -> Callable[[], bytes]:
    """Return a maker of the clean table with every row changed."""
    return lambda: csv_of([{**row, **change(row)} for row in clean()])


def some(changes: dict[int, dict[str, str]]) -> Callable[[], bytes]:
    """Return a maker of the clean table with some rows (by place) changed."""
    return lambda: csv_of([{**row, **changes.get(place, {})} for place, row in enumerate(clean())])
