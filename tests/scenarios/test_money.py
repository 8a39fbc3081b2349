"""Money, worked by hand and held to the Treasury's own tables."""

import dataclasses

import numpy as np
import pytest

from analysis.prices import HEALTH_RATE, UnitCost, discount_factor, known_year, uprate
from analysis.scenarios import DeliveryCosts, Effect, Range, Ratio, money, project
from analysis.scenarios.inputs import draw
from analysis.scenarios.lots import Offered
from analysis.scenarios.money import full_effect, winter_beds
from analysis.scenarios.projection import Projection
from analysis.scenarios.ranges import Held, OneAtATime
from analysis.scenarios.sensitivity import switching_values, tornado
from tests.scenarios.conftest import months, offer, scenario

STPR = [1.0000, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089, 0.6849, 0.6618, 0.6394,
        0.6178, 0.5969, 0.5767, 0.5572, 0.5384, 0.5202, 0.5026, 0.4856, 0.4692, 0.4533, 0.4380, 0.4231, 0.4088, 0.3950,
        0.3817, 0.3687, 0.3563]  # fmt: skip
"""Discounting: Green Book supplementary guidance (February 2026), annex A, table A.1."""
HEALTH = [1.0000, 0.9852, 0.9707, 0.9563, 0.9422, 0.9283, 0.9145, 0.9010, 0.8877, 0.8746, 0.8617, 0.8489, 0.8364,
          0.8240, 0.8118, 0.7999, 0.7880, 0.7764, 0.7649, 0.7536, 0.7425, 0.7315, 0.7207, 0.7100, 0.6995, 0.6892,
          0.6790, 0.6690, 0.6591, 0.6494, 0.6398]  # fmt: skip
"""The same, table A.2."""


def test_discount_factors_are_the_green_book_s():
    assert np.round(discount_factor(np.arange(31)), 4).tolist() == STPR
    assert np.round(discount_factor(np.arange(31), HEALTH_RATE), 4).tolist() == HEALTH


@pytest.mark.parametrize(
    ("price_year", "pounds", "in_2024"),
    [("2016/17", 1590, 2060), ("2016/17", 2360, 3060), ("2016/17", 2930, 3800), ("2016/17", 148, 192),
     ("2016/17", 313, 406), ("2018", 252, 318), ("2024", 100, 100)],
)  # fmt: skip
def test_prices_are_turned_as_others_have_turned_them(price_year, pounds, in_2024):
    """Figures worked out elsewhere from the same series, to the digits given there."""
    digits = 1 if in_2024 > 1000 else 0
    assert round(pounds * uprate(price_year), -digits) == pytest.approx(in_2024, abs=10 if in_2024 > 1000 else 1)


def test_years_that_the_table_holds():
    assert known_year("2018")
    assert known_year("2018/19")
    assert not any(map(known_year, ("2018/20", "1999", "2024/25", "soon", "", "18/19")))


HAND = DeliveryCosts(
    set_up=Range(1000, 1000), fixed_per_year=Range(12_000, 12_000), per_home_per_year=Range(1200, 1200),
    paid_by="Council", price_year="2024",
)  # fmt: skip


FIVE = Offered(rows=np.arange(5), to=np.ones((1, 5, 1), bool))


def by_hand():
    """Five homes, 24 months from January 2024, ten admissions averted a month, everything known."""
    costs = (
        UnitCost(key="emergency_admission", what="Admission", low=1000, high=1000, price_year="2024",
                 payer="Acute trust", source="by hand"),
        UnitCost(key="ambulance", what="Journey", low=100, high=100, price_year="2024", payer="ICB", source="by hand"),
    )  # fmt: skip
    tried = scenario(offer(programme=HAND), months=24, unit_costs=costs, cash_share=Range(0.25, 0.25),
                     journeys=Range(0.5, 0.5), stay_days=Range(6.2, 6.2))  # fmt: skip
    ten = np.full((24, 1), 10.0)
    return Projection(
        scenario=tried, months=months("2024-01", 24), offered=FIVE, without=5 * ten, averted=ten,
        counted_without=5 * ten, counted_averted=ten, taken_up=np.array([[5.0]]),
        drawn=draw(tried, OneAtATime()),
        home_without=np.zeros(5), home_averted=np.zeros(5), home_level=np.ones((5, 2)), naive_without=0.0,
    )  # fmt: skip


