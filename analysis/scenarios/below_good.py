"""How many days will these homes spend below Good, with and without it?

A home rated r some time g before the first month is then in one of the states with probabilities p ∝ e_r' exp(Q g),
among those still open. From there they are followed month by month (`course`), with the intensities
that the loaded inspections show without support (`analysis.ratings.multi_state`), times what is claimed:

    q_up(t) = q_up · exp(b · f · s_t),   q_down(t) = q_down · exp(w · f · s_t),

b, w the log hazard ratios, f the share delivered, s_t how far the effect has built up or faded. Leaving competes: a
home that left is neither below Good nor better. What is told is expected days; the draws hold what is not known of the
intensities (their covariance), of the effect, of uptake and of fidelity, not the luck of single homes.

Homes of one kind and size that are offered the same enter as one sum, as admissions do (`groups`).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.inspections.regimes import STARTS
from analysis.inspections.watched import DAYS_PER_YEAR
from analysis.ratings.multi_state.fit import Fit
from analysis.ratings.multi_state.intensities import Structure, generators, transition_matrices
from analysis.ratings.multi_state.model import fitted
from analysis.ratings.records import ATTRIBUTES, Records, attributes, without_support, years
from analysis.scenarios.baseline import Baseline
from analysis.scenarios.course import FASTEST, Moving, below_good
from analysis.scenarios.days import Days
from analysis.scenarios.groups import together
from analysis.scenarios.projection import Projection, offered_to
from analysis.scenarios.ranges import Luck
from analysis.scenarios.scenario import Scenario

LEAST_MOVES = 50
"""Up, and down, in the last period: ten for each of the five differences between homes that a fit tells apart."""
NOT_LOADED = "load ratings of these homes (CQC's directory with ratings, or its locations) on the Data page"
NO_RATING = -1
"""Cell of homes without a rating."""
INTENSITIES = "How fast homes move between ratings without it"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Where homes stand at the start of a projection, and how fast they move without support; D draws.

    Homes of one cell are of one kind and size, and got one rating in the same month before the start.

    Parameters
    ----------
    cell : ndarray of int64, shape (N,)
        Of every home of the baseline, or `NO_RATING`.
    start : ndarray, shape (C, S, D)
        Chance of each state at the start, of a home still open.
    kind : ndarray of int64, shape (C,)
        Which row of `logs` each cell has.
    logs : ndarray, shape (U, M, D)
        Log intensities a year.
    layout : Structure
        Names the moves M.
    basis : str
        What they rest on, as a sentence.
    """

    cell: np.ndarray
    start: np.ndarray
    kind: np.ndarray
    logs: np.ndarray
    layout: Structure
    basis: str


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


def standing(inspections: Inspections, started: pd.Series, baseline: Baseline, luck: Luck) -> Standing | str:
    """Learn how homes move without support, or say what is missing.

    Parameters
    ----------
    inspections : Inspections
    started : Series of datetime64, index home
        Day each home first had any intervention.
    baseline : Baseline
        Its homes, and the month after which the projection begins.
    luck : Luck
    """
    first = (baseline.calendar.last + 1).astype("datetime64[D]")
    rated = inspections.rated()
    rated = rated.loc[rated["date"] <= pd.Timestamp(first)].drop_duplicates("home", keep="last").set_index("home")
    if not baseline.units.index.isin(rated.index).any():
        return NOT_LOADED
    fit = fitted(_periods_joined(without_support(inspections, spells_of(inspections), started)))
    homes = baseline.units.index[baseline.units.index.isin(rated.index)]
    state = rated["rating"].cat.codes.reindex(homes).to_numpy(np.int64)
    ago = (first - rated["date"].reindex(homes).to_numpy("datetime64[D]")).astype(float) / DAYS_PER_YEAR * 12
    kinds, of = np.unique(_covariates(inspections.homes.reindex(homes), first, fit), axis=0, return_inverse=True)
    keys, at = np.unique(np.column_stack([of, state, np.rint(ago)]).astype(np.int64), axis=0, return_inverse=True)
    cell = np.full(len(baseline.units), NO_RATING)
    cell[baseline.units.index.get_indexer(homes)] = at
    logs = _drawn(fit, kinds, luck)
    return Standing(
        cell=cell, start=_start(keys, logs, fit.seen.layout), kind=keys[:, 0], logs=logs, layout=fit.seen.layout,
        basis=_basis(fit),
    )  # fmt: skip


