"""How many days will these homes spend below Good, with and without it?

A home rated r some time g before the first month is then in one of the states with probabilities p ∝ e_r' exp(Q g),
among those still open. From there they are followed month by month (`course`), with the intensities
that the loaded inspections show without support (`analysis.ratings.multi_state`), times what is claimed:

    q_up(t) = q_up · exp(b · f · s_t),   q_down(t) = q_down · exp(w · f · s_t),

b, w the log hazard ratios, f the share delivered, s_t how far the effect has built up or faded. Leaving competes: a home
that left is neither below Good nor better. What is told is expected days; the draws hold what is not known of the
intensities (their covariance), of the effect, of uptake and of fidelity, not the luck of single homes.

Homes of one kind and size that are offered the same enter as one sum, as admissions do (`groups`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.inspections.regimes import STARTS
from analysis.inspections.watched import DAYS_PER_YEAR
from analysis.ratings.multi_state.fit import Fit
from analysis.ratings.multi_state.intensities import Structure, generators, transition_matrices
from analysis.ratings.multi_state.model import fitted
from analysis.ratings.records import attributes, without_support, years
from analysis.scenarios.baseline import Baseline
from analysis.scenarios.course import FASTEST, below_good
from analysis.scenarios.days import Days
from analysis.scenarios.groups import pattern_probability, together
from analysis.scenarios.projection import Projection, offered_to
from analysis.scenarios.ranges import Luck

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
    fit = fitted(without_support(inspections, spells_of(inspections), started))
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


def _covariates(homes: pd.DataFrame, first: np.datetime64, fit: Fit) -> np.ndarray:
    """Covariates of homes without support in the period of the first month, shape (n, K)."""
    breaks = years(np.array(STARTS, "datetime64[D]"))
    period = int(np.searchsorted(breaks, years(np.array([first]))[0]))
    dummies = np.tile(np.arange(1, len(breaks) + 1) == period, (len(homes), 1))
    return np.column_stack([np.ones(len(homes)), np.zeros(len(homes)), attributes(homes), dummies]).astype(float)


def _drawn(fit: Fit, kinds: np.ndarray, luck: Luck) -> np.ndarray:
    """Draw log intensities of every kind from the estimates' covariance, shape (U, M, D)."""
    known = np.flatnonzero(fit.known)
    drawn = np.tile(fit.theta, (luck.n, 1))
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
    offered = offered_to(baseline, projection.scenario)[:, projection.rows]
    uptake = np.stack([projection.drawn[f"{offer.name}: uptake"] for offer in projection.scenario.offers])
    claimed = [k for k, offer in enumerate(projection.scenario.offers) if offer.ratings.claimed]
    code = (offered[:, rated] * 2 ** np.arange(len(offered))[:, None]).sum(0)
    keys, group = np.unique(np.column_stack([known.kind[cell[rated]], code]), axis=0, return_inverse=True)
    without, averted = np.zeros_like(projection.without), np.zeros_like(projection.without)
    of_home = np.full((2, len(cell)), np.nan)
    logs = _log_ratios(projection)
    for g, (kind, offers) in enumerate(keys):
        mine = cell[rated[group == g]]
        cells, many = np.unique(mine, return_counts=True)
        start = known.start[cells]
        taken = _taken_up(int(offers), claimed, uptake, offered.shape[0])
        paths = [_ratios_of(pattern, logs, projection.scenario.overlap) for pattern in taken]
        month, from_state = below_good(known.logs[kind], known.layout, paths, projection.months,
                                       np.tensordot(many, start, 1))  # fmt: skip
        chance = np.stack(list(taken.values()))
        without += month[:, 0]
        averted += (chance * (month[:, :1] - month)).sum(1)
        saved = (chance * (from_state[:, :1] - from_state)).sum(1)
        each = np.stack([np.einsum("csd,sd->c", start, part) for part in (from_state[:, 0], saved)])
        of_home[:, rated[group == g]] = each[:, np.searchsorted(cells, mine)] / uptake.shape[1]
    counted = (
        f"{len(rated):,} homes" if len(rated) == len(cell) else f"{len(rated):,} of {len(cell):,} homes, those rated"
    )
    days = Days(months=projection.months, without=without, averted=averted, counted=counted, basis=known.basis,
                claimed=bool(claimed))  # fmt: skip
    return BelowGood(days=days, home_without=of_home[0], home_averted=of_home[1])


def _log_ratios(projection: Projection) -> np.ndarray:
    """Log hazard ratios up and down of every offer by itself, shape (2, K, T, D)."""
    luck = Luck(seed=projection.scenario.seed, n=projection.without.shape[1])
    found = []
    for offer in projection.scenario.offers:
        given = projection.drawn[f"{offer.name}: fidelity"] * offer.share(projection.months)[:, None]
        ways = {"better": offer.ratings.better, "worse": offer.ratings.worse}
        found.append([luck.value(f"{offer.name}: effect on moving to a {way} rating", ratio) * given
                      for way, ratio in ways.items()])  # fmt: skip
    return np.swapaxes(np.array(found), 0, 1)


def _taken_up(offers: int, claimed: list[int], uptake: np.ndarray, K: int) -> dict[tuple[int, ...], np.ndarray]:
    """Which of the offers with a claim are taken up together, none first, and how likely that is, shape (D,)."""
    mine = [k for k in claimed if offers >> k & 1]
    to = np.ones((len(mine), 1), bool)
    return {
        tuple(k for j, k in enumerate(mine) if p >> j & 1): pattern_probability(to, uptake[mine], p)[0]
        if mine
        else np.ones(uptake.shape[1])
        for p in range(2 ** len(mine))
    }


def _ratios_of(pattern: tuple[int, ...], logs: np.ndarray, overlap: str) -> np.ndarray | None:
    """Log hazard ratios up and down of offers taken up together, shape (2, T, D); None of no offer."""
    if not pattern:
        return None
    up, down = logs[0, list(pattern)], logs[1, list(pattern)]
    return np.stack([-together(-up, overlap), together(down, overlap)])
