"""What in a scenario cannot be, and how is that said beside its field?"""

from collections.abc import Iterator

import numpy as np

from analysis.months import is_month, month_said
from analysis.prices import USED, known_year
from analysis.scenarios.claimed import FURTHEST
from analysis.scenarios.inputs import COST_WORDS
from analysis.scenarios.ranges import Range, Ratio
from analysis.scenarios.scenario import MOST_OFFERS, ORDERS, OVERLAPS, PAYERS, Offer, Scenario
from analysis.written import Fault

LONGEST = 120
"""Ten years: no trend fitted on a few years is worth going on with for longer."""

SMALLEST_RATIO, LARGEST_RATIO = 0.1, 4.0
"""No intervention has come near to a tenth, or to four times, of the admissions."""

DEAREST, DEAREST_PROGRAMME = 100_000.0, 1e9
"""Pounds of one admission, attendance or journey, and of a programme: above what any costs. A price has a range so that
it cannot be used as a lens on single admissions."""

KIND_OF_HOME = ("all", "residential", "nursing", "kind not known")


def wrong_with(scenario: Scenario) -> list[Fault]:
    """Find what cannot be, whatever the months to come are."""
    return faults_with(scenario, np.array([], "datetime64[M]"))


def faults_with(scenario: Scenario, months: np.ndarray) -> list[Fault]:
    """Find what cannot be.

    Parameters
    ----------
    scenario : Scenario
    months : ndarray of datetime64[M]
        Months it looks ahead at; may be empty.
    """
    return [*_of_scenario(scenario), *_of_costs(scenario), *_of_offers(scenario, months)]


def _of_scenario(scenario: Scenario) -> Iterator[Fault]:
    if not 1 <= scenario.months <= LONGEST:
        yield Fault("months", f"Look 1 to {LONGEST} months ahead, not {scenario.months}.")
    if scenario.overlap not in OVERLAPS:
        yield Fault("overlap", f"Where interventions meet, choose one of: {', '.join(OVERLAPS)}.")
    yield from _range("stay_days", "Days in hospital", scenario.stay_days, most=365)
    yield from _range("attendances", "Attendances with each admission", scenario.attendances, most=10)
    yield from _range("journeys", "Journeys with each admission", scenario.journeys, most=10)
    yield from _share("cash_share", "The share that is cash", scenario.cash_share)


def _of_costs(scenario: Scenario) -> Iterator[Fault]:
    keys = [cost.key for cost in scenario.unit_costs]
    if len(set(keys)) < len(keys) or not set(keys) <= set(USED):
        yield Fault("unit_costs", f"Unit costs are of {', '.join(USED)}, each at most once, not {', '.join(keys)}.")
    for n, cost in enumerate(scenario.unit_costs, 1):
        yield from _range(f"unit_costs[{n}].low", cost.what, Range(cost.low, cost.high), most=DEAREST, sign="£")
        yield from _year(f"unit_costs[{n}].price_year", cost.what, cost.price_year)
        if cost.payer not in PAYERS:
            yield Fault(f"unit_costs[{n}].payer", f"{cost.what}: {cost.payer!r} is none of {', '.join(PAYERS)}.")


def _of_offers(scenario: Scenario, months: np.ndarray) -> Iterator[Fault]:
    names = [offer.name for offer in scenario.offers]
    if not 1 <= len(names) <= MOST_OFFERS:
        yield Fault("offers", f"A scenario has 1 to {MOST_OFFERS} interventions, not {len(names)}.")
    if len(set(names)) < len(names):
        yield Fault("offers", "Two interventions have the same name. Give each its own.")
    for k, offer in enumerate(scenario.offers, 1):
        parts = (_of_offer, _of_who, _of_effect, _of_programme, _further)
        for fault in (*(fault for part in parts for fault in part(offer)), *_when(offer, months)):
            yield fault.within(f"offers[{k}]")


def _of_offer(offer: Offer) -> Iterator[Fault]:
    if not offer.name.strip():
        yield Fault("name", "Give the intervention a name.")
    yield from _share("uptake", "Uptake", offer.uptake)
    yield from _share("fidelity", "The share of the effect delivered", offer.fidelity)
    if not 1 <= offer.ramp_months <= LONGEST:
        yield Fault("ramp_months", f"Months to the full effect: 1 (at once) to {LONGEST}, not {offer.ramp_months}.")
    if not (np.isfinite(offer.half_life_months) and offer.half_life_months >= 0):
        yield Fault("half_life_months", "Months in which the effect fades by half: 0 for never, or more.")


def _of_who(offer: Offer) -> Iterator[Fault]:
    if offer.who.most < 1:
        yield Fault("who.most", f"The team must be able to carry at least one home, not {offer.who.most}.")
    if offer.who.order not in ORDERS:
        yield Fault("who.order", f"Homes come first in one of these orders: {', '.join(ORDERS)}.")
    if offer.who.home_type not in KIND_OF_HOME:
        yield Fault(
            "who.home_type", f"{offer.who.home_type!r} is no kind of home; known are {', '.join(KIND_OF_HOME)}."
        )


