"""Which table of the file is meant, where does it begin, and what are its wanted columns?

The header is hunted among the first rows of every sheet: it is the first row in which a layout finds every column it
needs. Rows below it are read once; only wanted columns are kept, each text once, so that a file of 323,673 rows
stays small.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NoReturn

import pandas as pd

from analysis.sources.characters import visible
from analysis.sources.findings import Finding
from analysis.sources.layout import ERROR_CELLS, ERRORS, SET_ASIDE, Layout, RawTable, Say, personal, plain
from analysis.sources.reading import ods, parquet, refusal, text, xlsx
from analysis.sources.reading.file_kinds import OpenFile
from analysis.sources.reading.people import People
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.rows import Row, Sheet, trimmed

HEADER_WITHIN = 60
"""Rows searched for the header: published files have up to eight rows of notices above it."""
EVERY = 5_000
"""Rows between two words of progress."""

Progress = Callable[[float, str], None]
"""Hears the share of the file that is done (0 to 1) and a few words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A table that a layout recognised, and what its sheet says about itself."""

    layout: Layout
    table: RawTable
    visible: bool
    hidden_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A row that may be a header."""

    sheet: str | None
    row: int
    columns: tuple[str, ...]


def read_tables(
    file: OpenFile, layouts: Sequence[Layout], say: Say, progress: Progress
) -> tuple[list[Found], list[Header], list[Finding]]:
    """Return the recognised tables of a file, the likeliest header of every other sheet, and what reading said.

    Raises
    ------
    Refused
        Where nothing of the file can be used.
    """
    done = [0.0]
    sheets, said = _sheets(file, lambda share: done.__setitem__(0, share))
    found, others = [], []
    for sheet in sheets:
        if say.get("sheet") not in (None, sheet.name):
            continue
        counted = replace(sheet, rows=_counted(file.name, sheet, done, progress))
        head = list(islice(counted.rows, HEADER_WITHIN))
        meant = [one for one in layouts if not (one.never and re.fullmatch(one.never, sheet.name or ""))]
        if hit := _hunt(head, meant, say):
            place, layout = hit
            whole = replace(counted, rows=chain(head[place:], counted.rows))
            found.append(_assemble(file.name, whole, layout, (say, tuple(map(_columns, head[:place])))))
        elif widest := max(head, key=lambda row: sum(map(bool, row.cells)), default=None):
            others.append(Header(sheet=sheet.name, row=widest.number, columns=_columns(widest)))
    return found, others, [*file.findings, *said]


def _sheets(file: OpenFile, tell: Callable[[float], None]) -> tuple[Iterator[Sheet], list[Finding]]:
    if file.kind == "ods":
        return ods.sheets(file, tell), []
    if file.kind == "xlsx":
        sheets, said = xlsx.sheets(file)
        return iter(sheets), said
    if file.kind == "parquet":
        return iter([parquet.sheet(file)]), []
    sheet, said = text.sheet(file)
    return iter([sheet]), said


def _counted(file: str, sheet: Sheet, done: list[float], progress: Progress) -> Iterator[Row]:
    where = f" of sheet {sheet.name}" if sheet.name else ""
    for count, row in enumerate(sheet.rows, start=1):
        if count % EVERY == 0:
            progress(done[0], f"{count:,} rows{where}")
        if count > refusal.MAX_ROWS:
            found, expected = f"more than {refusal.MAX_ROWS:,} rows", f"at most {refusal.MAX_ROWS:,}"
            do = "Keep only the homes and months you need, or split the file by year."
            refuse(file, "too many rows", found, expected, do, sheet=sheet.name, row=row.number)
        yield row


def _columns(row: Row) -> tuple[str, ...]:
    return tuple(visible(cell).strip() for cell in trimmed([*row.cells]))


def _hunt(head: list[Row], layouts: Sequence[Layout], say: Say) -> tuple[int, Layout] | None:
    for place, row in enumerate(head):
        columns = _columns(row)
        for layout in layouts:
            if layout.recognise(layout.told_apart(columns), say):
                return place, layout
    return None


