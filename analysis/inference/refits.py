"""What would the log rate ratio have been, had other homes been drawn?

The saturated model of home, month and cohort × month effects is fitted again for every one of B sets of weights on
homes: zero for the home left out (jackknife), how often a home was drawn (bootstrap). With p_it the fitted share of
month t in home i, Y_i its events, and ρ = exp(change of the log rates) of a draw with weights w,

    q_i = Σ_t p_it ρ_t,     score_t = Σ_i w_i (y_it − Y_i p_it ρ_t / q_i) = 0,     C = Σ_i w_i Σ_t C_it ρ_t / q_i,

so all draws of a chunk take two matrix products an iteration. The steps are those of the full sample's information
(chord Newton: nothing to build or factor per draw); draws that it has not brought to rest get Newton's method proper.
What differs most between a draw's information and the full sample's is the number of events in each treated month of a
cohort, Σ w y instead of Σ y. So the chord takes Σ_i y_it · log(Σ w y / Σ w Y p ρ / q) for the score of such a month: it
is zero at the same rates, and the steps shorten fifty times each instead of five.
A treated month of a cohort in which no drawn home has an event keeps rate zero. A draw in which a month has no events
without the intervention, or that does not settle, has no estimate and says so.

Source: Wooldridge (2023), Econometrics Journal 26(3), for the model; Davison and Hinkley (1997), Bootstrap Methods and
their Application, for refits by weights.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.inference.spread import spread

CELLS = 2_000_000
"""Homes × draws held at once (16 MB a matrix)."""
PORTION = 512
"""Homes passed at once: what belongs to them then stays in the processor's cache from one product to the next."""
BATCH = 4_000_000
"""Home-months × draws held at once where every draw has an information of its own."""
CHORD, NEWTON = 25, 40
"""Iterations: a draw still moving after so many chord steps has an information too unlike the full sample's."""
SWEEPS = 8
"""Of proportional fitting before a draw gets an information of its own."""
REUSED = 4
"""Steps taken with each information of a draw's own: stepping is cheap, factoring is not."""
SLOW = 0.5
"""A chord step more than half as long as the one before is no longer worth repeating."""
TOLERANCE = 1e-10
"""No log rate moves further."""
STEP = 2.0
"""Longest step in a log rate."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SaturatedFit:
    """A fitted saturated model, homes sorted by cohort.

    Parameters
    ----------
    counts, fitted, counterfactual : ndarray, shape (n, T)
        y, μ, and the mean without the intervention in the months averaged over (zero elsewhere).
    rows : tuple of slice, length G
        Homes of each cohort.
    first : tuple of int, length G
        First treated month of each cohort, T where there is none.
    informs : tuple of bool, length G
        Whether the cohort informs the months.
    """

    counts: np.ndarray
    fitted: np.ndarray
    counterfactual: np.ndarray
    rows: tuple[slice, ...]
    first: tuple[int, ...]
    informs: tuple[bool, ...]

    @cached_property
    def totals(self) -> np.ndarray:
        """Events of each home, shape (n,)."""
        return self.counts.sum(axis=1)

    @cached_property
    def events(self) -> np.ndarray:
        """Events of each cohort and month, shape (G, T)."""
        return np.array([self.counts[rows].sum(axis=0) for rows in self.rows])

    @cached_property
    def share(self) -> np.ndarray:
        """p, shape (n, T)."""
        return self.fitted / self.totals[:, None]

    @cached_property
    def observed(self) -> np.ndarray:
        """Each home's events in the months averaged over, shape (n,)."""
        return (self.counts * (self.counterfactual > 0)).sum(axis=1)

    @cached_property
    def treated(self) -> np.ndarray:
        """Months from each cohort's start, shape (G, T)."""
        return np.arange(self.counts.shape[1]) >= np.array(self.first)[:, None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Draws:
    """Weights (n, B), sums of counts (G, T, B), and cells held at rate zero (G, T, B)."""

    weights: np.ndarray
    sums: np.ndarray
    empty: np.ndarray

    def take(self, which):
        return _Draws(weights=self.weights[:, which], sums=self.sums[..., which], empty=self.empty[..., which])


def refit(model: SaturatedFit, weights: np.ndarray) -> np.ndarray:
    """Log rate ratio of every set of weights on homes, NaN where there is none: shape (B,).

    Parameters
    ----------
    weights : ndarray, shape (n, B)
    """
    size = max(1, CELLS // len(weights))
    solver = whole_sample(model)
    chunks = [weights[:, a : a + size] for a in range(0, weights.shape[1], size)]
    return np.concatenate(spread(_refit, ((model, solver, chunk) for chunk in chunks)))


def _refit(model, solver, weights):
    draws = _drawn(model, weights)
    B = weights.shape[1]
    log_ratio = np.full(B, np.nan)
    possible = np.flatnonzero(_every_month_informed(model, draws))
    logs, months, moved = _chord(model, solver, draws.take(possible))
    rest = moved <= TOLERANCE
    log_ratio[possible[rest]] = _log_ratios(model, weights[:, possible[rest]], logs[..., rest], months[:, rest])
    left, size = possible[~rest], max(1, BATCH // model.counts.size)
    for some in (left[a : a + size] for a in range(0, len(left), size)):
        log_ratio[some] = _newton(model, draws.take(some))
    return log_ratio


def _drawn(model, weights):
    sums = np.array([model.counts[rows].T @ weights[rows] for rows in model.rows])
    return _Draws(weights=weights, sums=sums, empty=model.treated[:, :, None] & (sums == 0))


def _every_month_informed(model, draws):
    informs = ~model.treated & np.array(model.informs)[:, None]
    return (np.where(informs[:, :, None], draws.sums, 0).sum(axis=0) > 0).all(axis=0)


def _chord(model, solver, draws):
    """Log rates (G, T, B) and months (T, B) relative to the full sample's, and the last step's length (B,)."""
    B = draws.weights.shape[1]
    logs, months = np.where(draws.empty, -np.inf, 0.0), np.zeros((model.counts.shape[1], B))
    moved, active, some = np.full(B, np.inf), np.arange(B), draws
    for _ in range(CHORD):
        some = some if some.weights.shape[1] == len(active) else draws.take(active)
        scores = _evened(model, some, _scores(model, some, logs[..., active]))
        month_step, step = solver.step(scores, some.empty)
        before, moved[active] = moved[active], np.abs(step).max(axis=(0, 1))
        logs[..., active] += np.clip(step, -STEP, STEP)
        months[:, active] += np.clip(month_step, -STEP, STEP)
        active = active[(moved[active] > TOLERANCE) & (moved[active] < np.maximum(SLOW * before, TOLERANCE))]
        if not len(active):
            break
    return logs, months, moved


def _evened(model, draws, scores):
    """Scores of treated months as if the draw had as many events in each as the whole sample, shape (G, T, B)."""
    treated = model.treated[:, :, None] & ~draws.empty
    ratio = np.divide(draws.sums, draws.sums - scores, out=np.ones_like(scores), where=treated)
    return np.where(treated, model.events[:, :, None] * np.log(ratio), scores)


def _newton(model, draws):
    """Log rate ratios with an information of each draw's own, renewed where it must; NaN where it does not settle."""
    B = draws.weights.shape[1]
    found, active = np.full(B, np.nan), np.arange(B)
    logs, months = _proportional(model, draws)
    for _ in range(NEWTON):
        some = draws.take(active)
        try:
            solver = Solver(model, _informations(model, some, logs[..., active]))
        except np.linalg.LinAlgError:
            return _apart(model, draws)
        logs[..., active], months[:, active], moved = _steps(model, solver, some, logs[..., active], months[:, active])
        rest = moved <= TOLERANCE
        done, active = active[rest], active[~rest]
        found[done] = _log_ratios(model, draws.weights[:, done], logs[..., done], months[:, done])
        if not len(active):
            break
    return found


def _proportional(model, draws):
    """Come near enough to start from, by proportional fitting of months and treated months in turn."""
    informs = (~model.treated & np.array(model.informs)[:, None])[:, :, None]
    logs, months = np.where(draws.empty, -np.inf, 0.0), np.zeros((model.counts.shape[1], draws.weights.shape[1]))
    for _ in range(SWEEPS):
        fitted = draws.sums - _scores(model, draws, logs)
        ratio = np.divide(draws.sums, fitted, out=np.ones_like(fitted), where=fitted > 0)
        month = np.log((draws.sums * informs).sum(axis=0) / (fitted * informs).sum(axis=0))
        with np.errstate(divide="ignore"):
            logs = logs + np.where(model.treated[:, :, None], np.log(ratio), month)
        months = months + month
    return logs, months


def _steps(model, solver, draws, logs, months):
    """Take several steps with one information: logs, months, and the last step's length (B,)."""
    moved = np.inf
    for _ in range(REUSED):
        month_step, step = solver.step(_scores(model, draws, logs), draws.empty)
        logs, months = logs + np.clip(step, -STEP, STEP), months + np.clip(month_step, -STEP, STEP)
        moved = np.abs(step).max(axis=(0, 1))
        if (moved <= TOLERANCE).all():
            break
    return logs, months, moved


def _apart(model, draws):
    """Halve the draws until the one whose information is singular stands alone: it has no estimate."""
    B = draws.weights.shape[1]
    if B == 1:
        return np.full(1, np.nan)
    return np.concatenate([_newton(model, draws.take(half)) for half in np.array_split(np.arange(B), 2)])


def _scores(model, draws, logs):
    """Scores of all log rates, shape (G, T, B)."""
    fitted, rates = np.zeros_like(draws.sums), np.exp(logs)
    for g, rows in enumerate(model.rows):
        for a in range(rows.start, rows.stop, PORTION):
            homes = slice(a, min(a + PORTION, rows.stop))
            held = draws.weights[homes] / (model.share[homes] @ rates[g])
            held *= model.totals[homes, None]
            fitted[g] += model.share[homes].T @ held
    return draws.sums - rates * fitted


def _log_ratios(model, weights, logs, months):
    """Log O − log C of every draw, shape (B,)."""
    expected, rates = np.zeros(weights.shape[1]), np.exp(months)
    for g, rows in enumerate(model.rows):
        if model.counterfactual[rows].any():
            home = (model.counterfactual[rows] @ rates) / (model.share[rows] @ np.exp(logs[g]))
            expected += (weights[rows] * home).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(model.observed @ weights) - np.log(expected)


def _informations(model, draws, logs):
    """Information of every cohort at each draw's rates, shape (B, T, T)."""
    for g, rows in enumerate(model.rows):
        weighted = model.share[rows] * np.exp(logs[g].T)[:, None, :]
        share = weighted / weighted.sum(axis=2, keepdims=True)
        yield _information(model, g, share, (model.totals[rows, None] * draws.weights[rows]).T)


def _information(model, g, share, totals):
    """Information of one cohort, shape (..., T, T); a treated month without events has one of its own.

    Parameters
    ----------
    share, totals : ndarray, shapes (..., homes, T) and (..., homes)
    """
    held = share * totals[..., None]
    H, month = -np.swapaxes(held, -1, -2) @ share, np.arange(share.shape[-1])
    events = held.sum(axis=-2)
    H[..., month, month] += events + (model.treated[g] & (events == 0))
    return H


def _product(M, values):
    """M times the column of each draw, shape (S, B): one M for all (S, T), or one for each (B, S, T)."""
    return M @ values if M.ndim == 2 else (M @ values.T[:, :, None])[:, :, 0].T


def whole_sample(model: SaturatedFit) -> "Solver":
    """Take steps from the information at the whole sample's fit."""
    return Solver(model, [_information(model, g, model.share[r], model.totals[r]) for g, r in enumerate(model.rows)])


class Solver:
    """Newton steps from the cohorts' information, treated months eliminated by a Schur complement."""

    def __init__(self, model, informations):
        self.model, self.crossed, self.inverse, H = model, [], [], 0.0
        for f, informs, K in zip(model.first, model.informs, informations, strict=True):
            self.crossed.append(K[..., :f, f:])
            self.inverse.append(np.linalg.inv(K[..., f:, f:]))
            if informs:
                part = np.zeros_like(K)
                part[..., :f, :f] = K[..., :f, :f] - K[..., :f, f:] @ self.inverse[-1] @ K[..., f:, :f]
                H = H + part
        self.months = np.linalg.inv(np.asarray(H)[..., 1:, 1:])

    def step(self, scores, empty):
        """Step in the months (T, B) and in all log rates (G, T, B), from the scores (G, T, B)."""
        scores = np.where(empty, 0.0, scores)
        parts = list(zip(self.model.first, self.crossed, self.inverse, scores, strict=True))
        right = np.zeros(scores.shape[1:])
        for informs, (f, crossed, inverse, score) in zip(self.model.informs, parts, strict=True):
            if informs:
                right[:f] += score[:f] - _product(crossed, _product(inverse, score[f:]))
        months, step = np.zeros_like(right), np.empty_like(scores)
        months[1:] = _product(self.months, right[1:])
        for k, (f, crossed, inverse, score) in enumerate(parts):
            step[k, :f] = months[:f]
            step[k, f:] = _product(inverse, score[f:] - _product(np.swapaxes(crossed, -1, -2), months[:f]))
        return months, np.where(empty, 0.0, step)