def test_a_worked_example():
    """By hand.

    Factors: year 0 1; year 1 1/1.035 = 0.966184; together 1.966184.
    Cost: 1,000 + 12,000 × 1.966184 + 5 × 1,200 × 1.966184 = 36,391.30, all the council's.
    Admissions: 120 × £1,000 × 1.966184 = 235,942.03, the acute trust's; a quarter cash 58,985.51, the rest 176,956.52.
    Journeys: 120 × 0.5 × £100 × 1.966184 = 11,797.10, the ICB's; cash 2,949.28, capacity 8,847.83.
    Net: 247,739.13 − 36,391.30 = 211,347.83. Return: 6.81. Health: 120 + 120/1.015 = 238.2266.
    Beds: 62 days a month; in 31-day months 2 beds, in February 2024 62/29, 2025 62/28; fewest 2, over 0.92 = 2.1739.
    """
    found = money(by_hand())
    assert found.cost["Council"] == pytest.approx(36_391.30, abs=0.01)
    assert found.cost["ICB"] == found.cost["Acute trust"] == 0
    assert found.cash["Acute trust"] == pytest.approx(58_985.51, abs=0.01)
    assert found.capacity["Acute trust"] == pytest.approx(176_956.52, abs=0.01)
    assert found.cash["ICB"] == pytest.approx(2_949.28, abs=0.01)
    assert found.capacity["ICB"] == pytest.approx(8_847.83, abs=0.01)
    assert found.net == pytest.approx(211_347.83, abs=0.01)
    assert found.returned == pytest.approx(6.8077, abs=1e-4)
    assert found.averted == pytest.approx(238.2266, abs=1e-4)
    assert found.winter_beds == pytest.approx(2.1739, abs=1e-4)
    assert found.home_years == pytest.approx(5 * 1.966184, abs=1e-5)


def test_winter_beds_need_a_winter_with_the_full_effect():
    summer = months("2024-05", 6)
    assert np.isnan(winter_beds(summer, np.full((6, 1), 31.0), np.ones(6, bool))).all()
    building = full_effect(scenario(offer(ramp_months=4)), months("2024-01", 6))
    assert building.tolist() == [False] * 3 + [True] * 3


def test_payers_add_up_and_the_whole_is_in_one_year_s_prices(projection):
    found = money(projection)
    assert found.net == pytest.approx(found.value - found.total_cost)
    older = dataclasses.replace(projection.scenario.unit_costs[0], price_year="2016/17")
    newer = dataclasses.replace(older, price_year="2024")
    swapped = dataclasses.replace(projection.scenario, unit_costs=(newer, *projection.scenario.unit_costs[1:]))
    other = money(dataclasses.replace(projection, scenario=swapped))
    assert found.capacity["Acute trust"].mean() > other.capacity["Acute trust"].mean()


def test_the_tornado_moves_one_input_and_nothing_else(county_baseline):
    wide = Effect(source="", ratios={"all": Ratio(0.8, 0.7, 0.9)})
    tried = scenario(offer(effect=wide))
    moved = tornado(county_baseline, tried).set_index("input")
    width = (moved["net_high"] - moved["net_low"]).abs()
    assert (width.diff().dropna() <= 1e-6).all()
    assert (moved["net_middle"] == moved["net_middle"].iloc[0]).all()
    assert (
        moved.loc["ward round: effect, all homes", "net_low"] > moved.loc["ward round: effect, all homes", "net_high"]
    )
    assert moved.loc["ward round: effect, all homes", "low"] == pytest.approx(
        0.8 * np.exp(-1.95996 * wide.ratios["all"].log_sd)
    )
    assert "ward round: uptake" not in moved.index


def test_at_its_switching_value_an_input_makes_value_equal_cost(county_baseline):
    wide = Effect(source="", ratios={"all": Ratio(0.8, 0.7, 0.9)})
    tried = scenario(offer(effect=wide, uptake=Range(0.5, 1.0)))
    switch = switching_values(county_baseline, tried).set_index("key")["switch"]

    for key in switch.dropna().index:
        at = np.log(switch[key]) if ".effect." in key else switch[key]
        worth = money(project(county_baseline, tried, Held(key=key, values=np.array([at]))))
        assert worth.net[0] == pytest.approx(0, abs=0.002 * worth.total_cost[0])
    assert {"offers[1].effect.ratios.all", "offers[1].programme.per_home_per_year"} <= set(switch.dropna().index)
