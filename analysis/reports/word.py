"""How is a report written so that somebody can go on writing in it: headings, tables and pictures as Word knows them?

With python-docx, which writes what Word and LibreOffice read. The headings are headings, so that a list of contents can
be made of them; every table says that its first row is its head and repeats it on each page; every picture says in
words what it shows. The file carries no time of writing, so that the same answer gives the same bytes.
"""
# ruff: noqa: PLC0415

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from analysis.paths import zipped
from analysis.reports.blocks import AsItIs, Block, Grid, Heading, Listed, Turn, Words, blocks_of
from analysis.reports.pictures import Picture
from analysis.reports.report import Report
from analysis.sources import visible

if TYPE_CHECKING:  # a third of a second to import
    from docx.document import Document

INK, SOFT, ACCENT, PALE, ALARM = "0B0C0C", "3D3D3D", "12436D", "F3F2F1", "801650"
BODY, HEADS = 10.5, {1: 20, 2: 14, 3: 11.5}
"""Points of the text and of each level of heading."""
SMALL, SMALLER, SMALLEST = 9, 7.5, 6
"""Points of a table's letters: of most; of one with more than `MANY` columns; of one laid out however long."""
MANY = 6
ACROSS, FIRST, UPRIGHT, MARGIN = 14.5, 9.5, (21.0, 29.7), 2.2
"""Centimetres: a picture's width, and on the first page, which is to hold answer and doubts; the page (A4), and its
margins at the sides."""
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""What stands where a document must have a time."""


def docx(report: Report) -> bytes:
    """Write a report as DOCX.

    Parameters
    ----------
    report : Report
    """
    import docx as library

    document = library.Document()
    _prepared(document, report)
    blocks, across = blocks_of(report), FIRST
    for block, following in zip(blocks, (*blocks[1:], None), strict=True):
        if isinstance(block, Picture):
            _picture(document, block, across)
        else:
            WRITTEN[type(block)](document, block)
        if isinstance(block, Turn):
            across = ACROSS
        if isinstance(following, Picture) and isinstance(block, Words | Listed):
            document.paragraphs[-1].paragraph_format.keep_with_next = True
    room = io.BytesIO()
    document.save(room)
    with zipfile.ZipFile(room) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def _prepared(document: "Document", report: Report) -> None:
    """Set page, letters, language and what the file says of itself."""
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = map(Cm, UPRIGHT)
    page.left_margin = page.right_margin = Cm(MARGIN)
    page.top_margin = page.bottom_margin = Cm(2)
    for level, points in HEADS.items():
        style: Any = document.styles[f"Heading {level}"]
        style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(ACCENT if level == 2 else INK)
        _letters(style, "Arial")
    normal: Any = document.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(BODY), Pt(6)
    _letters(normal, "Arial")
    about = document.core_properties
    about.title, about.author, about.language = visible(report.title), f"Homeward {version('homeward')}", "en-GB"
    about.comments = about.last_modified_by = ""
    about.created = about.modified = LONG_AGO
    _footed(page, visible(report.title))


def _letters(style: Any, font: str) -> None:
    """Set the letters of a style and the language in which they are read aloud."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    how = style.element.get_or_add_rPr()
    for old in (*how.findall(qn("w:rFonts")), *how.findall(qn("w:lang"))):
        how.remove(old)
    style.font.name = font
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    how.append(spoken)


def _footed(page: Any, title: str) -> None:
    """Put the title and the number of the page under every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    line = page.footer.paragraphs[0]
    line.add_run(f"{title}\t\t").font.size = Pt(8)
    run = line.add_run()
    run.font.size = Pt(8)
    for kind in ("begin", "PAGE", "end"):
        part = OxmlElement("w:instrText" if kind == "PAGE" else "w:fldChar")
        if kind == "PAGE":
            part.text = "PAGE"
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _heading(document: "Document", block: Heading) -> None:
    document.add_heading(_text(block.text), block.level)


def _words(document: "Document", block: Words) -> None:
    from docx.shared import Pt, RGBColor

    run = document.add_paragraph().add_run(_text(block.text))
    if block.voice == "answer":
        run.font.size = Pt(13)
    if block.voice in ("warning", "label"):
        run.bold = True
    if block.voice == "warning":
        run.font.color.rgb = RGBColor.from_string(ALARM)
    if block.voice == "caption":
        run.font.size, run.font.color.rgb = Pt(SMALL), RGBColor.from_string(SOFT)


def _listed(document: "Document", block: Listed) -> None:
    for item in block.items:
        document.add_paragraph(_text(item), "List Bullet")


def _picture(document: "Document", block: Picture, across: float) -> None:
    from docx.shared import Cm

    shown = document.add_picture(io.BytesIO(block.png()), width=Cm(across))
    shown._inline.docPr.set("descr", _text(block.description))
    shown._inline.docPr.set("name", _text(block.name))


def _grid(document: "Document", block: Grid) -> None:
    """Write a table under its name."""
    from docx.shared import Cm, Pt

    name = document.add_paragraph()
    name.add_run(_text(block.title)).bold = True
    name.paragraph_format.keep_with_next, name.paragraph_format.space_after = True, Pt(2)
    points = SMALLEST if block.whole else SMALLER if len(block.head) > MANY else SMALL
    table = document.add_table(1 + len(block.rows), len(block.head), "Table Grid")
    room = UPRIGHT[0] - 2 * MARGIN
    for column, share in zip(table._tbl.tblGrid.gridCol_lst, block.shares, strict=True):
        column.w = Cm(room * share)
    table.autofit = False
    for row, values in zip(table._tbl.tr_lst, (block.head, *block.rows), strict=True):
        head = values is block.head
        for n, (cell, value) in enumerate(zip(row.tc_lst, values, strict=True)):
            cell.width = Cm(room * block.shares[n])
            _cell(cell, _text(value), points, (head, block.numbers[n]))
    _headed(table)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _cell(cell: Any, text: str, points: float, how: tuple[bool, bool]) -> None:
    """Fill a cell: bold in the head, numbers to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    head, number = how
    line = Paragraph(cell.p_lst[0], None)  # type: ignore[arg-type]
    run = line.add_run(text)
    run.font.size, run.bold = Pt(points), head or None
    line.paragraph_format.space_after = Pt(0)
    if number:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _headed(table: Any) -> None:
    """Say that the first row is the head, to be repeated, and that no row is torn between pages."""
    from docx.oxml import OxmlElement

    for n, row in enumerate(table._tbl.tr_lst):
        how = row.get_or_add_trPr()
        how.append(OxmlElement("w:cantSplit"))
        if n == 0:
            how.append(OxmlElement("w:tblHeader"))


def _as_it_is(document: "Document", block: AsItIs) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(visible(block.text))
    run.font.name, run.font.size = "Consolas", Pt(SMALL)


def _turn(document: "Document", block: Turn) -> None:
    document.add_page_break()


WRITTEN: Mapping[type[Block], Callable[..., None]] = {
    Heading: _heading, Words: _words, Listed: _listed, Grid: _grid, AsItIs: _as_it_is, Turn: _turn,
}  # fmt: skip


def _text(words: str) -> str:
    return " ".join(visible(words).split())
