"""Whoever chooses homes by last year's luck is disappointed by about as much as luck alone says."""

import numpy as np
import pytest

from analysis.baseline import baseline_of
from analysis.errors import AnalysisError
from analysis.simulate import PanelSpec, simulate_panel
from analysis.targeting.benefit import ALL, YearlyOffer, benefits
from analysis.targeting.choice import Capacity, choose
from analysis.targeting.contest import HIGHEST, LEARNED, RAW, TARGETED, contest, record
from analysis.targeting.entry_rule import FEATURES, entry_rule

VALUE, COST = 3_400.0, 4_200.0
SAME = YearlyOffer(effect={ALL: (0.8, 0.8, 0.8)}, value=VALUE, cost_per_home=0)
HOMES = {"starts": (), "nursing_share": 0.0, "home_cv": 0.3, "shock_sd": 0.0, "winter": 0.0, "trend": 0.0}


def drawn(seed, **spec):
    panel, _ = simulate_panel(PanelSpec(**HOMES | {"n_homes": 120, "n_months": 72} | spec), seed)
    return panel, np.ones(panel.counts.shape, bool)


def judged(panel, without, leads):
    return contest(record(panel, without, seed=1), SAME, Capacity(leads=leads), seed=1).table


def test_targeting_is_judged_by_what_it_promised_and_the_worst_homes_fall_back():
    panel, without = drawn(1)
    found = judged(panel, without, 2).set_index("rule")
    worst, targeted, raw = (found.loc[rule] for rule in (HIGHEST, TARGETED, RAW))
    assert worst["averted_delivered"] < 0.9 * worst["averted_promised"]
    assert raw["delivered"] < raw["promised"]
    assert targeted["delivered"] >= raw["delivered"]
    assert found.loc[RAW, "gain_low"] <= found.loc[RAW, "gain"] <= found.loc[RAW, "gain_high"]
    assert found.loc[RAW, "gain"] == pytest.approx(targeted["delivered"] - raw["delivered"])
    assert found.loc[TARGETED, ["gain", "gain_low", "gain_high"]].tolist() == [0, 0, 0]


def test_what_a_rule_delivers_stands_with_the_interval_that_a_sum_over_homes_drawn_anew_has():
    """Against the normal one of a sum over n homes, ± 1.96 √(n Σ(b − b̄)² / n), for the rule that chooses every home."""
    panel, without = drawn(1)
    known = record(panel, without, seed=1)
    row = contest(known, SAME, Capacity(leads=200), seed=1).table.set_index("rule").loc["most admissions last year"]
    per_home = [cut.eligible * VALUE * 0.2 * cut.followed for cut in known.cuts]
    b = np.mean(per_home, axis=0)
    assert row["delivered"] == pytest.approx(b.sum())
    half = 1.96 * np.sqrt(len(b)) * b.std()
    assert row["delivered_low"] == pytest.approx(b.sum() - half, rel=0.01)
    assert row["delivered_high"] == pytest.approx(b.sum() + half, rel=0.01)


@pytest.mark.bench
def test_shrinking_buys_something_where_last_year_is_mostly_luck():
    """Small homes that differ little: averaged over panels, shrinking must win."""
    gains = []
    for seed in range(4):
        panel, without = drawn(seed, median_beds=18, home_cv=0.25, n_homes=200)
        found = judged(panel, without, 3).set_index("rule")
        gains.append(found.loc[RAW, "gain"])
    assert np.mean(gains) > 2 * np.std(gains) / np.sqrt(len(gains))


def test_a_machine_does_not_beat_the_model_that_made_the_data():
    panel, without = drawn(2)
    learned = judged(panel, without, 2).set_index("rule").loc[LEARNED]
    assert learned["cuts"] == 3  # nothing was learnt before the first
    assert learned["gain"] > -0.02 * learned["delivered"]


