"""Targeting and What if are about one offer: the same homes are worth the same, worked out in two ways."""

import dataclasses

import numpy as np
import pytest

from analysis.prices import uprate
from analysis.scenarios import DeliveryCosts, Effect, Range, Ratio, Who, money, project
from analysis.scenarios.yearly import a_year
from analysis.targeting.benefit import YearlyOffer, averted_share, benefits
from tests.scenarios.conftest import offer, scenario

UNSURE = Effect(source="stated", ratios={"residential": Ratio(0.75, 0.6, 0.94), "nursing": Ratio(0.95, 0.8, 1.1)})


@pytest.fixture(scope="module")
def tried():
    given = offer(effect=UNSURE, uptake=Range(0.6, 0.9), fidelity=Range(0.7, 1.0), ramp_months=6, half_life_months=30.0)
    return scenario(given, months=36)


def yearly_offer(tried, baseline):
    found = a_year(tried, baseline.calendar.last + 1)
    values = {name: getattr(found, name) for name in found.__slots__ if name != "fixed"}
    return found, YearlyOffer(**values)


def test_what_a_list_averts_and_costs_is_what_the_projection_of_it_says(county_baseline, levels, tried):
    """Two ways that share no code: home by home and draw by draw here, by sums of homes there."""
    found, terms = yearly_offer(tried, county_baseline)
    homes = np.flatnonzero(Who().fits(county_baseline))[::3]
    named = tuple(county_baseline.units.index[homes])
    one = dataclasses.replace(tried.offers[0], who=Who(units=named))
    projected = project(county_baseline, dataclasses.replace(tried, offers=(one,)), levels=levels)
    chosen = np.isin(np.arange(len(county_baseline.units)), homes)
    offered = benefits(county_baseline, terms, draws=4_000, seed=3)
    mean, low, high = (3 * value for value in offered.interval(chosen, "averted"))
    counted = projected.averted.sum(0)
    assert mean == pytest.approx(counted.mean(), rel=0.03)
    assert (low, high) == pytest.approx(tuple(np.quantile(counted, [0.025, 0.975])), rel=0.2, abs=8)
    worth = money(projected)
    undiscounted = 3 * (found.fixed + found.cost_per_home * terms.mean_uptake * len(homes))
    assert undiscounted == pytest.approx(worth.total_cost.mean(), rel=0.05)
    assert found.value * mean == pytest.approx(worth.value.mean(), rel=0.07)


def test_what_is_expected_of_a_home_is_the_mean_of_its_draws(county_baseline, tried):
    _, terms = yearly_offer(tried, county_baseline)
    offered = benefits(county_baseline, terms, draws=6_000, seed=3)
    expected = averted_share(county_baseline, terms) * terms.mean_uptake * offered.expected
    assert offered.averted.mean(1, dtype=float).sum() == pytest.approx(expected.sum(), rel=0.02)


def test_pounds_of_a_home_and_year_by_hand():
    paid = DeliveryCosts(set_up=Range(3_000, 3_000), fixed_per_year=Range(10_000, 10_000), price_year="2023/24",
                     per_home_per_year=Range(4_000, 6_000))  # fmt: skip
    half = scenario(offer(programme=paid, end="2024-12"), months=24)
    found = a_year(half, np.datetime64("2024-01"))
    assert found.cost_per_home == pytest.approx(5_000 * 0.5 * uprate("2023/24"))
    assert found.fixed == pytest.approx((3_000 / 2 + 10_000 * 0.5) * uprate("2023/24"))
    assert sum(found.shares) == 12