def _of_effect(offer: Offer) -> Iterator[Fault]:
    if not {"all"} <= set(offer.effect.ratios) and not {"residential", "nursing"} <= set(offer.effect.ratios):
        yield Fault("effect.ratios", "Say the effect for residential and for nursing homes, or for all homes.")
    for kind, ratio in offer.effect.ratios.items():
        if kind not in KIND_OF_HOME:
            yield Fault(f"effect.ratios.{kind}", f"{kind!r} is no kind of home; known are {', '.join(KIND_OF_HOME)}.")
        yield from _ratio(f"effect.ratios.{kind}", f"The effect in {kind} homes", "the admissions", ratio)


def _further(offer: Offer) -> Iterator[Fault]:
    ends = (1 / FURTHEST, FURTHEST)
    for way, ratio in (("better", offer.ratings.better), ("worse", offer.ratings.worse)):
        what = f"The effect on moving to a {way} rating"
        yield from _ratio(f"ratings.{way}", what, "the speed", ratio, ends)
    yield from _ratio("delays.ratio", "The effect on delayed days", "the days", offer.delays.ratio)


def _when(offer: Offer, months: np.ndarray) -> Iterator[Fault]:
    wrong = [name for name in ("start", "end") if getattr(offer, name) and not is_month(getattr(offer, name))]
    for name in wrong:
        yield Fault(name, f"The {name} is a month, year first, such as 2024-04, not {getattr(offer, name)!r}.")
    if wrong or not months.size:
        return
    start, end, first, last = (month_said(each) for each in (offer.start, offer.end, months[0], months[-1]))
    if offer.start and offer.end and offer.end < offer.start:
        yield Fault("end", f"The end ({end}) lies before the start ({start}).")
    if offer.start and offer.start > str(months[-1]):
        yield Fault("start", f"The start ({start}) lies after the last month looked at ({last}).")
    if offer.start and offer.start < str(months[0]):
        yield Fault("start", f"The start ({start}) lies before the first month to come ({first}).")
    elif offer.end and offer.end < str(months[0]):
        yield Fault("end", f"The end ({end}) lies before the first month to come ({first}).")


def _of_programme(offer: Offer) -> Iterator[Fault]:
    programme = offer.programme
    for name, words in COST_WORDS.items():
        yield from _range(
            f"programme.{name}", words.capitalize(), getattr(programme, name), most=DEAREST_PROGRAMME, sign="£"
        )
    yield from _year("programme.price_year", "The cost of the programme", programme.price_year)
    if programme.paid_by not in PAYERS:
        yield Fault("programme.paid_by", f"{programme.paid_by!r} is none of {', '.join(PAYERS)}.")


def _share(field: str, what: str, share: Range) -> Iterator[Fault]:
    if not _numbers(share.low, share.high):
        yield Fault(field, f"{what} is two numbers, from and to.")
    elif share.low < 0 or share.high > 1:
        yield Fault(field, f"{what} lies between 0% and 100%, not {share.low:.0%} to {share.high:.0%}.")
    elif share.low > share.high:
        yield Fault(field, f"{what}: from ({share.low:.0%}) is more than to ({share.high:.0%}).")


def _range(field: str, what: str, spread: Range, *, most: float = np.inf, sign: str = "") -> Iterator[Fault]:
    if not _numbers(spread.low, spread.high):
        yield Fault(field, f"{what} is two numbers, from and to.")
    elif spread.low < 0:
        yield Fault(field, f"{what} cannot be negative: {_signed(spread.low, sign)}.")
    elif spread.high > most:
        yield Fault(field, f"{what} cannot be more than {sign}{most:,g}; it is {_signed(spread.high, sign)}.")
    elif spread.low > spread.high:
        yield Fault(
            field, f"{what}: from ({_signed(spread.low, sign)}) is more than to ({_signed(spread.high, sign)})."
        )


def _signed(value: float, sign: str) -> str:
    return f"{'−' if value < 0 else ''}{sign}{abs(value):,g}"


def _ratio(
    field: str, of: str, times: str, ratio: Ratio, ends: tuple[float, float] = (SMALLEST_RATIO, LARGEST_RATIO)
) -> Iterator[Fault]:
    if not _numbers(ratio.estimate, ratio.low, ratio.high):
        yield Fault(field, f"{of} needs an estimate and an interval: without one it is no distribution.")
    elif not ends[0] <= ratio.low <= ratio.high <= ends[1]:
        yield Fault(field, f"{of} lies between {ends[0]:g} and {ends[1]:g} times {times}, from low to high, not "
                           f"{ratio.low:g} to {ratio.high:g}.")  # fmt: skip
    elif not ratio.low <= ratio.estimate <= ratio.high:
        yield Fault(field, f"{of}: {ratio.estimate:g} lies outside its own interval, {ratio.low:g} to {ratio.high:g}.")


def _year(field: str, what: str, year: str) -> Iterator[Fault]:
    if not known_year(year):
        yield Fault(field, f"{what}: the price year is like 2018 or 2018/19, from 2010 to 2024, not {year!r}.")


def _numbers(*values: object) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) and np.isfinite(v) for v in values)
