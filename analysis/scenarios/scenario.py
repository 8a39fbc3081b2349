"""What if an intervention, or several, were offered to these homes from that date?

A `Scenario` is a frozen value: everything uncertain in it is a distribution, and everything else is stated. It says
nothing about the homes themselves, so the same scenario can be laid on any county's baseline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np

from analysis.allowed import LAST_SEED, Option, whole
from analysis.baseline import Baseline
from analysis.prices import UNIT_COSTS, UnitCost
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.ranges import Range, Ratio

PAYERS = ("ICB", "Council", "Care provider", "Acute trust")
"""Integrated care board (buys NHS care), council, who runs the home, and the hospital."""

Order = Literal["by lot", "most admissions expected", "highest rate last year"]
ORDERS: tuple[Order, ...] = ("by lot", "most admissions expected", "highest rate last year")

Overlap = Literal["multiply", "best only"]
OVERLAPS: Mapping[Overlap, str] = {
    "multiply": "Their rate ratios are multiplied, but never below 0.50",
    "best only": "Only the stronger one counts",
}
FLOOR = 0.5
"""Two interventions together do no better than this, unless one alone does: no controlled evaluation of any package in
`analysis/evidence` has a rate ratio below 0.50."""

MOST_OFFERS = 3
"""Every home is in one of 2^offers groups; a commissioner compares a few interventions, not many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Which open homes are offered it.

    Parameters
    ----------
    home_type : str
        "all", "residential" or "nursing".
    area : str
        One area, or "" for all.
    most : int
        At most so many homes: as many as the team can carry.
    order : Order
        Which come first, where there are more.
    without_only : bool
        Leave out homes that have had an intervention already.
    units : tuple of str
        These homes and no others, whatever else is said.
    """

    home_type: str = "all"
    area: str = ""
    most: int = 40
    order: Order = "by lot"
    without_only: bool = True
    units: tuple[str, ...] = ()

    def fits(self, baseline: Baseline) -> np.ndarray:
        """Say which homes it may be offered to, shape (N,)."""
        if self.units:
            return baseline.open & baseline.units.index.isin(self.units)
        may = baseline.open & (~baseline.supported if self.without_only else True)
        if self.home_type != "all":
            may = may & (baseline.kind == self.home_type)
        if self.area:
            may = may & (baseline.units["area"].astype(str) == self.area).to_numpy()
        return may

    def drawn(self, fitting: int) -> bool:
        """Whether a lot decides among so many homes that fit."""
        return not self.units and self.order == "by lot" and fitting > self.most

    def choose(self, baseline: Baseline) -> np.ndarray:
        """Choose homes where no lot decides, else all that may be drawn: rows of the baseline, in its order, (n,)."""
        rows = np.flatnonzero(self.fits(baseline))
        if self.units or self.order == "by lot":
            return rows
        rate = self.order == "highest rate last year"
        first = baseline.last_year_rate if rate else baseline.per_day() * baseline.multiplier
        return np.sort(rows[np.argsort(-first[rows], kind="stable")][: self.most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What it does to emergency admissions where it is given in full.

    Parameters
    ----------
    source : str
        Where it comes from, in words.
    ratios : mapping of str to Ratio
        Rate ratio by kind of home ("residential", "nursing"), or of "all" kinds alike.
    verified : bool
        Whether somebody has read it in its source.
    """

    source: str
    ratios: Mapping[str, Ratio]
    verified: bool = False

    def of(self, kind: str) -> str:
        """Say which ratio a home of this kind gets; of a kind not named, the weakest."""
        if kind in self.ratios or "all" in self.ratios:
            return kind if kind in self.ratios else "all"
        return max(self.ratios, key=lambda named: self.ratios[named].estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCosts:
    """What giving it costs, in pounds of `price_year`.

    Parameters
    ----------
    set_up : Range
        Once, in the first month.
    fixed_per_year : Range
        Whatever the number of homes.
    per_home_per_year : Range
        For each home that takes it up.
    paid_by : str
        One of `PAYERS`.
    price_year : str
    source : str
        Where the figures come from.
    verified : bool
    """

    set_up: Range = Range(0, 20_000)
    fixed_per_year: Range = Range(40_000, 70_000)
    per_home_per_year: Range = Range(6_000, 12_000)
    paid_by: str = "ICB"
    price_year: str = "2022/23"
    source: str = "A weekly round of two nurse hours and half a GP hour at recalled PSSRU rates, and a coordinator"
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One intervention, offered to some homes.

    Parameters
    ----------
    name : str
    effect : Effect
    who : Who
    start : str
        First month, such as "2024-04"; "" for the first month of the projection.
    end : str
        Last month, or "" for no end. After it the effect is gone.
    uptake : Range
        Share of the homes offered it that take it up.
    fidelity : Range
        Share of the full effect (on the log scale) that homes which take it up get.
    ramp_months : int
        Months to the full effect, in equal steps; 1 is at once.
    half_life_months : float
        Months in which the effect, once full, fades by half; 0 is never.
    programme : DeliveryCosts
        What it costs.
    ratings : OnRatings
        What is claimed for homes' ratings.
    delays : OnDelays
        What is claimed for delayed days.
    """

    name: str
    effect: Effect
    who: Who = Who()
    start: str = ""
    end: str = ""
    uptake: Range = Range(0.6, 0.9)
    fidelity: Range = Range(0.8, 1.0)
    ramp_months: int = 6
    half_life_months: float = 0.0
    programme: DeliveryCosts = DeliveryCosts()
    ratings: OnRatings = OnRatings()
    delays: OnDelays = OnDelays()

    def active(self, months: np.ndarray) -> np.ndarray:
        """Say in which months it is given, shape (T,)."""
        given = np.ones(len(months), bool) if not self.start else months >= np.datetime64(self.start, "M")
        return given if not self.end else given & (months <= np.datetime64(self.end, "M"))

    def share(self, months: np.ndarray) -> np.ndarray:
        """Share of the full effect in each month, before fidelity, shape (T,)."""
        active = self.active(months)
        since = np.cumsum(active) - 1
        if self.start and months.size:
            since = since + max(0, int((months[0] - np.datetime64(self.start, "M")).astype(int)))
        ramp = np.clip((since + 1) / max(self.ramp_months, 1), 0, 1)
        full_for = np.maximum(since + 1 - self.ramp_months, 0)
        fade = 0.5 ** (full_for / self.half_life_months) if self.half_life_months else 1.0
        return np.where(active, ramp * fade, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A what-if.

    Parameters
    ----------
    title : str
    offers : tuple of Offer
        One to three.
    months : int
        How far to look ahead.
    overlap : Overlap
        What homes get that take up several.
    stay_days : Range
        Days in hospital of an admission averted.
    attendances : Range
        A&E attendances averted with each admission averted.
    journeys : Range
        Ambulance journeys averted with each admission averted.
    cash_share : Range
        Share of the value of admissions averted that can be taken out of a budget; the rest frees capacity.
    unit_costs : tuple of UnitCost
        What an admission, an attendance and a journey cost.
    seed : int
    """

    VERSION: ClassVar[int] = 1
    RULES: ClassVar[Mapping[str, Option]] = {"seed": whole(0, LAST_SEED, 20261122)}

    title: str
    offers: tuple[Offer, ...]
    months: int = 36
    overlap: Overlap = "multiply"
    stay_days: Range = Range(2, 8)
    attendances: Range = Range(1.35, 1.45)
    journeys: Range = Range(0.7, 1.0)
    cash_share: Range = Range(0.0, 0.1)
    unit_costs: tuple[UnitCost, ...] = field(default_factory=lambda: UNIT_COSTS)
    seed: int = 20261122
