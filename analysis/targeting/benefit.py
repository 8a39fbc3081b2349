"""What is an offer worth in each home, and how sure is that?

The net benefit of a year's offer to home i is v · A_i · (1 − ρ_k(i)) − c_i: admissions A_i expected without it, the
rate ratio ρ of the home's kind, the value v of an admission averted, and the cost c_i. A_i is drawn from the home's
baseline (`baseline`: shrunken, so that last year's luck is not counted as need), ρ from a log-normal with the stated
interval. One effect is drawn for all homes of a kind: what is not known of the effect is not known of any of them, and
adding up homes does not make it go away. Doubts about the effect in different kinds are drawn apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.baseline import Baseline, days_in
from analysis.errors import AnalysisError
from analysis.prices import UnitCost, published
from analysis.sources.evidence import published_effects

NORMAL = 1.959963984540054
DAYS = 365.25

EVERY_KIND = "any kind"
"""The kind whose effect is used for homes of a kind that is not named."""

EFFECTS = {"residential": "enhanced_support_residential", "nursing": "enhanced_support_nursing",
           EVERY_KIND: "enhanced_support_all"}  # fmt: skip
"""Kind of home to the row of `data/evidence/effects.csv` whose rate ratio and interval are used at first."""

STATED = "Stated for this list"
"""Source of a cost that is not the published one."""

NURSE_HOURS = 52
"""Hours a year that support takes in each home, at first: a nurse for an hour a week. A judgement."""

COSTS: Mapping[str, tuple[str, str, float]] = {
    "value": ("An admission averted", "emergency_admission", 1),
    "cost_per_home": ("Each home a year: a nurse for an hour a week", "band7_hour", NURSE_HOURS),
    "cost_per_resident": ("Each resident a year", "ehch_payment", 1),
}
"""Field of `Offer` to its name in words, the row of `data/evidence/unit_costs.csv` it is made of, and how many."""


MOST = {"value": 100_000, "cost_per_home": 1_000_000, "cost_per_resident": 100_000}
"""Most that each may be, in pounds: above what anything of the kind costs. A price has a range so that it cannot be
used as a lens on single admissions."""


def usual_effect() -> dict[str, tuple[float, float, float]]:
    """Give the published rate ratios with intervals, by kind of home."""
    rows = published_effects()[["estimate", "low", "high"]]
    found = {kind: rows.loc[key].astype(float) for kind, key in EFFECTS.items()}
    return {kind: (float(row["estimate"]), float(row["low"]), float(row["high"])) for kind, row in found.items()}


def usual_cost(field_name: str) -> float:
    """Give a published cost, in whole pounds of `prices.BASE_YEAR`."""
    _, key, times = COSTS[field_name]
    return float(round(times * published(key).middle))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered for a year, what it does, and what it costs.

    Parameters
    ----------
    effect : mapping of kind to (rate ratio, low, high)
        With 95% intervals.
    value : float
        Pounds of `prices.BASE_YEAR` that one admission averted is worth.
    cost_per_home, cost_per_resident : float
        Pounds a year.
    """

    effect: Mapping[str, tuple[float, float, float]] = field(default_factory=usual_effect)
    value: float = field(default_factory=partial(usual_cost, "value"))
    cost_per_home: float = field(default_factory=partial(usual_cost, "cost_per_home"))
    cost_per_resident: float = field(default_factory=partial(usual_cost, "cost_per_resident"))

    def __post_init__(self):
        if wrong := offer_faults({name: getattr(self, name) for name in self.__dataclass_fields__}):
            raise AnalysisError("This offer cannot be worked out.", do=" ".join(wrong.values()))

    def of(self, kind: str) -> tuple[float, float, float]:
        """Rate ratio and interval of a kind of home."""
        return self.effect.get(kind, self.effect.get(EVERY_KIND, (1.0, 1.0, 1.0)))


