"""What is uncertain in a scenario?

Every input has a key, which is its place in the plan and by which it is drawn; a label, which is for reading and may
change; a unit; and a source. An offer that is given another name is the same offer, with the same luck.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.prices import UnitCost
from analysis.scenarios.ranges import Chance, Range, Ratio
from analysis.scenarios.scenario import Offer, Scenario

Unit = Literal["share", "rate ratio", "hazard ratio", "with each admission", "pounds"]

JUDGED = "Stated for this scenario"
COST_WORDS = {
    "set_up": "setting up, once",
    "fixed_per_year": "fixed cost a year",
    "per_home_per_year": "cost a home and year",
}
"""Costs of a programme, by their fields, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One uncertain number.

    Parameters
    ----------
    key : str
        Its place in the plan, such as "offers[1].uptake".
    label : str
        For reading.
    spread : Range or Ratio
    unit : Unit
    source : str
    verified : bool
        Whether somebody has read it in its source.
    """

    key: str
    label: str
    spread: Range | Ratio
    unit: Unit
    source: str
    verified: bool = False

    @property
    def middle(self) -> float:
        """Its middle: of an effect the ratio itself."""
        return self.spread.estimate if isinstance(self.spread, Ratio) else self.spread.middle


PER_ADMISSION: dict[str, tuple[str, Unit, str, bool]] = {
    "stay_days": ("Days in hospital of an admission averted", "with each admission",
                  "Judgement: averted stays are short, and evaluations found no fall in bed-days", False),
    "attendances": ("A&E attendances with each admission averted", "with each admission",
                    "0.98 attendances and 0.70 admissions per resident-year (Improvement Analytics Unit 2019)", True),
    "journeys": ("Ambulance journeys with each admission averted", "with each admission",
                 "Judgement: most residents admitted in an emergency come by ambulance", False),
    "cash_share": ("Share of value that is cash", "share",
                   "Judgement: food, drugs and agency shifts; staff and wards stay", False),
}  # fmt: skip
"""What comes with an admission averted, by field of the scenario: label, unit, source, whether that is verified."""


def place(offer: int, field: str) -> str:
    """Give the key of a field of an offer, the first of which is 0."""
    return f"offers[{offer + 1}].{field}"


def price(cost: UnitCost) -> str:
    """Give the key of a unit cost."""
    return f"unit_costs.{cost.key}"


def inputs(scenario: Scenario) -> tuple[Input, ...]:
    """List every uncertain input on which admissions and money hang."""
    found = [each for k, offer in enumerate(scenario.offers) for each in _of_offer(k, offer)]
    found += [
        Input(key=price(cost), label=cost.what, spread=Range(cost.low, cost.high), unit="pounds",
              source=f"{cost.source} ({cost.price_year} prices)", verified=cost.verified)
        for cost in scenario.unit_costs
    ]  # fmt: skip
    found += [
        Input(key=field, label=label, spread=getattr(scenario, field), unit=unit, source=source, verified=verified)
        for field, (label, unit, source, verified) in PER_ADMISSION.items()
    ]
    return tuple(found)


def _of_offer(k: int, offer: Offer) -> list[Input]:
    effect, paid = offer.effect, offer.programme
    found = [
        Input(key=place(k, f"effect.ratios.{kind}"), label=f"{offer.name}: effect, {kind} homes", spread=ratio,
              unit="rate ratio", source=effect.source, verified=effect.verified)
        for kind, ratio in effect.ratios.items()
    ]  # fmt: skip
    found += [
        Input(key=place(k, name), label=f"{offer.name}: {name}", spread=spread, unit="share", source=JUDGED)
        for name, spread in (("uptake", offer.uptake), ("fidelity", offer.fidelity))
    ]
    return found + [
        Input(key=place(k, f"programme.{name}"), label=f"{offer.name}: {words}", spread=getattr(paid, name),
              unit="pounds", source=f"{paid.source} ({paid.price_year} prices)", verified=paid.verified)
        for name, words in COST_WORDS.items()
    ]  # fmt: skip


def claims(scenario: Scenario) -> tuple[Input, ...]:
    """List what is claimed for ratings and delayed days: no money hangs on it."""
    found = []
    for k, offer in enumerate(scenario.offers):
        to, on = offer.ratings, offer.delays
        if to.claimed:
            found += [
                Input(key=place(k, f"ratings.{way}"), label=f"{offer.name}: effect on moving to a {way} rating",
                      spread=spread, unit="hazard ratio", source=to.source, verified=to.verified)
                for way, spread in (("better", to.better), ("worse", to.worse))
            ]  # fmt: skip
        if on.claimed:
            found.append(
                Input(key=place(k, "delays.ratio"), label=f"{offer.name}: effect on delayed days", spread=on.ratio,
                      unit="rate ratio", source=on.source, verified=on.verified)
            )  # fmt: skip
    return tuple(found)


def draw(scenario: Scenario, luck: Chance) -> dict[str, np.ndarray]:
    """Draw every input: key to values, shape (D,); of an effect, its log."""
    return {each.key: luck.value(each.key, each.spread) for each in inputs(scenario)}
