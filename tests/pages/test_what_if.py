"""The What if page shows what the projection found, takes nonsense in words, and keeps what was tried."""

import pandas as pd
import pytest

from analysis.design import Plan
from analysis.disclosure import nearest
from analysis.errors import AnalysisError
from analysis.inspections import stored_inspections
from analysis.outcomes import Ratings
from analysis.plans.past import ready, stored_past
from analysis.protocol import Protocol
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.supported import intervention_starts, other_starts
from analysis.scenarios import Offer, Scenario, money, project, published
from analysis.scenarios.effect_from import from_evaluation, ratings_from
from analysis.written import from_text, to_json
from pages.shared.cached import Loaded, evaluation
from pages.shared.plans import effect_on_ratings
from tests.pages.conftest import drawn, frames, refused, texts
from tests.pages.test_pages import loaded_with, ready_made

PAGE = "pages/what_if.py"


@pytest.fixture(scope="module")
def first_view(sample_store, evaluated):
    """What the page ought to find unasked, by the functions a notebook would call."""
    known = ready(stored_past(sample_store))
    found = evaluated(Protocol(plan=Plan(intervention="weekly_ward_round"), checks=()))
    offer = Offer(name="weekly ward round", effect=from_evaluation(found.published, "weekly ward round"))
    return project(known.baseline, Scenario(title=offer.name, offers=(offer,)), levels=known.levels)


def answer(app):
    return next(text for text in texts(app) if "expected in these homes" in text)


def test_the_first_view_is_the_projection_s(seen, first_view):
    app = seen(PAGE)
    middle, low, high = published.rounded(first_view.total_averted)
    assert f"avert about {middle:,} emergency admissions (95% interval: {low:,} to {high:,})" in answer(app)
    assert "The weekly ward round, offered to 40 homes" in answer(app)
    averted = next(frame for frame in frames(app) if "About" in frame)
    assert averted["About"].iloc[0] == f"{middle:,}"
    assert app.info[0].value.startswith("**Synthetic data.**")
    dots = next(data for data in drawn(app) if "averted" in data and len(data) == 20)
    assert sorted(dots["averted"]) == sorted(published.dots(first_view)["averted"])
    assert money(first_view).net.shape == (1000,)


def test_no_count_on_the_page_is_exact(seen):
    app = seen(PAGE)
    for data in drawn(app):
        for name in {"averted", "middle", "low95", "high95"} & set(data):
            assert (data[name].dropna() % 5 == 0).all()
    homes = next(frame for frame in frames(app) if "Home" in frame)
    shown = homes["Admissions a year expected without it"]
    assert all(value == "*" or int(value.replace(",", "")) % 5 == 0 for value in shown)


NONSENSE = [
    ("uptake0_to", 140.0, "between 0% and 100%, not 60% to 140%"),
    ("per_home_per_year0_from", -5.0, "cannot be negative: −£5"),
    ("homes0", 0, "at least one home, not 0"),
    ("emergency_admission_from", -1.0, "cannot be negative"),
]


def test_nonsense_is_refused_beside_the_field_and_comes_back(visit):
    app = visit(PAGE)
    for field, value, said in NONSENSE:
        assert any(said in text for text in refused(app, field, value)), field
        assert not [text for text in texts(app) if "expected in these homes" in text], field


def test_an_end_before_the_start_and_an_unknown_price_year(visit):
    app = visit(PAGE)
    app.selectbox(key="end0").set_value("2024-02").run()
    app.selectbox(key="start0").set_value("2024-06").run()
    app.text_input(key="ambulance_year").set_value("1066").run()
    said = " ".join(error.value.replace("\\", "") for error in app.error)
    assert "The end (February 2024) lies before the start (June 2024)" in said
    assert "the price year is like 2018 or 2018/19" in said


def test_another_effect_is_another_answer(visit, seen):
    before = seen(PAGE)
    rushcliffe = next(o for o in before.selectbox(key="effect0").options if "Rushcliffe" in o or "Principia" in o)
    app = visit(PAGE, query={"effect0": rushcliffe})
    assert app.selectbox(key="effect0").value == rushcliffe
    assert answer(app) != answer(before)
    app.selectbox(key="effect0").set_value("State it myself").run()
    app.number_input(key="fewer_residential0").set_value(60.0).run()
    assert any("outside its own interval" in error.value for error in app.error)


def test_two_interventions_at_once(visit):
    app = visit(PAGE)
    app.selectbox(key="together").set_value(2).run()
    assert not app.exception
    assert not app.error
    app.selectbox(key="overlap").set_value("best only").run()
    assert "offered to" in answer(app)


