"""Are rate ratios and shares those of R, of statsmodels, and of counting by hand?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from analysis.design import Plan
from analysis.inference.incidence import aalen_johansen
from analysis.inference.weighted_poisson import fit, uncertainty
from analysis.outcomes import Residents
from analysis.residents import MatchedResidents, cohort_from
from analysis.residents.ends import by_horizon, waits
from analysis.residents.rates import rate_ratio
from analysis.residents.records import records_of
from tests.residents.conftest import same

STORED = Path(__file__).resolve().parents[1] / "reference" / "r"  # by tests/reference/matched_residents.R
R_PRINTS = 1e-7


@pytest.fixture(scope="module")
def people():
    return pd.read_csv(STORED / "residents.csv")


@pytest.fixture(scope="module")
def told():
    return pd.read_csv(STORED / "residents_told.csv", skipinitialspace=True)


def test_the_rate_ratio_and_its_clustered_error_are_those_of_r(people, told):
    X = np.column_stack([np.ones(len(people)), people[["supported", "conditions"]]])
    y, days, w = (people[name].to_numpy(float) for name in ("emergency_admissions", "at_risk", "weight"))
    found = fit(y, X, days, w)
    theirs = told.set_index("what")["estimate"]
    assert found.beta[1] == pytest.approx(theirs["log_ratio"], rel=R_PRINTS)
    assert uncertainty(found, X, pd.factorize(people["home"])[0], 1).cr1 == pytest.approx(theirs["cr1"], rel=R_PRINTS)


@pytest.mark.parametrize("side", [1, 0])
def test_shares_with_death_as_an_end_of_its_own_are_those_of_r(people, told, side):
    own = people.loc[people["supported"] == side]
    alone = own.assign(home=range(len(own)))  # R's jackknife is resident by resident
    at = np.array([60.0, 180.0])
    for what, until, cause in (("admitted", "died_before_admission", 0), ("died_first", "died_before_admission", 1),
                               ("died", "died", 0)):  # fmt: skip
        found = aalen_johansen(waits(alone, until), at)
        theirs = told.loc[(told["what"] == what) & (told["side"] == side)]
        np.testing.assert_allclose(found.estimate[:, cause], theirs["estimate"], rtol=R_PRINTS)
        np.testing.assert_allclose(found.std_error[:, cause], theirs["std_error"], rtol=R_PRINTS)


def test_shares_of_the_matched_are_those_of_statsmodels(known):
    own = known.cohort.residents.loc[known.cohort.residents["supported"]]
    time = own["first_admission"].fillna(own["days"])
    status = np.where(own["first_admission"].notna(), 1, np.where(own["died"], 2, 0))
    with np.errstate(divide="ignore", invalid="ignore"):  # in its errors at the last day, which are not asked for
        theirs = CumIncidenceRight(time, status)
    horizon = by_horizon(known.cohort).set_index("end")
    reached = theirs.times <= known.cohort.outcome.horizon
    for end, curve in zip(("first_admission", "died_before_admission"), theirs.cinc, strict=True):
        assert horizon.loc[end, "supported"] == pytest.approx(curve[reached][-1], rel=1e-12)


def test_without_anything_to_adjust_for_the_ratio_is_that_of_two_rates_by_hand(known):
    people = known.cohort.residents
    found = rate_ratio(known.cohort, "emergency_admissions", adjust=False)
    totals = people.assign(y=people["emergency_admissions"] * people["weight"], d=people["at_risk"] * people["weight"])
    by = totals.groupby("supported")[["y", "d"]].sum()
    assert np.exp(found.log_ratio) == pytest.approx(by["y"][True] / by["d"][True] / (by["y"][False] / by["d"][False]))
    assert found.events == pytest.approx((by["y"][True], by["y"][False]))


def test_averted_and_the_difference_follow_from_the_ratio(known):
    tidy = known.effects.tidy().set_index("term")["estimate"]
    counted = known.effects.diagnostic("residents").set_index("outcome").loc["emergency_admissions"]
    observed, days = counted["events_supported"], counted["days_supported"]
    assert tidy["admissions_averted"] == pytest.approx(observed / tidy["rate_ratio"] - observed)
    difference = tidy["rate_difference_per_1000_resident_days"]
    assert difference == pytest.approx(-1000 * tidy["admissions_averted"] / days)


def test_names_of_homes_and_people_and_the_order_of_rows_change_nothing_but_lots(known):
    exact = Residents(exact_on=("home_type", "sex"), match_on=())  # nothing is taken by lot
    plan = Plan(intervention="support")
    whole = cohort_from(known.records, known.spells, plan, exact)
    names = {home: f"Z{place}" for place, home in enumerate(reversed(known.homes.index))}
    stays = known.stays.assign(location_id=known.stays["location_id"].map(names), person=known.stays["person"] + "x")
    went = known.admissions.assign(person=known.admissions["person"] + "x").sample(frac=1, random_state=1)
    homes = known.homes.rename(index=names)
    records = records_of(stays.sample(frac=1, random_state=2), went, same, homes)
    spells = known.spells.assign(location_id=known.spells["location_id"].map(names))
    again = cohort_from(records, spells, plan, exact)
    ours, theirs = (MatchedResidents().fit(known.records, c).tidy() for c in (whole, again))
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-9)


def test_exact_matching_weighs_each_stratum_by_hand(known):
    exact = Residents(exact_on=("home_type", "sex"), match_on=())
    people = cohort_from(known.records, known.spells, Plan(intervention="support"), exact).residents
    size = people.groupby(["quarter", "home_type", "sex", "supported"]).size()
    others = people.loc[~people["supported"]].set_index(["quarter", "home_type", "sex"])["weight"]
    expected = (size.xs(True, level=3) / size.xs(False, level=3)).reindex(others.index)
    np.testing.assert_allclose(others, expected)


def test_two_others_for_each_count_half(known):
    cohort = cohort_from(known.records, known.spells, Plan(intervention="support", matches=2), Residents())
    people = cohort.residents
    assert set(people.loc[~people["supported"], "weight"]) == {0.5, 1.0}
    sums = people.groupby("supported")["weight"].sum()
    assert sums[True] == pytest.approx(sums[False])


def test_deaths_are_counted_once_and_no_longer_than_followed(known):
    people = known.cohort.residents
    row = known.effects.diagnostic("residents").set_index("outcome").loc["deaths"]
    assert row["events_supported"] == people.loc[people["supported"], "died"].sum()


def test_one_home_on_a_side_has_no_interval(known):
    people = known.cohort.residents
    largest = people.loc[people["supported"], "home"].mode()[0]
    some = (~people["supported"] | (people["home"] == largest)).to_numpy(bool)
    one = replace(
        known.cohort, residents=known.cohort.residents.loc[some], covariates=known.cohort.covariates.loc[some]
    )
    assert rate_ratio(one, "emergency_admissions", adjust=True).error is None
    assert by_horizon(one)["conf_low"].isna().all()
