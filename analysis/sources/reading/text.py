"""What does a text file say, whatever program wrote it?

Encoding, line ends and delimiter are worked out from the bytes, and every departure from UTF-8 with commas is said.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NoReturn

from analysis.sources.findings import Finding
from analysis.sources.reading import refusal
from analysis.sources.reading.file_kinds import OpenFile
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.rows import Row, Sheet, trimmed

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOJIBAKE = re.compile("â€|Ã[\x80-\xbf]|Â[\x80-\xbf]")
"""UTF-8 once read as Windows-1252: ’ has become â€™, é has become Ã©."""
MAX_LINE = 1_000_000
"""Characters without a line end after which a text is not a table."""
MAX_LINES_IN_CELL = 10
"""Lines of one quoted cell: addresses have up to six; an unclosed quote swallows the rest of the file."""


def decode(file: OpenFile) -> tuple[str, list[Finding]]:
    """Return the text of `file` and what was said about its encoding."""
    data, said = file.text_bytes(), []
    note = _noting(file.name, said)
    if data.startswith(b"\xef\xbb\xbf"):
        note("byte order mark", "a byte order mark", "plain UTF-8", "It was removed.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        note("UTF-16", "UTF-16 (Excel's “Unicode text”)", "UTF-8", "It was converted.")
        return _utf16(file.name, data), said
    if (at := data.find(b"\0")) >= 0:
        row, do = data.count(b"\n", 0, at) + 1, "Export the table again; these bytes are not text."
        refuse(file.name, "null bytes", "a null byte", "text", do, row=row)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _windows(file.name, data)
        note("Windows-1252", "letters in Windows-1252", "UTF-8", "They were converted.")
    if found := MOJIBAKE.search(text):
        said.append(_garbled(file.name, text, found))
    return text, said


def _noting(file: str, said: list[Finding]):
    def note(fault: str, found: str, expected: str, do: str) -> None:
        said.append(Finding(outcome="note", fault=fault, file=file, found=found, expected=expected, do=do))

    return note


def _utf16(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        refuse(file, "damaged text", "broken UTF-16", "text", "Save the table again as CSV UTF-8.")


def _windows(file: str, data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        found = f"byte {data[fault.start]:#x}, which is no letter"
        refuse(file, "not text", found, "text in UTF-8", "Save the table as CSV UTF-8.", row=row)


def _garbled(file: str, text: str, found: re.Match[str]) -> Finding:
    where = text.count("\n", 0, found.start()) + 1
    word = text[max(found.start() - 20, 0) : found.end() + 20].strip()
    lines = len({text.count("\n", 0, hit.start()) for hit in MOJIBAKE.finditer(text[:1_000_000])})
    do = "The letters were kept as they stand; names may read oddly. Export the file again as UTF-8 to mend them."
    return Finding(
        outcome="warn", fault="garbled letters", file=file, row=where, found=repr(word),
        expected="readable letters", do=do, rows=lines,
    )  # fmt: skip


def sheet(file: OpenFile) -> tuple[Sheet, list[Finding]]:
    """Return the one sheet of a delimited text, and what was said about its form."""
    text, said = decode(file)
    note = _noting(file.name, said)
    start = text[:MAX_LINE]
    if len(start) == MAX_LINE and "\n" not in start and "\r" not in start:
        found = f"no line end in the first {MAX_LINE:,} characters"
        refuse(file.name, "one endless line", found, "one line for each row", "Export the table again.", row=1)
    if "\r" in start and "\n" not in start:
        note("old line ends", "old Macintosh line ends", "new lines", "They were understood.")
    delimiter = _delimiter(start)
    if delimiter != ",":
        note("delimiter", DELIMITERS[delimiter], "commas", "The columns were parted there.")
    rows = _rows(file.name, text, delimiter)
    return Sheet(name=None, rows=rows, even=True), said


def _delimiter(start: str) -> str:
    """Return the delimiter that parts most of the first lines into the same number of cells, and the most cells."""
    lines = start.splitlines()[:60]

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = [line.count(delimiter) for line in lines if delimiter in line]
        usual = max(set(widths), key=widths.count, default=0)
        return widths.count(usual) * usual, usual

    return max(DELIMITERS, key=evenness)


def _rows(file: str, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            if reader.line_num - first >= MAX_LINES_IN_CELL:
                _unclosed(file, first)
            row = trimmed(cells) if len(cells) > refusal.MAX_COLUMNS else cells
            if len(row) > refusal.MAX_COLUMNS:
                limit, do = f"at most {refusal.MAX_COLUMNS}", "Keep the columns that are needed, one row for each fact."
                refuse(file, "too many columns", f"{len(row):,} columns", limit, do, row=first)
            yield Row(first, row)
            first = reader.line_num + 1
    except csv.Error:
        _unclosed(file, first)


def _unclosed(file: str, row: int) -> NoReturn:
    do = "Close or remove the quotation mark in this row, or export the table again."
    refuse(
        file, "unclosed quote", "a quotation mark that is not closed or stands inside a cell", 'pairs of "', do, row=row
    )
