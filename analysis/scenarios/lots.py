"""Which homes are offered it, where there are more than the team can take on and a lot decides?

Nobody knows yet whom the lot will draw, so every lot counts alike: draws of a projection are of different lots, what is
expected is an average over them, and how much hangs on the lot is an input of the tornado like any other.

Homes stand in a random circle, and a lot is an arc of it. Twenty arcs that start evenly round each of fifty circles
hold every home equally often, so that averages over lots are nearly exact. Several interventions that are drawn by lot
share the arcs: homes drawn for the one are drawn for the other as far as they may have both.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.baseline import Baseline
from analysis.scenarios.ranges import Draws
from analysis.scenarios.scenario import Order, Scenario

CIRCLES, ARCS = 50, 20
LOTS = CIRCLES * ARCS
"""As many lots as a projection has draws: every draw has its own."""

WHICH = "county.lot"
"""Key of the lot among inputs."""


@dataclass(frozen=True, eq=False)
class Offered:
    """Who is offered what.

    Parameters
    ----------
    rows : ndarray of int, shape (n,)
        Homes that may be offered something, as rows of the baseline.
    to : ndarray of bool, shape (K, n, L)
        Whether each offer goes to each of them, in each lot; L is 1 where no lot is drawn.
    """

    rows: np.ndarray
    to: np.ndarray

    @property
    def by_lot(self) -> bool:
        """Whether it depends on a lot."""
        return self.to.shape[2] > 1

    @cached_property
    def code(self) -> np.ndarray:
        """What each home is offered in each lot, bit k for offer k, shape (n, L)."""
        return (self.to.astype(np.uint8) << np.arange(len(self.to), dtype=np.uint8)[:, None, None]).sum(0, np.uint8)

    @cached_property
    def chances(self) -> dict[int, np.ndarray]:
        """How likely each home is to be offered exactly these, by code above zero; shape (n,) each."""
        return {code: (self.code == code).mean(1) for code in range(1, 2 ** len(self.to))}

    @cached_property
    def chance(self) -> np.ndarray:
        """How likely each home is to be offered anything, shape (n,)."""
        return (self.code > 0).mean(1)

    @property
    def homes(self) -> int:
        """How many homes are offered something; the average over lots, which differ only where offers overlap."""
        return round(float(self.chance.sum()))

    def spread(self, size: np.ndarray) -> float:
        """How far the sum of sizes (n,) of the homes drawn differs from lot to lot: relative standard deviation."""
        totals = size @ (self.code > 0)
        return float(totals.std() / totals.mean()) if self.by_lot else 0.0

    def in_draws(self, n: int) -> np.ndarray:
        """Give `to` for so many draws, shape (K, n, D), or (K, n, 1) where all are alike."""
        return self.to[:, :, np.arange(n) % LOTS] if self.by_lot and n != LOTS else self.to


def offered_to(baseline: Baseline, scenario: Scenario) -> Offered:
    """Find which homes are offered each intervention, in every lot where a lot decides."""
    everyone = len(baseline.units)
    fits = [offer.who.fits(baseline) for offer in scenario.offers]
    drawn = [offer.who.drawn(fit.sum()) for offer, fit in zip(scenario.offers, fits, strict=True)]
    rng = Draws(seed=scenario.seed).rng(WHICH)
    circles = [rng.permutation(everyone) for _ in range(CIRCLES)] if any(drawn) else []
    to = np.zeros((len(fits), everyone, LOTS if any(drawn) else 1), bool)
    for k, (offer, fit) in enumerate(zip(scenario.offers, fits, strict=True)):
        if drawn[k]:
            to[k] = _lots(fit, offer.who.most, circles)
        else:
            to[k, offer.who.choose(baseline)] = True
    rows = np.flatnonzero(to.any((0, 2)))
    return Offered(rows=rows, to=to[:, rows])


def _lots(fits: np.ndarray, most: int, circles: list[np.ndarray]) -> np.ndarray:
    """Draw so many of the homes that fit, shape (N, LOTS)."""
    found = np.zeros((len(fits), LOTS), bool)
    for c, circle in enumerate(circles):
        places = np.flatnonzero(fits[circle])
        starts = np.searchsorted(places, np.arange(ARCS) * len(circle) / ARCS)
        arcs = circle[places][(starts[:, None] + np.arange(most)) % len(places)]
        found[arcs, (c * ARCS + np.arange(ARCS))[:, None]] = True
    return found


def in_other_order(scenario: Scenario, baseline: Baseline) -> tuple[Order, Scenario] | None:
    """Give the same for the homes that another order puts first, or None where there is room for all that fit.

    Most admissions first where a lot decides now; a lot where anything else does.
    """
    who = [offer.who for offer in scenario.offers]
    if all(each.units or each.fits(baseline).sum() <= each.most for each in who):
        return None
    order: Order = "most admissions expected" if any(each.order == "by lot" for each in who) else "by lot"
    offers = tuple(replace(offer, who=replace(offer.who, order=order)) for offer in scenario.offers)
    return order, replace(scenario, offers=offers)
