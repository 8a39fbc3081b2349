"""What is an offer worth in each home, and how sure is that?

The net benefit of a year's offer to home i is u · (v · A_i · F_k(i) − c): admissions A_i expected without it, the share
F of them that the offer averts in homes of its kind which take it up, the share u of homes that do, the value v of an
admission averted, and the cost c of a home with it. With a rate ratio ρ where it is given in full, of which a share f
is delivered, and s_t of it built up in month t,

    F = Σ_t w_t (1 − ρ^(f s_t)),    w_t the share of a year's admissions that month t has.

A_i is drawn from the home's baseline (`baseline`: shrunken, so that last year's luck is not counted as need), ρ from a
log-normal with the stated interval, f and u from their ranges. One effect is drawn for all homes of a kind: what is
not known of the effect is not known of any of them, and adding up homes does not make it go away. Doubts about the
effect in different kinds are drawn apart. This is for choosing homes; what a list comes to is told by the projection
of the same offer, with its fixed costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline import Baseline, days_in
from analysis.errors import AnalysisError
from analysis.inference.usual import NORMAL
from analysis.panel import names_of

DAYS = 365.25

ALL = "all"
"""The kind whose effect is used for homes of a kind that is not named."""

FULL_YEAR = (1.0,) * 12
DELIVERED = 21
"""Shares delivered, evenly over their range, at which an expectation is worked out."""


DEAREST, DEAREST_HOME = 100_000, 1_000_000
"""Most that an admission averted may be worth, and a home may cost a year, in pounds: above what anything of the kind
costs. A price has a range so that it cannot be used as a lens on single admissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyOffer:
    """What is offered, what it does, and what it costs in a home and year.

    Parameters
    ----------
    effect : mapping of kind to (rate ratio, low, high)
        With 95% intervals, where it is given in full.
    value : float
        Pounds of `prices.BASE_YEAR` that one admission averted is worth.
    cost_per_home : float
        Pounds a year of a home that takes it up.
    uptake, fidelity : tuple of float
        Shares, from and to: of homes that take it up, and of the effect that is delivered.
    shares : tuple of float
        Share of the full effect in each month from the first to come.
    """

    effect: Mapping[str, tuple[float, float, float]]
    value: float
    cost_per_home: float
    uptake: tuple[float, float] = (1.0, 1.0)
    fidelity: tuple[float, float] = (1.0, 1.0)
    shares: tuple[float, ...] = FULL_YEAR

    def __post_init__(self):
        for ratio, low, high in self.effect.values():
            if not 0 < low <= ratio <= high:
                raise AnalysisError(
                    "The interval must hold the effect.", found=f"{ratio:g} outside {low:g} to {high:g}"
                )
        for what, pounds, most in (("value of an admission averted", self.value, DEAREST),
                                   ("cost of a home", self.cost_per_home, DEAREST_HOME)):  # fmt: skip
            if not 0 <= pounds <= most:
                raise AnalysisError(f"The {what} lies between £0 and £{most:,} a year.", found=f"£{pounds:,.2f}")

    def of(self, kind: str) -> tuple[float, float, float]:
        """Rate ratio and interval of a kind of home."""
        return self.effect.get(kind, self.effect.get(ALL, (1.0, 1.0, 1.0)))

    @property
    def mean_uptake(self) -> float:
        """Share of homes expected to take it up."""
        return sum(self.uptake) / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benefits:
    """What an offer is worth in each of N homes, in D draws.

    Parameters
    ----------
    expected : ndarray, shape (N,)
        Admissions a year without it.
    residents : ndarray, shape (N,)
    cost : ndarray, shape (N,)
        Pounds a year of a home that takes it up.
    admissions, averted : ndarray of float32, shape (N, D)
        Admissions a year without it, and those averted at the uptake drawn.
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

    def mean_with(self, expected: np.ndarray, uptake: float) -> np.ndarray:
        """Give the expected net benefit of each home had it other expectations of admissions (N,), shape (N,)."""
        ratio = np.divide(expected, self.expected, out=np.zeros_like(expected), where=self.expected > 0)
        return (self.mean + uptake * self.cost) * ratio - uptake * self.cost

    @property
    def worthwhile(self) -> np.ndarray:
        """Probability that a home's net benefit is above zero, shape (N,)."""
        return (self.net > 0).mean(axis=1)

    def interval(self, chosen: np.ndarray, what: str = "net", level: float = 0.95) -> tuple[float, float, float]:
        """Mean and interval of the sum over some homes of ``net`` or ``averted``."""
        total = getattr(self, what)[chosen].sum(axis=0, dtype=float)
        low, high = np.quantile(total, [0.5 - level / 2, 0.5 + level / 2])
        return float(total.mean()), float(low), float(high)


