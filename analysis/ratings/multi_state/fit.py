"""How fast do homes move, and what does the intervention multiply that by?

log q_m(z) = α_m + β_up or β_down · intervention + attributes and periods, each with effects of their own on moving up,
on moving down and on leaving. The intervention is taken to act on moving up and down only: with few supported homes
hardly any leaves, and an effect on leaving could be anything. Another intervention that has an effect of its own
(`analysis.ratings.other_interventions`) acts as it does.

Closure by enforcement is no state of its own. The files that say who ended a registration (CQC's lists of deactivated
locations) hold no ratings, so that only homes whose histories another file brought are known to have been closed so,
and every other home that left may have been: two ways of leaving would be told apart by which files were loaded. They
are counted apart, and a supported home closed so is told (`analysis.ratings.programme`).
"""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from analysis.inference.scores import STEP, Clusters, Uncertainty, Vcov, clusters, summed_squares, uncertainty
from analysis.inspections.watched import EXIT, OPEN, Watched
from analysis.ratings.landmark import Followed
from analysis.ratings.maximum import Maximum, maximise
from analysis.ratings.multi_state.intensities import Structure, structure
from analysis.ratings.multi_state.intervals import Intervals, intervals
from analysis.ratings.multi_state.likelihood import Seen, cluster_scores, expected_roots, gradient, scores

STATES = 4
INTERVENTION = 1
"""Column of z."""
PIECES = (0.25, 0.5, 1.0, 2.0)
"""Years since the last rating between which inspectors come at one rate: Inadequate homes within six months, those
that require improvement within twelve, Good ones within thirty."""
RANGE = (-9.0, 5.0)
"""Of log intensities a year and of log ratios: once in 8,000 years, and 150 times a year."""
START_PER_YEAR = 0.2
"""Intensity from which the search starts."""
EVENTS_PER_EFFECT = 10
"""Moves of a kind seen for every attribute and period, below which these do not act on that kind: with fewer, their
effects are noise (Peduzzi et al. 1995, Journal of Clinical Epidemiology 48)."""
WITHOUT_END = 4.5
"""A log ratio beyond this (a factor of ninety) means that one side was never seen to move: no estimate."""
FASTEST = float(np.log(8.0))
"""A log ratio of the intervention beyond this (eight times as fast, or as slow) is no estimate either. Between one
inspection and the next nearly every home has then moved, or hardly any, so that the likelihood is nearly flat and its
errors mean nothing: of 1,202 intervals in simulated counties where nothing was done, the 82 of such ratios were called
an effect in 44, the others in 44 (`bench/ratings_size.py`, before this rule)."""
LITTLE = 0.05
"""Information below this is a twentieth of what one event gives: the parameter is taken as it is found."""


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
class MultiStateFit:
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
        known = self.maximum.free & ~(ratios & (np.abs(self.theta) > WITHOUT_END))
        for p in np.flatnonzero(known & ((scores(self.theta, self.seen)[1] ** 2).sum(axis=0) < LITTLE)):
            step = STEP * np.eye(len(known))[p]
            ahead, behind = (scores(self.theta + way * step, self.seen)[1][:, p].sum() for way in (1, -1))
            known[p] = (behind - ahead) / (2 * STEP) >= LITTLE
        return known

    @cached_property
    def clusters(self) -> Clusters:
        """Scores and information by cluster, of the parameters that the data can tell."""
        of_interval = np.unique(self.cluster[self.seen.intervals.home], return_inverse=True)[1]
        every = cluster_scores(self.seen, of_interval)

        def with_known(part: np.ndarray) -> np.ndarray:
            theta = self.theta.copy()
            theta[self.known] = part
            return theta

        roots = expected_roots(self.theta, self.seen)[:, :, self.known]
        return clusters(
            lambda part: every(with_known(part))[:, self.known],
            self.theta[self.known],
            summed_squares(roots, of_interval, of_interval.max() + 1),
            lambda part: gradient(with_known(part), self.seen)[self.known],
        )

    def uncertainty(self, contrasts: np.ndarray, vcov: Vcov = "CR2") -> Uncertainty:
        """Covariance of contrasts, shape (R, p); a contrast of what the data cannot tell has no meaning."""
        return uncertainty(contrasts[:, self.known], self.clusters, vcov)

    @property
    def identified(self) -> np.ndarray:
        """Whether the data can tell the intervention's effects on moving up and down, shape (2,)."""
        at = self.log_ratios
        return self.known[at] & (np.abs(self.theta[at]) <= FASTEST)

    @property
    def log_ratios(self) -> np.ndarray:
        """Positions of the intervention's effects on moving up and down, shape (2,)."""
        return np.flatnonzero(self.seen.layout.covariate == INTERVENTION)


