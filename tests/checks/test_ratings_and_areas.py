"""Doubts about ratings and about areas, where the answer is known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.areas.measures import TOTAL_DELAYS
from analysis.areas.synthetic import SYNTHETIC
from analysis.areas.year_before import examine, years_from
from analysis.checks.few_supported import few_supported
from analysis.checks.lasted import lasted
from analysis.checks.methods_agree import methods_agree
from analysis.checks.more_than_chance import more_than_chance
from analysis.checks.not_rated_again import not_rated_again
from analysis.checks.one_area_left_out import one_area_left_out
from analysis.checks.other_months_before import other_months_before
from analysis.checks.other_support import BEFORE, BETWEEN, other_support
from analysis.checks.placebo_in_time import placebo_in_time
from analysis.checks.spike_before import spike_before, spike_concern
from analysis.design import Plan
from analysis.evaluation import material
from analysis.outcomes import AreaMeasure
from analysis.ratings import ObservedExpected
from analysis.ratings.support import fit
from analysis.results import TIDY, Effects
from analysis.sources import read
from analysis.store import Store
from tests.areas.asked import evaluate_area
from tests.areas.test_questions import outcomes
from tests.fitted import on
from tests.ratings.test_support import KNOWN, SUPPORTED, supported

FALL = 0.4


def asked(change=None):
    table = outcomes(areas=24, seed=3, change=change)
    return evaluate_area(table, TOTAL_DELAYS, AreaMeasure(area="E00000000", start="2017-04")).evaluation.fitted


@pytest.fixture(scope="module")
def quiet():
    return asked()


@pytest.fixture(scope="module")
def fell():
    """The first area falls to two fifths in its first year, and is back in the second."""

    def change(counts):
        counts[0, 48:60] = np.round(FALL * counts[0, 48:60])

    return asked(change)


def test_a_large_fall_stands_and_nothing_does_not(quiet, fell):
    assert more_than_chance(quiet).passed is False
    found = more_than_chance(fell)
    assert found.passed is True
    assert "a change stands in year 1" in found.reading


def test_a_fall_that_went_is_told_and_nothing_could_not_last(quiet, fell):
    found = lasted(fell)
    assert found.passed is False
    assert "from year 2 on little or nothing of it is left" in found.reading
    assert lasted(quiet).passed is None


def test_the_year_before_and_the_year_early_are_quiet(fell):
    assert spike_before(fell).passed is True
    early = placebo_in_time(fell)
    assert early.passed is True and "2016-04" in str(early.table["start"].iloc[0])


def test_a_spike_before_the_start_is_a_concern():
    def change(counts):
        counts[0, 36:48] *= 2

    found = spike_before(asked(change))
    assert found.passed is False
    assert "may be the way back" in found.reading


def test_a_rise_that_all_areas_had_is_no_spike_and_one_that_many_had_is_left_to_the_reader(fell):
    """In April 2017 England stood 1.48 times above its earlier years, and a council at 1.33 was told of a spike."""
    found = fell.judged.baseline
    for spike, all_areas, rank, passed, said in (
        (1.33, 1.48, 80, True, "allowed for"),
        (1.05, 1.02, 60, True, "no mere way back"),
        (1.85, 1.48, 30, None, "as far as it, or further, in 30 of 144 areas: many areas rise so"),
        (2.40, 1.48, 3, False, "in 3 of 144 areas: part of a fall"),
        (1.30, np.nan, 3, False, "part of a fall"),
    ):
        known = replace(found, spike=spike, national_spike=all_areas, spike_rank=rank, spike_areas=144)
        check = spike_before(replace(fell, effects=fell.effects, judged=replace(fell.judged, baseline=known)))
        assert check.passed is passed, (spike, check.reading)
        assert said in check.reading


@pytest.mark.realdata
def test_of_real_councils_one_in_ten_is_told_of_a_spike(realdata):
    path, store = realdata / "delayed_transfers_la_month.csv", Store.in_memory()
    store.load(read(path.name, path))
    observed = material(store, AreaMeasure(area="E06000046", start="2017-04", measure=TOTAL_DELAYS)).observed
    years = years_from(observed.panel, "2017-04", observed.returns)
    known = years.units.index[np.isfinite(years.values[:, years.year == -1][:, 0])]
    found = [examine(years, area) for area in known]
    assert sum(each.is_spike for each in found) > 0.6 * len(found)  # above their own years, as all England was
    assert 0.05 < np.mean([spike_concern(each) is False for each in found]) < 0.12


def test_a_change_that_stands_by_every_baseline_is_not_said_to_stand_by_some(fell):
    """Of Warrington in 2017 year 2 stood by all three baselines, and was told to stand by some and not by others."""
    ranked = fell.judged.verdict.ranked
    year = int(ranked["year"].max())
    one = ranked["months_before"] == ranked["months_before"].min()
    turned = ranked.assign(p_value=ranked["p_value"].where((ranked["year"] != year) | one, 0.9))
    turned = turned.assign(p_value=turned["p_value"].where((turned["year"] != year) | ~one, 0.01))
    judged = replace(fell.judged, verdict=replace(fell.judged.verdict, ranked=turned))
    found = other_months_before(replace(fell, judged=judged))
    first = judged.verdict.years[0]
    assert judged.verdict.by_some == (year,) and first != year
    assert found.passed is True
    assert (
        f"the rate ratio of year {first} is" in found.reading and "the change stands by each of them" in found.reading
    )
    assert f"In year {year} a change stands by some and not by others, and none is announced." in found.reading


def test_methods_that_part_are_told(fell):
    assert methods_agree(fell).passed is True
    one = next(iter(fell.answers))
    turned = fell.answers[one].diagnostics["intervals"].assign(estimate=1.2)
    parted = {**fell.answers, one: replace(fell.answers[one], diagnostics={"intervals": turned})}
    found = methods_agree(replace(fell, answers=parted))
    assert found.passed is False
    assert "an answer that hangs on the method is not an answer yet" in found.reading


def test_methods_part_only_where_one_that_tells_a_difference_is_opposed_by_more_than_an_error():
    def said(*rows):
        table = pd.DataFrame(rows, columns=["estimate", "conf_low", "conf_high"]).assign(term="rate_ratio")
        answers = {str(n): on_its_own(table.iloc[[n]]) for n in range(len(table))}
        return methods_agree(replace(on(None, None, None, next(iter(answers.values()))), answers=answers))

    tells, hardly, opposed = (1.7, 1.2, 2.4), (0.6, 0.02, 18.0), (0.6, 0.3, 1.2)
    assert said(tells, hardly).passed is True
    assert "by less than their own error" in said(tells, hardly).reading
    assert said(tells, opposed).passed is False
    assert said((1.1, 0.8, 1.5), opposed).passed is None
    assert "so chance puts them" in said((1.1, 0.8, 1.5), opposed).reading
    assert said(tells, (1.1, 0.8, 1.5)).passed is True


def on_its_own(table):
    """Give an answer that leads with a row."""
    return Effects(tables={"overall": table.reindex(columns=["overall", *TIDY])}, summary={}, cells=pd.DataFrame())


def test_a_change_that_one_area_makes_is_a_concern(quiet, fell):
    assert one_area_left_out(quiet).passed is None
    found = one_area_left_out(fell)
    assert found.passed is True and found.table["estimate"].max() < 0.7
    whole = fell.answers[SYNTHETIC]
    table = whole.diagnostics["leave_one_out"]
    lost = table.copy()
    lost.loc[lost.index[0], 1] = 0.98
    parted = replace(whole, diagnostics={**whole.diagnostics, "leave_one_out": lost})
    told = one_area_left_out(replace(fell, answers={**fell.answers, SYNTHETIC: parted}))
    assert told.passed is False
    assert f"Without {table['name'].iloc[0]} more than half of it is gone" in told.reading


def test_a_change_by_every_number_of_months_before_the_start(quiet, fell):
    found = other_months_before(fell)
    assert found.passed is True and len(set(found.table["months_before"])) > 1
    assert "the change stands by each of them" in found.reading
    assert other_months_before(quiet).passed is None


def test_a_method_without_an_interval_neither_agrees_nor_disagrees():
    """The table of an answer without an interval still has its estimate, which says nothing of chance."""
    fitted = rated()
    bare = fitted.effects.tidy().assign(conf_low=float("nan"), conf_high=float("nan"))
    silent = replace(fitted.effects, tables={**fitted.effects.tables, "overall": bare})
    found = methods_agree(replace(fitted, answers={"observed_expected": fitted.effects, "next_rating": silent}))
    assert found.passed is None
    assert found.reading.startswith("1 of the methods has an answer with an interval")


@cache
def rated(*more, **plan):
    support = supported(*more, **plan)
    model = ObservedExpected()
    return on(KNOWN, support, model, fit(model, KNOWN, support))


def test_other_interventions_of_supported_homes_are_counted_by_when_they_began():
    found = other_support(rated(("a", "ward round", "2017-01-01"), ("b", "ward round", "2017-06-01"),
                                ("c", "ward round", "2018-06-01")))  # fmt: skip
    assert found.table.set_index("group")["homes"].loc[[BEFORE, BETWEEN]].tolist() == [1, 1]
    assert found.passed is False and "2 of 4 homes with the intervention had another one too" in found.reading
    assert other_support(rated()).passed is None
    kept = other_support(
        rated(("a", "ward round", "2017-01-01"), plan=Plan(intervention="training", others="estimate"))
    )
    assert "the answer is net of it" in kept.reading


def test_few_supported_homes_and_homes_missing_from_the_answer_are_told():
    assert few_supported(rated()).passed is False
    found = not_rated_again(rated())
    used = int(rated().effects.summary["n_treated"])
    assert f"{used} of {len(SUPPORTED)} supported homes" in found.reading
    assert found.passed is (used / len(SUPPORTED) >= 0.8)


def test_what_became_of_supported_homes_adds_up():
    found = not_rated_again(rated()).table
    assert isinstance(found, pd.DataFrame)
    assert found["homes"].sum() == len(SUPPORTED)
