"""The Isle of Wight's delayed transfers, from the published file: every figure that is known, and every method."""

import time

import pandas as pd
import pytest

from analysis.areas.measures import TOTAL_DELAYS
from analysis.outcomes import AreaMeasure
from analysis.questions.area_methods import METHODS
from analysis.sources import read
from analysis.store import Store
from analysis.words import areas as said
from tests.areas.asked import evaluate_area
from tests.costs import in_the_proof

pytestmark = pytest.mark.realdata
ISLAND = AreaMeasure(area="E06000046", start="2017-04")
SOCIAL = "delayed days, social care"


@pytest.fixture(scope="module")
def outcomes(realdata):
    store, name = Store.in_memory(), "delayed_transfers_la_month.csv"
    store.load(read(name, realdata / name))
    return store.table("area_outcomes")


@pytest.fixture(scope="module")
def total(outcomes):
    return evaluate_area(outcomes, TOTAL_DELAYS, ISLAND, claimed=0.55)


@pytest.fixture(scope="module")
def social(outcomes):
    return evaluate_area(outcomes, SOCIAL, ISLAND, claimed=0.55)


def test_falls_ranks_and_england_as_they_are_known(total):
    first, second = total.baseline.falls.to_dict("records")
    assert round(100 * first["change"]) == -47 and (first["rank"], first["areas"]) == (4, 149)
    assert round(100 * first["national_change"]) == -12
    assert round(100 * second["change"], 1) == -25.9 and (second["rank"], second["areas"]) == (73, 149)
    assert round(100 * second["national_change"], 1) == -26.2
    assert round(100 * first["since_two_years_before"]) == -26


@pytest.mark.bench
def test_falls_and_ranks_of_delays_for_social_care_as_they_are_known(social):
    first, second = social.baseline.falls.to_dict("records")
    assert round(100 * first["change"]) == -64 and (first["rank"], first["areas"]) == (8, 119)
    assert round(100 * second["change"], 1) == -33.2 and round(100 * second["national_change"], 1) == -36.4
    assert round(100 * first["since_two_years_before"]) == 18


@pytest.mark.bench
def test_the_rise_alone_and_how_common_such_a_fall_was(total, social):
    second = total.baseline.falls.iloc[1]
    assert (round(second["r"], 2), round(100 * second["predicted"])) == (-0.30, -27)
    assert social.baseline.falls["claimed_or_larger"].tolist() == [12, 43]
    assert round(social.baseline.rise, 1) == 3.3


def test_the_years_hardly_reported_are_left_out_by_the_stated_rule(total):
    own = total.evaluation.design.design.included[total.evaluation.observed.panel.units.index.get_loc("E06000046")]
    left = pd.Series(total.evaluation.observed.panel.months[~own]).astype("datetime64[s]")
    assert set(left.dt.strftime("%Y-%m")) >= {"2011-04", "2012-03", "2013-03"}
    assert left.max() < pd.Timestamp("2013-10-01") and own[left.size :].all()
    assert total.baseline.years.set_index("year").loc[[-6, -5], "value"].isna().all()
    assert "less than 20% of its own median half year" in total.evaluation.design.notes[0]


@pytest.mark.bench
@pytest.mark.parametrize("measure", ["total", "social"])
def test_every_method_finds_a_large_fall_in_the_first_year(request, measure):
    years = request.getfixturevalue(measure).years
    first = years[years["year"] == 1]
    assert set(first["method"]) == set(METHODS)
    assert (first["estimate"] < 0.75).all()
    assert (first["conf_low"] < first["estimate"]).all() and (first["estimate"] < first["conf_high"]).all()


def test_by_the_second_year_the_methods_that_compare_see_nothing_left(total):
    second = total.years[total.years["year"] == 2].set_index("method")
    assert (second.loc[~second["extends_trend"].astype(bool), "estimate"] > 1).all()
    # what the extrapolating methods still see, chance gives too: no interval by ranking leaves out no difference
    assert ((second["conf_low"] < 1) & (second["conf_high"] > 1)).all()
    assert second.loc["Time series alone, Newey–West", "false_alarms"] > 50


@pytest.mark.parametrize(
    ("measure", "place"),
    [("total", "4th largest fall of 149"), in_the_proof("social", "8th largest fall of 119", name="social")],
)
def test_no_change_is_announced_because_chance_gives_as_much(request, measure, place):
    """4th of 149 by plain fall in the first year, and 15th to 33rd once each area's ordinary swings are allowed for."""
    found = request.getfixturevalue(measure)
    assert found.verdict.years == () and found.verdict.by_some == ()
    assert ((found.verdict.ranked["conf_low"] < 1) & (found.verdict.ranked["conf_high"] > 1)).all()
    subject = said.AreaSubject(name=found.name, outcome="delayed days", start="April 2017")
    assert said.headline(found.verdict, subject, found.baseline, found.in_time) == (
        "Whether delayed days in Isle of Wight changed from April 2017 on cannot be told from what happens among areas "
        "where nothing was done."
    )
    told = " ".join(said.sentences(found, subject))
    assert "A large fall was measured in the year from April 2017: all 8 methods put" in told and place in told
    assert "so chance cannot be ruled out" in told and "The year before the start was a spike" in told


def test_what_was_seen_and_what_was_left_of_it_is_told_after(total):
    subject = said.AreaSubject(name=total.name, outcome="delayed days", start="April 2017")
    told = " ".join(said.sentences(total, subject))
    assert "in the second year the methods that compare with other areas see little or nothing of it" in told
    assert "between 15th and 33rd, by method, among 148" in told
    assert told.count(". ") == 2


@pytest.mark.bench
def test_months_without_any_event_before_the_start_are_told(total, social):
    assert any(
        "In 8 of the 42 months before the start the area had no event at all" in n
        for n in social.evaluation.design.notes
    )
    assert not any("no event at all" in note for note in total.evaluation.design.notes)


@pytest.mark.bench
def test_the_own_interval_of_no_method_shrinks_to_a_point(social):
    """Walking out from an estimate that was itself rejected gave "0.59 to 0.59" beside p = .45."""
    own = social.years.dropna(subset=["own_low", "own_p"])
    assert ((own["own_low"] < 1) & (own["own_high"] > 1)).equals(own["own_p"] > 0.05)
    assert (own["own_high"] > own["own_low"] * 1.1).all()


@pytest.mark.bench
def test_all_methods_with_placebos_for_every_area_take_seconds(outcomes, total):
    started = time.process_time()
    found = evaluate_area(outcomes, TOTAL_DELAYS, ISLAND)
    assert time.process_time() - started < 10
    assert len(found.evaluation.answers) == len(METHODS)