def _periods_joined(found: Records) -> Records:
    """Join the last periods until the last one holds enough moves: the months to come go on from it."""
    seen = found.watched
    up, down = seen.became > seen.rated, (seen.became >= 0) & (seen.became < seen.rated)
    enough = [min((up & (seen.end > b)).sum(), (down & (seen.end > b)).sum()) >= LEAST_MOVES for b in seen.breaks]
    return replace(found, watched=replace(seen, breaks=seen.breaks[: int(np.sum(enough))]))


def _covariates(homes: pd.DataFrame, first: np.datetime64, fit: Fit) -> np.ndarray:
    """Covariates of homes without support in the last period that is told apart, shape (n, K)."""
    periods = fit.seen.intervals.z.shape[1] - 2 - len(ATTRIBUTES)
    breaks = years(np.array(STARTS, "datetime64[D]"))[:periods]
    period = int(np.searchsorted(breaks, years(np.array([first]))[0]))
    dummies = np.tile(np.arange(1, periods + 1) == period, (len(homes), 1))
    return np.column_stack([np.ones(len(homes)), np.zeros(len(homes)), attributes(homes), dummies]).astype(float)


def _drawn(fit: Fit, kinds: np.ndarray, luck: Luck) -> np.ndarray:
    """Draw log intensities of every kind from the estimates' covariance, shape (U, M, D)."""
    known = np.flatnonzero(fit.known)
    theta = fit.theta.copy()
    theta[~fit.known & (fit.seen.layout.covariate > 0)] = 0.0  # a difference that cannot be told is none
    drawn = np.tile(theta, (luck.n, 1))
    if len(known):
        covariance = fit.uncertainty(np.eye(len(fit.theta))[known]).covariance
        value, vector = np.linalg.eigh(covariance)
        noise = luck.rng(INTENSITIES).standard_normal((luck.n, len(known)))
        drawn[:, known] += noise @ (vector * np.sqrt(np.maximum(value, 0))).T
    logs = np.stack([fit.seen.layout.log_intensities(theta, kinds) for theta in drawn], axis=2)
    return np.minimum(logs, FASTEST)


def _start(keys: np.ndarray, logs: np.ndarray, layout: Structure) -> np.ndarray:
    """Chance of every state of cells (kind, rating, months ago) at the start, shape (C, S, D)."""
    start = np.empty((len(keys), layout.states, logs.shape[2]))
    for kind in np.unique(keys[:, 0]):
        parts = generators(layout, logs[kind].T)
        for ago in np.unique(keys[keys[:, 0] == kind, 2]):
            moved = transition_matrices(parts, ago / 12)
            moved /= moved.sum(axis=2, keepdims=True)
            for c in np.flatnonzero((keys[:, 0] == kind) & (keys[:, 2] == ago)):
                start[c] = moved[:, keys[c, 1]].T
    return start


def _basis(fit: Fit) -> str:
    seen = fit.seen.intervals
    moves = int(((seen.end >= 0) & (seen.end != seen.start)).sum())
    return (
        f"Days below Good: from each home's latest rating, moving as {len(np.unique(seen.home)):,} homes did without "
        f"support ({moves:,} changes of rating seen); quality moves between inspections, and homes that leave no "
        "longer count."
    )


