"""Where do homes stand when a projection begins, and how fast do they move between ratings without support?

A home rated r some time g before the first month is then in one of the states with probabilities p ∝ e_r' exp(Q g),
among those still open. Q is fitted to what was seen without support (`analysis.ratings.multi_state`: quality moves
unseen between inspections): supported homes are watched until their start only. Its uncertainty is drawn from the
covariance of the log intensities, within providers. A move that was never seen is taken as never to happen.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.baseline import Baseline
from analysis.inference.symmetric import eigh
from analysis.inspections import Inspections, spells_of
from analysis.inspections.regimes import STARTS
from analysis.inspections.watched import DAYS_PER_YEAR
from analysis.missing import Missing
from analysis.plural import counted
from analysis.ratings.multi_state.fit import MultiStateFit
from analysis.ratings.multi_state.intensities import Structure, generators, transition_matrices
from analysis.ratings.multi_state.model import fitted
from analysis.ratings.records import ATTRIBUTES, Records, attributes, without_support, years
from analysis.scenarios.monthly_moves import FASTEST
from analysis.scenarios.ranges import Draws

LEAST_MOVES = 50
"""Up, and down, in the last period: ten for each of the five differences between homes that a fit tells apart."""
NOT_LOADED = "load ratings of these homes (CQC's directory with ratings, or its locations) on the Data page"
NO_RATING = -1
"""Cell of homes without a rating."""
INTENSITIES = "county.moves"
"""Key of the draws of how fast homes move between ratings without it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatingsAtStart:
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


def ratings_at_start(
    inspections: Inspections, started: pd.Series, baseline: Baseline, luck: Draws
) -> RatingsAtStart | Missing:
    """Learn how homes move without support, or say what is missing.

    Parameters
    ----------
    inspections : Inspections
    started : Series of datetime64, index home
        Day each home first had any intervention.
    baseline : Baseline
        Its homes, and the month after which the projection begins.
    luck : Draws
    """
    first = (baseline.calendar.last + 1).astype("datetime64[D]")
    rated = inspections.rated()
    rated = rated.loc[rated["date"] <= pd.Timestamp(first)].drop_duplicates("home", keep="last").set_index("home")
    if not baseline.units.index.isin(rated.index).any():
        return Missing(NOT_LOADED)
    fit = fitted(_periods_joined(without_support(inspections, spells_of(inspections), started)))
    homes = baseline.units.index[baseline.units.index.isin(rated.index)]
    state = rated["rating"].cat.codes.reindex(homes).to_numpy(np.int64)
    ago = (first - rated["date"].reindex(homes).to_numpy("datetime64[D]")).astype(float) / DAYS_PER_YEAR * 12
    kinds, of = np.unique(_covariates(inspections.homes.reindex(homes), first, fit), axis=0, return_inverse=True)
    keys, at = np.unique(np.column_stack([of, state, np.rint(ago)]).astype(np.int64), axis=0, return_inverse=True)
    cell = np.full(len(baseline.units), NO_RATING)
    cell[baseline.units.index.get_indexer(homes)] = at
    logs = intensity_draws(fit, kinds, luck)
    return RatingsAtStart(
        cell=cell, start=at_the_start(keys, logs, fit.seen.layout), kind=keys[:, 0], logs=logs, layout=fit.seen.layout,
        basis=_basis(fit),
    )  # fmt: skip


def _periods_joined(found: Records) -> Records:
    """Join the last periods until the last one holds enough moves: the months to come go on from it."""
    seen = found.watched
    up, down = seen.became > seen.rated, (seen.became >= 0) & (seen.became < seen.rated)
    enough = [min((up & (seen.end > b)).sum(), (down & (seen.end > b)).sum()) >= LEAST_MOVES for b in seen.breaks]
    return replace(found, watched=replace(seen, breaks=seen.breaks[: int(np.sum(enough))]))


def _covariates(homes: pd.DataFrame, first: np.datetime64, fit: MultiStateFit) -> np.ndarray:
    """Covariates of homes without support in the last period that is told apart, shape (n, K)."""
    periods = fit.seen.intervals.z.shape[1] - 2 - len(ATTRIBUTES)
    breaks = years(np.array(STARTS, "datetime64[D]"))[:periods]
    period = int(np.searchsorted(breaks, years(np.array([first]))[0]))
    dummies = np.tile(np.arange(1, periods + 1) == period, (len(homes), 1))
    return np.column_stack([np.ones(len(homes)), np.zeros(len(homes)), attributes(homes), dummies]).astype(float)


def intensity_draws(fit: MultiStateFit, kinds: np.ndarray, luck: Draws) -> np.ndarray:
    """Draw log intensities of every kind from the estimates' covariance, shape (U, M, D)."""
    known = np.flatnonzero(fit.known)
    theta = fit.theta.copy()
    theta[~fit.known & (fit.seen.layout.covariate > 0)] = 0.0  # a difference that cannot be told is none
    drawn = np.tile(theta, (luck.n, 1))
    if len(known):
        covariance = fit.uncertainty(np.eye(len(fit.theta))[known]).covariance
        value, vector = eigh(covariance)
        noise = luck.rng(INTENSITIES).standard_normal((luck.n, len(known)))
        drawn[:, known] += noise @ (vector * np.sqrt(np.maximum(value, 0))).T
    logs = np.stack([fit.seen.layout.log_intensities(theta, kinds) for theta in drawn], axis=2)
    return np.minimum(logs, FASTEST)


def at_the_start(keys: np.ndarray, logs: np.ndarray, layout: Structure) -> np.ndarray:
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


def _basis(fit: MultiStateFit) -> str:
    seen = fit.seen.intervals
    moves = int(((seen.end >= 0) & (seen.end != seen.start)).sum())
    return (
        f"Days below Good: from each home's latest rating, moving as {counted(len(np.unique(seen.home)), 'home')} did "
        f"without support ({counted(moves, 'change')} of rating seen); quality moves between inspections, and homes "
        "that leave no longer count."
    )
