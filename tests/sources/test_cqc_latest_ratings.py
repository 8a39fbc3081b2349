"""CQC's latest ratings: every row is used, set aside or dropped, and every rating fault is decided."""

import io

import pandas as pd
import pytest

from analysis import sources
from analysis.sources.cqc_words import MEANING
from analysis.sources.layout import plain
from analysis.sources.schema import RATINGS, TABLES, UNRATED

HEADER = (
    "Location ID,Location Name,Care Home?,Location Local Authority,Service / Population Group,Domain,"
    "Latest Rating,Publication Date,Inherited Rating (Y/N),Provider ID,Provider Name,Brand Name"
)


def line(
    *, home="1-1", care="Y", service="Overall", domain="Overall", rating="Good", day="21/06/2018", inherited="N"
) -> str:
    return f"{home},Home {home},{care},Devon,{service},{domain},{rating},{day},{inherited},1-9,A Person,-"


def read(*lines: str, header: str = HEADER, say=None):
    reading = sources.read("ratings.csv", "\n".join([header, *lines]).encode(), say)
    assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped
    return reading


def faults(reading) -> dict[str, str]:
    return {finding.fault: finding.outcome for finding in reading.findings if finding.fault != "day first"}


def test_only_the_row_where_both_are_overall_is_the_homes_own_rating():
    reading = read(
        line(),
        line(domain="Safe", rating="Requires improvement"),
        line(service="Residential homes", rating="Outstanding"),
        line(service="Residential homes", domain="Well-led", rating="Inadequate"),
    )
    ratings = reading.tables["ratings"]
    assert list(ratings.columns) == list(TABLES["ratings"])
    own = ratings[(ratings["service"] == "Overall") & (ratings["key_question"] == "Overall")]
    assert own[["location_id", "rating"]].to_numpy().tolist() == [["1-1", "Good"]]
    assert len(ratings) == 4 and len(reading.tables["locations"]) == 1


def test_the_files_of_2017_say_key_question_for_domain():
    reading = read(line(), line(domain="Well-led"), header=HEADER.replace("Domain", "Key Question"))
    assert list(reading.tables["ratings"]["key_question"]) == ["Overall", "Well-led"]


def test_locations_carry_their_place_and_never_a_person():
    (home,) = read(line()).tables["locations"].to_dict("records")
    assert (home["name"], home["area_name"], home["provider_id"], home["care_home"]) == (
        "Home 1-1",
        "Devon",
        "1-9",
        True,
    )
    assert pd.isna(home["brand"])
    assert "A Person" not in str(read(line()).tables)


def test_services_other_than_care_homes_are_dropped_and_counted():
    reading = read(line(), line(home="1-2", care="N"), line(home="1-3", care="N"))
    assert reading.rows_dropped == 2 and list(reading.tables["locations"]["location_id"]) == ["1-1"]
    assert faults(reading)["other services"] == "note"


@pytest.mark.parametrize(
    "written, meant, fault, outcome",
    [
        ("Inspected but not rated", "Inspected but not rated", "inspected but not rated", "warn"),  # catalogue 91
        ("", "Not rated", "missing rating", "warn"),  # 92
        (
            "Insufficient evidence to rate",
            "Insufficient evidence to rate",
            "insufficient evidence to rate",
            "warn",
        ),  # 93
        ("RI", "Requires improvement", "rating spelt otherwise", "note"),  # 94
        ("requires Improvement ", "Requires improvement", "rating spelt otherwise", "note"),
        ("Req imp", "Requires improvement", "rating spelt otherwise", "note"),
        ("No published rating", "Not rated", "not rated", "warn"),
        ("No Approved Rating", "Not rated", "not rated", "warn"),
        ("Evidence requirements partially / not yet scored", "Not rated", "not rated", "warn"),
        ("Good", "Good", None, None),
    ],
)
def test_every_word_for_a_rating_is_understood_and_said(written, meant, fault, outcome):
    reading = read(line(rating=written), line(home="1-2"))
    assert list(reading.tables["ratings"]["rating"]) == [meant, "Good"]
    assert faults(reading).get(fault) == outcome


def test_every_standard_word_means_itself():
    assert {word: MEANING[plain(word)] for word in RATINGS + UNRATED} == {word: word for word in RATINGS + UNRATED}


