"""How fast do homes move, and what does the intervention multiply that by?

log q_m(z) = α_m + β_up or β_down · intervention + attributes and periods, each with effects of their own on moving up,
on moving down and on leaving. The intervention is taken to act on moving up and down only: with few supported homes
hardly any leaves, and an effect on leaving could be anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from analysis.inference.scores import Clusters, Uncertainty, Vcov, clusters, uncertainty
from analysis.inspections.watched import EXIT, OPEN, Watched
from analysis.ratings.multi_state.intensities import Structure, structure
from analysis.ratings.multi_state.intervals import intervals
from analysis.ratings.multi_state.likelihood import Seen, cluster_scores, scores
from analysis.ratings.maximum import Maximum, maximise

STATES = 4
INTERVENTION = 1
"""Column of z."""
PIECES = (0.25, 0.5, 1.0, 2.0)
"""Years since the last rating between which inspectors come at one rate: Inadequate homes within six months, those
that require improvement within twelve, Good ones within thirty."""
RANGE = (-12.0, 5.0)
"""Of log intensities a year and of log ratios: once in 160,000 years, and 150 times a year."""
START_PER_YEAR = 0.2
"""Intensity from which the search starts."""
WITHOUT_END = 6.0
"""A log ratio beyond this (a factor of 400) means that one side was never seen to move: no estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggering:
    """How the hidden state of a home brings inspectors: an assumption, not an estimate.

    Parameters
    ----------
    worse_sooner : float
        How many times as fast they come to a home that is now worse than its last rating.
    better_sooner : float
        How many times as fast they come to a home with the intervention that is now better than its last rating (its
        supporters ask for them, or tell them).
    """

    worse_sooner: float = 1.0
    better_sooner: float = 1.0

    def ratios(self) -> np.ndarray:
        """By intervention, last rating and hidden state, shape (2, S, S)."""
        worse = np.where(np.tri(STATES, k=-1, dtype=bool), self.worse_sooner, 1.0)
        better = np.where(np.tri(STATES, k=-1, dtype=bool).T, self.better_sooner, 1.0)
        return np.stack([worse, worse * better])


NOT_TRIGGERED = Triggering()
"""What is hidden does not bring inspectors, and the times of inspections say nothing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Estimates, and what their uncertainty is read from.

    Parameters
    ----------
    seen : Seen
    maximum : Maximum
    cluster : ndarray of int64, shape (H,)
        Of every home.
    """

    seen: Seen
    maximum: Maximum
    cluster: np.ndarray

    @property
    def theta(self) -> np.ndarray:
        """Estimates, shape (p,)."""
        return self.maximum.theta

    @cached_property
    def known(self) -> np.ndarray:
        """Parameters that the data can tell, shape (p,)."""
        ratios = np.concatenate([self.seen.layout.covariate, np.zeros(len(self.theta), int)])[: len(self.theta)] > 0
        return self.maximum.free & ~(ratios & (np.abs(self.theta) > WITHOUT_END))

    @cached_property
    def clusters(self) -> Clusters:
        """Scores and information by cluster, of the parameters that the data can tell."""
        of_interval = np.unique(self.cluster[self.seen.intervals.home], return_inverse=True)[1]
        every = cluster_scores(self.seen, of_interval)

        def of_known(part: np.ndarray) -> np.ndarray:
            theta = self.theta.copy()
            theta[self.known] = part
            return every(theta)[:, self.known]

        return clusters(of_known, self.theta[self.known])

    def uncertainty(self, contrasts: np.ndarray, vcov: Vcov = "CR2") -> Uncertainty:
        """Covariance of contrasts, shape (R, p); a contrast of what the data cannot tell has no meaning."""
        return uncertainty(contrasts[:, self.known], self.clusters, vcov)

    @property
    def log_ratios(self) -> np.ndarray:
        """Positions of the intervention's effects on moving up and down, shape (2,)."""
        return np.flatnonzero(self.seen.layout.covariate == INTERVENTION)


def layout_of(covariates: int, *, exits: bool = True) -> Structure:
    """Which parameter acts on which move: the intervention on up and down, all else on every kind.

    Parameters
    ----------
    covariates : int
        Columns of z after the intercept and the intervention.
    """
    kinds = ("up", "down", "exit") if exits else ("up", "down")
    others = [(INTERVENTION + 1 + k, kinds) for k in range(covariates)]
    return structure(STATES, [(INTERVENTION, ("up", "down")), *others], exits=exits)


def fit_moves(
    watched: Watched,
    cluster: np.ndarray | None = None,
    *,
    triggering: Triggering = NOT_TRIGGERED,
    exits: bool = True,
    near: Fit | None = None,
) -> Fit:
    """Fit by maximum likelihood.

    Parameters
    ----------
    cluster : ndarray of int64, shape (H,), optional
        Within which homes may share their luck; by default every home is its own.
    triggering : Triggering
        How inspectors are brought.
    exits : bool
        Whether leaving is part of the model.
    near : Fit, optional
        Another fit to the same homes, from which the search starts.
    """
    triggered = triggering != NOT_TRIGGERED
    data = intervals(watched, PIECES if triggered else ())
    seen = Seen(layout=layout_of(data.z.shape[1] - 2, exits=exits), intervals=data)
    if triggered:
        seen = replace(seen, ratios=triggering.ratios(), pieces=len(PIECES) + 1)
    theta = _start(seen, near)
    ends = tuple(np.full(len(theta), end) for end in RANGE)
    return Fit(
        seen=seen,
        maximum=maximise(partial(scores, seen=seen), theta, ends),
        cluster=np.arange(len(watched.started)) if cluster is None else cluster,
    )


def _start(seen: Seen, near: Fit | None) -> np.ndarray:
    """Where the search starts, shape (p,)."""
    moved = len(seen.layout.covariate)
    moves = np.where(seen.layout.covariate == 0, np.log(START_PER_YEAR), 0.0)
    theta = np.concatenate([moves, _visit_rates(seen)])
    if near is not None:
        known = slice(0, len(theta) if len(near.theta) == len(theta) else moved)
        theta[known] = near.theta[known]
    return theta


def _visit_rates(seen: Seen) -> np.ndarray:
    """Log of ratings over years watched, by last rating and time since: where the search for μ starts."""
    if seen.ratios is None:
        return np.zeros(0)
    data, cells = seen.intervals, seen.layout.states * seen.pieces
    years = np.bincount(seen.cell.ravel(), data.years.ravel(), cells)
    visits = np.bincount(seen.cell[data.end >= 0, -1], minlength=cells)
    rates = visits / np.maximum(years, 1 / 365)
    return np.where(visits > 0, np.log(np.maximum(rates, 1e-9)), RANGE[0])


def of_survivors(watched: Watched) -> Watched:
    """What a file of today's homes shows: homes that left are missing with all their ratings, and the end is open."""
    left = np.isin(watched.home, watched.home[watched.state == EXIT])
    kept = ~left & (watched.state != OPEN)
    return replace(watched, home=watched.home[kept], time=watched.time[kept], state=watched.state[kept])


def ends_known(watched: Watched) -> Sequence[int]:
    """How many homes left, and how many were open at the end of the data."""
    return [int((watched.state == state).sum()) for state in (EXIT, OPEN)]
