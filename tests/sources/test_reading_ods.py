"""OpenDocument spreadsheets: what another reader reads, what it loses, and how much memory a gigabyte takes."""

import datetime as dt
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from stream_read_ods import stream_read_ods
from stream_write_ods import stream_write_ods

from analysis import sources
from analysis.sources.reading import ods
from analysis.sources.reading.file_kinds import open_file
from tests.sources import big_ods

PUBLISHED_ROWS = 323_673  # the ratings file of September 2026
MOST_MEMORY_MB = 500


def sheets(data: bytes) -> dict[str, list]:
    return {sheet.name: list(sheet.rows) for sheet in ods.sheets(open_file("a.ods", data), lambda share: None)}


def packed(body: str, styles: str = "", mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    out = io.BytesIO()
    start = big_ods.START.replace(
        "<office:automatic-styles/>", f"<office:automatic-styles>{styles}</office:automatic-styles>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", mimetype)
        book.writestr("content.xml", start + body + big_ods.END)
    return out.getvalue()


def table(rows: str, name: str = "Locations", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{rows}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(map(big_ods.cell, cells))}</table:table-row>"


HEADER = row("Location ID", "Latest Rating", "Publication Date")


def test_rows_are_those_of_another_reader():
    written = [
        (
            "One",
            ("id", "day", "count", "sure"),
            [("1-1", dt.date(2020, 2, 29), 3, True), ("  two  spaces", None, 2.5, False)],
        ),
        ("Two", ("line",), [("a\nb",), ("c < d & e",)]),
    ]
    data = b"".join(stream_write_ods((name, columns, rows) for name, columns, rows in written))
    theirs = {name: [[*row] for row in rows] for name, rows in stream_read_ods([data])}
    ours = {name: [row.cells for row in rows] for name, rows in sheets(data).items()}

    def as_text(value) -> str:
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    assert ours == {name: [[as_text(value) for value in row] for row in rows] for name, rows in theirs.items()}


def test_repeated_rows_and_cells_are_read_as_often_as_they_stand_which_the_other_reader_does_not():
    again = row("1-1", "Good", "15/03/2019", more=' table:number-rows-repeated="3"')
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    data = packed(table(HEADER + again + blank + row("1-2", "Good", "15/03/2019")))
    assert [row.number for row in sheets(data)["Locations"]] == [1, 2, 3, 4, 1_048_005]
    theirs = [[*rows] for _, rows in stream_read_ods([data])]
    assert len([row for row in theirs[0] if row]) == 3


def test_merged_hidden_and_commented_cells():
    top = big_ods.cell("1-1").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    note = "<office:annotation><text:p>a remark</text:p></office:annotation>"
    first = f"<table:table-row>{top}{big_ods.cell('Good').replace('<text:p>', note + '<text:p>')}</table:table-row>"
    second = f"<table:table-row><table:covered-table-cell/>{big_ods.cell('Inadequate')}</table:table-row>"
    third = row("1-2", "Good", more=' table:visibility="filter"')
    rows = sheets(packed(table(HEADER + first + second + third)))["Locations"]
    assert [row.cells for row in rows[1:]] == [["1-1", "Good"], ["1-1", "Inadequate"], ["1-2", "Good"]]
    assert [(row.hidden, row.filled) for row in rows[1:]] == [(False, 0), (False, 1), (True, 0)]


def test_a_hidden_sheet_is_asked_about():
    style = '<style:style style:name="ta9"><style:table-properties table:display="false"/></style:style>'
    body = HEADER + row("1-1", "Good", "15/03/2019")
    data = packed(table(body, more=' table:style-name="ta9"'), style)
    assert [question.question for question in sources.read("a.ods", data).questions] == ["sheet"]


@pytest.mark.parametrize(
    "data, fault",
    [
        (packed(table(row("x" * 5_000_000))), "unpacks too far"),
        (packed(table(row(str(range(10)) + "".join(map(str, range(900_000)))))), "cell too long"),
        (packed(table(HEADER + row("1-1", "Good", more=' table:number-rows-repeated="2500000"'))), "too many rows"),
        (
            packed(table(f"<table:table-row>{'<table:table-cell/>' * 300}{big_ods.cell('x')}</table:table-row>")),
            "too many columns",
        ),
        (packed(table(HEADER))[:-60], "damaged workbook"),
        (packed("<table:table>"), "damaged ODS"),
    ],
    ids=["ratio", "cell", "rows", "columns", "cut", "malformed"],
)
def test_what_would_fill_the_memory_is_refused(data, fault):
    assert [finding.fault for finding in sources.read("a.ods", data).refusals] == [fault]


def test_entities_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>')
    assert [finding.fault for finding in sources.read("a.ods", out.getvalue()).refusals] == ["XML entities"]


def test_every_row_of_a_published_file_is_read_and_progress_is_told(tmp_path):
    path, heard = tmp_path / "ratings.ods", []
    big_ods.write(path, 12_000)
    reading = sources.read(path.name, path, progress=lambda share, words: heard.append((share, words)))
    assert (reading.rows_in, reading.rows_used, len(reading.tables["locations"])) == (12_000, 12_000, 2_000)
    shares = [share for share, _ in heard]
    assert shares == sorted(shares) and shares[-1] <= 1 and heard[-1][1] == "10,000 rows of sheet Locations"


@pytest.mark.bench
def test_a_gigabyte_of_xml_loads_in_bounded_memory(tmp_path):
    path = tmp_path / "ratings.ods"
    assert big_ods.write(path, PUBLISHED_ROWS) > 1e9
    # A process of its own, because the peak counts everything that ran before; and not by getrusage, which counts what
    # the process that began it held.
    code = (
        "import sys; from pathlib import Path; from analysis import sources;"
        "reading = sources.read('ratings.ods', Path(sys.argv[1]));"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'));"
        "print(reading.rows_used, int(peak.split()[1]) / 1024)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    rows, megabytes = run.stdout.split()
    assert int(rows) == PUBLISHED_ROWS
    assert float(megabytes) < MOST_MEMORY_MB


def test_the_generated_file_can_be_read_by_pandas(tmp_path):
    path = Path(tmp_path / "ratings.ods")
    big_ods.write(path, 60)
    theirs = pd.read_excel(path, sheet_name="Locations", engine="calamine", header=1, dtype=str, keep_default_na=False)
    ours = sources.read(path.name, path).tables["ratings"]
    assert list(theirs["Latest Rating"]) == list(ours["rating"])
    assert list(pd.to_datetime(theirs["Publication Date"], dayfirst=True)) == list(ours["published"])