def _assemble(file: str, sheet: Sheet, layout: Layout, told: tuple[Say, tuple]) -> Found:
    """Read the rows below the header, keeping the columns that the layout wants; `told`: answers, and rows above."""
    header = next(sheet.rows)
    say, above = told
    columns = layout.told_apart(_columns(header))
    mapping = layout.mapping(columns, say)
    extra = [column for column in layout.extra(columns) if column not in mapping.values()]
    kept = {**mapping, **{column: column for column in extra}}
    _check_columns(file, sheet.name, header.number, columns, kept)
    needed = [column for name, column in kept.items() if name not in layout.forgiving]
    body = _Body(file, sheet, (columns, kept, needed), leave_out=say.get("hidden rows") == "leave out")
    body.others = _unwanted(columns, kept) if layout.private else {}
    frame, aside = body.read()
    for column, people in body.others.items():
        if what := people.found():
            refuse_column(file, (sheet.name, header.number, column), f"what looks like {what}")
    table = RawTable(
        file=file, sheet=sheet.name, header_row=header.number, columns=columns, mapping=mapping, frame=frame,
        findings=(*_title_rows(file, sheet, header.number), *body.said()), set_aside=aside,
        serial_dates=sheet.serial_dates, above=above,
    )  # fmt: skip
    hidden = 0 if "hidden rows" in say else body.hidden
    return Found(layout=layout, table=table, visible=sheet.visible, hidden_rows=hidden)


def _check_columns(file: str, sheet: str | None, row: int, columns: tuple[str, ...], kept: dict[str, str]) -> None:
    names = [plain(column) for column in columns]
    if twice := next((column for column in kept.values() if names.count(plain(column)) > 1), None):
        do = "Rename or remove one of them, and load the file again."
        refuse(file, "duplicate columns", f"{names.count(plain(twice))} columns of this name", "one", do,
               sheet=sheet, row=row, column=twice)  # fmt: skip
    refuse_people(file, sheet, row, columns)


def refuse_people(file: str, sheet: str | None, row: int, columns: tuple[str, ...]) -> None:
    """Refuse a table with columns about people, whatever else it is."""
    if people := [column for column in columns if personal(column)]:
        do = "Homeward never stores people: count the admissions by home and month, or remove these columns, first."
        refuse(file, "personal data", f"columns about people ({', '.join(people[:3])})", "homes and months only", do,
               sheet=sheet, row=row, column=people[0])  # fmt: skip


def refuse_column(file: str, place: tuple[str | None, int, str], found: str) -> NoReturn:
    """Refuse a table for one column about people; nothing of it is repeated."""
    do = "Homeward never stores people: remove this column, or count the admissions by home and month, first."
    sheet, row, column = place
    refuse(file, "personal data", found, "homes and months only", do, sheet=sheet, row=row, column=column)


def _unwanted(columns: tuple[str, ...], kept: dict[str, str]) -> dict[str, People]:
    return {column: People() for column in columns if column and column not in kept.values()}


def _title_rows(file: str, sheet: Sheet, row: int) -> list[Finding]:
    if row == 1:
        return []
    found, do = f"{row - 1} rows above the header", "The header was found and the rows above it left out."
    return [Finding(outcome="note", fault="title rows", file=file, sheet=sheet.name, row=row, found=found,
                    expected="the header in row 1", do=do)]  # fmt: skip


