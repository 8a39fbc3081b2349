"""One home among thousands: found by what it is called, its id, postcode or council; no browser is sent them all."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.store import Store
from pages.shared.finding import ALL_LISTED, MOST_FOUND, said
from tests.store.readings import frame, reading

MANY = ALL_LISTED + 100


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    path = tmp_path_factory.mktemp("country") / "country.duckdb"
    homes = [
        {"location_id": f"1-{k:05}", "name": f"Elm {k}", "care_home": True, "postcode": f"ZZ{k % 90} {k % 9}ZZ",
         "area_name": f"Council {k % 7}", "residential": True, "beds": 30}
        for k in range(MANY)
    ]  # fmt: skip
    rated = [
        {"location_id": f"1-{k:05}", "service": "Overall", "key_question": "Overall", "rating": "Good",
         "published": "2022-05-01", "inherited": False}
        for k in range(MANY)
    ]  # fmt: skip
    Store(path).load(reading("homes.csv", locations=frame("locations", *homes), ratings=frame("ratings", *rated)))
    return path


@pytest.fixture
def home(country, address_of, monkeypatch):
    monkeypatch.setenv("HOMEWARD_STORE", str(country))
    return lambda **choices: address_of("pages/home.py", choices)


def listed(page: AppTest) -> list[str]:
    return page.selectbox(key="home").options


@pytest.mark.parametrize(("typed", "fits"), [
    ("Elm 123", ["Elm 123 (1-00123)"]), ("1-00321", ["Elm 321 (1-00321)"]), ("zz7 7zz", ["Elm 7 (1-00007)"]),
    ("ZZ77ZZ", ["Elm 7 (1-00007)"]), ("2 elm 499", ["Elm 499 (1-00499)"]), ("council 3", None), ("nowhere at all", []),
])  # fmt: skip
def test_a_home_is_found_by_each_of_its_names(typed, fits, home):
    page = home(home_find=typed)
    assert not page.exception
    if fits is None:
        assert len(listed(page)) == MOST_FOUND and all(int(name.split()[1]) % 7 == 3 for name in listed(page))
    else:
        assert set(fits) <= set(listed(page)) and len(listed(page)) <= len(fits) + 10
    assert len(listed(page)) <= MOST_FOUND + 1


def test_an_address_opens_its_home_whatever_is_listed(home):
    page = home(home="Elm 431 (1-00431)")
    assert page.selectbox(key="home").value == "1-00431" and len(listed(page)) == MOST_FOUND + 1
    assert f"The first 50 of {MANY:,} homes are listed" in " ".join(one.value for one in page.caption)


def test_the_list_says_how_much_of_it_is_listed():
    assert said(1, 900, "elm") == "1 home fits." and "the first 50 are listed" in said(51, 900, "e")
    assert said(0, 900, "x").startswith("No home fits")


def test_a_county_is_one_list_as_ever(seen):
    page = seen("pages/home.py")
    assert len(listed(page)) > 150 and not any("find" in (box.key or "") for box in page.text_input)


def test_a_visit_to_one_of_thousands_is_written_down(country, address_of, monkeypatch):
    monkeypatch.setenv("HOMEWARD_STORE", str(country))
    page = address_of("pages/feedback.py", {"visited_home_find": "Elm 77"})
    assert not page.exception
    assert page.selectbox(key="visited_home").options == ["Elm 77 (1-00077)"]
    assert page.selectbox(key="visited_home").value == "1-00077"
