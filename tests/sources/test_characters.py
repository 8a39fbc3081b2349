"""What acts on a screen unseen does not come in, and is said; ids that look alike are one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cli import main
from analysis.sources import read, visible
from analysis.sources.characters import HIDDEN, alike
from tests.costs import one_in
from tests.sources.corpus.case import clean, csv_of, some

HOSTILE = ("Rose\u202eHouse", "\x1b[2J\x1b[31mRose House", "\x1b]0;owned\x07Rose House", "Rose\u200bHouse",
           "\u2066Rose\u2069 House", "Rose \x9b31mHouse", "Rose\U000e0041 House")  # fmt: skip
ALIKE = (
    "1-\u200b100000000", "1\u2011100000000", "1\u2212100000000", "\u0661-100000000", "１-１０0000000",
    "1\u2013100000000", "1-100000000\u00a0", "1-1\u202e00000000",
)  # fmt: skip


@pytest.mark.parametrize("name", one_in(3, HOSTILE))
def test_a_name_says_nothing_unseen(name):
    found = read("table.csv", some({0: {"name": name}})())
    assert not HIDDEN.search("".join(found.tables["locations"]["name"])) and "[31m" not in str(found.tables)
    assert [(f.outcome, f.row) for f in found.findings if f.fault == "hidden characters"] == [("note", 2)]


@pytest.mark.parametrize("home", one_in(3, ALIKE))
def test_ids_that_look_alike_are_one_home(home):
    found = read("table.csv", some({3: {"location_id": home}})())
    assert found.tables["admission_counts"]["location_id"].nunique() == 12
    assert {"hidden characters", "ids that look alike", "untidy ids"} & {finding.fault for finding in found.findings}


def test_a_name_is_one_line():
    table = csv_of(clean()).replace(b"Home A", b'"Home A\n\nSecond line"', 1)
    assert read("table.csv", table).tables["locations"]["name"][0] in ("Home A", "Home A Second line")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_what_is_left_is_seen(text):
    left = visible(text)
    assert visible(left) == left or HIDDEN.search(text)
    assert "\x1b" not in visible(left) and "\u202e" not in left
    assert alike(alike(text)) == alike(text)


def test_documents_say_nothing_unseen():
    document = {"locationId": "1-1", "name": "Rose \u202eHouse", "careHome": "Y", "registrationStatus": "Registered"}
    found = read("x.json", json.dumps([document]).encode())
    assert "\u202e" not in str({name: table.to_dict() for name, table in found.tables.items()})


def test_a_terminal_is_not_steered(tmp_path, capfd):
    file = tmp_path / "ta\x1b[2Jble.csv"
    file.write_bytes(some({0: {"name": "\x1b[31mRed", "admissions": "\x1b]0;x\x07?"}})())
    assert main(["load", str(file), "--store", str(tmp_path / "s.duckdb")]) == 0
    assert main(["load", str(tmp_path / "\x1b[2Jgone.csv"), "--store", str(tmp_path / "s.duckdb")]) == 2
    assert main(["ledger", "--store", str(tmp_path / "s.duckdb")]) == 0
    out = capfd.readouterr()
    assert "\x1b" not in out.out + out.err and "table.csv" in out.out
