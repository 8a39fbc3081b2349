"""What would the log rate ratio have been without each home in turn?

Leaving out one home moves the log rates little, so the score of all others is written around the whole sample's fit.
With ε = ρ − 1, x_j = p_j'ε, a = Σ_j Y_j p_j, K = Σ_j Y_j p_j p_j' and Y, y, p as in `refits`, each cohort's score
without home i is, exactly,

    Σ_j y_j − a − ε∘a + ρ∘(K ε − R) − (y_i − Y_i p_i∘ρ / (1 + x_i)),       R = Σ_j Y_j p_j x_j² / (1 + x_j).

Only R needs every home for every home left out, and it is small: of the order of x². Where there are many homes its two
matrix products are done in single precision (an error of 1e-7 of R; estimates agree with `refits` to 1e-11), and again
only while the rates still move. Steps are those of the whole sample's information. What does not come to rest is left
to `refits`.

Source: MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38(5), for the jackknife; the expansion is
1 / (1 + x) = 1 − x + x² / (1 + x).
"""

import numpy as np

from analysis.inference.refits import CELLS, TOLERANCE, Model, refit, whole_sample
from analysis.inference.resampling import leave_one_out

MANY = 2_000
"""Homes from which one is so small a part of the whole that single precision is enough for R."""
RENEW = 1e-6
"""R is computed again while some log rate moves further than this."""
ITERATIONS = 25


def refit_without_each(model: Model) -> np.ndarray:
    """Log rate ratio without each home, NaN where there is none, shape (n,)."""
    n, solver = len(model.counts), whole_sample(model)
    kind = np.float32 if n > MANY else np.float64
    moments = _moments(model, kind)
    size = max(1, CELLS // (2 * n))
    log_ratio = np.concatenate(
        [_without(model, solver, moments, slice(a, min(a + size, n))) for a in range(0, n, size)]
    )
    again = np.flatnonzero(np.isnan(log_ratio))
    if again.size:
        log_ratio[again] = refit(model, leave_one_out(np.arange(n))[:, again])
    return log_ratio


def _moments(model, kind):
    """Sum every cohort: Σ y − a, a and K; and give its p and Y in the precision of R."""
    found = []
    for rows in model.rows:
        p, Y = model.share[rows], model.totals[rows]
        a = Y @ p
        found.append((model.counts[rows].sum(axis=0) - a, a, (p * Y[:, None]).T @ p, p.astype(kind),
                      Y[:, None].astype(kind)))  # fmt: skip
    return found


def _without(model, solver, moments, chunk):
    """Log rate ratios without the homes of a chunk, NaN where the rates do not come to rest."""
    B, T = chunk.stop - chunk.start, model.counts.shape[1]
    sums = np.array([np.broadcast_to(model.counts[rows].sum(axis=0)[:, None], (T, B)) for rows in model.rows])
    own = [_own(rows, chunk) for rows in model.rows]
    for g, (homes, columns) in enumerate(own):
        sums[g][:, columns] -= model.counts[homes].T
    empty = model.treated[:, :, None] & (sums == 0)
    logs, months = np.where(empty, -np.inf, 0.0), np.zeros((T, B))
    remainder, moved = np.zeros_like(logs), np.inf
    for k in range(ITERATIONS):
        if k and moved > RENEW:
            remainder = np.array([_remainder(part, np.expm1(log)) for part, log in zip(moments, logs, strict=True)])
        month_step, step = solver.step(_scores(model, moments, own, logs, remainder), empty)
        logs, months, length = logs + step, months + month_step, np.abs(step).max(axis=(0, 1))
        moved = length.max()
        if moved <= TOLERANCE:
            break
    return np.where(length <= TOLERANCE, _log_ratios(model, own, logs, months), np.nan)


def _own(rows, chunk):
    """Homes of a cohort among those left out, and the columns they stand in."""
    first = max(rows.start, chunk.start)
    last = max(first, min(rows.stop, chunk.stop))
    return slice(first, last), slice(first - chunk.start, last - chunk.start)


def _remainder(part, epsilon):
    """R of one cohort, shape (T, B)."""
    *_, p, Y = part
    x = p @ epsilon.astype(p.dtype)
    rest = 1 + x
    np.multiply(x, x, out=x)  # in place: these are the largest matrices there are
    np.multiply(x, Y, out=x)
    return p.T @ np.divide(x, rest, out=x)


def _scores(model, moments, own, logs, remainder):
    """Scores without each home, shape (G, T, B)."""
    scores = np.empty_like(logs)
    for g, (surplus, a, K, *_) in enumerate(moments):
        epsilon = np.expm1(logs[g])
        scores[g] = surplus[:, None] - epsilon * a[:, None] + (1 + epsilon) * (K @ epsilon - remainder[g])
        homes, columns = own[g]
        p, rate = model.share[homes].T, 1 + epsilon[:, columns]
        scores[g][:, columns] -= model.counts[homes].T - model.totals[homes] * p * rate / (p * rate).sum(axis=0)
    return scores


def _log_ratios(model, own, logs, months):
    """Log O − log C without each home, shape (B,)."""
    expected, observed = np.zeros(months.shape[1]), np.full(months.shape[1], model.observed.sum())
    for rows, (homes, columns), log in zip(model.rows, own, logs, strict=True):
        observed[columns] -= model.observed[homes]
        if model.counterfactual[rows].any():
            home = (model.counterfactual[rows] @ np.exp(months)) / (model.share[rows] @ np.exp(log))
            expected += home.sum(axis=0)
            expected[columns] -= np.diagonal(home[homes.start - rows.start :, columns])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(observed) - np.log(expected)
