"""What stands in an Excel workbook, and what does it hide?

Values come from calamine. What it leaves out without a word (formulas never calculated, error cells, hidden rows)
is looked up in the XML itself, which is read first anyway: DOCTYPEs, macros, archives within the archive and sheets
laid out over millions of empty cells are refused before any other parser sees them.

Source: ECMA-376 part 1, section 18.3 (worksheets).
"""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn
from xml.etree import ElementTree

import python_calamine as calamine

from analysis.sources.findings import Finding
from analysis.sources.reading import refusal
from analysis.sources.reading.file_kinds import OpenFile, stream
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.rows import Row, Sheet, trimmed

AGAIN = "Open it in Excel and save it again as .xlsx."
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
HIDDEN_FIRST = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"[^>]*?\br="(\d+)"')
ERROR = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)</', re.DOTALL)
UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)"
)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What the XML of one sheet says beyond its values: hidden row numbers, error text by (row, column) from 0."""

    hidden: frozenset[int]
    errors: dict[int, dict[int, str]]


def sheets(file: OpenFile) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheets of a workbook, and what was said about it.

    Raises
    ------
    Refused
        For macros, entities, archives within, formulas never calculated, damage, or more than the limits.
    """
    try:
        with stream(file.source) as data, zipfile.ZipFile(data) as book:
            _check(file.name, book)
            said = _outside_links(file.name, book)
            marks = {name: _marks(file.name, name, book.read(part)) for name, part in _parts(book).items()}
            serial = "1904" if re.search(rb'date1904="(?:1|true)"', book.read("xl/workbook.xml")) else "1900"
        with stream(file.source) as data:
            return _open(data, marks, serial), said
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        calamine.CalamineError,
        OSError,
        ValueError,
        StopIteration,
        zlib.error,
    ):
        _damaged(file.name)
    except BaseException as fault:
        # A panic inside calamine reaches Python outside the Exception family.
        if type(fault).__name__ != "PanicException":
            raise
        _damaged(file.name)


def _damaged(file: str) -> NoReturn:
    refuse(file, "damaged workbook", "a workbook whose parts do not fit together", "a whole workbook", AGAIN)


def _check(file: str, book: zipfile.ZipFile) -> None:
    parts = book.infolist()
    unpacked, packed = sum(part.file_size for part in parts), max(sum(part.compress_size for part in parts), 1)
    if len(parts) > refusal.MAX_MEMBERS:
        refuse(file, "too many parts", f"{len(parts):,} parts", f"at most {refusal.MAX_MEMBERS}", AGAIN)
    if unpacked > refusal.MAX_UNPACKED_BYTES or unpacked > packed * refusal.MAX_RATIO:
        found = f"{unpacked / 1e6:,.0f} MB packed {unpacked / packed:,.0f} to 1"
        limit = f"at most {refusal.MAX_UNPACKED_BYTES // 10**6} MB and {refusal.MAX_RATIO} to 1"
        refuse(
            file, "unpacks too far", found, limit, "Save the table as .csv or .ods, or remove empty formatted cells."
        )
    if any(part.flag_bits & 1 for part in parts):
        refuse(file, "password", "an encrypted workbook", "one without a password", "Save it without the password.")
    for part in parts:
        _check_part(file, part, book)


def _check_part(file: str, part: zipfile.ZipInfo, book: zipfile.ZipFile) -> None:
    name = part.filename.lower()
    if name.endswith("vbaproject.bin"):
        refuse(
            file, "macros", "a workbook with macros", "one without", "Save it as .xlsx, which leaves the macros out."
        )
    data = book.read(part)
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        refuse(
            file, "archive within", f"an archive inside ({part.filename})", "tables only", "Load the inner file itself."
        )
    if name.endswith((".xml", ".rels")) and (b"\0" in data or b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        do = "Do not trust it; ask its sender for the table as .csv."
        refuse(file, "XML entities", f"a DOCTYPE or entity in {part.filename}", "plain cells", do)


def _outside_links(file: str, book: zipfile.ZipFile) -> list[Finding]:
    if not any(name.startswith("xl/externalLinks/") for name in book.namelist()):
        return []
    found, do = "links to other workbooks", "They were not followed; the values last saved were used."
    return [Finding(outcome="note", fault="outside links", file=file, found=found, expected="values", do=do)]


def _parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name to part name."""
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(".//{*}sheet")
    # The relation's namespace differs between the strict and the usual form of the standard.
    links = {sheet.get("name", ""): next(v for k, v in sheet.items() if k.endswith("}id")) for sheet in sheets}
    found = {name: targets[link] for name, link in links.items()}
    parts = {name: target.lstrip("/").removeprefix("xl/") for name, target in found.items()}
    return {name: f"xl/{part}" for name, part in parts.items() if part.startswith("worksheets/")}


def _marks(file: str, sheet: str, xml: bytes) -> _Marks:
    rows = columns = 0
    for cell in CELL.finditer(xml):
        columns, rows = max(columns, _column(cell[1])), max(rows, int(cell[2]))
    if rows * columns > refusal.MAX_CELLS:
        found = f"cells spread over {rows:,} rows and {columns:,} columns"
        refuse(file, "sheet too large", found, "one compact table", "Copy the table to a new workbook.", sheet=sheet)
    if hit := UNCALCULATED.search(xml):
        row = int(place[2]) if (place := PLACE.search(hit[1])) else None
        do = "Open and save the file in Excel, which calculates them, or paste the values."
        refuse(file, "formulas without values", "a formula never calculated", "a value", do, sheet=sheet, row=row)
    errors: dict[int, dict[int, str]] = {}
    for hit in ERROR.finditer(xml):
        if place := PLACE.search(hit[1]):
            errors.setdefault(int(place[2]) - 1, {})[_column(place[1]) - 1] = hit[2].decode()
    hidden = {int(hit[1]) for pattern in (HIDDEN, HIDDEN_FIRST) for hit in pattern.finditer(xml)}
    return _Marks(hidden=frozenset(hidden), errors=errors)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open(data, marks: dict[str, _Marks], serial: Literal["1900", "1904"]) -> list[Sheet]:
    book = calamine.CalamineWorkbook.from_filelike(data)
    visible = {sheet.name: sheet.visible == calamine.SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
    return [
        Sheet(
            name=name,
            visible=visible[name],
            serial_dates=serial,
            rows=_rows(book.get_sheet_by_name(name), marks[name]),
        )
        for name in book.sheet_names
        if name in marks
    ]


def _rows(sheet: calamine.CalamineSheet, marks: _Marks) -> Iterator[Row]:
    merged = _merged_below(sheet)
    above: list[str] = []
    _, indent = sheet.start or (0, 0)  # iter_rows begins at the first row, but at the first filled column
    for index, values in enumerate(sheet.iter_rows()):
        cells = [""] * indent + [_text(value) for value in values]
        for column, text in marks.errors.get(index, {}).items():
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = text
        fills = [column for column in merged.get(index, ()) if column < len(above) and above[column]]
        for column in fills:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = above[column]
        above = trimmed(cells)
        yield Row(index + 1, above, index + 1 in marks.hidden, len(fills))


def _merged_below(sheet: calamine.CalamineSheet) -> dict[int, list[int]]:
    """Return row to the columns whose cell belongs to a merged cell that starts above (from 0)."""
    merged: dict[int, list[int]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom, refusal.MAX_ROWS) + 1):
            merged.setdefault(row, []).append(left)
    return merged


def _text(value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case dt.datetime():
            return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)
