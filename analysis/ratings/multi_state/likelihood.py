"""How likely is what was seen, and how does that change with every parameter?

An interval from state r, over segments with generators Q_w of length t_w, contributes

    L = e_r' exp(Q_1 t_1) … exp(Q_W t_W) u,

where u is e_s if the home was then rated s, the exit intensities if it left on that day, and 1 if it was still open.
With v_w what comes in from the left and u_w from the right, dL = Σ_w v_w' d exp(Q_w t_w) u_w, which the decomposition
of Q_w gives exactly: gradients cost about as much as the likelihood.

Where inspections may be triggered by the hidden state (ratio matrix c: a home rated r that is now in state s is
inspected c_rs times as fast), each Q_w loses the inspection rate μ c_rs on its diagonal, and a rating gains the factor
μ c_rs: inspections are then part of what was seen. μ depends on the last rating and on the time since.

Source: Kalbfleisch and Lawless (1985), JASA 80; exact times of death, Jackson (2011), JSS 38(8), §1.4; inspections
that depend on the state, Sweeting, Farewell and De Angelis (2010), Statistics in Medicine 29.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.inspections.watched import EXIT, OPEN
from analysis.ratings.multi_state.intensities import Generators, Structure, generators
from analysis.ratings.multi_state.intervals import Intervals

IMPOSSIBLE = 1e-300
"""Likelihood below this is rounding: its logarithm stays finite, so that a search can turn back."""

BLOCK = 2048
"""Intervals worked on at once: their small matrices then stay in the processor's cache."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """Intervals, with the model of how homes move and of how inspectors come.

    Parameters
    ----------
    layout : Structure
    intervals : Intervals
    ratios : ndarray, shape (2, S, S), optional
        c without and with the intervention, rows by last rating; where it is not given inspections say nothing.
    pieces : int
        Number of pieces of time since the last rating, each with inspection rates of its own.
    weight : ndarray, shape (n,), optional
        What every interval counts for; by default 1.
    """

    layout: Structure
    intervals: Intervals
    ratios: np.ndarray | None = None
    pieces: int = 1
    weight: np.ndarray | None = None

    @cached_property
    def cell(self) -> np.ndarray:
        """Which inspection rate is in force, shape (n, W)."""
        return self.intervals.start[:, None] * self.pieces + self.intervals.piece

    @cached_property
    def different(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Covariate pattern and inspection cell of every different generator, and which is in force, shape (n, W)."""
        cells = self.layout.states * self.pieces
        key = self.intervals.pattern * cells + (0 if self.ratios is None else self.cell)
        keys, place = np.unique(key, return_inverse=True)
        return (*np.divmod(keys, cells), place.reshape(key.shape))

    @cached_property
    def effects(self) -> np.ndarray:
        """Covariate of every parameter of the moves, by pattern, shape (p, U)."""
        return np.ascontiguousarray(self.intervals.z[:, self.layout.covariate].T)

    def ratios_at(self, pattern: np.ndarray) -> np.ndarray:
        """Rows of c by pattern, shape (…, S, S)."""
        return np.asarray(self.ratios)[self.intervals.z[pattern, 1].astype(int)]

    @property
    def parameters(self) -> int:
        """Of moves, then of inspections."""
        return len(self.layout.covariate) + (0 if self.ratios is None else self.layout.states * self.pieces)


def log_likelihood(theta: np.ndarray, seen: Seen) -> np.ndarray:
    """Contribution of every interval, shape (n,)."""
    return scores(theta, seen)[0]


def scores(theta: np.ndarray, seen: Seen) -> tuple[np.ndarray, np.ndarray]:
    """Contribution of every interval, shape (n,), and its gradient, shape (n, p)."""
    parts, kappa = _parts(theta, seen)
    likelihood, answer = np.empty(len(seen.intervals.home)), np.zeros((seen.parameters, len(seen.intervals.home)))
    for some in range(0, len(likelihood), BLOCK):
        block = slice(some, some + BLOCK)
        likelihood[block] = _block(seen, block, parts, kappa, answer[:, block])
    if seen.ratios is not None:
        visited = np.flatnonzero(seen.intervals.end >= 0)
        answer[len(seen.layout.covariate) + seen.cell[visited, -1], visited] += 1
    value = np.log(likelihood) + _of_visits(theta, seen)
    return (value, answer.T) if seen.weight is None else (seen.weight * value, (seen.weight * answer).T)


def expected_roots(theta: np.ndarray, seen: Seen) -> np.ndarray:
    """Roots of what every interval is expected to tell: the sum of their squares, shape (S, n, p).

    An interval that ended with a rating might have ended with any of the S, with chances that are known given that the
    home was open and inspected that day; one that did not counts as it was.
    """
    rated, outcomes = seen.intervals.end >= 0, []
    for s in range(seen.layout.states):
        end = np.where(rated, s, seen.intervals.end)
        outcomes.append(scores(theta, replace(seen, intervals=replace(seen.intervals, end=end), weight=None)))
    logs, gradients = (np.array(part) for part in zip(*outcomes, strict=True))
    chance = np.exp(logs - logs.max(axis=0))
    chance /= chance.sum(axis=0)
    weight = 1.0 if seen.weight is None else seen.weight
    return np.sqrt(chance * weight)[:, :, None] * gradients


