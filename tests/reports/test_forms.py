"""Document and PDF say what the page says, as Word and screen readers know it: read back with others' libraries.

The PDF is held to what ISO 14289-1 asks of a file's structure: it says that it is tagged, in which language and under
which title, and that it is PDF/UA; its tree has headings in order, heads of tables, and words for every picture.
"""

import io
import re

import pytest

from analysis.reports.blocks import Grid, Heading, Picture, blocks_of
from tests.reports.conftest import ASKED

docx = pytest.importorskip("docx")
pypdf = pytest.importorskip("pypdf")


def headings(report):
    return [(block.level, " ".join(block.text.split())) for block in blocks_of(report) if isinstance(block, Heading)]


def kinds(report, kind):
    return [block for block in blocks_of(report) if isinstance(block, kind)]


@pytest.mark.parametrize("name", ASKED)
def test_the_document_has_headings_tables_with_heads_and_words_for_pictures(name, reports, files):
    document = docx.Document(io.BytesIO(files[name]["report.docx"]))
    told = [(int(p.style.name[-1]), p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert told == headings(reports[name])
    grids = kinds(reports[name], Grid)
    assert len(document.tables) == len(grids)
    for table, grid in zip(document.tables, grids, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == [" ".join(name.split()) for name in grid.head]
        assert table._tbl.tr_lst[0].trPr.xpath("w:tblHeader")
    shapes = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert shapes == [picture.description for picture in kinds(reports[name], Picture)]
    assert document.core_properties.created.year == 1980
    assert document.core_properties.language == "en-GB"


@pytest.mark.parametrize("name", ASKED)
def test_the_last_table_of_the_document_is_effects_csv(name, pages, files):
    table = docx.Document(io.BytesIO(files[name]["report.docx"])).tables[-1]
    cells = [text.text or "" for text in table._tbl.xpath(".//w:p")]
    width = len(table.columns)
    assert [cells[n : n + width] for n in range(0, len(cells), width)] == pages[name].tables[-1]


def tree(reader):
    """Every element of the structure: its kind, and its words where it has any."""
    found, wait = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while wait:
        here = wait.pop().get_object()
        if not isinstance(here, dict):
            continue
        if "/S" in here:
            found.append((str(here["/S"]), here.get("/Alt")))
        below = here.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        wait += reversed([*below] if isinstance(below, list) else [below])
    return found


@pytest.mark.parametrize("name", ASKED)
def test_the_pdf_is_tagged_and_every_picture_has_its_words(name, reports, files):
    reader = pypdf.PdfReader(io.BytesIO(files[name]["report.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == reports[name].title
    assert re.search(rb"pdfuaid:part(>|=\")1", root["/Metadata"].get_data())
    found = tree(reader)
    figures = [alt for kind, alt in found if kind == "/Figure"]
    drawn = [picture.description for picture in kinds(reports[name], Picture)]
    assert [alt for alt in figures if alt is None] == []
    assert list(dict.fromkeys(figures)) == list(dict.fromkeys(drawn))
    levels = [int(kind[2]) for kind, _ in found if re.fullmatch(r"/H\d", kind)]
    assert levels == [level - 1 for level, _ in headings(reports[name])[1:]]
    grids = kinds(reports[name], Grid)
    assert sum(kind == "/Table" for kind, _ in found) == len(grids)
    assert sum(kind == "/TH" for kind, _ in found) >= sum(len(grid.head) for grid in grids)


def test_the_pdf_has_every_digit_of_effects_csv(pages, files):
    reader = pypdf.PdfReader(io.BytesIO(files["weekly_ward_round"]["report.pdf"]))
    words = [*" ".join(page.extract_text() for page in reader.pages).split()]
    for row in pages["weekly_ward_round"].tables[-1][1:]:
        at = [n for n, word in enumerate(words) if word == row[3]]
        assert any(words[n : n + 5] == row[3:] or words[n : n + 4] == row[3:7] for n in at), row


def test_letters_that_no_font_is_brought_for_are_shown_as_lacking(reports):
    from dataclasses import replace  # noqa: PLC0415 - used here alone

    from analysis.reports.pdf import pdf  # noqa: PLC0415 - used here alone

    made = pdf(replace(reports["weekly_ward_round"], title="Heim 家 \u202eevil #strong[x] $1$", parts=()))
    assert pypdf.PdfReader(io.BytesIO(made)).metadata.title == "Heim ? evil #strong[x] $1$"
