"""The Targeting page offers it to the best homes there is room for, and shows nobody's exact counts."""

import pytest

from analysis.baseline import baseline_as_shown, baseline_of
from analysis.design import Plan
from analysis.plans import targets, what_if
from analysis.protocol import Protocol
from analysis.scenarios import Offer, Scenario, Who, money, project
from analysis.scenarios.effect_from import from_evaluation
from analysis.scenarios.yearly import a_year
from analysis.targeting.benefit import benefits
from analysis.targeting.choice import Capacity, choose
from pages.shared import cached, plans
from tests.pages.conftest import drawn, frames, refused, texts

PAGE = "pages/targeting.py"


def told(app):
    """Everything the page says, as it is read."""
    return " ".join(texts(app)).replace("\\", "")


@pytest.fixture(scope="module")
def best(sample_past, sample_shown, evaluated):
    """What the page should choose at first, by the functions a notebook would call."""
    _, _, without = sample_past
    baseline = baseline_as_shown(baseline_of(sample_shown.by_chance, without), sample_shown, without)
    found = evaluated(Protocol(plan=Plan(intervention="weekly_ward_round"), checks=()))
    offer = Offer(name="weekly ward round", effect=from_evaluation(found.published, "weekly ward round"))
    scenario = Scenario(title=offer.name, offers=(offer,))
    yearly = a_year(scenario, baseline.calendar.last + 1)
    offered = benefits(baseline, targets.offer_of(yearly), seed=targets.SEED)
    room = Capacity(leads=4, budget=500_000 - yearly.fixed)
    choice = choose(
        offered.mean, room.needs(offered.residents, offered.cost), room.limits(), eligible=Who().fits(baseline)
    )
    return baseline, project(baseline, targets.offered_to(scenario, baseline, choice.chosen))


def test_the_answer_is_the_optimum_in_the_words_of_the_projection(seen, best):
    said = told(seen(PAGE))
    assert f"Offer it to {len(best[1].rows)} homes" in said
    assert what_if.headline(best[1]) in said
    assert what_if.worth(money(best[1])) in said.replace("\u2060", "")
    assert "What runs out first: the homes that leads can carry" in said


@pytest.mark.bench
def test_the_link_to_what_if_gives_the_same_number_for_the_same_homes(visit, best):
    """One offer on both pages: the same homes, effect, uptake, costs and months, and so the same sentence."""
    named = " ".join(best[0].units.index[best[1].rows])
    app = visit("pages/what_if.py")
    app.text_input(key="only0").set_value(named).run()
    assert what_if.headline(best[1]) in told(app)
    assert what_if.worth(money(best[1])) in told(app).replace("\u2060", "")


def test_homes_that_have_it_are_left_out_unless_asked_for_and_marked(visit):
    app = visit(PAGE)
    homes = next(frame for frame in frames(app) if "Qualifies by the rule" in frame)
    have = homes["Has had an intervention"] == "yes"
    assert have.any()
    assert set(homes.loc[have, "Offered"]) == set(homes.loc[have, "Qualifies by the rule"]) == {"no"}
    assert "Left out: " in told(app)
    app.checkbox(key="also0").check().run()
    homes = next(frame for frame in frames(app) if "Qualifies by the rule" in frame)
    assert (homes.loc[homes["Has had an intervention"] == "yes", "Offered"] == "yes").any()
    assert "the table marks them" in told(app)


def test_no_home_is_ranked_or_priced_and_no_count_of_people_is_exact(seen):
    app = seen(PAGE)
    homes = next(frame for frame in frames(app) if "Qualifies by the rule" in frame)
    assert homes["Home"].is_monotonic_increasing
    assert not {"Rank", "Net benefit a year"} & set(homes)
    counts = homes["Residents"][homes["Residents"] != "*"].str.replace(",", "").astype(int)
    assert (counts % 5 == 0).all()
    assert (counts != 5).all()
    rates = homes[next(name for name in homes if "every 100 residents" in name)]
    assert rates[rates != "*"].str.fullmatch(r"\d+ \(\d+ to \d+\)").all()
    assert "worst" not in told(app).lower()