def _block(seen: Seen, block: slice, parts: Generators, kappa: np.ndarray | float, answer: np.ndarray) -> np.ndarray:
    """Likelihoods of some intervals, shape (b,), and their gradients by the generators into `answer`, shape (p, b)."""
    layout, place = seen.layout, seen.different[2][block]
    years, pattern = seen.intervals.years[block], seen.intervals.pattern[block]
    start, end = seen.intervals.start[block], seen.intervals.end[block]
    moved = len(layout.covariate)
    lasting = [slice(None), *(np.flatnonzero(held) for held in (years > 0).T[1:])]
    came, v = _forward(parts, place, years, start, lasting)
    u = _ends(parts, place, end)
    likelihood = np.maximum((v * u).sum(axis=0), IMPOSSIBLE)
    left = np.flatnonzero(end == EXIT)
    g = np.zeros((layout.moves, len(left)))
    g[layout.exit] = v[:, left] * u[:, left]
    answer[:moved, left] += seen.effects[:, pattern[left, -1]] * (layout.acts @ g)
    for w, rows in reversed(list(enumerate(lasting))):
        at = place[rows, w]
        G, u[:, rows] = _backward(parts, at, years[rows, w], came[w], u[:, rows])
        g = _by_move(layout, G, parts.intensities[:, at])
        answer[:moved, rows] += seen.effects[:, pattern[rows, w]] * (layout.acts @ g)
        if seen.ratios is not None:
            answer[moved + seen.cell[block][rows, w], np.arange(len(years))[rows]] -= (
                np.asarray(kappa)[at].T * G[0]
            ).sum(axis=0)
    answer /= likelihood
    return likelihood


def by_home(values: np.ndarray, home: np.ndarray, homes: int) -> np.ndarray:
    """Sum rows by home, shape (homes, p)."""
    return np.stack([np.bincount(home, column, homes) for column in values.T], axis=1)


def _parts(theta: np.ndarray, seen: Seen) -> tuple[Generators, np.ndarray | float]:
    """Every different generator taken apart, and the rates at which inspectors come (rows of different, S)."""
    layout, (pattern, cell, _) = seen.layout, seen.different
    moved = len(layout.covariate)
    logs = layout.log_intensities(theta[:moved], seen.intervals.z)[pattern]
    kappa = 0.0
    if seen.ratios is not None:
        c = seen.ratios_at(pattern)[np.arange(len(cell)), cell // seen.pieces]
        kappa = np.exp(theta[moved:])[cell][:, None] * c
    return generators(layout, logs, kappa), kappa


def _forward(parts: Generators, place: np.ndarray, years: np.ndarray, start: np.ndarray, lasting: list) -> tuple:
    """Go forward: what comes into every segment, in its generator's coordinates, and the chances at the end (S, b).

    Segments of no length change nothing: of each, only the intervals for which it lasts.
    """
    v, came = np.eye(len(parts.values))[:, start], []
    for w, rows in enumerate(lasting):
        at = place[rows, w]
        came.append(np.einsum("in,ikn->kn", v[:, rows], parts.V[:, :, at]))
        grown = came[-1] * np.exp(parts.values[:, at] * years[rows, w])
        v[:, rows] = np.einsum("kn,kjn->jn", grown, parts.W[:, :, at])
    return came, v


def _ends(parts: Generators, place: np.ndarray, end: np.ndarray) -> np.ndarray:
    """U at the end of every interval, shape (S, b)."""
    states = len(parts.values)
    u = np.eye(states)[:, np.maximum(end, 0)]
    u[:, end == OPEN] = 1.0
    left = end == EXIT
    u[:, left] = parts.intensities[-states:, place[left, -1]]
    return u


def _backward(parts: Generators, at: np.ndarray, years: np.ndarray, came: np.ndarray, u: np.ndarray) -> tuple:
    """Go back: the derivative by the generator of one segment, and u before it, shape (S, n).

    The derivative W' (came right' ∘ Γ) V' is worked out on the three diagonals that the generator has: own (S, n),
    above (S − 1, n) and below (S − 1, n).
    """
    V, W, grown = parts.V[:, :, at], parts.W[:, :, at], np.exp(parts.values[:, at] * years)
    right = np.einsum("kjn,jn->kn", W, u)
    inner = parts.slopes(at, years, grown)
    inner *= came[:, None] * right
    half = np.einsum("kln,jln->jkn", inner, V)
    own = np.einsum("kin,ikn->in", W, half)
    above = np.einsum("kin,ikn->in", W[:, :-1], half[1:])
    below = np.einsum("kin,ikn->in", W[:, 1:], half[:-1])
    return (own, above, below), np.einsum("ikn,kn->in", V, grown * right)


def _by_move(layout: Structure, G: tuple, q: np.ndarray) -> np.ndarray:
    """Take the derivative by every log intensity, shape (M, n), from the derivative by the generator's diagonals."""
    own, above, below = G
    g = np.empty_like(q)
    g[layout.up] = above - own[:-1]
    g[layout.down] = below - own[1:]
    g[layout.exit] = -own
    return g * q


def _of_visits(theta: np.ndarray, seen: Seen) -> np.ndarray | float:
    """Log rate of the inspection that ended each interval, shape (n,)."""
    if seen.ratios is None:
        return 0.0
    data, visited = seen.intervals, seen.intervals.end >= 0
    log_mu = theta[len(seen.layout.covariate) :][seen.cell[:, -1]]
    c = seen.ratios_at(data.pattern[:, -1])[np.arange(len(visited)), data.start, np.maximum(data.end, 0)]
    return np.where(visited, log_mu + np.log(c), 0.0)


def cluster_scores(seen: Seen, cluster: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Scores by cluster as a function of θ.

    Parameters
    ----------
    cluster : ndarray of int64, shape (n,)
        Of every interval, numbered from 0.
    """
    count = int(cluster.max()) + 1
    return lambda theta: by_home(scores(theta, seen)[1], cluster, count)
