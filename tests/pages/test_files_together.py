"""What files say together: one home under two numbers, services of other kinds, lists that leave ratings unseen."""

from analysis.store import Store
from pages.shared.cached import OWN
from tests.pages.conftest import texts
from tests.ratings.test_latest_lists import HISTORY, lists
from tests.sources.test_cqc_assessments import home, read, report
from tests.store.test_again import LISTS


def test_one_home_under_two_numbers_is_asked_about_and_then_loaded(visit):
    app = visit("pages/data.py")
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in LISTS]).run()
    load = next(button for button in app.button if button.label == "Load these files")
    load.click().run()
    assert not app.exception
    assert any("under two numbers" in error.value for error in app.error)
    assert len(app.session_state[OWN].ledger()) == 1
    said = [line for text in texts(app) for line in text.splitlines() if line.startswith("- ")]
    assert len(set(said)) == len(said)  # beside the file, and not once more under what was loaded
    app.selectbox(key="one home").set_value("one home")
    next(button for button in app.button if button.label == "Load these files").click().run()
    assert not app.exception
    assert not app.error
    assert len(app.session_state[OWN].ledger()) == 2


def test_every_rated_service_is_looked_at_where_it_is_asked_for(visit):
    often = "Good", "Outstanding", "Good", "Requires improvement", "Inadequate", "Good"
    past = [report(rating, f"201{year}-03-01") for year, rating in enumerate(often, start=3)]
    store = Store.in_memory()
    store.load(read(*(home(number, historicRatings=past) for number in ("1-5", "1-6")),
                    home("1-7", careHome="N", historicRatings=past)))  # fmt: skip
    app = visit("pages/ratings.py", {OWN: store})
    assert any("of 2 homes" in text for text in texts(app))
    app.selectbox(key="services").set_value("any").run()
    assert not app.exception
    assert any("of 3 homes" in text for text in texts(app))


def test_what_lists_leave_unseen_stands_where_the_headline_would(visit):
    app = visit("pages/ratings.py", {OWN: lists(HISTORY, "2018-03-01", "2019-03-01")})
    assert any(note.value.startswith("2 pairs of ratings cannot be used") for note in app.info)
    app = visit("pages/ratings.py", {OWN: lists(HISTORY, "2019-03-01")})
    assert any("load earlier ratings" in note.value for note in app.info)