def test_nothing_that_follows_a_cut_is_known_at_it():
    panel, _ = drawn(3, n_months=48)
    changed = panel.counts.copy()
    changed[:, 36:] = np.random.default_rng(1).permutation(changed[:, 36:], axis=0)
    before = panel.of(months=slice(36))
    told = {name: getattr(panel, name) for name in _FIELDS} | {"counts": changed, "digest": ""}
    other = type(panel)(**told).of(months=slice(36))
    assert before.digest == other.digest
    assert np.array_equal(
        benefits(baseline_of(before), SAME, draws=50, seed=1).net,
        benefits(baseline_of(other), SAME, draws=50, seed=1).net,
    )


_FIELDS = ("units", "months", "counts", "exposure", "outcome", "exposure_unit", "facts")


def test_less_than_three_years_cannot_judge():
    panel, without = drawn(1, n_months=30)
    with pytest.raises(AnalysisError, match="at least 36 months"):
        record(panel, without, seed=1)


def test_what_is_averted_adds_up_and_one_doubt_is_shared():
    panel, without = drawn(4)
    baseline = baseline_of(panel, without)
    sure = benefits(baseline, SAME, draws=4000, seed=1)
    assert sure.averted.mean(axis=1) == pytest.approx(0.2 * sure.expected, rel=0.05)
    unsure = benefits(
        baseline, YearlyOffer(effect={ALL: (0.8, 0.6, 1.07)}, value=VALUE, cost_per_home=COST), draws=4000, seed=1
    )
    everyone = np.ones(len(panel.units), bool)
    mean, low, high = unsure.interval(everyone, "averted")
    assert low < 0.1 * mean < mean < high  # adding up homes does not make the doubt of the effect go away
    assert 0.9 < unsure.worthwhile.mean() < 1 or unsure.worthwhile.std() < 0.2


def test_a_plain_rule_keeps_most_of_the_optimum_and_fits_the_capacity():
    panel, without = drawn(5)
    baseline, capacity = baseline_of(panel, without), Capacity(leads=3)
    offered = benefits(baseline, YearlyOffer(effect={ALL: (0.8, 0.7, 0.92)}, value=VALUE, cost_per_home=COST), seed=1)
    needs, limits = capacity.needs(offered.residents, offered.cost), capacity.limits()
    best = choose(offered.mean, needs, limits)
    rule = entry_rule(panel, baseline, offered, capacity, best)
    # a rate, fair to small homes, keeps less than a count, which large ones have: 0.69 here, where a count kept 0.85
    assert 0.65 < rule.share_of_worth <= 1 + 1e-9
    assert all(needs[name][rule.qualifies].sum() <= limits[name] for name in limits)
    assert rule.feature in FEATURES
    assert rule.goal[1] < rule.goal[0] < rule.goal[2]
    assert rule.goal[0] == pytest.approx(0.8 * rule.expected[0], rel=0.02)


def test_no_rule_is_made_where_nothing_is_worth_it():
    panel, without = drawn(6)
    baseline, capacity = baseline_of(panel, without), Capacity(leads=3)
    offered = benefits(baseline, YearlyOffer(effect={ALL: (1.2, 1.1, 1.3)}, value=VALUE, cost_per_home=COST), seed=1)
    none = choose(offered.mean, capacity.needs(offered.residents, offered.cost), capacity.limits())
    assert entry_rule(panel, baseline, offered, capacity, none) is None
    assert not choose(offered.mean, capacity.needs(offered.residents, offered.cost), capacity.limits()).chosen.any()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"value": -1.0}, "between £0 and £100,000"), ({"cost_per_home": -1.0}, "between £0 and £1,000,000"),
     ({"effect": {ALL: (0.8, 0.9, 1.0)}}, "must hold the effect")],
)  # fmt: skip
def test_an_offer_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        YearlyOffer(**{"effect": {ALL: (0.8, 0.8, 0.8)}, "value": VALUE, "cost_per_home": COST} | wrong)
