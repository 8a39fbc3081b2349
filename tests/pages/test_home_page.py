"""The Home page says what the terminal says, of every home that is asked for."""

from analysis import written
from analysis.figures import home as figures
from analysis.plans.homes import HomePlan, look_at, stored_homes
from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import SAMPLE
from pages.shared.cached import OWN
from tests.pages.conftest import texts


def test_the_page_reads_the_home_that_is_asked_for(visit, sample_store):
    homes = stored_homes(sample_store)
    home = sample_store.table("interventions")["location_id"].iloc[-1]
    page = visit("pages/home.py", query={"home": homes.names[home]})
    assert figures.reading(look_at(HomePlan(home=home), homes)).headline in " ".join(texts(page))
    assert written.to_toml(HomePlan(home=home)) in page.code[0].value + "\n"


def test_months_that_cannot_be_are_refused_in_words(visit):
    page = visit("pages/home.py", query={"last": "-3"})
    assert not page.exception
    assert [error.value for error in page.error] == ["Found -3; expected a whole number from 1 to 120, such as 24."]


def test_without_ratings_the_page_says_what_to_load(visit):
    store = Store.in_memory()
    for name in ("emergency_admissions.csv", "resident_days.csv"):
        store.load(read(name, SAMPLE / name))
    page = visit("pages/home.py", {OWN: store})
    assert "Load a CQC file on the Data page" in page.info[0].value
    assert "neither kind nor beds nor council is known" in " ".join(texts(page))
