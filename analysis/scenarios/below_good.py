"""How many days will these homes spend below Good, with and without it?

From where they stand at the start (`ratings_at_start`) homes are followed month by month (`monthly_moves`), with the
intensities of homes without support times what is claimed:

    q_up(t) = q_up · exp(b · f · s_t),   q_down(t) = q_down · exp(w · f · s_t),

b, w the log hazard ratios, f the share delivered, s_t how far the effect has built up or faded. Leaving competes: a
home that left is neither below Good nor better. What is told is expected days; the draws hold what is not known of the
intensities, of the effect, of uptake and of fidelity, not the luck of single homes.

Homes of one kind and size that are offered the same enter as one sum, as admissions do (`groups`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline
from analysis.missing import Missing
from analysis.scenarios.days import Days
from analysis.scenarios.groups import together
from analysis.scenarios.inputs import place
from analysis.scenarios.monthly_moves import MonthlyMoves, below_good
from analysis.scenarios.projection import Projection
from analysis.scenarios.ranges import Draws
from analysis.scenarios.ratings_at_start import NO_RATING, NOT_LOADED, RatingsAtStart
from analysis.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BelowGood:
    """Days below Good of the homes offered something.

    Parameters
    ----------
    days : Days
        Of all of them together.
    home_without, home_averted : ndarray, shape (n,)
        Expected of each home over all months; missing where it has no rating.
    """

    days: Days
    home_without: np.ndarray
    home_averted: np.ndarray


def project_ratings(known: RatingsAtStart | Missing, baseline: Baseline, projection: Projection) -> BelowGood | Missing:
    """Lay a scenario on where its homes stand, or say what is missing."""
    if isinstance(known, Missing):
        return known
    cell = known.cell[projection.rows]
    rated = np.flatnonzero(cell != NO_RATING)
    if not len(rated):
        return Missing(NOT_LOADED)
    scenario = projection.scenario
    groups = _groups(known, cell[rated], {c: each[rated] for c, each in projection.offered.chances.items()}, scenario)
    chance = _chance(groups, np.stack([projection.drawn[place(k, "uptake")] for k in range(len(scenario.offers))]))
    month, from_state = _followed(known, groups, projection)
    return BelowGood(
        days=Days(
            months=projection.months,
            without=month[:, groups.pattern == 0].sum(1),
            averted=((month[:, groups.none] - month) * chance).sum(1),
            counted=_counted(projection, len(rated)),
            basis=known.basis,
            claimed=bool(groups.claimed),
        ),
        **_of_homes(known, cell, groups, chance, from_state),
    )


def _counted(projection: Projection, rated: int) -> str:
    """Say of which homes the days are."""
    offered, homes = projection.offered, len(projection.rows)
    if not offered.by_lot:
        return f"{rated:,} of {homes:,} homes, those rated" if rated < homes else f"{rated:,} homes"
    some = f"; {rated:,} of the {homes:,} that may be drawn are rated, and only their days count"
    return f"{offered.homes:,} homes drawn by lot{some if rated < homes else ''}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Groups:
    """Homes of one kind that are offered the same, once for every pattern of what they may take up; B in all.

    Parameters
    ----------
    claimed : list of int
        Offers with a claim; bit j of a pattern is the j-th of them.
    kind, offers, pattern, none : ndarray of int64, shape (B,)
        Kind of home, claims offered (bits), claims taken up (bits), and the group's row with nothing taken up.
    homes : ndarray, shape (B, C)
        How many homes of each cell; an average over lots, where a lot is drawn.
    row : ndarray of int64, shape (n,)
        Of every rated home, its likeliest group's row with nothing taken up.
    """

    claimed: list[int]
    kind: np.ndarray
    offers: np.ndarray
    pattern: np.ndarray
    none: np.ndarray
    homes: np.ndarray
    row: np.ndarray


def _groups(known: RatingsAtStart, cell: np.ndarray, chances: Mapping[int, np.ndarray], scenario: Scenario) -> _Groups:
    """Sort rated homes, in these cells and offered by these chances (`lots.Offered`), into groups."""
    claimed = [k for k, offer in enumerate(scenario.offers) if offer.ratings.claimed]
    member = np.concatenate([np.flatnonzero(chance) for chance in chances.values()])
    weight = np.concatenate([chance[chance > 0] for chance in chances.values()])
    codes = np.repeat([sum((c >> k & 1) << j for j, k in enumerate(claimed)) for c in chances],
                      [np.count_nonzero(chance) for chance in chances.values()])  # fmt: skip
    keys, at = np.unique(np.column_stack([known.kind[cell[member]], codes]), axis=0, return_inverse=True)
    rows = [(kind, offers, p, g) for g, (kind, offers) in enumerate(keys) for p in range(offers + 1) if not p & ~offers]
    kind, offers, pattern, of = np.array(rows, np.int64).T
    first = np.searchsorted(of, np.arange(len(keys)))
    homes = np.zeros((len(keys), len(known.kind)))
    np.add.at(homes, (at, cell[member]), weight)
    likely = np.argsort(weight, kind="stable")  # of several that a home may be offered, the likeliest stands last
    row = np.zeros(len(cell), np.int64)
    row[member[likely]] = first[at[likely]]
    return _Groups(claimed=claimed, kind=kind, offers=offers, pattern=pattern, none=first[of], homes=homes[of],
                   row=row)  # fmt: skip


def _chance(groups: _Groups, uptake: np.ndarray) -> np.ndarray:
    """How likely each group's pattern is, shape (B, D)."""
    chance = np.ones((len(groups.kind), uptake.shape[1]))
    for j, k in enumerate(groups.claimed):
        takes = groups.pattern >> j & 1
        may = groups.offers >> j & 1
        chance *= np.where(may[:, None], np.where(takes[:, None], uptake[k], 1 - uptake[k]), 1.0)
    return chance