def test_a_scenario_is_kept_compared_and_taken_in(visit, first_view):
    app = visit(PAGE)
    next(button for button in app.button if button.label == "Keep it to compare").click().run()
    app.number_input(key="homes0").set_value(10).run()
    compared = next(frame for frame in frames(app) if "Scenario" in frame)
    assert compared["Scenario"].tolist() == ["This one", "Scenario 1"]
    assert compared["Homes"].tolist() == [10, 40]
    saved = to_json(first_view.scenario)
    assert from_text(Scenario, saved) == first_view.scenario
    app.file_uploader[0].set_value([("mine.json", saved.encode(), "application/json")]).run()
    compared = next(frame for frame in frames(app) if "Scenario" in frame)
    assert "mine.json" in compared["Scenario"].tolist()
    app.file_uploader[0].set_value([("bad.json", b'{"titel": 3}', "application/json")]).run()
    assert any("Did you mean title" in error.value.replace("\\", "") for error in app.error)


def test_every_cost_on_the_page_shows_its_source_and_the_unverified_are_marked(seen):
    app = seen(PAGE)
    listed = next(frame for frame in frames(app) if "Source and price year" in frame)
    assert (listed["Source and price year"].str.len() > 3).all()
    assert "NOT VERIFIED" in set(listed["Checked"])
    assert pd.Series(texts(app)).str.contains("are not verified").any()


def test_own_files_with_few_admissions_or_none_are_told_in_words(visit):
    app = visit(PAGE, loaded_with(ready_made()))
    assert "offered to" in answer(app)
    notes = outcomes(app)["Note"]  # of ratings and delays, which are not in them, which file to load
    assert "load ratings of these homes" in notes["Days below Good averted"]
    assert "load delayed transfers by council and month" in notes["Delayed days averted"]
    quiet = b"location_id,name,month,admissions,bed_days,start_month\n1-1,A,2023-01,1,900,2023-06\n"
    app = visit(PAGE, loaded_with(quiet))
    assert not app.exception
    assert any("too few" in error.value for error in app.error)
    assert nearest(0) == 0


def outcomes(app):
    frame = next(frame for frame in frames(app) if "About" in frame)
    return frame.set_index("Over the whole time")


def test_days_below_good_and_delayed_days_are_expected_and_averted_where_an_effect_is_stated(visit, seen):
    shown = outcomes(seen(PAGE))
    without = shown.loc[["Days below Good expected without it", "Delayed days expected without it"], "About"]
    assert all(int(value.replace(",", "")) > 1_000 for value in without)
    assert set(shown.loc[["Days below Good averted", "Delayed days averted"], "Note"]) == {
        "no effect on them is claimed"
    }
    app = visit(PAGE, query={"on_ratings0": "State it myself", "on_delays0": "State it myself"})
    after = outcomes(app)
    assert (after.loc[without.index, "About"] == without).all()
    for outcome in ("Days below Good averted", "Delayed days averted"):
        assert " to " in after.loc[outcome, "95% interval"]
    listed = next(frame for frame in frames(app) if "Source and price year" in frame)
    assert listed["Assumption"].str.endswith("effect on delayed days").sum() == 1
    compared = next(frame for frame in frames(app) if "Scenario" in frame)
    assert (
        compared["Delayed days averted (95% interval)"].iloc[0].startswith(after.loc["Delayed days averted", "About"])
    )
    homes = next(frame for frame in frames(app) if "Home" in frame)
    assert (homes["Days below Good expected without it"] != "–").all()
    app.number_input(key="better0").set_value(9.0).run()
    app.number_input(key="least_delayed0").set_value(400.0).run()
    said = " ".join(error.value.replace("\\", "") for error in app.error)
    assert "The effect on moving to a better rating: 9 lies outside its own interval" in said
    assert "The effect on delayed days lies between 0.1 and 4 times the days" in said


def test_an_effect_on_ratings_can_be_taken_from_the_ratings_here(visit):
    app = visit(PAGE, query={"on_ratings0": "As the ratings show here: manager training"})
    shown = outcomes(app)
    refused = [error.value for error in app.error if "Nothing is claimed instead" in error.value]
    assert refused or " to " in shown.loc["Days below Good averted", "95% interval"]


def test_an_effect_on_ratings_is_that_of_the_door(sample_store):
    """Where the model of moves can tell nothing, as here, in the same words."""
    data = Loaded(store=sample_store, name="the sample", digest=sample_store.digest())
    started, other = (find(sample_store, "manager_training") for find in (intervention_starts, other_starts))
    plain = MultiState().fit(stored_inspections(sample_store), started, other)
    protocol = Protocol(
        plan=Plan(intervention="manager_training"), outcome=Ratings(), methods=("multi_state",), checks=()
    )
    pd.testing.assert_frame_equal(evaluation(data, protocol).published.tidy(), plain.tidy())
    with pytest.raises(AnalysisError) as by_the_model:
        ratings_from(plain, "manager training")
    with pytest.raises(AnalysisError) as by_the_door:
        effect_on_ratings(data, "manager_training")
    assert "beyond 50 times as fast" in str(by_the_door.value) == str(by_the_model.value)
