"""Does the page of ratings show what the models say, in their numbers, when it is asked to, and only then?"""

import pytest

from analysis.inspections import stored_inspections
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.supported import intervention_starts, other_starts
from analysis.words import rating_models as words
from analysis.words.phrases import first_sentence
from tests.pages.conftest import texts


@pytest.mark.bench
def test_models_are_fitted_when_asked_for_and_their_numbers_are_on_the_page(visit, sample_store):
    app = visit("pages/ratings.py")
    assert not any("times as fast" in block.body for block in app.get("html"))
    app.toggle(key="models").set_value(True).run(timeout=120)
    assert not app.exception
    known, started = stored_inspections(sample_store), intervention_starts(sample_store, "manager_training")
    told = " ".join(texts(app)).replace("\\", "").replace("**", "")
    called = "the manager training"
    other = other_starts(sample_store, "manager_training")
    chance = words.chance_of_better(NextRating().fit(known, started, other), called)
    speed = words.speed(MultiState().fit(known, started, other), called)
    assert all(part in told for said in (chance, speed) for part in first_sentence(said))