def benefits(baseline: Baseline, offer: YearlyOffer, *, draws: int = 2_000, seed: int) -> Benefits:
    """Work out what an offer is worth in each home, in an average year of the months looked at.

    Homes that have closed are worth nothing.
    """
    rng = np.random.default_rng(seed)
    admissions = baseline.draws(rng, draws)
    admissions *= (baseline.per_day() * _year(baseline, offer)).astype(np.float32)[:, None]
    falls, uptake = _falls(rng, baseline, offer, draws), rng.uniform(*offer.uptake, draws).astype(np.float32)
    cost = costs(baseline, offer)
    averted = admissions * falls.astype(np.float32) * uptake
    return Benefits(
        expected=expected_in_a_year(baseline, offer),
        residents=baseline.beds_taken,
        cost=cost,
        admissions=admissions,
        averted=averted,
        net=averted * np.float32(offer.value) - cost.astype(np.float32)[:, None] * uptake,
    )


def listed(baseline: Baseline, offered: Benefits) -> pd.DataFrame:
    """One row per home, not for showing: unit, name, kind, residents, expected (with low, high), worthwhile."""
    low, high = np.quantile(offered.admissions, [0.025, 0.975], axis=1)
    return pd.DataFrame(
        {
            "unit": baseline.units.index,
            "name": names_of(baseline.units).to_numpy(),
            "kind": baseline.kind,
            "residents": offered.residents,
            "expected": offered.expected,
            "low": low,
            "high": high,
            "worthwhile": offered.worthwhile,
        }
    )


def costs(baseline: Baseline, offer: YearlyOffer) -> np.ndarray:
    """Give pounds a year that it costs in each home that takes it up, (N,); nothing in homes that have closed."""
    return np.where(baseline.open, offer.cost_per_home, 0.0)


def expected_in_a_year(baseline: Baseline, offer: YearlyOffer | None = None) -> np.ndarray:
    """Admissions of each home without the offer, in an average year of the months looked at, shape (N,).

    Without an offer, the twelve months after the panel's last.
    """
    return baseline.per_day() * baseline.multiplier * _year(baseline, offer)


def averted_share(baseline: Baseline, offer: YearlyOffer) -> np.ndarray:
    """Share of admissions that the offer is expected to avert in each home that takes it up, shape (N,)."""
    kinds, code = np.unique(baseline.kind, return_inverse=True)
    low, high = offer.fidelity
    delivered = low + (high - low) * (np.arange(DELIVERED) + 0.5) / DELIVERED
    power = delivered[:, None] * np.array(offer.shares)
    found = []
    for kind in kinds:
        mean, sd = _log(offer.of(str(kind)))
        found.append((1 - np.exp(mean * power + (sd * power) ** 2 / 2)).mean(0) @ _weights(baseline, offer))
    return np.array(found)[code]


def _log(ratio):
    """Mean and standard deviation of the log rate ratio."""
    estimate, low, high = ratio
    return np.log(estimate), (np.log(high) - np.log(low)) / (2 * NORMAL)


def _by_month(baseline, offer):
    """Days of each month to come, each counted by its season and trend."""
    months = baseline.calendar.last + np.arange(1, len(offer.shares if offer else FULL_YEAR) + 1)
    return baseline.calendar.multiplier(months) * days_in(months)


def _year(baseline, offer):
    return float(12 * _by_month(baseline, offer).mean())


def _weights(baseline, offer):
    """Share of the admissions of each month, shape (T,)."""
    days = _by_month(baseline, offer)
    return days / days.sum()


def _falls(rng, baseline, offer, draws):
    """Share of admissions averted in every home that takes it up, (N, D): one draw for all homes of a kind."""
    kinds, code = np.unique(baseline.kind, return_inverse=True)
    weights, delivered = _weights(baseline, offer), rng.uniform(*offer.fidelity, draws)
    drawn = np.empty((len(kinds), draws))
    for k, name in enumerate(kinds):
        mean, sd = _log(offer.of(str(name)))
        full = (mean + sd * rng.standard_normal(draws)) * delivered
        drawn[k] = weights @ (1 - np.exp(np.array(offer.shares)[:, None] * full))
    return drawn[code]
