"""What stands in an OpenDocument spreadsheet, row by row, in memory that does not grow with it?

The published ratings file holds 323,673 rows in over 1 GB of XML. The XML is unpacked and parsed (expat) in pieces
of 256 kB, and each row is handed on and forgotten. `stream-read-ods` reads with the same small memory, but skips
``number-rows-repeated``, so rows alike to the one above are lost; see tests/sources/test_reading_ods.py.

Source: OpenDocument 1.3, part 3, section 9 (tables).
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import groupby
from xml.parsers import expat

from analysis.sources.reading import refusal
from analysis.sources.reading.file_kinds import OpenFile, stream
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.rows import Row, Sheet, trimmed

PIECE = 1 << 18
MAX_HELD = 1 << 22
"""Characters that may stand between one tag and the next: four million, against 32,767 in the longest real cell."""
STANDARD = {
    "xmlns:table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "xmlns:text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xmlns:office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
}
AGAIN = "Open it in LibreOffice or Excel and save it again."
VALUES = ("office:value", "office:date-value", "office:boolean-value")


class _Content:
    """The state of one pass over content.xml; finished rows wait in `ready` as (sheet, visible, Row)."""

    def __init__(self, file: str):
        self.file = file
        self.ready: list[tuple[str, bool, Row]] = []
        self.hidden_styles: set[str] = set()
        self.style = self.sheet = ""
        self.visible = True
        self.number = self.total = 0
        self.cells: list[str] = []
        self.text: list[str] = []
        self.value: str | None = None
        self.repeat = self.row_repeat = 1
        self.row_hidden = False
        self.filled = 0
        self.spans: dict[int, tuple[str, int]] = {}
        self.span = 1
        self.aside = 0
        self.paragraphs = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.starts: dict[str, Callable] = {
            "table:table-cell": self.cell_start,
            "table:covered-table-cell": self.cell_start,
            "table:table-row": self.row_start,
            "text:p": self.paragraph_start,
            "text:s": self.spaces,
            "text:tab": self.spaces,
            "text:line-break": self.spaces,
            "office:annotation": self.annotation_start,
            "table:table": self.table_start,
            "style:style": self.style_start,
            "style:table-properties": self.table_properties,
            "office:document-content": self.root,
        }
        self.ends: dict[str, Callable] = {
            "table:table-cell": self.cell_end,
            "table:covered-table-cell": self.covered_end,
            "table:table-row": self.row_end,
            "text:p": self.paragraph_end,
            "office:annotation": self.annotation_end,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if handler := self.starts.get(name):
            handler(attributes)

    def end(self, name: str) -> None:
        if handler := self.ends.get(name):
            handler()

    def doctype(self, *_) -> None:
        refuse(
            self.file, "XML entities", "a DOCTYPE in content.xml", "plain cells", "Do not trust it; " + AGAIN.lower()
        )

    def root(self, attributes: dict[str, str]) -> None:
        if any(attributes.get(prefix) != meaning for prefix, meaning in STANDARD.items()):
            refuse(self.file, "unusual ODS", "unknown names for its XML", "the names every office program uses", AGAIN)

    def style_start(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("style:name", "")

    def table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def table_start(self, attributes: dict[str, str]) -> None:
        self.sheet, self.number, self.spans = attributes.get("table:name", ""), 0, {}
        self.visible = attributes.get("table:style-name") not in self.hidden_styles

    def row_start(self, attributes: dict[str, str]) -> None:
        self.cells, self.filled = [], 0
        self.row_repeat = int(attributes.get("table:number-rows-repeated", 1))
        self.row_hidden = attributes.get("table:visibility", "visible") != "visible"

    def cell_start(self, attributes: dict[str, str]) -> None:
        self.text, self.value, self.paragraphs = [], None, 0
        self.repeat = int(attributes.get("table:number-columns-repeated", 1))
        self.span = int(attributes.get("table:number-rows-spanned", 1))
        if attributes.get("office:value-type", "string") not in ("string", "percentage"):
            self.value = next((attributes[key] for key in VALUES if key in attributes), None)

    def paragraph_start(self, _) -> None:
        if not self.aside:
            self.paragraphs += 1
            if self.paragraphs > 1:
                self.text.append("\n")
            self.parser.CharacterDataHandler = self.text.append

    def paragraph_end(self) -> None:
        self.parser.CharacterDataHandler = None

    def spaces(self, attributes: dict[str, str]) -> None:
        if not self.aside:
            self.text.append(" " * min(int(attributes.get("text:c", 1)), 100))

    def annotation_start(self, _) -> None:
        self.aside += 1

    def annotation_end(self) -> None:
        self.aside -= 1

    def cell_end(self) -> None:
        text = self.value if self.value is not None else "".join(self.text)
        if not text:
            self.cells.extend([""] * min(self.repeat, refusal.MAX_COLUMNS + 1))
            return
        if self.span > 1:
            self.spans[len(self.cells)] = (text, self.span - 1)
        self.cells.extend([text] * min(self.repeat, refusal.MAX_COLUMNS + 1))

    def covered_end(self) -> None:
        for _ in range(min(self.repeat, refusal.MAX_COLUMNS + 1)):
            text, left = self.spans.pop(len(self.cells), ("", 0))
            self.filled += bool(text)
            if left > 1:
                self.spans[len(self.cells)] = (text, left - 1)
            self.cells.append(text)

    def row_end(self) -> None:
        cells = trimmed(self.cells)
        if not cells:
            self.number += self.row_repeat
            return
        self.total += self.row_repeat
        if self.total > refusal.MAX_ROWS:
            self._refuse("too many rows", "more rows than can be read", f"at most {refusal.MAX_ROWS:,} rows")
        if len(cells) > refusal.MAX_COLUMNS:
            self._refuse("too many columns", f"{len(cells):,} or more columns", f"at most {refusal.MAX_COLUMNS}")
        for _ in range(self.row_repeat):
            self.number += 1
            row = Row(self.number, cells, self.row_hidden, self.filled)
            self.ready.append((self.sheet, self.visible, row))

    def check_length(self, parsed: int) -> None:
        """Refuse one cell or tag that goes on and on: expat would hold it whole."""
        held = max(sum(map(len, self.text)), parsed - self.parser.CurrentByteIndex)
        if held > MAX_HELD:
            self._refuse("cell too long", f"{held:,} characters in one cell", "a table")

    def _refuse(self, fault: str, found: str, expected: str) -> None:
        refuse(self.file, fault, found, expected, AGAIN, sheet=self.sheet, row=self.number + 1)


def sheets(file: OpenFile, tell: Callable[[float], None]) -> Iterator[Sheet]:
    """Yield the sheets in order; `tell` hears the share of the file that is done.

    Raises
    ------
    Refused
        For entities, damage, or more than the limits.
    """
    rows = _rows(file, tell)
    for (name, visible), group in groupby(rows, key=lambda item: item[:2]):
        yield Sheet(name=name, visible=visible, rows=(row for *_, row in group))


def _rows(file: OpenFile, tell: Callable[[float], None]) -> Iterator[tuple[str, bool, Row]]:
    content = _Content(file.name)
    try:
        with stream(file.source) as data, zipfile.ZipFile(data) as book:
            size = _check(file.name, book)
            with book.open("content.xml") as xml:
                while piece := xml.read(PIECE):
                    content.parser.Parse(piece, False)
                    yield from content.ready
                    content.ready.clear()
                    content.check_length(xml.tell())
                    tell(xml.tell() / size)
        content.parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError, zlib.error):
        refuse(file.name, "damaged ODS", "XML that breaks off or is malformed", "a whole spreadsheet", AGAIN)


def _check(file: str, book: zipfile.ZipFile) -> int:
    """Return the size of content.xml, refusing an archive beyond the limits for what is streamed."""
    info = book.getinfo("content.xml")
    if info.flag_bits & 1 or b"encryption-data" in _manifest(book):
        refuse(file, "password", "an encrypted spreadsheet", "one without a password", "Save it without the password.")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > refusal.MAX_STREAMED_BYTES or ratio > refusal.MAX_STREAMED_RATIO:
        found = f"content.xml of {info.file_size / 1e6:,.0f} MB packed {ratio:,.0f} to 1"
        limit = f"at most {refusal.MAX_STREAMED_BYTES // 10**6:,} MB and {refusal.MAX_STREAMED_RATIO} to 1"
        refuse(file, "unpacks too far", found, limit, AGAIN)
    return max(info.file_size, 1)


def _manifest(book: zipfile.ZipFile) -> bytes:
    name = "META-INF/manifest.xml"
    if name not in book.namelist():
        return b""
    with book.open(name) as manifest:
        return manifest.read(1 << 20)
