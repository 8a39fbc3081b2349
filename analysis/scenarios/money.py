"""What does it cost, what does it free, and whose is it?

Everything in pounds of `prices.BASE_YEAR`, month by month, discounted by the year it falls in. What an admission
averted frees is mostly *capacity*: a bed and its staff, there for somebody else. *Cash* is only what can be taken out
of a budget. The two are kept apart, and told by payer, because those who pay are seldom those who gain.

Beds: days averted of each month over the days in it; the fewest of any winter month in which the effect is full, since
a ward can be planned without only the beds that are free in every winter month; over the target occupancy of 92%.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.baseline import days_in
from analysis.prices import HEALTH_RATE, discount_factor, uprate
from analysis.scenarios.inputs import COST_WORDS, place, price
from analysis.scenarios.projection import Projection
from analysis.scenarios.scenario import PAYERS, Offer, Scenario

WINTER = (12, 1, 2, 3)
"""December to March, in which hospitals are fullest."""

TARGET_OCCUPANCY = 0.92
"""Share of beds that a hospital plans to have filled."""

WITH_EACH = {"emergency_admission": None, "ae_attendance": "attendances", "ambulance": "journeys"}
"""Unit cost to the input that says how many come with each admission averted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Money:
    """What a projection costs and frees, discounted, in pounds of `prices.BASE_YEAR`; D draws.

    Parameters
    ----------
    cost, cash, capacity : mapping of str to ndarray, shape (D,)
        By payer: what the programme costs, what can be taken out of a budget, what is freed for other use.
    averted : ndarray, shape (D,)
        Admissions averted, expected, discounted as effects on health are.
    home_years : ndarray, shape (K, D)
        Years of homes with each offer, discounted as money.
    winter_beds : ndarray, shape (D,)
        Hospital beds that could be planned without; missing where no winter month has the full effect.
    """

    cost: Mapping[str, np.ndarray]
    cash: Mapping[str, np.ndarray]
    capacity: Mapping[str, np.ndarray]
    averted: np.ndarray
    home_years: np.ndarray
    winter_beds: np.ndarray

    @property
    def total_cost(self) -> np.ndarray:
        """Of all payers, shape (D,)."""
        return sum(self.cost.values(), np.zeros_like(self.averted))

    @property
    def total_cash(self) -> np.ndarray:
        """Of all payers, shape (D,)."""
        return sum(self.cash.values(), np.zeros_like(self.averted))

    @property
    def value(self) -> np.ndarray:
        """Cash and capacity of all payers, shape (D,)."""
        return self.total_cash + sum(self.capacity.values(), np.zeros_like(self.averted))

    @property
    def net(self) -> np.ndarray:
        """Value less cost, shape (D,)."""
        return self.value - self.total_cost

    @property
    def returned(self) -> np.ndarray:
        """Pounds of value for each pound spent, shape (D,); infinite where nothing is spent."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.value / self.total_cost


def money(projection: Projection) -> Money:
    """Work out costs and value of a projection."""
    scenario, drawn = projection.scenario, projection.drawn
    factor = discount_factor(np.arange(len(projection.months)) // 12)
    averted = factor @ projection.averted
    cash, capacity = ({payer: np.zeros_like(averted) for payer in PAYERS} for _ in range(2))
    for cost in scenario.unit_costs:
        each = drawn[WITH_EACH[cost.key]] if WITH_EACH[cost.key] else 1.0
        worth = averted * each * drawn[price(cost)] * uprate(cost.price_year)
        cash[cost.payer] = cash[cost.payer] + worth * drawn["cash_share"]
        capacity[cost.payer] = capacity[cost.payer] + worth * (1 - drawn["cash_share"])
    spent, home_years = _programmes(projection, factor)
    health = discount_factor(np.arange(len(projection.months)) // 12, HEALTH_RATE)
    return Money(
        cost=spent,
        cash=cash,
        capacity=capacity,
        averted=health @ projection.averted,
        home_years=home_years,
        winter_beds=winter_beds(projection.months, projection.bed_days(), full_effect(scenario, projection.months)),
    )


def _programmes(projection: Projection, factor: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Cost of every programme by who pays it, and discounted home-years, shape (K, D)."""
    spent = {payer: np.zeros(projection.averted.shape[1]) for payer in PAYERS}
    home_years = np.empty_like(projection.taken_up)
    for k, offer in enumerate(projection.scenario.offers):
        given = factor * offer.active(projection.months)
        years, first = given.sum() / 12, given[given > 0][:1].sum()
        home_years[k] = years * projection.taken_up[k]
        set_up, fixed, a_home = (projection.drawn[place(k, f"programme.{name}")] for name in COST_WORDS)
        paid = offer.programme.paid_by
        pounds = set_up * first * begins(offer, projection.months) + fixed * years + a_home * home_years[k]
        spent[paid] = spent[paid] + pounds * uprate(offer.programme.price_year)
    return spent, home_years


def begins(offer: Offer, months: np.ndarray) -> bool:
    """Whether it is set up within the months looked at."""
    return not offer.start or np.datetime64(offer.start, "M") >= months[0]


def full_effect(scenario: Scenario, months: np.ndarray) -> np.ndarray:
    """Months in which every offer is given and has reached its full effect, shape (T,)."""
    full = np.ones(len(months), bool)
    for offer in scenario.offers:
        active = offer.active(months)
        full &= active & (np.cumsum(active) >= offer.ramp_months)
    return full


def winter_beds(months: np.ndarray, bed_days: np.ndarray, full: np.ndarray) -> np.ndarray:
    """Beds that are free in every winter month.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (T,)
    bed_days : ndarray, shape (T, D)
    full : ndarray of bool, shape (T,)

    Returns
    -------
    ndarray, shape (D,)
        Missing where there is no winter month.
    """
    winter = full & np.isin(months.astype(int) % 12 + 1, WINTER)
    if not winter.any():
        return np.full(bed_days.shape[1], np.nan)
    return (bed_days / days_in(months)[:, None])[winter].min(0) / TARGET_OCCUPANCY