class _Body:
    """The rows below one header, being read."""

    def __init__(self, file: str, sheet: Sheet, wanted: tuple[tuple, dict, list], *, leave_out: bool):
        columns, kept, needed = wanted
        self.file, self.sheet, self.columns, self.kept, self.leave_out = file, sheet, columns, kept, leave_out
        self.must = [columns.index(column) for column in needed]
        self.places = [columns.index(column) for column in kept.values()]
        self.needed = max(self.places, default=-1) + 1
        self.hidden = self.filled = 0
        self.aside: list[tuple] = []
        self.unseen: list[int] = []
        self.others: dict[str, People] = {}

    def read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the wanted columns, and the rows set aside."""
        numbers: list[int] = []
        stores: list[list[str | None]] = [[] for _ in self.places]
        once: dict[str, str | None] = {}
        for row in self.sheet.rows:
            if self._skip(row):
                continue
            numbers.append(row.number)
            cells = row.cells
            self._examine(cells)
            cells = cells if len(cells) >= self.needed else cells + [""] * (self.needed - len(cells))
            for store, place in zip(stores, self.places, strict=True):
                cell = cells[place]
                if cell not in once:
                    seen = visible(cell)
                    once[cell] = seen if seen and not seen.isspace() else None
                store.append(once[cell])
                if once[cell] != cell and cell and not cell.isspace():
                    self.unseen.append(row.number)
        if not numbers and not self.aside:
            refuse(self.file, "no rows", "a header with no rows below it", "at least one row",
                   "Check that the export finished.", sheet=self.sheet.name)  # fmt: skip
        return self._frame(numbers, stores), pd.DataFrame(self.aside, columns=list(SET_ASIDE))

    def _examine(self, cells: list[str]) -> None:
        for column, people in self.others.items():
            place = self.columns.index(column)
            if place < len(cells):
                people.examine(cells[place])

    def _frame(self, numbers: list[int], stores: list[list[str | None]]) -> pd.DataFrame:
        index = pd.Index(numbers, name="row", dtype="int64")
        frame = pd.DataFrame(index=index)
        for name in self.kept:
            # Each list is let go once its column stands, so that both are held for one column only.
            frame[name] = pd.array(stores.pop(0), dtype="str")
        return frame

    def _skip(self, row: Row) -> bool:
        """Whether this row is no data: blank, left out by the reader's choice, or set aside."""
        cells = row.cells
        if not any(cells) or not any(map(str.strip, cells)):
            return True
        if row.hidden:
            self.hidden += 1
            if self.leave_out:
                self.aside.append((row.number, "", "a hidden row", "a row that is shown", "hidden row"))
                return True
        self.filled += row.filled
        return self._uneven(row) or self._erroneous(row)

    def _uneven(self, row: Row) -> bool:
        if not self.sheet.even or len(row.cells) == len(self.columns):
            return False
        cells = [cell for cell in row.cells if cell.strip()]
        if len(cells) == 1 and row.cells[0].strip() and len(self.columns) > 2:
            self.aside.append((row.number, "", repr(cells[0][:60]), "a row of the table", "note beside the table"))
            return True
        if len(row.cells) > len(self.columns) and not any(map(str.strip, row.cells[len(self.columns) :])):
            return False
        found, expected = f"{len(row.cells)} cells", f"{len(self.columns)}, as in the header"
        do = "A comma inside a name needs quotation marks around the name; correct the row or export the table again."
        refuse(self.file, "ragged rows", found, expected, do, row=row.number)

    def _erroneous(self, row: Row) -> bool:
        cells = row.cells
        for place in self.must:
            if place < len(cells) and cells[place][:1] == "#" and cells[place].strip() in ERRORS:
                column = self.columns[place]
                self.aside.append((row.number, column, cells[place], "a value", ERROR_CELLS))
                return True
        return False

    def said(self) -> list[Finding]:
        """Return what the body had to say, once it is read."""
        said = []
        if self.filled:
            said.append(Finding(outcome="note", fault="merged cells", file=self.file, sheet=self.sheet.name,
                                found=f"{self.filled:,} cells merged with the one above", expected="separate cells",
                                do="The value above was filled down.", rows=self.filled))  # fmt: skip
        if self.unseen:
            said.append(Finding(outcome="note", fault="hidden characters", file=self.file, sheet=self.sheet.name,
                                row=self.unseen[0], found="characters that act on a screen unseen",
                                expected="letters, digits and signs", rows=len(set(self.unseen)),
                                do="They were taken out."))  # fmt: skip
        for fault in dict.fromkeys(item[-1] for item in self.aside):
            first = next(item for item in self.aside if item[-1] == fault)
            count = sum(item[-1] == fault for item in self.aside)
            said.append(Finding(outcome="rows", fault=fault, file=self.file, sheet=self.sheet.name, row=first[0],
                                column=first[1] or None, found=first[2], expected=first[3], rows=count,
                                do=f"{count:,} such rows were set aside and listed."))  # fmt: skip
        return said