def project_ratings(known: Standing | str, baseline: Baseline, projection: Projection) -> BelowGood | str:
    """Lay a scenario on where its homes stand, or say what is missing."""
    if isinstance(known, str):
        return known
    cell = known.cell[projection.rows]
    rated = np.flatnonzero(cell != NO_RATING)
    if not len(rated):
        return NOT_LOADED
    scenario = projection.scenario
    groups = _groups(known, cell[rated], offered_to(baseline, scenario)[:, projection.rows[rated]], scenario)
    chance = _chance(groups, np.stack([projection.drawn[f"{offer.name}: uptake"] for offer in scenario.offers]))
    month, from_state = _followed(known, groups, projection)
    return BelowGood(
        days=Days(
            months=projection.months,
            without=month[:, groups.pattern == 0].sum(1),
            averted=((month[:, groups.none] - month) * chance).sum(1),
            counted=f"{len(rated):,} "
            + (f"of {len(cell):,} homes, those rated" if len(rated) < len(cell) else "homes"),
            basis=known.basis,
            claimed=bool(groups.claimed),
        ),
        **_of_homes(known, cell, groups, chance, from_state),
    )


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
        How many homes of each cell.
    row : ndarray of int64, shape (n,)
        Of every rated home, the group's row with nothing taken up.
    """

    claimed: list[int]
    kind: np.ndarray
    offers: np.ndarray
    pattern: np.ndarray
    none: np.ndarray
    homes: np.ndarray
    row: np.ndarray


def _groups(known: Standing, cell: np.ndarray, offered: np.ndarray, scenario: Scenario) -> _Groups:
    """Sort rated homes, in these cells and offered (K, n), into groups."""
    claimed = [k for k, offer in enumerate(scenario.offers) if offer.ratings.claimed]
    code = (offered[claimed] << np.arange(len(claimed))[:, None]).sum(0)
    keys, at = np.unique(np.column_stack([known.kind[cell], code]), axis=0, return_inverse=True)
    rows = [(kind, offers, p, g) for g, (kind, offers) in enumerate(keys) for p in range(offers + 1) if not p & ~offers]
    kind, offers, pattern, of = np.array(rows, np.int64).T
    first = np.searchsorted(of, np.arange(len(keys)))
    homes = np.zeros((len(keys), len(known.kind)))
    np.add.at(homes, (at, cell), 1.0)
    return _Groups(claimed=claimed, kind=kind, offers=offers, pattern=pattern, none=first[of], homes=homes[of],
                   row=first[at])  # fmt: skip


def _chance(groups: _Groups, uptake: np.ndarray) -> np.ndarray:
    """How likely each group's pattern is, shape (B, D)."""
    chance = np.ones((len(groups.kind), uptake.shape[1]))
    for j, k in enumerate(groups.claimed):
        takes = groups.pattern >> j & 1
        may = groups.offers >> j & 1
        chance *= np.where(may[:, None], np.where(takes[:, None], uptake[k], 1 - uptake[k]), 1.0)
    return chance


def _of_homes(known: Standing, cell: np.ndarray, groups: _Groups, chance: np.ndarray, from_state: np.ndarray) -> dict:
    """Give the days expected of each home, with and without; by cell, since homes of one cell are alike."""
    saved = np.zeros_like(from_state)
    np.add.at(saved, (slice(None), groups.none), (from_state[:, groups.none] - from_state) * chance)
    found = np.full((2, len(cell)), np.nan)
    rated = np.flatnonzero(cell != NO_RATING)
    pairs, at = np.unique(np.column_stack([groups.row, cell[rated]]), axis=0, return_inverse=True)
    for part, days in enumerate((from_state, saved)):
        mean = [np.vdot(known.start[c], days[:, row]) / days.shape[2] for row, c in pairs]
        found[part, rated] = np.array(mean)[at]
    return {"home_without": found[0], "home_averted": found[1]}


def _followed(known: Standing, groups: _Groups, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
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
            moving = Moving(logs=logs[:, some], layout=known.layout, ratios=own, stage=at)
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
    offer, luck = projection.scenario.offers[k], Luck(seed=projection.scenario.seed, n=projection.without.shape[1])
    ways = {"better": offer.ratings.better, "worse": offer.ratings.worse}
    full = [luck.value(f"{offer.name}: effect on moving to a {way} rating", ratio) for way, ratio in ways.items()]
    return np.array(full) * projection.drawn[f"{offer.name}: fidelity"]
