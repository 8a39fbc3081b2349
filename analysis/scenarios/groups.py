"""How do thousands of homes become a few sums, exactly?

Homes of one kind that take up the same interventions have the same rate ratio in every month of a draw, so only their
sum matters. With K interventions there are 2^K patterns of uptake; pattern p has bit k set where intervention k is
taken up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.scenarios.inputs import place
from analysis.scenarios.lots import Offered
from analysis.scenarios.scenario import FLOOR, Scenario

BLOCK = 1_000_000
"""Home-draws worked on at once: some 4 MB, which stays in a processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Homes:
    """Homes offered something.

    Parameters
    ----------
    per_day : ndarray, shape (n,)
        Admissions a day of a mean home of the kind with their residents.
    kind : ndarray of int, shape (n,)
    offered : Offered
        Who is offered what, in every lot where a lot decides.
    """

    per_day: np.ndarray
    kind: np.ndarray
    offered: Offered

    @property
    def kinds(self) -> int:
        """How many kinds."""
        return int(self.kind.max()) + 1

    @property
    def patterns(self) -> int:
        """How many patterns of uptake."""
        return 2 ** len(self.offered.to)


def drawn_sums(
    homes: Homes, levels: np.ndarray, rows: np.ndarray, uptake: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Add up homes' admissions a day in every draw, each home taking up what it is offered with probability `uptake`.

    Parameters
    ----------
    homes : Homes
    levels : ndarray of float32, shape (N, D)
        Multipliers of all homes of the baseline.
    rows : ndarray of int, shape (n,)
        Which of them are `homes`.
    uptake : ndarray, shape (K, D)
    rng : Generator

    Returns
    -------
    sums : ndarray, shape (kinds, patterns, D)
    taken_up : ndarray, shape (K, D)
    """
    D = levels.shape[1]
    sums, taken_up = np.zeros((homes.kinds, homes.patterns, D)), np.zeros(uptake.shape)
    uptake, to = uptake.astype(np.float32), homes.offered.in_draws(D)
    per_day = homes.per_day.astype(np.float32)
    step = max(1, BLOCK // D)
    for kind in range(homes.kinds):
        of_kind = np.flatnonzero(homes.kind == kind)
        for block in np.split(of_kind, range(step, len(of_kind), step)):
            offered = to[:, block]
            mine = levels[rows[block]] * per_day[block, None] * offered.any(0)
            pattern = np.zeros(mine.shape, np.uint8)
            for k in range(len(offered)):
                takes = (rng.random(mine.shape, np.float32) < uptake[k]) & offered[k]
                taken_up[k] += takes.sum(0)
                pattern |= takes.view(np.uint8) << k
            for p in range(1, homes.patterns):
                sums[kind, p] += np.einsum("nd,nd->d", mine, pattern == p, dtype=np.float32)
            sums[kind, 0] += mine.sum(0)
        sums[kind, 0] = np.maximum(sums[kind, 0] - sums[kind, 1:].sum(0), 0)
    return sums, taken_up


def expected_sums(homes: Homes, level: np.ndarray, uptake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up what is expected, over all lots and with no luck in it; shapes as in `drawn_sums`, and `level` (n,)."""
    sums = np.zeros((homes.kinds, homes.patterns, uptake.shape[1]))
    for code, chance in homes.offered.chances.items():
        size = np.bincount(homes.kind, homes.per_day * level * chance, homes.kinds)
        for p in range(homes.patterns):
            sums[:, p] += size[:, None] * _probability(code, uptake, p)
    return sums, homes.offered.to.mean(2).sum(1)[:, None] * uptake


def expected_falls(homes: Homes, ratio: np.ndarray, calendar: np.ndarray, uptake: np.ndarray) -> np.ndarray:
    """Share of each home's admissions that is expected to be averted once it is offered anything, shape (n,)."""
    fall = ((1 - ratio) * calendar).sum(2).mean(2) / calendar.sum(0).mean()
    mean, found = uptake.mean(1, keepdims=True), np.zeros(len(homes.kind))
    for code, chance in homes.offered.chances.items():
        averted = sum(fall[:, p] * _probability(code, mean, p)[0] for p in range(homes.patterns))
        found += chance / homes.offered.chance * np.asarray(averted)[homes.kind]
    return found


def _probability(code: int, uptake: np.ndarray, pattern: int) -> np.ndarray:
    """Probability that a home which is offered these takes up exactly a pattern, shape (D,)."""
    chance = np.full(uptake.shape[1], float(not pattern & ~code))
    for k, share in enumerate(uptake):
        if code >> k & 1:
            chance *= share if pattern >> k & 1 else 1 - share
    return chance


def rate_ratios(
    scenario: Scenario, months: np.ndarray, kinds: np.ndarray, drawn: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Rate ratio of each kind of home and pattern of uptake in each month and draw, (kinds, patterns, T, D)."""
    own = np.stack([_log_ratios(scenario, k, months, kinds, drawn) for k in range(len(scenario.offers))])
    ratios = np.ones((len(kinds), 2 ** len(own), *own.shape[2:]))
    for p in range(1, ratios.shape[1]):
        taken = own[[k for k in range(len(own)) if p >> k & 1]]
        ratios[:, p] = np.exp(together(taken, scenario.overlap))
    return ratios


def together(logs: np.ndarray, overlap: str) -> np.ndarray:
    """Log ratio of interventions taken up together from each one's own, along the first axis; below zero is better."""
    if not len(logs):
        return np.zeros(logs.shape[1:])
    best = logs.min(0)
    return best if overlap == "best only" else np.maximum(logs.sum(0), np.minimum(np.log(FLOOR), best))


def _log_ratios(scenario: Scenario, k: int, months: np.ndarray, kinds: np.ndarray, drawn: Mapping) -> np.ndarray:
    """Log rate ratios of one intervention by itself, shape (kinds, T, D)."""
    offer = scenario.offers[k]
    named = [offer.effect.of(str(kind)) for kind in kinds]
    full = np.stack([drawn[place(k, f"effect.ratios.{kind}")] for kind in named])
    return full[:, None] * drawn[place(k, "fidelity")] * offer.share(months)[:, None]
