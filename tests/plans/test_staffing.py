"""Staffing is read at the door, joined to homes, and told only as spans in which the truth lies."""

import numpy as np
import pandas as pd
import pytest

from analysis import sources
from analysis.figures import home as figures
from analysis.monitoring.staffing import latest, shares, span_said
from analysis.plans.homes import HomePlan, look_at, stored_homes
from analysis.store import Store

HEAD = "establishmentid,locationid,import_date,totalstaff,totalvacancies,totalleavers\n"
NAMES = (
    "locationid,import_date,totalstaff,totalvacancies,totalleavers",
    "Location ID,PIR_submission_date,Filled posts,How_many_staff_vacancies_do_you_have,"
    "How_many_staff_have_left_your_service_in_the_past_12_months",
)


def read(text, name="staff.csv"):
    return sources.read(name, text.encode())


@pytest.mark.parametrize("names", NAMES)
def test_counts_of_staff_are_read_from_what_homes_send(names):
    reading = read(f"{names}\n1-101,2025-10-13,40,3,11\n1-102,2025-10-13,24,,0\n")
    assert reading.layout == "staffing" and not reading.refusals and not reading.questions
    rows = reading.tables["staffing"]
    assert rows["location_id"].tolist() == ["1-101", "1-102"]
    assert rows["filled"].tolist() == [40, 24] and rows["left_in_a_year"].tolist() == [11, 0]
    assert rows["vacant"].tolist() == [3, pd.NA]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("7,1-101,2025-10-13,40,3,11\n7,1-101,2025-10-13,41,3,11\n", "contradicting rows"),
        ("7,1-101,2025-10-13,0.4,3,11\n", "fractional counts"),
        ("7,1-101,2025-10-13,12%,3,11\n", "percentages"),
        ("7,1-101,2099-10-13,40,3,11\n", "future date"),
        ("7,1-101,2025-10-13,-4,3,11\n", "negative number"),
        ("7,1-101,2025-10-13,40000,3,11\n", "impossibly large number"),
        ("7,1-101,2025-10-13,40,3,11\n7,1-101,2025-10-13,40,3,11\n", "repeated rows"),
        ("7,1-101,2025-10-13,40,*,11\n", "suppressed counts"),
        ("7,1-101,01/02/2025,40,3,11\n7,1-102,02/03/2025,40,3,11\n", "ambiguous dates"),
    ],
)
def test_what_cannot_be_is_told(rows, fault):
    reading = read(HEAD + rows)
    assert fault in {finding.fault for finding in reading.findings}


def test_a_file_of_staff_one_by_one_is_refused():
    reading = read("locationid,date,filled posts,leavers,date_of_birth\n1-101,2025-10-13,40,3,1961-05-17\n")
    assert "personal data" in {finding.fault for finding in reading.findings}


@pytest.mark.bench
def test_the_truth_lies_in_the_span_and_counts_in_one_band_are_told_alike():
    told = {}
    for filled in range(0, 60):
        for count in range(0, 30):
            rows = pd.DataFrame({"counted": [pd.Timestamp("2025-10-13")], "filled": [filled], "vacant": [count],
                                 "left_in_a_year": [count]})  # fmt: skip
            found = shares(rows)
            if filled < 8:
                assert found.empty
                continue
            row = found.iloc[0]
            assert row["vacant_low"] <= 100 * count / (filled + count) <= row["vacant_high"]
            assert row["left_low"] <= 100 * count / filled <= row["left_high"]
            band = 0 if count == 0 else 1 if count <= 7 else 5 * ((count + 2) // 5)
            told.setdefault((5 * ((filled + 2) // 5), band), set()).add(tuple(row.drop("counted")))
            middle = latest(rows.assign(location_id="1-101")).iloc[0]
            told.setdefault((5 * ((filled + 2) // 5), band, "peers"), set()).add(tuple(middle))
    assert {len(each) for each in told.values()} == {1}
    assert [span_said(*each) for each in ((np.nan, np.nan), (0, 0), (2.2, 16.1))] == ["not told", "none", "2% to 17%"]


CQC = "Location ID,Location Name,Latest Rating,Publication Date,Domain\n"


@pytest.fixture(scope="module")
def store():
    """Thirty homes rated, with staffing of each at two days, one of them of too few staff."""
    rated = "location_id,name,published,rating\n" + "".join(
        f"1-{100 + n},Home {n},2024-03-0{1 + n % 9},Good\n" for n in range(30)
    )
    staff = HEAD + "".join(
        f"{n},1-{100 + n},{day},{5 if n == 3 else 30 + n},{n % 9},{n}\n" for n in range(30) for day in
        ("2024-10-13", "2025-10-13")
    )  # fmt: skip
    found = Store.in_memory()
    for name, text in (("rated.csv", rated), ("staff.csv", staff)):
        reading = read(text, name)
        assert reading.tables, reading.findings
        found.load(reading)
    return found


def test_a_home_with_staffing_is_told_of_it_and_one_without_is_not(store):
    homes = stored_homes(store)
    source = figures.source(HomePlan(), homes, "", "x")
    found = look_at(HomePlan(home="1-112"), homes)
    shown = {figure.title: figure for figure in figures.figures(found, source)}
    assert "On 13 October 2025 it had about 40 posts filled" in shown["The home as it stands"].headline
    assert "from 2% to 16% of its posts were vacant" in shown["The home as it stands"].headline
    (table,) = shown["Staffing"].tables
    assert len(table.tidy) == 2 and not {"vacant", "left_in_a_year"} & {*table.tidy}
    assert "Staffing" not in {
        figure.title for figure in figures.figures(look_at(HomePlan(home="1-103"), homes), source)
    }


def test_no_digest_that_is_handed_on_knows_of_staff(store):
    other = Store.in_memory()
    for name in ("rated.csv", "staff.csv"):
        text = {"rated.csv": "location_id,name,published,rating\n1-1,A,2024-03-01,Good\n",
                "staff.csv": HEAD + "1,1-1,2025-10-13,30,2,3\n"}[name]  # fmt: skip
        other.load(read(text, name))
    more = Store.in_memory()
    more.load(read("location_id,name,published,rating\n1-1,A,2024-03-01,Good\n", "rated.csv"))
    more.load(read(HEAD + "1,1-1,2025-10-13,30,2,4\n", "staff.csv"))
    assert other.digest() != more.digest() and other.digest(counts=False) == more.digest(counts=False)
