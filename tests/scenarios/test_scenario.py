"""A scenario says who is offered what, from when, and how fully."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.prices import UNIT_COSTS, UnitCost
from analysis.results import GLANCE, RATIO_DOWN, RATIO_UP, TIDY, Effects
from analysis.scenarios import DeliveryCosts, Effect, Range, Ratio, Scenario, Who, project, published
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.effect_from import from_evaluation, from_published, ratings_from, usable
from analysis.scenarios.faults import faults_with, wrong_with
from analysis.scenarios.inputs import claims
from analysis.scenarios.ranges import Draws, Held, OneAtATime
from analysis.sources.evidence import published_effects, published_unit_costs
from analysis.written import from_plain, from_text, to_json, to_plain, to_toml
from tests.scenarios.conftest import months, offer, scenario

AHEAD = months("2024-01", 36)


def read_scenario(text):
    return from_text(Scenario, text, wrong=wrong_with)


def test_the_effect_builds_up_lasts_and_ends():
    built = offer(start="2024-03", end="2024-12", ramp_months=4).share(AHEAD)
    assert built[:2].tolist() == [0, 0]
    assert built[2:7].tolist() == [0.25, 0.5, 0.75, 1, 1]
    assert built[11] == 1
    assert not built[12:].any()


def test_the_effect_fades_by_half():
    faded = offer(ramp_months=2, half_life_months=12).share(AHEAD)
    assert faded[:2].tolist() == [0.5, 1]
    assert faded[13] == pytest.approx(0.5)
    assert faded[25] == pytest.approx(0.25)


def test_who_is_offered_it(county_baseline):
    rows = Who(home_type="nursing", most=10).choose(county_baseline)
    assert len(rows) > 10  # all of which may be drawn; ten are in each lot
    assert set(county_baseline.kind[rows]) == {"nursing"}
    assert not county_baseline.supported[rows].any()
    assert county_baseline.open[rows].all()
    largest = Who(order="most admissions expected", most=5).choose(county_baseline)
    size = county_baseline.per_day() * county_baseline.multiplier
    eligible = county_baseline.open & ~county_baseline.supported
    assert size[largest].min() >= np.sort(size[eligible])[-5]
    named = Who(units=tuple(county_baseline.units.index[[3, 1]])).choose(county_baseline)
    assert named.tolist() == [1, 3]


def test_an_interval_becomes_a_log_normal():
    ratio = Ratio(0.6, 0.42, 0.86)
    drawn = np.exp(Draws(n=40_000, seed=1).value("effect", ratio))
    assert np.median(drawn) == pytest.approx(0.6, rel=0.01)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert high / low == pytest.approx(0.86 / 0.42, rel=0.02)


def test_luck_keeps_to_its_key_and_one_input_moves_at_a_time():
    assert (Draws().value("a", Range(0, 1)) == Draws().value("a", Range(0, 1))).all()
    assert (Draws().value("a", Range(0, 1)) != Draws().value("b", Range(0, 1))).all()
    moved = OneAtATime(keys=("a", "b"))
    assert moved.value("b", Range(0, 100)).tolist() == [50, 50, 50, 2.5, 97.5]
    assert Held(key="a", values=np.array([7.0])).value("a", Range(0, 1)).tolist() == [7.0]


def test_toml_and_json_bring_the_same_scenario_back():
    ratios = {"residential": Ratio(0.7, 0.5, 0.9), "nursing": Ratio(1, 0.8, 1.2)}
    effect = Effect(source="x", ratios=ratios, verified=True)
    wide = offer(name='a "quoted" – name', start="2024-05", effect=effect)
    given = scenario(wide, offer(name="other", who=Who(units=("1-1", "1-2"))), months=12, overlap="best only")
    assert read_scenario(to_json(given)) == given
    assert read_scenario(to_toml(given)) == given


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "neither JSON nor TOML"),
        ("[1, 2", "neither JSON nor TOML"),
        ('{"titel": "x", "offers": []}', "Did you mean title?"),
        ('{"title": "x"}', "offers: missing; expected a list"),
        ('{"title": "x", "offers": [], "version": 9}', "this Homeward reads 1"),
        ('{"title": "x", "offers": 3}', "expected a list"),
        ('{"title": "x", "offers": [3]}', "expected a table of keys"),
        (
            '{"title": "x", "offers": [{"name": "a", "effect": {"source": "b", "ratios": {"all": [1]}}}]}',
            "three numbers",
        ),
        ('{"title": "x", "offers": [{"name": "a", "effect": {"source": "b", "ratios": 1}}]}', "a table of keys"),
        ('{"title": "x", "offers": [], "months": "many"}', "a whole number"),
        ("title = 3\noffers = []", "found 3; expected text"),
        ("{" * 100_000, "neither JSON nor TOML"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, said):
    with pytest.raises(AnalysisError, match=said.replace("?", r"\?")):
        read_scenario(text)


NONSENSE = [
    ({"uptake": Range(0.6, 1.4)}, {}, "uptake", "between 0% and 100%, not 60% to 140%"),
    ({"uptake": Range(0.9, 0.6)}, {}, "uptake", "from (90%) is more than to (60%)"),
    ({"fidelity": Range(-0.1, 0.5)}, {}, "fidelity", "between 0% and 100%"),
    ({"programme": DeliveryCosts(set_up=Range(-5, 5))}, {}, "programme.set_up", "cannot be negative: −£5"),
    ({"programme": DeliveryCosts(price_year="1066")}, {}, "programme.price_year", "from 2010 to 2024"),
    ({"programme": DeliveryCosts(paid_by="Nobody")}, {}, "programme.paid_by", "'Nobody' is none of"),
    ({"start": "2025-01", "end": "2024-06"}, {}, "end", "lies before the start"),
    ({"start": "2020-01"}, {}, "start", "before the first month to come (January 2024)"),
    ({"start": "2030-01"}, {}, "start", "after the last month looked at (December 2026)"),
    ({"start": "May"}, {}, "start", "a month, year first"),
    ({"who": Who(most=0)}, {}, "who.most", "at least one home, not 0"),
    ({"ramp_months": 0}, {}, "ramp_months", "1 (at once)"),
    ({"half_life_months": -3.0}, {}, "half_life_months", "0 for never"),
    ({"effect": Effect(source="", ratios={"all": Ratio(4, 0.5, 9)})}, {}, "effect.ratios.all", "between 0.1 and 4"),
    ({"effect": Effect(source="", ratios={"all": Ratio(0.9, 0.5, 0.8)})}, {}, "effect.ratios.all", "outside its own"),
    ({"effect": Effect(source="", ratios={"all": Ratio(0.9, np.nan, 0.8)})}, {}, "effect.ratios.all", "an interval"),
    ({"effect": Effect(source="", ratios={"nursing": Ratio(1, 1, 1)})}, {}, "effect.ratios", "for residential and for"),
    ({}, {"months": 0}, "months", "1 to 120 months"),
    ({}, {"months": 5_000}, "months", "1 to 120 months"),
    ({}, {"stay_days": Range(2, 900)}, "stay_days", "more than 365"),
    ({}, {"cash_share": Range(0, 2)}, "cash_share", "between 0% and 100%"),
    ({}, {"overlap": "add"}, "overlap", "choose one of"),
]  # fmt: skip


@pytest.mark.parametrize(("in_offer", "in_scenario", "field", "said"), NONSENSE)
def test_nonsense_is_refused_beside_its_field(county_baseline, in_offer, in_scenario, field, said):
    wrong = scenario(offer(**in_offer), **in_scenario)
    faults = {fault.place.removeprefix("offers[1]."): fault.words for fault in faults_with(wrong, AHEAD)}
    assert said in faults[field]
    with pytest.raises(AnalysisError, match="This scenario cannot be"):
        project(county_baseline, wrong)


def test_costs_that_cannot_be_and_two_of_one_name():
    negative = UnitCost(key="ambulance", what="Journey", low=-1, high=5, price_year="2018", payer="ICB", source="")
    faults = faults_with(scenario(offer(), offer(), unit_costs=(negative,)), AHEAD)
    assert {"unit_costs[1].low", "offers"} <= {fault.place for fault in faults}
    assert not faults_with(scenario(offer()), AHEAD)


def test_no_home_left_is_told_in_words(county_baseline):
    with pytest.raises(AnalysisError, match="No home is offered anything"):
        project(county_baseline, scenario(offer(who=Who(area="nowhere"))))


def test_every_published_effect_and_cost_has_a_source_and_a_mark():
    for table in (published_effects(), published_unit_costs()):
        assert table.index.is_unique
        assert (table["source"].str.len() > 3).all()
        assert table["verified"].dtype == bool
    assert (published_unit_costs()["price_year"].str.len() >= 4).all()
    assert all(cost.source and cost.price_year for cost in UNIT_COSTS)
    assert not usable().loc["enhanced_support_all", "verified"]


def test_a_published_effect_of_one_kind_counts_there_only():
    effect = from_published("rushcliffe_residential")
    assert effect.ratios["residential"] == Ratio(0.6, 0.42, 0.86)
    assert effect.ratios["nursing"].estimate == 1
    assert effect.verified
    assert effect.of("kind not known") == "nursing"


def test_an_evaluation_without_an_interval_is_no_distribution():
    row = dict.fromkeys(TIDY, np.nan) | {"overall": "all", "term": "rate_ratio", "estimate": 0.8}
    lone = Effects(tables={"overall": pd.DataFrame([row])}, summary=dict.fromkeys(GLANCE), cells=pd.DataFrame())
    with pytest.raises(AnalysisError, match="gives no interval"):
        from_evaluation(lone, "ward round")


def test_claims_for_ratings_and_delays_are_written_read_listed_and_refused():
    given = {
        "ratings": OnRatings(better=Ratio(1.4, 1.1, 1.8), worse=Ratio(0.8, 0.5, 1.2), source="stated"),
        "delays": OnDelays(ratio=Ratio(0.9, 0.8, 1.0), source="stated", verified=True),
    }
    tried = scenario(offer(**given), offer(name="two"))
    assert read_scenario(to_json(tried)) == tried
    assert read_scenario(to_toml(tried)) == tried
    assert [each.label for each in claims(tried)] == [
        "ward round: effect on moving to a better rating", "ward round: effect on moving to a worse rating",
        "ward round: effect on delayed days",
    ]  # fmt: skip
    listed = published.assumptions(tried).set_index("input")
    row = listed.loc["ward round: effect on moving to a better rating"]
    assert row[["middle", "low", "high"]].tolist() == [1.4, 1.1, 1.8]
    assert listed.loc["ward round: effect on delayed days", "verified"]
    before = to_plain(tried)
    for each in before["offers"]:
        del each["ratings"], each["delays"]
    assert not claims(from_plain(Scenario, before))
    wrong = scenario(offer(
        ratings=OnRatings(better=Ratio(0.9, 1.1, 1.8), worse=Ratio(0.001, 0.0001, 1.0)),
        delays=OnDelays(ratio=Ratio(np.nan, 0.8, 1.0)),
    ))  # fmt: skip
    found = {fault.place: fault.words for fault in faults_with(wrong, AHEAD)}
    assert found["offers[1].ratings.better"].startswith("The effect on moving to a better rating: 0.9 lies outside")
    assert "between 0.02 and 50 times the speed" in found["offers[1].ratings.worse"]
    assert "delayed days needs an estimate and an interval" in found["offers[1].delays.ratio"]


def test_an_effect_on_ratings_comes_from_the_model_of_moves():
    tidy = pd.DataFrame({
        "overall": "all", "term": [RATIO_UP, RATIO_DOWN, "months"], "estimate": [1.5, 0.7, 2.0],
        "std_error": 0.1, "statistic": np.nan, "p_value": np.nan,
        "conf_low": [1.1, 0.4, 1.0], "conf_high": [2.0, 1.2, 3.0],
    })[["overall", *TIDY]]  # fmt: skip
    effects = Effects(
        tables={"overall": tidy}, summary=dict.fromkeys(GLANCE), cells=pd.DataFrame, diagnostics={}, notes=(), call=""
    )
    found = ratings_from(effects, "training")
    assert (found.better, found.worse) == (Ratio(1.5, 1.1, 2.0), Ratio(0.7, 0.4, 1.2))
    none = dataclasses.replace(effects, tables={"overall": tidy.assign(conf_low=np.nan)})
    with pytest.raises(AnalysisError, match="no interval"):
        ratings_from(none, "training")
