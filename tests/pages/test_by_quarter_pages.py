"""Homes counted by quarter in the app: it answers in quarters, and says where it follows homes month by month."""

import re

import pytest

from analysis.sources import read
from analysis.store import Store
from tests.pages.conftest import frames, texts

ROWS = "location_id,quarter,admissions,bed_days,start\n" + "".join(
    f"1-{home},{2018 + n // 4} Q{n % 4 + 1},{9 + (home * 7 + n * 3) % 9},2700,{'2021-05-01' if home < 12 else ''}\n"
    for home in range(40)
    for n in range(24)
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("quarters") / "quarters.duckdb"
    Store(path).load(read("mine.csv", ROWS.encode()))
    return path


@pytest.fixture
def quarters(address_of, store, monkeypatch):  # which opens a page without any store but what is set after it
    monkeypatch.setenv("HOMEWARD_STORE", str(store))


def test_the_admissions_page_answers_in_quarters(quarters, address_of):
    page = address_of("pages/admissions.py", {})
    assert not page.exception and not page.error
    said = " ".join([*texts(page), *(header.value for header in page.header)])
    assert "Quarter by quarter" in said and "Homes are counted by quarter here" in said
    assert any("the quarter in which it began part of the way" in table.to_string() for table in frames(page))
    assert not re.search(r"[0-9] months|by month since|Month by month", said)


@pytest.mark.parametrize("name", ["monitoring", "what_if"])
def test_pages_that_follow_homes_month_by_month_say_so(name, quarters, address_of):
    page = address_of(f"pages/{name}.py", {})
    assert not page.exception
    assert "Homes are counted by quarter here, and this follows them month by month" in page.error[0].value


def test_the_worklist_says_that_it_would_follow_homes_month_by_month(quarters, address_of):
    page = address_of("pages/worklist.py", {})
    said = page.error[0].value
    assert "neither ratings of homes nor admissions by which they can be followed" in said
    assert "Homes are counted by quarter here" in said


@pytest.mark.parametrize("name", ["comparison", "data", "claims"])
def test_other_pages_go_on(name, quarters, address_of):
    page = address_of(f"pages/{name}.py", {})
    assert not page.exception and not page.error
