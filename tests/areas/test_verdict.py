"""A change is announced where at most one area in twenty has as unusual a year, by every baseline, and no sooner."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.areas import SyntheticControl
from analysis.areas.answer import placebo
from analysis.areas.measures import TOTAL_DELAYS
from analysis.areas.verdict import LAST_MONTHS, AreaVerdict, across_years, baselines, verdict
from analysis.outcomes import AreaMeasure
from analysis.simulate.areas import AreaSpec, simulate_areas
from analysis.words import areas as said
from bench.area_verdicts import REAL, STARTS, TABLE, TREATED, Cell, asked_of, outcomes
from tests.areas.asked import evaluate_area
from tests.costs import draws

COUNTED = pd.read_csv(TABLE)
ALLOWED = 0.05
ANNOUNCED = {"X006", "X010", "X149"}
"""The sample's untouched councils of which a change of all delayed days is announced from April 2021."""
SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "delayed_transfers.csv"


def asked(spec, seed=1, **question):
    panel, treated = simulate_areas(spec, seed)
    code = str(panel.units.index[treated])
    return panel, AreaMeasure(area=code, start=str(panel.months[spec.start]), **question)


def test_each_year_is_ranked_among_the_others_farthest_by_brute_force():
    rng = np.random.default_rng(5)
    theta, scale = rng.standard_normal((23, 3)) * [1, 2, 3], np.exp(rng.standard_normal((23, 3)))
    found = across_years(theta, scale, 4, 0.9)
    t = np.abs(theta / scale)
    u = np.array([[t[i, k] / sorted(t[:, k])[11] for k in range(3)] for i in range(23)])
    farthest = [max(u[i]) for i in range(23) if i != 4]
    for k in range(3):
        assert found.loc[k, "p_value"] == (1 + sum(f >= u[4, k] for f in farthest)) / 23
        # ⌈0.9 × 23⌉ = 21st smallest of 22
        half = sorted(farthest)[20] * sorted(t[:, k])[11] * scale[4, k]
        assert (found.loc[k, "conf_low"], found.loc[k, "conf_high"]) == pytest.approx(
            (theta[4, k] - half, theta[4, k] + half)
        )


def test_of_one_year_it_is_the_rank_itself():
    rng = np.random.default_rng(6)
    theta, scale = rng.standard_normal((30, 1)), np.exp(rng.standard_normal((30, 1)))
    pd.testing.assert_frame_equal(across_years(theta, scale, 3, 0.95), placebo(theta, scale, 3, 0.95))


def test_looking_at_four_years_announces_no_more_than_looking_at_one():
    """Of sets of 40 areas alike in nothing but their spread, any year of the first area is announced in 5%."""
    rng, told, sets = np.random.default_rng(7), [], draws(2_000)
    for _ in range(sets):
        theta = np.cumsum(rng.standard_normal((40, 4)), axis=1) * np.exp(0.5 * rng.standard_normal((40, 1)))
        told.append((across_years(theta, np.ones((40, 4)), 0, 0.95)["p_value"] <= ALLOWED).any())
    assert np.mean(told) == pytest.approx(2 / 40, abs=3 * np.sqrt(0.05 * 0.95 / sets))


def test_baselines_are_all_months_the_last_36_and_24_and_the_one_asked_for():
    panel, question = asked(AreaSpec(n_areas=24, n_months=66, start=42))
    assert list(baselines(panel, question)) == [42, *LAST_MONTHS]
    panel, question = asked(AreaSpec(n_areas=24, n_months=66, start=42), first=str(panel.months[12]), wash_out=2)
    assert list(baselines(panel, question)) == [28, 40, *LAST_MONTHS]
    panel, question = asked(AreaSpec(n_areas=24, n_months=50, start=24))
    assert list(baselines(panel, question)) == [24]


def ranked(*rows):
    names = ["months_before", "asked", "year", "estimate", "p_value"]
    return AreaVerdict(ranked=pd.DataFrame(rows, columns=names).assign(areas=40, low=0.1, high=2.0))


@pytest.mark.parametrize(
    ("rows", "years", "by_some"),
    [
        ([(42, True, 1, 0.5, 0.02), (24, False, 1, 0.6, 0.05)], (1,), ()),
        ([(42, True, 1, 0.5, 0.02), (24, False, 1, 0.6, 0.07)], (), (1,)),
        ([(42, True, 1, 0.5, 0.02), (24, False, 1, 1.6, 0.02)], (), (1,)),
        ([(42, True, 1, 0.5, 0.20), (24, False, 1, 0.6, 0.30)], (), ()),
        ([(42, True, 1, 0.5, 0.20), (42, True, 2, 1.5, 0.02)], (2,), ()),
    ],
)
def test_a_year_stands_where_it_stands_the_same_way_by_every_baseline(rows, years, by_some):
    found = ranked(*rows)
    assert (found.years, found.by_some) == (years, by_some)


