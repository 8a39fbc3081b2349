"""Would other homes, picked by lot to have been treated, have shown as much?

Which homes are treated is permuted, keeping the months in which treatment starts. Under the sharp null of no effect
(or of a given one, taken out of the counts first) every assignment is as likely as the real one, so the rank of the
real statistic is exact with any number of treated homes. The statistic is the cluster-robust t of one common effect,
one Newton step from the null fit of home and month effects: with residuals r, means w and D marking treated months,

    d = D less its projection on home and month effects (weights w),    τ = D'r / d'Wd,
    t = D'r / (Σ_i ψ_i²)^½,    ψ_i = (d_i' r_i − τ d_i'W_i d_i) / (1 − d_i'W_i d_i / d'Wd)^½.

Studentising keeps the size when effects differ between homes (6% instead of 14% for τ alone). With one treated home,
or one untreated, its ψ vanishes, so there the statistic is τ. All draws are done at once as matrix products; the null
model is fitted once. Intervals hold the effects that are not rejected.

Where treatment was given to clusters as a whole (all homes of a provider, from the same month), clusters are permuted
instead of homes and ψ is summed over the homes of each. Where every home is treated in the end, the start months may be
permuted among the treated: would other dates have shown as much?

Source: MacKinnon and Webb (2020), "Randomization inference for difference-in-differences with few treated clusters",
Journal of Econometrics 218(2); Young (2019), QJE 134(2); one-step statistics as in Kline and Santos (2012); Athey and
Imbens (2022), "Design-based analysis in difference-in-differences settings with staggered adoption", Journal of
Econometrics 226(1), for start months.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, permutations
from math import comb, perm

import numpy as np

from analysis.inference.spread import spread

CHUNK = 4_000_000
"""Draws times homes held at once (32 MB a matrix)."""
TIE = 1e-9
"""Statistics nearer than this part of one another are equal: the real assignment must tie with itself."""
STEP, FARTHEST = 0.25, 4.0
"""Search of limits: steps of 0.25 in the log ratio, no further than 4 (a ratio of 55)."""
FINE = 0.002
"""Limits are found to 0.2%, well inside what the number of draws can tell."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Null:
    """A fit of home and month effects without any treatment effect.

    Parameters
    ----------
    counts, fitted : ndarray, shape (n, T)
        y (with the effect of the null hypothesis taken out) and μ.
    inverse : ndarray, shape (T, T)
        Symmetric generalised inverse of the information about months, home effects concentrated out.
    cluster : ndarray of int64, shape (n,), optional
        Cluster of each home, none left out from zero to m − 1; every home its own if left out.
    """

    counts: np.ndarray
    fitted: np.ndarray
    inverse: np.ndarray
    cluster: np.ndarray | None = None

    def gathered(self, values: np.ndarray) -> np.ndarray:
        """Sum the homes of each cluster along the last axis."""
        if self.cluster is None:
            return values
        order = np.argsort(self.cluster, kind="stable")
        first = np.flatnonzero(np.diff(self.cluster[order], prepend=-1))
        return np.add.reduceat(values[..., order], first, axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignments:
    """Which homes (or clusters) are treated, by draw.

    Parameters
    ----------
    starts : ndarray of int64, shape (k,)
        First treated month of each of the k that were treated.
    real : ndarray of int64, shape (k,)
        Those that were treated.
    homes : ndarray of int64, shape (B, k)
        Those of each draw, in the order of `starts`.
    exhaustive : bool
        Whether the draws are all there are (the real one among them).
    """

    starts: np.ndarray
    real: np.ndarray
    homes: np.ndarray
    exhaustive: bool


def assign(first: np.ndarray, n_months: int, draws: int, seed: int) -> Assignments:
    """Draw assignments, or list them all where there are no more than were asked for.

    Parameters
    ----------
    first : ndarray of int64, shape (n,)
        First treated month of each home (or cluster), `n_months` or more for the untreated.
    """
    real = np.flatnonzero(first < n_months)
    starts, n, k = first[real], len(first), len(real)
    alike = len(np.unique(starts)) == 1
    exhaustive = (comb(n, k) if alike else perm(n, k)) <= draws
    if exhaustive:
        homes = np.array(list((combinations if alike else permutations)(range(n), k)), dtype=np.int64)
    else:
        rng = np.random.default_rng(seed)
        homes = np.array([rng.choice(n, k, replace=False) for _ in range(draws)])
    return Assignments(starts=starts, real=real, homes=homes.reshape(-1, k), exhaustive=exhaustive)


def assign_starts(first: np.ndarray, n_months: int, draws: int, seed: int) -> Assignments:
    """Draw other orders of the start months among the treated, or list them all; arguments as in `assign`."""
    real = np.flatnonzero(first < n_months)
    exhaustive = perm(len(real)) <= draws
    if exhaustive:
        homes = np.array(list(permutations(real)), dtype=np.int64)
    else:
        homes = np.random.default_rng(seed).permuted(np.tile(real, (draws, 1)), axis=1)
    return Assignments(starts=first[real], real=real, homes=homes, exhaustive=exhaustive)


def p_value(null: Null, assignments: Assignments, *, studentised: bool = True) -> float:
    """Share of assignments whose statistic is at least as far from zero as the real one; τ if not studentised."""
    rows = np.vstack([assignments.real, assignments.homes])
    size = np.abs(statistics(null, assignments.starts, rows, studentised=studentised))
    as_large = int((size[1:] >= size[0] * (1 - TIE)).sum())
    draws = len(assignments.homes)
    return as_large / draws if assignments.exhaustive else (1 + as_large) / (1 + draws)


def statistics(null: Null, starts: np.ndarray, homes: np.ndarray, *, studentised: bool = True) -> np.ndarray:
    """Compute t of every assignment (τ where one home is treated, or if not studentised), shape (B,).

    Parameters
    ----------
    starts : ndarray of int64, shape (k,)
    homes : ndarray of int64, shape (B, k)
    """
    pieces, size = _pieces(null, starts), max(1, CHUNK // len(null.counts))
    chunks = [homes[a : a + size] for a in range(0, len(homes), size)]
    plain = homes.shape[1] == 1 or not studentised
    return np.concatenate(spread(_statistics, ((null, pieces, chunk, plain) for chunk in chunks)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pieces:
    """What each cluster would contribute, treated from each of the k starts.

    scores, spread : (k, m): Σ r and Σ w (D − D̄)² over treated months; crossed : (k, m, T): w (D − D̄), None where that
    would be too much to hold; share : (k, m): D̄; after : (k, T).
    """

    scores: np.ndarray
    spread: np.ndarray
    crossed: np.ndarray | None
    share: np.ndarray
    after: np.ndarray
    index: np.ndarray


def _pieces(null, starts):
    distinct, index = np.unique(starts, return_inverse=True)
    after = np.arange(null.counts.shape[1]) >= distinct[:, None]
    w, r = null.fitted, null.counts - null.fitted
    share = after @ w.T / w.sum(axis=1)
    crossed = None
    if null.cluster is not None or len(distinct) * w.size <= CHUNK:
        crossed = w * (after[:, None, :] - share[:, :, None])
        crossed = null.gathered(crossed.transpose(0, 2, 1)).transpose(0, 2, 1)
    return _Pieces(
        scores=null.gathered(after @ r.T),
        spread=null.gathered(w.sum(axis=1) * share * (1 - share)),
        crossed=crossed,
        share=share,
        after=after.astype(float),
        index=index,
    )


def _statistics(null, pieces, homes, plain):
    w, r, rows = null.fitted, null.counts - null.fitted, np.arange(len(homes))[:, None]
    months, both, shared = (_by_home if pieces.crossed is not None else _by_draw)(null, pieces, homes)
    numerator = pieces.scores[pieces.index, homes].sum(axis=1)
    information = pieces.spread[pieces.index, homes].sum(axis=1) - shared
    effect = numerator / information
    if plain:
        return effect
    psi = -months @ null.gathered(r.T)
    own = null.gathered(months**2 @ w.T - (months @ w.T) ** 2 / w.sum(axis=1))
    psi[rows, homes] += pieces.scores[pieces.index, homes]
    own[rows, homes] += pieces.spread[pieces.index, homes] - 2 * both
    left = np.maximum(1 - own / information[:, None], TIE)
    psi -= effect[:, None] * own
    return numerator / np.sqrt((psi**2 / left).sum(axis=1))


def _by_home(null, pieces, homes):
    """Give c = Σ w (D − D̄) times the inverse, (B, T), its part of each treated home, (B, k), and c times it, (B,)."""
    crossed = sum(pieces.crossed[s][homes[:, j]] for j, s in enumerate(pieces.index))
    months = crossed @ null.inverse
    both = np.array([(pieces.crossed[s][homes[:, j]] * months).sum(axis=1) for j, s in enumerate(pieces.index)]).T
    return months, both, (crossed * months).sum(axis=1)


def _by_draw(null, pieces, homes):
    """Give the same, of very many homes: draw by draw, of which each holds w (D − D̄) of its treated alone."""
    shape = len(homes), null.fitted.shape[1]
    months, both, shared = np.empty(shape), np.empty(homes.shape), np.empty(len(homes))
    after = pieces.after[pieces.index]
    for draw, treated in enumerate(homes):
        w, share = null.fitted[treated], pieces.share[pieces.index, treated]
        held = w * after
        crossed = held.sum(axis=0) - share @ w
        months[draw] = crossed @ null.inverse
        both[draw] = held @ months[draw] - share * (w @ months[draw])
        shared[draw] = crossed @ months[draw]
    return months, both, shared


def invert(p: Callable[[float], float], centre: float, conf_level: float) -> tuple[float, float]:
    """Limits of the effects that are not rejected; infinite where the search finds no end.

    Parameters
    ----------
    p : callable
        p-value of the hypothesis that the log ratio has a given value.
    centre : float
        A value that is not rejected.
    """
    return _limit(p, centre, -1, 1 - conf_level), _limit(p, centre, 1, 1 - conf_level)


def _limit(p, centre, side, alpha):
    inside, outside = 0.0, STEP
    while p(centre + side * outside) > alpha:
        inside, outside = outside, outside + STEP
        if outside > FARTHEST:
            return side * np.inf
    while outside - inside > FINE:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(centre + side * middle) > alpha else (inside, middle)
    return centre + side * outside
