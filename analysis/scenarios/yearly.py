"""What does an offer come to in one home and year, so that homes can be chosen by it?

The same scenario, with what is not about the choice in its middle: pounds are of the middle of every range, averaged
over the months looked at and not discounted. What the list then comes to is told by the projection itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.prices import uprate
from analysis.scenarios.money import WITH_EACH, begins
from analysis.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """An offer in a home and year.

    Parameters
    ----------
    effect : mapping of kind to (rate ratio, low, high)
        Where it is given in full, by kind of home or of "all" kinds; of a kind not named, the weakest, under "all".
    value : float
        Pounds that an admission averted is worth, with the attendances and journeys that come with it.
    cost_per_home : float
        Pounds a year of a home that takes it up.
    fixed : float
        Pounds a year whatever the number of homes, setting up spread over the time.
    uptake, fidelity : tuple of float
        Shares, from and to.
    shares : tuple of float
        Share of the full effect in each month looked at, before fidelity.
    """

    effect: Mapping[str, tuple[float, float, float]]
    value: float
    cost_per_home: float
    fixed: float
    uptake: tuple[float, float]
    fidelity: tuple[float, float]
    shares: tuple[float, ...]


def a_year(scenario: Scenario, first: np.datetime64) -> Yearly:
    """Work out what the first offer of a scenario that looks ahead from this month comes to."""
    offer, months = scenario.offers[0], first + np.arange(scenario.months)
    ratios = {kind: (ratio.estimate, ratio.low, ratio.high) for kind, ratio in offer.effect.ratios.items()}
    given, years, paid = offer.active(months).mean(), scenario.months / 12, offer.programme
    a_pound = uprate(paid.price_year)
    return Yearly(
        effect={"all": max(ratios.values()), **ratios},
        value=_value(scenario),
        cost_per_home=paid.per_home_per_year.middle * given * a_pound,
        fixed=(paid.set_up.middle * begins(offer, months) / years + paid.fixed_per_year.middle * given) * a_pound,
        uptake=(offer.uptake.low, offer.uptake.high),
        fidelity=(offer.fidelity.low, offer.fidelity.high),
        shares=tuple(offer.share(months).tolist()),
    )


def _value(scenario: Scenario) -> float:
    """Pounds an admission averted frees, as capacity or cash."""
    pounds = 0.0
    for cost in scenario.unit_costs:
        with_each = WITH_EACH[cost.key]
        each = getattr(scenario, with_each).middle if with_each else 1.0
        pounds += each * (cost.low + cost.high) / 2 * uprate(cost.price_year)
    return pounds
