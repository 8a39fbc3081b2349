"""What people write down is kept whole, in order and unchanged, whoever writes, dies or meddles meanwhile."""

import multiprocessing
import os
import signal
import sqlite3
import time
from dataclasses import replace
from datetime import date

import pytest

from analysis.errors import AnalysisError
from analysis.journal import Decision, Journal, Visit, interventions_of, wrong_with

SEEN = Visit(home="1-1", day="2026-11-01", role="district nurse", appearance=3, text="Calm, warm, well kept.")
FORMULA = '=HYPERLINK("http://x", "click")\n@SUM(1+1)|cmd'
TODAY = date(2026, 11, 27)


def write_many(path, who, n):
    journal = Journal(path)
    for k in range(n):
        journal.write(replace(SEEN, role=f"{who} {k}", text=FORMULA))
    os._exit(
        0
    )  # all is written: threads of libraries now and then abort a process that takes itself down on a busy machine


def write_for_ever(path):
    write_many(path, "killed", 10**6)


@pytest.fixture
def start():
    """Begin another process; it ends with the test at the latest."""
    context, begun = multiprocessing.get_context("spawn"), []

    def begin(work, *of):
        begun.append(context.Process(target=work, args=of))
        begun[-1].start()
        return begun[-1]

    yield begin
    for process in begun:
        if process.is_alive():
            process.kill()
        process.join()


def test_two_people_at_once_and_one_killed_in_mid_write_lose_nothing(tmp_path, start):
    path = tmp_path / "visits.sqlite"
    two = [start(write_many, path, who, 40) for who in ("nurse", "GP")]
    third = start(write_for_ever, path)
    for process in two:
        process.join()
        assert process.exitcode == 0
    before = len(Journal(path))
    while len(Journal(path)) < before + 3:  # it is writing now
        time.sleep(0.01)
    os.kill(third.pid, signal.SIGKILL)
    third.join()
    entries = Journal(path).entries(Visit)  # the chain of seals is whole
    roles = [entry.role for _, _, entry in entries]
    for who in ("nurse", "GP"):
        assert [role for role in roles if role.startswith(who)] == [f"{who} {k}" for k in range(40)]
    killed = [role for role in roles if role.startswith("killed")]
    assert killed == [f"killed {k}" for k in range(len(killed))] and len(killed) >= 3
    assert {entry.text for _, _, entry in entries} == {FORMULA}
    assert Journal(path).write(SEEN) == len(entries) + 1


def test_ten_thousand_characters_are_kept_and_one_more_is_refused_in_words():
    journal, longest = Journal(), replace(SEEN, text="é€𝄞=" * 2_500)
    assert wrong_with(longest, TODAY) == []
    journal.write(longest)
    assert journal.entries(Visit)[0][2] == longest
    (fault,) = wrong_with(replace(longest, text=longest.text + "x"), TODAY)
    assert "10,001 characters" in fault.words and "Nothing was written" in fault.words


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"home": " "}, "home"),
        ({"day": "2026-11-28"}, "day"),
        ({"day": "01/11/2026"}, "day"),
        ({"appearance": 0, "text": " "}, "text"),
        ({"staffing": 5}, "staffing"),
        ({"text": "Mrs A, NHS number 943 476 5919, seemed well."}, "text"),
        ({"role": "x" * 101}, "role"),
    ],
)
def test_what_cannot_be_is_told_before_it_is_written(change, place):
    assert [fault.place for fault in wrong_with(replace(SEEN, **change), TODAY)] == [place]


def test_ten_digits_that_are_no_nhs_number_may_stand():
    assert wrong_with(replace(SEEN, text="Call 0194 355 5010 or 943 476 5918."), TODAY) == []


def test_entries_are_neither_changed_nor_removed_and_whoever_does_it_anyway_is_found_out(tmp_path):
    path = tmp_path / "visits.sqlite"
    for home in ("1-1", "1-2", "1-3"):
        Journal(path).write(replace(SEEN, home=home))
    with sqlite3.connect(path) as connection:
        for statement in ("UPDATE entries SET entry = 'x'", "DELETE FROM entries"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
        connection.execute("DROP TRIGGER never_changed")
        connection.execute("UPDATE entries SET entry = replace(entry, '1-2', '1-9') WHERE number = 2")
    with pytest.raises(AnalysisError, match="entry 2 does not fit"):
        Journal(path).entries(Visit)


def test_a_correction_is_another_entry_and_both_stay():
    journal = Journal()
    first = journal.write(SEEN)
    second = journal.write(replace(SEEN, appearance=2, corrects=first))
    assert [number for number, _, _ in journal.entries(Visit)] == [first, second]
    assert [number for number, _, _ in journal.standing(Visit)] == [second]
    assert journal.entries(Decision) == []


def test_journals_of_two_sessions_know_nothing_of_each_other():
    one, other = Journal(), Journal()
    one.write(SEEN)
    assert (len(one), len(other)) == (1, 0)


def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"no journal, but a text of some length\n" * 100)
    with pytest.raises(AnalysisError, match="this file is no journal"):
        Journal(path).write(SEEN)
    assert path.read_bytes().startswith(b"no journal")


def decision(home, verb, day, **more):
    return Decision(home=home, intervention="enhanced support", decision=verb, day=day, by="A lead", why="b", **more)


def test_decisions_become_a_list_of_interventions_that_the_door_reads(tmp_path):
    from analysis.sources import read  # noqa: PLC0415 - of this test alone

    window = {"chosen_by": "worklist: rated below Good", "chosen_from": "2023-01-01", "chosen_to": "2023-12-01"}
    said = [
        decision("1-101", "start", "2024-01-10", **window),
        decision("1-102", "wait", "2024-01-10"),
        decision("1-103", "start", "2024-02-01", **window),
        decision("1-101", "end", "2024-06-30"),
        decision("1-104", "end", "2024-07-01"),
    ]
    table = interventions_of(said)
    path = tmp_path / "interventions.csv"
    table.to_csv(path, index=False)
    rows = read(path.name, path).tables["interventions"]
    assert rows["location_id"].tolist() == ["1-101", "1-103"]
    assert f"{rows['ended'].iloc[0]:%Y-%m-%d}" == "2024-06-30"
    assert rows["chosen_by"].unique().tolist() == ["worklist: rated below Good"]
    assert f"{rows['chosen_from'].iloc[0]:%Y-%m}" == "2023-01"