def test_a_large_lasting_fall_is_announced_and_its_interval_holds_the_truth():
    panel, question = asked(AreaSpec(n_areas=60, effect=(np.log(0.5),), spread=0.2), seed=3)
    found = verdict(panel, question)
    assert found is not None and found.years == (1, 2)
    assert ((found.asked["conf_low"] < 0.5) & (found.asked["conf_high"] > 0.5) & (found.asked["conf_high"] < 1)).all()
    own = SyntheticControl().fit(panel, _design(panel, question)).diagnostics["intervals"].set_index("year")
    assert found.asked["estimate"].tolist() == pytest.approx(own.loc[[1, 2], "estimate"].tolist())


def _design(panel, question):
    from analysis.areas import choose  # noqa: PLC0415 - beside its one use

    return choose(panel, question).design


def test_eighteen_areas_are_too_few_to_announce_anything():
    panel, question = asked(AreaSpec(n_areas=19, effect=(-1.5,), spread=0.1))
    found = verdict(panel, question)
    assert found is not None and (found.years, found.enough, found.needed) == ((), False, 19)


def test_one_area_alone_has_no_verdict():
    panel, question = asked(AreaSpec(n_areas=2))
    assert verdict(panel, question) is None


@pytest.mark.parametrize("data", STARTS)
def test_of_untouched_councils_at_most_one_in_twenty_has_a_change_announced(data):
    """Every council, measure, start and baseline of the sample and of NHS England's file, as counted by the bench."""
    rows = COUNTED[(COUNTED["data"] == data) & (COUNTED["done"] == "nothing")]
    told = rows[rows["baseline"] == "any"]
    asked = set(zip(told["measure"], told["start"], strict=True))
    assert asked >= {(f"delayed days, {due}", STARTS[data][0]) for due in ("total", "NHS", "both", "social care")}
    assert (told["councils"] > 100).all()
    assert (told["announced"] <= ALLOWED * told["councils"]).all()


def test_a_rule_that_seldom_speaks_still_speaks():
    """A true halving is announced in most councils of the sample, and in the majority by the real file's total."""
    share = COUNTED[COUNTED["baseline"] == "any"].set_index(["data", "measure", "done"])
    share = share["announced"] / share["councils"]
    assert (share.xs("50% fewer", level="done").loc["sample"] > 0.8).all()
    assert share.loc[("real", TOTAL_DELAYS, "50% fewer")] > 0.5
    assert share.loc[("sample", TOTAL_DELAYS, "30% fewer")] > 0.25


@pytest.fixture(scope="module")
def sample():
    return outcomes(SAMPLE)


def told_of(table, cell, code):
    """Whether a change is announced of one council, as the bench asks."""
    return dict(asked_of(table, cell, code, np.random.default_rng(0))).get("any", False)


def test_the_count_is_recounted_here(sample):
    """Those counted in one cell of the table, and every thirtieth council beside them."""
    cell = Cell(data="sample", measure=TOTAL_DELAYS, start=STARTS["sample"][0])
    rows = COUNTED[(COUNTED["baseline"] == "any") & (COUNTED["done"] == "nothing") & (COUNTED["data"] == "sample")]
    counted = rows.set_index(["measure", "start"]).loc[(cell.measure, cell.start), "announced"]
    codes = sorted({*ANNOUNCED, *(f"X{number:03d}" for number in range(1, 150, 30))})
    assert {code for code in codes if told_of(sample, cell, code)} == ANNOUNCED
    assert counted == len(ANNOUNCED)


@pytest.mark.bench
def test_the_headline_of_an_untouched_council_announces_what_the_verdict_does(sample):
    """From the file to the words, for an untouched council whose fall looks large and for one that is announced."""
    for code, first in (("X012", "Whether delayed days in Synthetic council 012 changed"), ("X000", "Delayed days in")):
        found = evaluate_area(sample, TOTAL_DELAYS, AreaMeasure(area=code, start="2021-04"))
        subject = said.AreaSubject(name=found.name, outcome="delayed days", start="April 2021")
        assert said.headline(found.verdict, subject, found.baseline, found.in_time).startswith(first)


@pytest.mark.realdata
def test_the_count_in_the_real_file_is_recounted_here(realdata):
    """Every thirtieth council of NHS England's file, social care: at most one of five may be announced."""
    table = outcomes(realdata / REAL)
    cell = Cell(data="real", measure="delayed days, social care", start=STARTS["real"][0])
    codes = sorted(set(table["area_code"]) - {TREATED["real"]})[::30]
    assert sum(told_of(table, cell, code) for code in codes) <= 1