def layout_of(data: Intervals, *, exits: bool = True) -> Structure:
    """Which parameter acts on which move: the intervention on up and down, all else on the kinds seen often enough.

    Parameters
    ----------
    exits : bool
        Whether leaving is part of the model.
    """
    varies = [int(k) for k in np.flatnonzero(np.ptp(data.z, axis=0) > 0) if k > INTERVENTION and k != data.other]
    own = [INTERVENTION, *([data.other] if data.other and np.ptp(data.z[:, data.other]) > 0 else [])]
    seen = {"up": data.end > data.start, "down": (data.end < data.start) & (data.end >= 0), "exit": data.end == EXIT}
    enough = [kind for kind, rows in seen.items() if rows.sum() >= EVENTS_PER_EFFECT * len(varies)]
    kinds = [kind for kind in enough if exits or kind != "exit"]
    return structure(STATES, [*((k, ("up", "down")) for k in own), *((k, kinds) for k in varies)], exits=exits)


def fit_moves(
    watched: Watched,
    cluster: np.ndarray | None = None,
    *,
    triggering: Triggering = NOT_TRIGGERED,
    exits: bool = True,
    near: MultiStateFit | None = None,
) -> MultiStateFit:
    """Fit by maximum likelihood.

    Parameters
    ----------
    cluster : ndarray of int64, shape (H,), optional
        Within which homes may share their luck; by default every home is its own.
    triggering : Triggering
        How inspectors are brought.
    exits : bool
        Whether leaving is part of the model.
    near : MultiStateFit, optional
        Another fit to the same homes, from which the search starts.
    """
    data = intervals(watched, _pieces(triggering))
    seen = _triggered(Seen(layout=layout_of(data, exits=exits), intervals=data), triggering)
    return _fit(seen, np.arange(len(watched.started)) if cluster is None else cluster, near)


def fit_followed(
    since: Followed, cluster: np.ndarray | None = None, *, triggering: Triggering = NOT_TRIGGERED,
    near: MultiStateFit | None = None,
) -> MultiStateFit:  # fmt: skip
    """Fit to homes followed from the day support began, others weighed; leaving counts where any home left.

    Parameters
    ----------
    cluster, triggering, near : as `fit_moves`
    """
    watched = since.records.watched
    data = intervals(watched, _pieces(triggering), since.since)
    layout = layout_of(data, exits=bool((watched.became == EXIT).any()))
    seen = _triggered(Seen(layout=layout, intervals=data, weight=since.weight[data.home]), triggering)
    return _fit(seen, np.arange(len(watched.started)) if cluster is None else cluster, near)


def _pieces(triggering: Triggering) -> tuple[float, ...]:
    return PIECES if triggering != NOT_TRIGGERED else ()


def _triggered(seen: Seen, triggering: Triggering) -> Seen:
    if triggering == NOT_TRIGGERED:
        return seen
    return replace(seen, ratios=triggering.ratios(), pieces=len(PIECES) + 1)


def _fit(seen: Seen, cluster: np.ndarray, near: MultiStateFit | None) -> MultiStateFit:
    theta = _start(seen, near)
    ends = (np.full(len(theta), RANGE[0]), np.full(len(theta), RANGE[1]))
    found = maximise(partial(scores, seen=seen), theta, ends, partial(gradient, seen=seen))
    return MultiStateFit(seen=seen, maximum=found, cluster=cluster)


def _start(seen: Seen, near: MultiStateFit | None) -> np.ndarray:
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
    """Keep what a file of today's homes shows: homes that left are missing, with all their ratings."""
    left = np.isin(watched.home, watched.home[watched.became == EXIT])
    kept = ~left & (watched.became != OPEN)
    stretches = {name: getattr(watched, name)[kept] for name in ("home", "begin", "end", "rated", "became")}
    return replace(watched, **stretches)
