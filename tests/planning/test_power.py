"""Power: against what is known of it, reproducible, and to be stopped at any time."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.errors import AnalysisError
from analysis.planning import Background, Study, simulate
from analysis.planning.power import crossing
from analysis.planning.study import allocate
from tests.costs import draws

HOMES = Background(
    rate=np.full(60, 0.0021), bed_days=np.linspace(500, 1500, 60), home_type=np.repeat(["nursing", "residential"], 30),
    season=np.ones(12), growth=0.0, shock_sd=0.3, shock_correlation=0.8, home_cv=0.4,
    following=np.datetime64("2025-01", "M"), events=4000,
)  # fmt: skip
STUDY = Study(supported=15, compared=40, before=12, after=12)


def last(*args, **options):
    *_, end = simulate(*args, **options)
    return end.table


def test_an_interval_of_no_effect_misleads_as_often_as_it_says():
    studies = [STUDY, STUDY.changed(kind="stepped wedge", supported=30)]
    table = last(HOMES, studies, [1.0], sims=draws(1500, 750), seed=1)
    assert table["power"].to_numpy() == pytest.approx(0.05, abs=0.02)  # the default rule: 2% to 6.5% of a true null
    assert table["held"].to_numpy() == pytest.approx(1 - table["power"].to_numpy())


def test_power_is_that_of_the_size_table():
    """10 of 80 homes, 36 months, starts over a year: the full method found a rate ratio of 0.7 in 73% of 1,000 panels.

    That count, and the spread of its error without an effect (bench/size.md), come from panels drawn and fitted one by
    one.
    """
    homes = Background(
        rate=np.full(80, 0.0021), bed_days=np.exp(np.random.default_rng(1).normal(np.log(1000), 0.45, 80)),
        home_type=np.full(80, "residential"), season=np.ones(12), growth=0.0, shock_sd=0.3, shock_correlation=0.8,
        home_cv=0.41, following=np.datetime64("2025-01", "M"), events=1,
    )  # fmt: skip
    study = Study(kind="staggered roll-out", supported=10, compared=70, before=12, after=15, waves=10, gap=1)
    table = last(homes, [study], [0.7, 1.0], sims=750, seed=1).set_index("rate_ratio")
    assert table.loc[1.0, "error_sd"] == pytest.approx(0.124, rel=0.1)
    assert table.loc[0.7, "power"] == pytest.approx(0.73, abs=0.05)


def test_more_homes_more_months_and_larger_effects_are_found_more_often():
    studies = [STUDY, STUDY.changed(supported=30), STUDY.changed(after=24)]
    table = last(HOMES, studies, [0.7, 0.8, 0.9], sims=draws(600, 250), seed=2)
    power = table.pivot_table("power", ["supported", "after"], "rate_ratio")
    assert (np.diff(power, axis=1) < 0).all()
    assert (power.loc[(30, 12)] > power.loc[(15, 12)]).all()
    assert (power.loc[(15, 24)] >= power.loc[(15, 12)]).all()


def test_effects_that_differ_between_homes_are_harder_to_find():
    table = last(HOMES, [STUDY, STUDY.changed(effect_sd=0.4)], [0.75], sims=800, seed=3)
    assert table["error_sd"].iloc[1] > 1.05 * table["error_sd"].iloc[0]


def test_the_same_seed_gives_the_same_power_and_a_stop_keeps_what_was_simulated():
    whole = last(HOMES, [STUDY], [0.8], sims=1500, seed=4)
    pd.testing.assert_frame_equal(whole, last(HOMES, [STUDY], [0.8], sims=1500, seed=4))
    running = simulate(HOMES, [STUDY], [0.8], sims=1500, seed=4)
    first = next(running)
    running.close()
    assert (first.done, first.of) == (1, 6)
    assert first.table["simulations"].tolist() == [250]
    assert first.table["power"].iloc[0] == last(HOMES, [STUDY], [0.8], sims=250, seed=4)["power"].iloc[0]


def test_the_smallest_effect_is_where_the_curve_crosses():
    assert crossing(np.array([0.9, 0.8, 0.7]), np.array([0.4, 0.8, 0.95]), 0.8) == pytest.approx(0.8)
    share = (ndtri(0.9) - ndtri(0.8)) / (ndtri(0.9) - ndtri(0.7))
    between = crossing(np.array([0.7, 0.8, 0.9]), np.array([0.95, 0.9, 0.7]), 0.8)
    assert np.log(between) == pytest.approx(np.log(0.8) + share * np.log(0.9 / 0.8))
    assert np.isnan(crossing(np.array([0.7, 0.8]), np.array([0.5, 0.3]), 0.8))
    assert crossing(np.array([0.7, 0.8]), np.array([1.0, 0.9]), 0.8) == pytest.approx(0.8)


def test_matched_homes_are_more_alike_than_homes_as_they_come():
    rng = np.random.default_rng(1)
    likeness = rng.standard_normal((120, 2))
    study = Study(kind="matched homes", supported=20)
    homes = allocate(study, rng, likeness)
    assert len(set(homes.tolist())) == study.homes == 40
    apart = np.abs(likeness[homes[:20]] - likeness[homes[20:]]).sum(axis=1).mean()
    loose = allocate(study.changed(kind="comparison homes", compared=20), rng, likeness)
    assert apart < 0.5 * np.abs(likeness[loose[:20]] - likeness[loose[20:]]).sum(axis=1).mean()


def test_a_study_larger_than_the_panel_is_made_of_homes_like_its_own():
    homes = allocate(Study(supported=50, compared=50), np.random.default_rng(1), np.zeros((40, 1)))
    assert np.bincount(homes, minlength=40).min() >= 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"supported": 0}, "At least 3 homes must be supported"),
        ({"compared": 0}, "At least 3 homes to compare with"),
        ({"before": 1}, "At least 2 months before"),
        ({"after": 1}, "At least 2 months with the intervention"),
        ({"kind": "stepped wedge", "waves": 1}, "at least 2 waves"),
        ({"kind": "stepped wedge", "waves": 9, "supported": 5}, "more waves than supported homes"),
        ({"kind": "staggered roll-out", "gap": 0}, "at least 1 month apart"),
        ({"after": 400}, "at most 120 can be planned"),
        ({"supported": 30_000}, "At most 2,000 homes"),
        ({"effect_sd": 3.0}, "between 0 and 1"),
    ],
)
def test_a_study_that_makes_no_sense_is_refused_in_words(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        STUDY.changed(**wrong)


@pytest.mark.parametrize(("ratio", "words"), [(4.0, "three times as many"), (-1.0, "95%"), (0.0, "95%")])
def test_an_effect_beyond_reason_is_refused_in_words(ratio, words):
    with pytest.raises(AnalysisError, match=words):
        next(simulate(HOMES, [STUDY], [ratio], sims=10, seed=1))