def _of_homes(
    known: RatingsAtStart, cell: np.ndarray, groups: _Groups, chance: np.ndarray, from_state: np.ndarray
) -> dict:
    """Give the days expected of each home, with and without; by cell, since homes of one cell are alike."""
    saved = np.zeros_like(from_state)
    fewer = (from_state[:, groups.none] - from_state) * chance
    np.add.at(np.swapaxes(saved, 0, 1), groups.none, np.swapaxes(fewer, 0, 1))
    found = np.full((2, len(cell)), np.nan)
    rated = np.flatnonzero(cell != NO_RATING)
    pairs, at = np.unique(np.column_stack([groups.row, cell[rated]]), axis=0, return_inverse=True)
    for part, days in enumerate((from_state, saved)):
        mean = [np.vdot(known.start[c], days[:, row]) / days.shape[2] for row, c in pairs]
        found[part, rated] = np.array(mean)[at]
    return {"home_without": found[0], "home_averted": found[1]}


def _followed(known: RatingsAtStart, groups: _Groups, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
    """Days below Good of every group, by month (T, B, D) and of one home by its first state (S, B, D)."""
    logs = np.moveaxis(known.logs[groups.kind], 0, 1)
    start = np.einsum("bc,csd->sbd", groups.homes, known.start)
    ratios, stage = _ratios(projection, groups.claimed)
    month, from_state = np.empty((len(projection.months), *start.shape[1:])), np.empty_like(start)
    for some in (groups.pattern == 0, groups.pattern > 0):
        if some.any():
            own = ratios[groups.pattern[some]]
            same = own[:, :1], np.zeros_like(stage)
            own, at = (own, stage) if own.any() else same  # with nothing taken up all months are alike
            moving = MonthlyMoves(logs=logs[:, some], layout=known.layout, ratios=own, stage=at)
            month[:, some], from_state[:, some] = below_good(moving, projection.months, start[:, some])
    return month, from_state


def _ratios(projection: Projection, claimed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Log hazard ratios of every pattern of what is taken up (P, V, 2, D), and the stage of every month (T,).

    Months in which every offer is built up or faded alike are of one stage.
    """
    offers, overlap = projection.scenario.offers, projection.scenario.overlap
    T, D = projection.without.shape
    if not claimed:
        return np.zeros((1, 1, 2, D)), np.zeros(T, int)
    shares = np.array([offers[k].share(projection.months) for k in claimed])
    stages, stage = np.unique(shares, axis=1, return_inverse=True)
    found = np.zeros((2 ** len(claimed), stages.shape[1], 2, D))
    full = np.array([_full(projection, k) for k in claimed])
    for p in range(1, len(found)):
        taken = [j for j in range(len(claimed)) if p >> j & 1]
        up, down = (full[taken, way][:, None] * stages[taken][:, :, None] for way in (0, 1))
        found[p] = np.stack([-together(-up, overlap), together(down, overlap)], axis=1)
    return found, stage.reshape(T)


def _full(projection: Projection, k: int) -> np.ndarray:
    """Log hazard ratios up and down of one offer as delivered, once built up, shape (2, D)."""
    offer, luck = projection.scenario.offers[k], Draws(seed=projection.scenario.seed, n=projection.without.shape[1])
    ways = {"better": offer.ratings.better, "worse": offer.ratings.worse}
    full = [luck.value(place(k, f"ratings.{way}"), ratio) for way, ratio in ways.items()]
    return np.array(full) * projection.drawn[place(k, "fidelity")]
