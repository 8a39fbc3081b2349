"""Does the page of ratings show what the models say, in their numbers, when it is asked to, and only then?"""

from pathlib import Path

from analysis.inspections import stored_inspections
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.supported import intervention_starts
from analysis.sources import read
from analysis.store import Store
from analysis.words import rating_models as words

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
FILES = ("cqc_api_locations.jsonl.gz", "cqc_latest_ratings.csv", "interventions.csv")


def test_models_are_fitted_when_asked_for_and_their_numbers_are_on_the_page(visit):
    app = visit("pages/ratings.py")
    assert not any("times as fast" in block.body for block in app.get("html"))
    app.toggle(key="models").set_value(True).run(timeout=120)
    assert not app.exception
    store = Store.in_memory()
    for name in FILES:
        store.load(read(name, SAMPLE / name))
    known, started = stored_inspections(store), intervention_starts(store, "manager_training")
    told = " ".join(block.body for block in app.get("html"))
    called = "the manager training"
    assert words.chance_of_better(NextRating().fit(known, started), called) in told
    assert words.speed(MultiState().fit(known, started), called) in told
