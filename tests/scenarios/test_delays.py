"""Delayed days go on as each council's own past, times what is claimed; what is missing is said."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.areas.measures import TOTAL_DELAYS
from analysis.baseline import days_in
from analysis.missing import Missing
from analysis.scenarios import Draws, Range, Ratio, project
from analysis.scenarios.claimed import OnDelays
from analysis.scenarios.days import by_month, rows
from analysis.scenarios.delays import NOT_LOADED, delays_of, project_delays
from tests.scenarios.conftest import offer, scenario

LESS = OnDelays(ratio=Ratio(0.8, 0.8, 0.8), source="stated")
AREA = "Marlshire"


@pytest.fixture(scope="module")
def two_councils(county_baseline):
    """The county's homes, every other one in a second council."""
    area = np.where(np.arange(len(county_baseline.units)) % 2, AREA, "Elsewhere")
    return dataclasses.replace(county_baseline, units=county_baseline.units.assign(area=area))


def reported(last="2023-09", n=60, names=(AREA, "Elsewhere")):
    """Delayed days that hardly move but for the length of the month: 10 people a day in the first, 20 in the second."""
    period = pd.period_range(end=last, periods=n, freq="M").to_timestamp()
    wobble = np.exp(0.01 * np.random.default_rng(2).standard_normal(n))
    frames = [
        pd.DataFrame({
            "area_code": f"X00{k}", "area_name": name, "measure": TOTAL_DELAYS, "months": 1, "period": period,
            "value": (10 * (k + 1) * period.days_in_month * wobble).round(),
        })
        for k, name in enumerate(names)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def laid(baseline, outcomes, levels, *given, **kind):
    projection = project(baseline, scenario(*given, **kind), levels=levels)
    learned = delays_of(outcomes, baseline.units["area"].unique(), Draws())
    return project_delays(learned, baseline, projection), projection


def test_the_councils_of_the_homes_go_on_as_they_were(two_councils, levels):
    found, projection = laid(two_councils, reported(), levels)
    days = days_in(projection.months)
    np.testing.assert_allclose(np.median(found.without, axis=1), 30 * days, rtol=0.02)
    assert found.counted == "2 councils"
    assert not found.claimed
    assert (found.averted == 0).all()


def test_what_is_claimed_builds_up_and_ends_and_is_of_the_offers_own_councils(two_councils, levels):
    one = offer(delays=LESS, ramp_months=4, end="2024-12")
    found, projection = laid(two_councils, reported(), levels, one, months=24)
    share = one.share(projection.months)[:, None]
    np.testing.assert_allclose(found.averted, found.without * (1 - 0.8**share), rtol=1e-9)
    assert found.claimed
    here = offer(delays=LESS, who=dataclasses.replace(one.who, area=AREA))
    there = offer(name="two", who=dataclasses.replace(one.who, area="Elsewhere"))
    apart, _ = laid(two_councils, reported(), levels, here, there)
    assert np.median(apart.averted.sum(0)) == pytest.approx(0.2 * 10 * days_in(projection.months).sum() * 1.5, rel=0.03)


def test_two_claims_meet_as_admissions_do(two_councils, levels):
    half = OnDelays(ratio=Ratio(0.6, 0.6, 0.6), source="stated")
    both = offer(delays=half), offer(name="two", delays=half)
    for overlap, ratio in (("multiply", 0.5), ("best only", 0.6)):
        found, _ = laid(two_councils, reported(), levels, *both, overlap=overlap)
        np.testing.assert_allclose(found.averted, found.without * (1 - ratio), rtol=1e-9)


def test_nothing_delivered_is_no_difference(two_councils, levels):
    found, _ = laid(two_councils, reported(), levels, offer(delays=LESS, fidelity=Range(0, 0)))
    assert (found.averted == 0).all()


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (reported().assign(measure="another"), NOT_LOADED),
        (reported(names=(AREA,)), "no delayed days to go by for Elsewhere"),
        (reported(n=20), "too few months"),
        (reported(last="2020-02"), "end in February 2020, more than 24 months before January 2024"),
        (reported(last="2024-06"), "go on to June 2024, past the first month"),
    ],
)
def test_what_is_missing_is_said_with_what_to_load(two_councils, levels, outcomes, said):
    found, _ = laid(two_councils, outcomes, levels)
    assert isinstance(found, Missing)
    assert said in found.reason
    assert rows("Delayed days", found)[0][-1].startswith("not available: ")


def test_rows_and_months_carry_their_intervals(two_councils, levels):
    claimed, projection = laid(two_councils, reported(), levels, offer(delays=LESS))
    plain, _ = laid(two_councils, reported(), levels)
    named = {"a": claimed, "b": plain, "c": Missing("load it")}
    lines = by_month(named)
    T = len(projection.months)
    assert lines.groupby(["outcome", "line"]).size().to_dict() == {
        ("a", "averted"): T, ("a", "with it"): T, ("a", "without it"): T, ("b", "without it"): T
    }  # fmt: skip
    assert (lines["low"] <= lines["middle"]).all()
    assert (lines["middle"] <= lines["high"]).all()
    expected, averted = rows("Delayed days", claimed)
    assert averted[1] == pytest.approx(0.2 * expected[1], abs=1)
    assert rows("Delayed days", plain)[1][-1] == "no effect on them is claimed"
    assert np.isnan(rows("Delayed days", plain)[1][1])
    assert by_month({"c": Missing("load it")}).empty