def test_every_cost_shows_its_source_and_whether_it_was_checked(seen):
    app = seen(PAGE)
    listed = next(frame for frame in frames(app) if "Source and price year" in frame)
    assert (listed["Source and price year"].str.len() > 3).all()
    assert "NOT VERIFIED" in set(listed["Checked"])
    assert "are not verified" in told(app)


def test_rules_are_judged_and_the_plain_rule_is_told(seen):
    app = seen(PAGE)
    said = told(app)
    assert "Judged on 4 years that no rule had seen" in said
    assert "Allowing for luck alone is worth" in said
    assert "A learned score (boosted trees)" in said
    assert "Who qualifies:" in said
    assert "When it ends:" in said
    contest = next(data for data in drawn(app) if "promised" in data and "delivered" in data)
    assert (contest["promised"] % 1000 == 0).all()
    assert {"targeted", "highest rate last year", "lowest rating", "at random"} <= set(contest["rule"])


def test_effects_by_kind_are_shown_and_a_place_without_postcodes_is_no_error(seen, sample_store):
    groups = next(data for data in drawn(seen(PAGE)) if "group" in data)
    assert {"nursing", "residential", "rated below Good", "fewer admissions before"} <= set(groups["group"])
    ways = plans.places(cached.Loaded(store=NoPostcodes(sample_store), name="", digest="none", synthetic=True))
    assert "postcode_district" not in ways
    assert "home_type" in ways


class NoPostcodes:
    """The sample, of which no home has a postcode."""

    def __init__(self, store):
        self._store = store

    def __getattr__(self, name):
        return getattr(self._store, name)

    def table(self, name):
        """Give a table, without postcodes."""
        found = self._store.table(name)
        return found.assign(postcode=None) if "postcode" in found else found


NONSENSE = [
    ("leads", 0, "At least 1 clinical lead"), ("homes_per_lead", 0, "at least 1 home"),
    ("budget", -1, "more than nothing"), ("per_home_per_year0_from", -5.0, "cannot be negative"),
    ("emergency_admission_from", -1.0, "cannot be negative"), ("practitioners", -1, "fewer than no"),
    ("budget", 10_000, "does not pay the fixed cost"),
]  # fmt: skip


def test_a_request_that_makes_no_sense_is_refused_beside_the_field(visit):
    app = visit(PAGE)
    for key, value, words in NONSENSE:
        assert any(words in text for text in refused(app, key, value)), (key, value)


def test_a_rule_of_fairness_is_kept_or_refused_in_words(visit):
    app = visit(PAGE)
    app.selectbox(key="fair_to").set_value("Kind of home").run()
    app.number_input(key="fair_least").set_value(10).run()
    homes = next(frame for frame in frames(app) if "Qualifies by the rule" in frame)
    assert homes[homes["Offered"] == "yes"].groupby("Kind").size().min() >= 10
    app.number_input(key="fair_least").set_value(40).run()
    assert any("not enough for" in error.value for error in app.error)


@pytest.mark.bench
def test_a_stated_effect_of_nothing_offers_it_to_nobody(visit):
    app = visit(PAGE)
    app.selectbox(key="effect0").set_value("State it myself").run()
    for kind in ("residential", "nursing"):
        app.number_input(key=f"fewer_{kind}0").set_value(0.0).run()
        app.number_input(key=f"least_{kind}0").set_value(-5.0).run()
        app.number_input(key=f"most_{kind}0").set_value(5.0).run()
    assert any("offered to no home" in text for text in texts(app))
    app.number_input(key="fewer_nursing0").set_value(60.0).run()
    assert any("outside its own interval" in error.value for error in app.error)
