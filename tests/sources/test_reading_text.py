"""Text files: every encoding, delimiter and fault comes out as one decision."""

import gzip
import hashlib
import io
import json

import pandas as pd
import pytest

from analysis import sources
from analysis.sources.layout import Layout, Parsed
from analysis.sources.reading import choosing, refusal
from analysis.sources.reading.file_kinds import open_file

HEADER = "Location ID,Location Name,Latest Rating,Publication Date"
ROWS = ["1-101,St Mary’s,Good,15/03/2019", "1-102,Café House,Inadequate,28/11/2020"]
CSV = "\n".join([HEADER, *ROWS]) + "\n"
PLAIN = Layout(
    name="plain",
    title="a plain table",
    holds="Three columns.",
    required={"location_id": ("Location ID",), "rating": ("Latest Rating",), "published": ("Publication Date",)},
    optional={"name": ("Location Name",)},
    parse=lambda raw, say: Parsed(rows_used=len(raw.frame)),
)


def raw(data: bytes, name: str = "homes.csv", say=None):
    return choosing.choose(open_file(name, data), [PLAIN], say or {}, lambda share, words: None)[1]


def outcomes(data: bytes, name: str = "homes.csv") -> dict[str, str]:
    return {finding.fault: finding.outcome for finding in sources.read(name, data).findings}


def refused(data: bytes, name: str = "homes.csv"):
    reading = sources.read(name, data)
    (finding,) = reading.refusals
    assert reading.tables == {} and reading.rows_in == 0
    return finding


def test_only_wanted_columns_are_kept_with_the_row_numbers_an_editor_shows():
    table = raw("\n".join([HEADER + ",Provider Name", *(row + ",A Person" for row in ROWS)]).encode())
    assert list(table.frame.columns) == ["location_id", "rating", "published", "name"]
    assert list(table.frame.index) == [2, 3]
    assert table.frame.loc[3].to_dict() == {
        "location_id": "1-102", "rating": "Inadequate", "published": "28/11/2020", "name": "Café House",
    }  # fmt: skip


@pytest.mark.parametrize(
    "data, said",
    [
        (CSV.encode(), []),
        (CSV.encode("utf-8-sig"), ["byte order mark"]),
        (CSV.encode("utf-16"), ["UTF-16"]),
        (CSV.encode("cp1252"), ["Windows-1252"]),
        (CSV.replace("\n", "\r\n").encode(), []),
        (CSV.replace("\n", "\r").encode(), ["old line ends"]),
        (CSV.replace(",", ";").encode(), ["delimiter"]),
        (CSV.replace(",", "\t").encode(), ["delimiter"]),
        (CSV.replace(",", "\t").encode("utf-16"), ["UTF-16", "delimiter"]),
        (("CQC homes\n,\n" + CSV).encode(), ["title rows"]),
    ],
    ids=["utf-8", "bom", "utf-16", "cp1252", "crlf", "cr", "semicolon", "tab", "excel unicode text", "titles"],
)
def test_every_way_of_writing_the_same_table_reads_the_same_and_is_said(data, said):
    table = raw(data)
    assert table.frame.to_numpy().tolist() == raw(CSV.encode()).frame.to_numpy().tolist()
    assert [finding.fault for finding in table.findings] == said
    assert all(finding.outcome == "note" for finding in table.findings)


def test_gzip_reads_as_what_it_holds():
    assert raw(gzip.compress(CSV.encode()), "homes.csv.gz").frame.equals(raw(CSV.encode()).frame)


def test_letters_once_read_wrongly_are_kept_with_a_warning_that_shows_them():
    data = CSV.encode().decode("cp1252").encode()
    (finding,) = raw(data).findings
    assert finding.outcome == "warn" and finding.row == 2 and "â€™" in finding.found


def test_a_cell_over_several_lines_is_one_row_and_the_next_keeps_its_own_number():
    table = raw(CSV.replace("St Mary’s", '"St\nMary’s"').encode())
    assert list(table.frame.index) == [2, 4]
    assert table.frame.loc[2, "name"] == "St\nMary’s"


def test_blank_rows_are_no_rows_and_blank_cells_are_missing():
    table = raw((CSV + ",,,\n\n1-103,  ,,\n").encode())
    assert list(table.frame.index) == [2, 3, 6]
    assert table.frame.loc[6].isna().sum() == 3


def test_error_cells_and_notes_below_the_table_are_set_aside_and_listed():
    table = raw((CSV + "1-103,House,#REF!,15/03/2019\nSource: CQC\n").encode())
    assert table.set_aside[["row", "column", "fault"]].to_numpy().tolist() == [
        [4, "Latest Rating", "error cells"],
        [5, "", "note beside the table"],
    ]
    assert [(finding.outcome, finding.row, finding.rows) for finding in table.findings] == [
        ("rows", 4, 1),
        ("rows", 5, 1),
    ]


