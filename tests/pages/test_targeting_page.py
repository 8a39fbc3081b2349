"""The Targeting page offers it to the best homes there is room for, and shows nobody's exact counts."""

import pytest

from analysis.baseline import baseline_as_shown, baseline_of
from analysis.targeting.benefit import Offer, benefits
from analysis.targeting.choice import Capacity, choose
from analysis.words.targeting import pounds
from pages.shared import planned
from tests.pages.conftest import drawn, texts

PAGE = "pages/targeting.py"


def told(app):
    """Everything the page says, as it is read."""
    return " ".join(texts(app)).replace("\\", "")


@pytest.fixture(scope="module")
def best(sample_past):
    """What the page should choose at first: benefits and the choice."""
    panel, _, without = sample_past
    baseline = baseline_as_shown(baseline_of(panel, without))
    offered, capacity = benefits(baseline, Offer(), seed=planned.SEED), Capacity(leads=4, budget=250_000)
    needs = capacity.needs(offered.residents, offered.cost)
    return offered, choose(offered.mean, needs, capacity.limits(), eligible=baseline.open)


def test_the_answer_is_the_optimum_and_its_worth_that_of_the_draws(visit, best):
    offered, choice = best
    said = told(visit(PAGE))
    mean, _, high = offered.interval(choice.chosen)
    assert f"Offer it to {choice.chosen.sum()} homes" in said
    assert f"£{round(mean, -3):,.0f}" in said
    assert f"to {pounds(high)})" in said
    assert "What runs out first: the homes that leads can carry" in said


def test_no_count_of_people_is_exact(visit):
    app = visit(PAGE)
    ranked = next(frame.value for frame in app.dataframe if "Rank" in frame.value)
    for name in ("Residents", "Admissions expected in a year"):
        counts = ranked[name][ranked[name] != "*"].str.replace(",", "").astype(int)
        assert (counts % 5 == 0).all()
        assert (counts != 5).all()
    assert (ranked["Net benefit a year"][ranked["Residents"] == "*"] == "*").all()


def test_every_cost_shows_its_source_and_price_year_and_whether_it_was_checked(visit):
    app = visit(PAGE)
    costs = next(frame.value for frame in app.dataframe if "Price year" in frame.value)
    assert costs["Price year"].tolist() == ["2016/17", "2022/23", "2020/21"]
    assert costs["Checked"].tolist() == ["verified", "not verified", "verified"]
    assert "1 of 3 costs is not verified" in told(app)
    app.number_input(key="value").set_value(2000).run()
    costs = next(frame.value for frame in app.dataframe if "Price year" in frame.value)
    assert costs["Source"].iloc[0] == "Stated for this list"
    assert "2 of 3 costs are not verified" in told(app)


def test_rules_are_judged_and_the_plain_rule_is_told(visit):
    app = visit(PAGE)
    said = told(app)
    assert "Judged on 4 years that no rule had seen" in said
    assert "Allowing for luck alone is worth" in said
    assert "A learned score (boosted trees)" in said
    assert "Who qualifies:" in said
    assert "When it ends:" in said
    contest = next(data for data in drawn(app) if "promised" in data and "delivered" in data)
    assert (contest["promised"] % 1000 == 0).all()
    assert {"targeted", "worst last year", "worst rating", "at random"} <= set(contest["rule"])


def test_effects_by_kind_are_shown_and_can_be_used(visit):
    app = visit(PAGE)
    groups = next(data for data in drawn(app) if "group" in data)
    shown = set(groups["group"])
    assert {"nursing", "residential", "rated below Good", "large (50 beds or more)"} <= shown
    app.selectbox(key="effect_from").set_value("weekly_ward_round").run()
    assert not app.exception
    assert any("Offer it to" in text for text in texts(app))


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("leads", 0, "At least 1 clinical lead"), ("homes_per_lead", 0, "at least 1 home"),
     ("budget", -1, "more than nothing"), ("cost_home", -5, "cannot be negative"), ("value", -1, "cannot be negative"),
     ("practitioners", -1, "fewer than no")],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_beside_the_field(visit, key, value, words):
    app = visit(PAGE)
    app.number_input(key=key).set_value(value).run()
    assert not app.exception
    assert any(words in error.value for error in app.error)


def test_a_rule_of_fairness_is_kept_or_refused_in_words(visit):
    app = visit(PAGE)
    app.selectbox(key="fair_to").set_value("Kind of home").run()
    app.number_input(key="fair_least").set_value(10).run()
    ranked = next(frame.value for frame in app.dataframe if "Rank" in frame.value)
    assert ranked[ranked["Offered"] == "yes"].groupby("Kind").size().min() >= 10
    app.number_input(key="fair_least").set_value(40).run()
    assert any("not enough for 40 homes in every group" in error.value for error in app.error)


def test_a_stated_effect_of_nothing_offers_it_to_nobody(visit):
    app = visit(PAGE)
    app.selectbox(key="effect_from").set_value("I state it").run()
    app.number_input(key="stated").set_value(0).run()
    assert any("offered to no home" in text for text in texts(app))
    app.number_input(key="stated").set_value(60).run()
    assert any("must hold the effect" in error.value for error in app.error)
