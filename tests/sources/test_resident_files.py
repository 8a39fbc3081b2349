"""What passes the door of people's stays and admissions: a pseudonym and days, and nothing that says who they are."""

import pytest

from analysis.sources import read
from analysis.sources.columns.pseudonyms import NOT_REPEATED
from analysis.sources.resident_spells import OVERLAP, TWO_HOMES
from analysis.sources.schema import TABLES
from analysis.store import Store

HEAD = "home,person_pseudonym,in,out,died,age_band,sex,conditions"
NHS = "9434765919"  # the example of the NHS Data Dictionary: a valid check digit, nobody's number


def file(*rows):
    return "\n".join([*rows, ""]).encode()


def spells(*rows, head=HEAD):
    return read("stays.csv", file(head, *rows))


def faults(found):
    return {finding.fault: finding for finding in found.findings}


GOOD = "1-1,P900,2020-01-01,2020-03-01,,85-89,F,dementia; COPD"


@pytest.mark.parametrize(
    ("rows", "fault", "used"),
    [
        (["1-1,P1,2020-01-01,2020-05-01,,,,", "1-2,P1,2020-04-01,,,,,"], TWO_HOMES, 1),
        (["1-1,P1,2020-01-01,,,,,", "1-2,P1,2020-04-01,,,,,"], TWO_HOMES, 1),
        (["1-1,P1,2020-01-01,2020-05-01,,,,", "1-1,P1,2020-04-01,2020-06-01,,,,"], OVERLAP, 1),
        (["1-1,P1,2020-01-01,2020-05-01,,,,", "1-1,P1,2020-01-01,,,,,"], OVERLAP, 1),
        (["1-1,P1,2020-01-01,2019-12-31,,,,"], "moved out before moving in", 1),
        (["1-1,P1,2020-01-01,,2019-12-31,,,"], "died before moving in", 1),
        (["1-1,P1,2019-01-01,2019-02-01,2019-12-31,,,", "1-1,P1,2020-01-01,,,,,"], "died before moving in", 1),
        (["1-1,,2020-01-01,,,,,"], "missing person", 1),
        (["1-1,P1,,,,,,"], "missing date", 1),
        ([",P1,2020-01-01,,,,,"], "missing home", 1),
        (["1-1,P1,2020-02-30,,,,,"], "impossible date", 1),
        (["1-1,P1,2020-01-01,soon,,,,"], "not a date", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_set_aside_in_words_with_all_that_is_known_of_the_person(rows, fault, used):
    found = spells(GOOD, *rows)
    said = faults(found)[fault]
    assert said.outcome == "rows" and said.row is not None and said.row > 2
    assert found.rows_used == used and set(found.tables["resident_spells"]["person"]) == {"P900"}
    assert found.rows_in == found.rows_used + len(found.set_aside) + found.rows_dropped
    assert str(said).endswith(".") and "nan" not in str(said)


def test_another_row_of_a_person_with_a_faulty_one_is_set_aside_too():
    found = spells(GOOD, "1-1,P1,2020-01-01,2019-12-31,,,,", "1-2,P1,2021-01-01,,,,,")
    assert found.set_aside["fault"].tolist() == ["moved out before moving in", "other rows of the same person"]


def test_a_move_within_a_day_a_return_and_an_open_end_are_no_faults():
    found = spells("1-1,P1,2020-01-01,2020-03-01,,,,", "1-2,P1,2020-03-01,2020-04-01,,,,", "1-1,P1,2020-06-01,,,,,",
                   "1-2,P2,2020-04-01,9999-12-31,,,,")  # fmt: skip
    assert found.rows_used == 4
    assert found.tables["resident_spells"]["moved_out"].isna().tolist() == [False, False, True, True]


def test_a_stay_that_stands_there_twice_counts_once():
    found = spells(GOOD, GOOD)
    assert (found.rows_used, found.rows_dropped) == (1, 1)


@pytest.mark.parametrize(
    ("pseudonym", "what"),
    [(NHS, "what may be an NHS number"), ("943 476 5919", "what may be an NHS number"),
     (f"R{NHS}", "what may be an NHS number"), ("Mrs A Smith", "people's names"), ('"Smith, John"', "people's names"),
     ("Anna Smith", "people's names"), ("1931-04-02", "dates of birth")],
)  # fmt: skip
def test_a_pseudonym_that_says_who_somebody_is_refuses_the_file(pseudonym, what):
    rows = [f"1-1,{pseudonym},2020-0{month}-01" for month in range(1, 7)]
    for head in ("home,person,in", "home,person,date,kind"):
        some = [row + ",emergency" for row in rows] if "kind" in head else rows
        found = read("x.csv", file(head, *some))
        assert [f.fault for f in found.refusals] == ["personal data"] and what in str(found.refusals[0])
        assert not found.tables


def test_one_nhs_number_among_pseudonyms_is_enough():
    assert spells(GOOD, f"1-1,{NHS},2020-01-01,,,,,").refusals


@pytest.mark.parametrize("column", ["nhs_number", "date of birth", "resident name"])
def test_columns_named_for_people_refuse_the_file(column):
    assert spells(f"{GOOD},x", head=f"{HEAD},{column}").refusals


@pytest.mark.parametrize("column", ["notes", "client ref"])
def test_nhs_numbers_in_any_other_column_refuse_the_file(column):
    rows = [f"1-1,P{n},2020-01-01,,,,,,{NHS}" for n in range(6)]
    assert spells(*rows, head=f"{HEAD},{column}").refusals


def test_births_for_ages_and_notes_for_conditions_refuse_the_file():
    born = [f"1-1,P{n},2020-01-01,,,193{n}-04-02,," for n in range(6)]
    assert "dates of birth" in str(spells(*born).refusals[0])
    note = "her daughter visits on Sundays and rings the GP"
    assert [f.fault for f in spells(f"1-1,P1,2020-01-01,,,,,{note}").refusals] == ["notes about people"]


def test_ages_become_bands_sexes_words_and_conditions_sorted_names():
    found = spells(
        "1-1,P1,2020-01-01,,,87,F,COPD; dementia", "1-1,P2,2020-01-01,,,97,1,none", "1-1,P3,2020-01-01,,,90+,2,3"
    )
    table = found.tables["resident_spells"]
    assert list(table) == list(TABLES["resident_spells"])
    assert table["age_band"].tolist() == ["85-89", "95+", "90+"]
    assert table["sex"].tolist() == ["female", "male", "female"]
    assert table["conditions"].tolist() == ["copd; dementia", "", "3"]


@pytest.mark.parametrize(
    "make",
    [lambda cell: f"1-1,{cell},2020-01-01,2019-01-01,,,,", lambda cell: f"1-1,P1,{cell},,,,,",
     lambda cell: f"1-1,P1,2020-01-01,{cell},,,,"],
)  # fmt: skip
def test_nothing_of_a_persons_row_is_repeated(make):
    found = spells(GOOD, make("SECRET77"))
    said = " ".join(map(str, found.findings)) + found.set_aside.to_csv()
    assert "SECRET77" not in said and (NOT_REPEATED in said)


ADMITTED = "person pseudonym,home,date,kind,length of stay"


def test_admissions_by_person_know_three_kinds_and_keep_the_longest_of_a_day():
    found = read("x.csv", file(ADMITTED, "P1,1-1,2020-02-01,Emergency admission,4", "P1,,2020-02-01,A&E attendance,",
                               "P1,1-1,2020-02-01,21,6", "P1,1-1,2020-02-02,elective,1", "P1,1-1,2020-02-03,ED,",
                               "P1,1-1,2020-02-04,emergency department,", "P1,1-1,2020-02-05,2A,x",
                               "P1,1-1,2020-02-06,walk,"))  # fmt: skip
    table = found.tables["person_admissions"].sort_values(["admitted", "kind"])
    assert table["kind"].tolist() == ["A&E", "emergency", "planned", "A&E", "A&E", "emergency"]
    assert table["nights"].fillna(-1).tolist() == [-1, 6, 1, -1, -1, -1]
    assert (found.rows_dropped, found.set_aside["fault"].tolist()) == (1, ["unknown kind"])


def test_a_list_of_a_homes_admissions_with_a_column_of_people_stays_what_it_was():
    found = read("x.csv", file("home,person id,admidate,admimeth", "1-1,P1,2020-02-01,21"))
    assert found.layout == "admissions"
    by_person = read("x.csv", file("person id,admidate,admimeth,speldur", "P1,2020-02-01,21,3"))
    assert by_person.layout == "person admissions"


def test_a_store_hands_on_no_digest_of_people():
    store = Store.in_memory()
    store.load(spells(GOOD))
    one = store.digest(counts=False)
    store.load(spells("1-1,P901,2020-01-01,,,,,"))
    assert store.digest(counts=False) == one != store.digest()
    assert store.ledger(handed_on=True)["digest"].str.startswith("not given").all()