@pytest.mark.parametrize(
    "data, fault, row",
    [
        (b"", "empty file", None),
        (HEADER.encode() + b"\n", "no rows", None),
        (CSV.replace("Café House", "Café, House").encode(), "ragged rows", 3),
        (CSV.replace("Café", '"Café').encode(), "unclosed quote", 3),
        ((CSV + CSV.split("\n")[1].replace("St", '"St') + "\n" + CSV * 9 + '"\n').encode(), "unclosed quote", 4),
        (CSV.replace("Café", "Caf\0").encode(), "null bytes", 3),
        (CSV.replace("Café", "Caf").encode() + b"1-9,\x81\xff,Good,15/03/2019\n", "not text", 4),
        (CSV.replace("Location Name", "Latest Rating").encode(), "duplicate columns", 1),
        (CSV.replace("Location Name", "NHS Number").encode(), "personal data", 1),
        (CSV.replace("Location Name", "Patient surname").encode(), "personal data", 1),
        (CSV.replace("Latest Rating", "Verdict").encode(), "missing columns", 1),
        (b"colour,taste\nred,sweet\n", "unknown layout", 1),
        (b"a," * 200_000 + b"\n1\n", "too many columns", 1),
        (b"x" * 2_000_000, "one endless line", 1),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence_with_its_place(data, fault, row):
    finding = refused(data)
    assert (finding.fault, finding.row) == (fault, row)
    assert str(finding).startswith("homes.csv") and "found" in str(finding) and finding.do.endswith(".")


def test_a_file_no_layout_knows_is_told_the_nearest_and_what_it_lacks():
    text = str(refused(CSV.replace("Latest Rating", "Verdict").encode()))
    assert (
        "'Verdict'" in text and "'Latest Rating'" in text and "CQC latest ratings" in text and "--say rating=" in text
    )


def test_the_reader_may_say_which_column_is_meant():
    data = CSV.replace("Latest Rating", "Verdict").encode()
    reading = sources.read("homes.csv", data, {"rating": "Verdict"})
    assert reading.mapping["rating"] == "Verdict" and len(reading.tables["ratings"]) == 2


@pytest.mark.parametrize(
    "name, data, fault",
    [
        ("homes.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a table"),
        ("homes.csv", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.", "not a table"),
        ("homes.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a table"),
        ("homes.csv", b"MZ\x90\x00" + bytes(60), "not a table"),
        ("homes.csv", b"%PDF-1.7 ...", "not a table"),
        ("homes.xlsx", CSV.encode(), "ending does not fit"),
        ("homes.csv", b'{"locationId": "1-1"}', "ending does not fit"),
        ("../../homes.csv", CSV.encode(), "unsafe name"),
        ("..\\homes.csv", CSV.encode(), "unsafe name"),
        ("homes.csv.gz", gzip.compress(CSV.encode())[:-20], "damaged gzip"),
        ("homes.csv.gz", gzip.compress(bytes(40_000_000)), "unpacks too far"),
        ("homes.parquet", b"PAR1" + bytes(100) + b"PAR1", "damaged Parquet"),
        ("homes.json", b'[{"locationId": "1-1"}, {"locat', "damaged JSON"),
        ("homes.json", b"[" * 100_000, "damaged JSON"),
    ],
)
def test_what_a_file_is_decides_not_its_name(name, data, fault):
    assert refused(data, name).fault == fault


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "homes.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    (finding,) = sources.read(path.name, path).refusals
    assert finding.fault == "file too large" and "100 MB" in finding.found


def test_more_rows_than_the_limit_are_refused_and_never_cut_off(monkeypatch):
    monkeypatch.setattr(refusal, "MAX_ROWS", 3)
    assert raw(CSV.encode()).frame.shape[0] == 2
    finding = refused(CSV.encode() + b"1-103,Elms,Good,15/03/2019\n")
    assert (finding.fault, finding.row) == ("too many rows", 4)


def test_the_digest_is_of_the_bytes_whatever_they_are_read_from(tmp_path):
    path = tmp_path / "homes.csv"
    path.write_bytes(CSV.encode())
    expected = hashlib.sha256(CSV.encode()).hexdigest()
    given = (path, CSV.encode(), io.BytesIO(CSV.encode()))
    assert {sources.read("homes.csv", source).digest for source in given} == {expected}


def test_parquet_reads_as_the_csv_does(tmp_path):
    frame = pd.DataFrame([row.split(",") for row in ROWS], columns=HEADER.split(","))
    frame["Publication Date"] = pd.to_datetime(frame["Publication Date"], dayfirst=True)
    path = tmp_path / "homes.parquet"
    frame.to_parquet(path)
    for name, table in sources.read("homes.csv", CSV.encode()).tables.items():
        pd.testing.assert_frame_equal(sources.read(path.name, path).tables[name], table)


def test_json_lists_lines_and_single_documents_read_the_same():
    one, two = ({"locationId": f"1-{n}", "registrationStatus": "Registered", "name": "A", "extra": [n]} for n in (1, 2))
    later = two | {
        "relationships": [{"relatedLocationId": "1-9", "type": "HSCA Predecessor", "reason": "Location Move"}]
    }
    listed = sources.read("a.json", json.dumps([one] * 30 + [later], indent=1).encode())
    lines = sources.read("a.jsonl", "\n".join(map(json.dumps, [one] * 30 + [later])).encode())
    for reading in (listed, lines):
        assert list(reading.tables["locations"]["location_id"]) == ["1-1", "1-2"]
        assert len(reading.tables["links"]) == 1  # a key that only a late document has
        assert (reading.rows_in, reading.rows_used, reading.rows_dropped) == (31, 2, 29)
    single = sources.read("a.json", json.dumps(one, indent=1).encode())
    assert single.rows_used == 1


def test_a_broken_line_among_documents_is_set_aside():
    one = json.dumps({"locationId": "1-1", "registrationStatus": "Registered", "name": "A"})
    reading = sources.read("a.jsonl", f"{one}\n{{broken\n".encode())
    assert (reading.rows_in, reading.rows_used, list(reading.set_aside["row"])) == (2, 1, [2])