def test_a_word_that_is_no_rating_sets_its_row_aside():
    reading = read(line(rating="Fine"), line(home="1-2"))
    assert reading.set_aside[["row", "column", "found"]].to_numpy().tolist() == [[2, "Latest Rating", "Fine"]]


def test_numbers_for_ratings_are_asked_about_and_read_as_answered():  # 95
    lines = [line(home=f"1-{n}", rating=str(n)) for n in (1, 2, 3, 4)]
    (question,) = read(*lines).questions
    assert question.options == ("1 is Inadequate", "1 is Outstanding")
    up = read(*lines, say={"rating scale": "1 is Inadequate"}).tables["ratings"]["rating"]
    down = read(*lines, say={"rating scale": "1 is Outstanding"}).tables["ratings"]["rating"]
    assert list(up) == list(RATINGS) == list(down)[::-1]


def test_two_ratings_on_one_day_are_asked_about_and_read_as_answered():  # 96, 98
    lines = [line(), line(rating="Inadequate"), line(home="1-2")]
    (question,) = read(*lines).questions
    assert question.options == ("first in the file", "last in the file", "leave out")
    kept = {
        option: list(read(*lines, say={question.question: option}).tables["ratings"]["rating"])
        for option in question.options
    }
    assert kept == {
        "first in the file": ["Good", "Good"],
        "last in the file": ["Inadequate", "Good"],
        "leave out": ["Good"],
    }


def test_a_day_to_come_sets_its_row_aside():  # 97
    reading = read(line(day="21/06/2999"), line(home="1-2"))
    assert list(reading.set_aside["row"]) == [2]


def test_key_questions_are_kept_as_such_and_a_strange_one_set_aside():  # 98
    reading = read(line(), line(domain="Safe"), line(domain="Tasty"))
    assert list(reading.tables["ratings"]["key_question"]) == ["Overall", "Safe"]
    assert list(reading.set_aside["row"]) == [4]


def test_inherited_ratings_are_marked_and_warned_of():  # 99
    reading = read(line(inherited="Y"), line(home="1-2"), line(home="1-3", inherited=""))
    assert reading.tables["ratings"]["inherited"].tolist() == [True, False, pd.NA]
    assert faults(reading)["inherited rating"] == "warn"


def test_a_rating_without_a_day_is_set_aside_but_a_home_without_a_rating_is_kept():
    reading = read(line(day=""), line(home="1-2", rating="", day=""), line(home="1-3"))
    assert list(reading.set_aside["row"]) == [2]
    assert list(reading.tables["locations"]["location_id"]) == ["1-2", "1-3"]
    assert list(reading.tables["ratings"]["location_id"]) == ["1-3"]


def test_exact_repeats_are_dropped_with_a_count():
    reading = read(line(), line(), line(home="1-2"))
    assert reading.rows_dropped == 1 and faults(reading)["repeated rows"] == "note"


@pytest.mark.realdata
def test_the_real_file_gives_every_home_and_the_national_mix(realdata):
    path = realdata / "cqc_latest_ratings_2021-02.csv"
    reading = sources.read(path.name, path)
    assert reading.rows_in == reading.rows_used == 14_840 == len(reading.tables["locations"])
    ratings = reading.tables["ratings"]["rating"]
    mix = 100 * ratings.value_counts() / len(ratings)
    assert mix.round(1)[["Good", "Requires improvement", "Outstanding", "Inadequate"]].tolist() == [
        78.3,
        15.9,
        4.4,
        1.3,
    ]
    theirs = pd.read_csv(path, dtype=str)
    assert list(pd.to_datetime(theirs["Publication Date"], format="%d/%m/%Y")) == list(
        reading.tables["ratings"]["published"]
    )


@pytest.mark.realdata
def test_the_real_file_reads_the_same_as_xlsx(realdata):
    frame = pd.read_csv(realdata / "cqc_latest_ratings_2021-02.csv", dtype=str, keep_default_na=False).head(800)
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        frame.to_excel(book, sheet_name="Locations", index=False)
        frame.rename(columns={"Location ID": "Provider Code"}).to_excel(book, sheet_name="Providers", index=False)
    csv = sources.read("a.csv", frame.to_csv(index=False).encode())
    xlsx = sources.read("a.xlsx", out.getvalue())
    for name, table in csv.tables.items():
        pd.testing.assert_frame_equal(xlsx.tables[name], table)
