"""Excel workbooks: what stands in them, what they hide, and what makes them unsafe."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from analysis import sources

HEADER = ["Location ID", "Location Name", "Latest Rating", "Publication Date"]
ROWS = [
    ["1-101", "St Mary’s", "Good", dt.date(2019, 3, 15)],
    ["1-102", "Café House", "Inadequate", dt.date(2020, 11, 28)],
    ["1-103", "Elms", "Good", dt.date(2020, 11, 29)],
]


def workbook(change=lambda book, sheet: None, at: str = "A1") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Locations"
    corner = sheet[at]
    for down, row in enumerate([HEADER, *ROWS]):
        for across, value in enumerate(row):
            sheet.cell(corner.row + down, corner.column + across, value)
    change(book, sheet)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(change=lambda book, sheet: None, at: str = "A1", say=None):
    return sources.read("homes.xlsx", saved(workbook(change, at)), say)


def swapped(data: bytes, part: str, change) -> bytes:
    """Return the workbook with one part changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return out.getvalue()


def refusal(data: bytes, name: str = "homes.xlsx"):
    (finding,) = sources.read(name, data).refusals
    return finding


@pytest.mark.parametrize("at", ["A1", "C1", "B4", "A7"])
def test_a_workbook_reads_as_openpyxl_reads_it_wherever_the_table_stands(at):
    reading = read(at=at)
    ratings, homes = reading.tables["ratings"], reading.tables["locations"]
    assert ratings[["location_id", "rating"]].to_numpy().tolist() == [[row[0], row[2]] for row in ROWS]
    assert [day.date() for day in ratings["published"]] == [row[3] for row in ROWS]
    assert list(homes["name"]) == [row[1] for row in ROWS]
    assert reading.rows_in == reading.rows_used == 3


def test_hidden_rows_are_asked_about_and_either_answer_is_kept_to():
    def hide(book, sheet):
        sheet.row_dimensions[3].hidden = True

    (question,) = read(hide).questions
    assert question.question == "hidden rows" and "1 hidden rows on sheet 'Locations'" in question.found
    assert len(read(hide, say={"hidden rows": "keep"}).tables["ratings"]) == 3
    left = read(hide, say={"hidden rows": "leave out"})
    assert list(left.tables["ratings"]["location_id"]) == ["1-101", "1-103"]
    assert list(left.set_aside["row"]) == [3] and left.rows_in == 3


def test_of_two_sheets_with_a_table_the_reader_chooses():
    def second(book, sheet):
        sheet.title = "2019"
        copy = book.copy_worksheet(sheet)
        copy.title = "2020"
        copy["C2"] = "Outstanding"

    (question,) = read(second).questions
    assert (question.question, question.options) == ("sheet", ("2019", "2020"))
    assert read(second, say={"sheet": "2020"}).tables["ratings"]["rating"][0] == "Outstanding"


def test_a_readme_sheet_before_the_table_needs_no_question_but_a_hidden_sheet_does():
    def readme(book, sheet):
        book.create_sheet("README", 0).append(["About this file"])

    def hidden(book, sheet):
        readme(book, sheet)
        sheet.sheet_state = "hidden"

    assert read(readme).rows_used == 3
    assert [question.options for question in read(hidden).questions] == [("Locations",)]


def test_error_cells_are_set_aside_though_calamine_gives_them_as_blanks():
    def broken(book, sheet):
        sheet["C3"], sheet["B2"] = "#DIV/0!", "#REF!"

    reading = read(broken)
    assert reading.set_aside[["row", "column", "found"]].to_numpy().tolist() == [
        [2, "Location Name", "#REF!"],
        [3, "Latest Rating", "#DIV/0!"],
    ]
    assert reading.rows_in == 3 == reading.rows_used + len(reading.set_aside)


def test_formulas_never_calculated_are_refused_with_their_row():
    def formula(book, sheet):
        sheet["C3"] = '="Go"&"od"'

    finding = refusal(saved(workbook(formula)))
    assert (finding.fault, finding.sheet, finding.row) == ("formulas without values", "Locations", 3)


def test_formulas_with_their_last_value_are_read_as_that_value():
    data = saved(workbook(lambda book, sheet: sheet.__setitem__("C3", '="Go"&"od"')))
    old = b'<c r="C3"><f>"Go"&amp;"od"</f><v></v></c>'
    part = "xl/worksheets/sheet1.xml"
    assert old in zipfile.ZipFile(io.BytesIO(data)).read(part) or pytest.fail("openpyxl writes formulas otherwise now")
    new = b'<c r="C3" t="str"><f>"Go"&amp;"od"</f><v>Good</v></c>'
    reading = sources.read("homes.xlsx", swapped(data, part, lambda xml: xml.replace(old, new)))
    assert list(reading.tables["ratings"]["rating"]) == ["Good", "Good", "Good"]


def test_merged_cells_are_filled_down_with_a_note():
    def merge(book, sheet):
        sheet["C3"] = None
        sheet.merge_cells("C2:C3")

    reading = read(merge)
    assert list(reading.tables["ratings"]["rating"]) == ["Good", "Good", "Good"]
    (note,) = [finding for finding in reading.findings if finding.fault == "merged cells"]
    assert (note.outcome, note.rows) == ("note", 1)


def test_outside_links_are_not_followed_and_said():
    data = swapped(saved(workbook()), "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    assert "outside links" in {finding.fault for finding in sources.read("homes.xlsx", data).findings}


PARTS = {
    "macros": ("xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0"),
    "archive within": ("xl/embeddings/inner.xlsx", lambda _: b"PK\x03\x04" + bytes(60)),
    "XML entities": (
        "xl/sharedStrings.xml",
        lambda _: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><sst>&c;</sst>',
    ),
    "unpacks too far": ("xl/sharedStrings.xml", lambda _: b" " * 60_000_000),
    "sheet too large": (
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ),
    "damaged workbook": ("xl/workbook.xml", lambda xml: xml[:200]),
}


@pytest.mark.parametrize("fault", PARTS)
def test_unsafe_workbooks_are_refused_before_their_sheets_are_read(fault):
    finding = refusal(swapped(saved(workbook()), *PARTS[fault]))
    assert finding.fault == fault


def test_an_external_entity_is_refused_and_never_fetched():
    xxe = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>'
    assert refusal(swapped(saved(workbook()), "xl/sharedStrings.xml", lambda _: xxe)).fault == "XML entities"


def test_too_many_parts_and_other_archives_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("homes.csv", "a,b")
    assert refusal(out.getvalue(), "homes.xlsx").fault == "not a workbook"
    many = saved(workbook())
    for number in range(0, 1):
        out = io.BytesIO(many)
        with zipfile.ZipFile(out, "a") as book:
            for part in range(120):
                book.writestr(f"xl/media/{number}-{part}.png", "x")
        assert refusal(out.getvalue()).fault == "too many parts"


def test_a_workbook_cut_short_is_refused():
    data = saved(workbook())
    assert refusal(data[: len(data) // 2]).fault == "damaged workbook"