def offer_faults(said: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with an offer, by field of `Offer`; empty where nothing is."""
    found = {}
    for kind, (ratio, low, high) in said["effect"].items():
        if not 0.05 <= ratio <= 3:
            found[f"effect {kind}"] = "The effect must lie between 95% fewer and three times as many admissions."
        elif not 0 < low <= ratio <= high:
            found[f"effect {kind}"] = "The interval must hold the effect: from the low end, over it, to the high end."
    if said["value"] < 0:
        found["value"] = "The value of an admission averted cannot be negative."
    elif not said["value"] <= MOST["value"]:
        found["value"] = f"The value of an admission averted lies between £0 and £{MOST['value']:,}."
    for name, one in (("cost_per_home", "home"), ("cost_per_resident", "resident")):
        if said[name] < 0:
            found[name] = f"The cost of each {one} cannot be negative."
        elif not said[name] <= MOST[name]:
            found[name] = f"The cost of each {one} lies between £0 and £{MOST[name]:,} a year."
    return found


def costed(offer: Offer) -> pd.DataFrame:
    """Say where every cost comes from: what, pounds, printed, price_year, source, verified.

    A cost that somebody has changed is theirs: no price year, and not verified.
    """
    return pd.DataFrame([_costed(name, getattr(offer, name)) for name in COSTS])


def _costed(name: str, pounds: float) -> dict[str, Any]:
    what, key, times = COSTS[name]
    unit = published(key)
    if pounds != usual_cost(name):
        return {"what": what.partition(":")[0], "pounds": pounds, "printed": "", "price_year": "", "source": STATED,
                "verified": False}  # fmt: skip
    printed = _printed(unit) if times == 1 else f"{times:,} hours at {_printed(unit)}"
    return {"what": what, "pounds": pounds, "printed": printed, "price_year": unit.price_year, "source": unit.source,
            "verified": unit.verified}  # fmt: skip


def _printed(unit: UnitCost) -> str:
    return f"£{unit.low:,.0f}" if unit.low == unit.high else f"£{unit.low:,.0f} to £{unit.high:,.0f}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benefits:
    """What an offer is worth in each of N homes, in D draws.

    Parameters
    ----------
    expected : ndarray, shape (N,)
        Admissions a year without it.
    residents : ndarray, shape (N,)
    cost : ndarray, shape (N,)
        Pounds a year.
    admissions, averted : ndarray of float32, shape (N, D)
        Admissions a year without it, and those averted.
    net : ndarray of float32, shape (N, D)
        Pounds a year.
    """

    expected: np.ndarray
    residents: np.ndarray
    cost: np.ndarray
    admissions: np.ndarray
    averted: np.ndarray
    net: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Expected net benefit of each home, shape (N,)."""
        return self.net.mean(axis=1, dtype=float)

    def mean_with(self, expected: np.ndarray) -> np.ndarray:
        """Give the expected net benefit of each home had it other expectations of admissions (N,), shape (N,)."""
        ratio = np.divide(expected, self.expected, out=np.zeros_like(expected), where=self.expected > 0)
        return (self.mean + self.cost) * ratio - self.cost

    @property
    def worthwhile(self) -> np.ndarray:
        """Probability that a home's net benefit is above zero, shape (N,)."""
        return (self.net > 0).mean(axis=1)

    def interval(self, chosen: np.ndarray, what: str = "net", level: float = 0.95) -> tuple[float, float, float]:
        """Mean and interval of the sum over some homes of ``net`` or ``averted``."""
        total = getattr(self, what)[chosen].sum(axis=0, dtype=float)
        low, high = np.quantile(total, [0.5 - level / 2, 0.5 + level / 2])
        return float(total.mean()), float(low), float(high)


def benefits(baseline: Baseline, offer: Offer, *, draws: int = 2_000, seed: int) -> Benefits:
    """Work out what an offer is worth in each home over the twelve months after the panel's last.

    Homes that have closed are worth nothing.
    """
    rng = np.random.default_rng(seed)
    admissions = baseline.draws(rng, draws)
    admissions *= (baseline.per_day() * _year(baseline)).astype(np.float32)[:, None]
    averted = admissions * (1 - _effects(rng, baseline.kind, offer, draws)).astype(np.float32)
    cost = costs(baseline, offer)
    return Benefits(
        expected=expected_in_a_year(baseline),
        residents=baseline.beds_taken,
        cost=cost,
        admissions=admissions,
        averted=averted,
        net=averted * np.float32(offer.value) - cost.astype(np.float32)[:, None],
    )


def listed(baseline: Baseline, offer: Offer, offered: Benefits) -> pd.DataFrame:
    """One row per home, not for showing: unit, name, kind, residents, expected, ratio, net, worthwhile, open."""
    return pd.DataFrame(
        {
            "unit": baseline.units.index,
            "name": baseline.units["name"].to_numpy(),
            "kind": baseline.kind,
            "residents": offered.residents,
            "expected": offered.expected,
            "ratio": [offer.of(str(kind))[0] for kind in baseline.kind],
            "net": offered.mean,
            "worthwhile": offered.worthwhile,
            "open": baseline.open,
        }
    )


def costs(baseline: Baseline, offer: Offer) -> np.ndarray:
    """Give what the offer costs in each home, pounds a year, shape (N,); nothing in homes that have closed."""
    return np.where(baseline.open, offer.cost_per_home + offer.cost_per_resident * baseline.beds_taken, 0.0)


def expected_in_a_year(baseline: Baseline) -> np.ndarray:
    """Admissions of each home in the twelve months after the panel's last, without the offer, shape (N,)."""
    return baseline.per_day() * baseline.multiplier * _year(baseline)


def averted_share(baseline: Baseline, offer: Offer) -> np.ndarray:
    """Share of admissions that the offer is expected to avert in each home, shape (N,): 1 − E ρ."""
    share = {}
    for kind in np.unique(baseline.kind):
        ratio, low, high = offer.of(str(kind))
        share[kind] = 1 - ratio * np.exp(((np.log(high) - np.log(low)) / (2 * NORMAL)) ** 2 / 2)
    return np.array([share[kind] for kind in baseline.kind])


def _year(baseline):
    """Days of the next twelve months, each counted by its season and trend."""
    months = baseline.calendar.last + np.arange(1, 13)
    return float((baseline.calendar.multiplier(months) * days_in(months)).sum())


def _effects(rng, kind, offer, draws):
    """Rate ratios of every home, shape (N, D): one draw for all homes of a kind."""
    kinds, code = np.unique(kind, return_inverse=True)
    drawn = np.empty((len(kinds), draws))
    for k, name in enumerate(kinds):
        ratio, low, high = offer.of(str(name))
        drawn[k] = np.exp(np.log(ratio) + (np.log(high) - np.log(low)) / (2 * NORMAL) * rng.standard_normal(draws))
    return drawn[code]
