"""What would the log rate ratio have been without each home in turn?

Homes of the same cohort notice that one is missing; all others notice only that the months moved a little. So the
cohort of the home left out is solved exactly and every other cohort is expanded around the whole sample's fit. Write m
for the change of the months' log rates, d for that of the cohort's treated months, l = (m, d), ε = e^l − 1 = ρ − 1,
x_j = p_j'ε, a = Σ_j Y_j p_j, K = Σ_j Y_j (diag(p_j) − p_j p_j') and Y, y, p as in `refits`.

**The home's own cohort.** Its score without home i is, exactly,

    Σ_j (y_j − Y_j p_j) − Σ_j Y_j p_j∘ε + ρ∘(Σ_j Y_j p_j p_j' ε − R) − (y_i − Y_i p_i∘ρ / (1 + x_i)),
    R = Σ_j Y_j p_j x_j² / (1 + x_j).

Only R needs every home of the cohort for every home left out, and it is small: of the order of x². Its two matrix
products are done in single precision (an error of 1e-7 of R), and again only while the rates still move.

**All other cohorts.** To first order their treated months follow the months, l = B m, and their scores add −H m. What
that leaves out moves log C by b'(½ s''[l, l]) with b the solution of (information) b = ∂ log C / ∂l, and C itself has
a second-order part; both are m'Zm with months × months matrices Z made once. The third order, m³, is left out: homes
that move a month by more than `FAR` are refitted, as are those whose rates do not come to rest.

Source: MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38(5), for the jackknife; the expansions are
1 / (1 + x) = 1 − x + x² / (1 + x), and that of a mean of the tilted distribution p ρ / p'ρ by its third cumulant.
"""

from dataclasses import dataclass

import numpy as np

from analysis.inference.refits import STEP, TOLERANCE, SaturatedFit, refit
from analysis.inference.resampling import leave_one_out

MANY = 1_000
"""Homes up to which all are refitted, which then takes a second and needs no expansion."""
FAR = 1e-3
"""Largest move of a month that is expanded: what the third order would add to the log rate ratio is then below 1e-9."""
RENEW = 1e-6
"""R is computed again while some log rate moves further than this."""
ITERATIONS = 25
LEFT_OUT, PORTION = 256, 512
"""Homes left out at once and homes passed at once: half a megabyte a matrix, which stays in the processor's cache."""


def refit_without_each(model: SaturatedFit) -> np.ndarray:
    """Log rate ratio without each home, NaN where there is none, shape (n,)."""
    n = len(model.counts)
    log_ratio = np.full(n, np.nan)
    if n > MANY:
        whole = _whole(model)
        for g, rows in enumerate(model.rows):
            for a in range(rows.start, rows.stop, LEFT_OUT):
                out = slice(a, min(a + LEFT_OUT, rows.stop))
                log_ratio[out] = _without(model, whole, g, out)
    again = np.flatnonzero(np.isnan(log_ratio))
    if again.size:
        log_ratio[again] = refit(model, leave_one_out(np.arange(n))[:, again])
    return log_ratio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cohort:
    """One cohort at the whole sample's fit.

    events, a : (T,), Σ y and a; products : (T, T), Σ Y p p'; inverse, solved, eliminated: as in
    `saturated.Block`; follow : (T, T), B; expected : C; gradient : (T,), dC / dm; p, Y : in single precision.
    """

    events: np.ndarray
    a: np.ndarray
    products: np.ndarray
    inverse: np.ndarray
    solved: np.ndarray
    eliminated: np.ndarray
    follow: np.ndarray
    expected: float
    gradient: np.ndarray
    p: np.ndarray
    Y: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Whole:
    """The whole sample's fit: its cohorts, the months' information H and its inverse, and Z of log C and of C."""

    cohorts: list[_Cohort]
    H: np.ndarray
    inverse: np.ndarray
    of_scores: np.ndarray
    of_expected: np.ndarray


def _whole(model):
    cohorts = [_cohort(model, g) for g in range(len(model.rows))]
    H = np.sum([c.eliminated for c in cohorts], axis=0)
    inverse = np.zeros_like(H)
    inverse[1:, 1:] = np.linalg.inv(H[1:, 1:])
    total = sum(c.expected for c in cohorts)
    months = inverse @ np.sum([c.gradient for c in cohorts], axis=0) / total
    Z = [_second_order(model, g, c, months, total) for g, c in enumerate(cohorts)]
    return _Whole(
        cohorts=cohorts, H=H, inverse=inverse,
        of_scores=np.array([z[0] for z in Z]), of_expected=np.array([z[1] for z in Z]),
    )  # fmt: skip


def _cohort(model, g):
    rows, f = model.rows[g], model.first[g]
    p, Y, cf = model.share[rows], model.totals[rows], model.counterfactual[rows]
    a, root = Y @ p, p * np.sqrt(Y)[:, None]
    products = root.T @ root
    K = np.diag(a) - products
    empty = f + np.flatnonzero(a[f:] == 0)
    K[empty, empty] = 1.0
    inverse = np.linalg.inv(K[f:, f:])
    solved, eliminated, follow = inverse @ K[f:, :f], np.zeros_like(K), np.zeros_like(K)
    if model.informs[g]:
        eliminated[:f, :f] = K[:f, :f] - K[:f, f:] @ solved
    follow[:f, :f], follow[f:, :f] = np.eye(f), -solved
    return _Cohort(
        events=model.counts[rows].sum(axis=0), a=a, products=products,
        inverse=inverse, solved=solved, eliminated=eliminated, follow=follow,
        expected=cf.sum(), gradient=cf.sum(axis=0) - (cf.sum(axis=1) @ p) @ follow,
        p=p.astype(np.float32), Y=Y.astype(np.float32)[:, None],
    )  # fmt: skip


def _second_order(model, g, cohort, months, total):
    """Z of log C by the cohort's scores, and of C itself, both of shape (T, T)."""
    rows, f, B = model.rows[g], model.first[g], cohort.follow
    p, Y, cf = model.share[rows], model.totals[rows], model.counterfactual[rows]
    c = cf.sum(axis=1)
    b = np.where(np.arange(len(months)) < f, months * model.informs[g], 0.0)
    b[f:] = cohort.inverse @ -(c @ p)[f:] / total - cohort.solved @ b[:f]
    mean = p @ b
    third = np.diag(cohort.a * b - (Y * mean) @ p) - 2 * cohort.products * b + 2 * (p.T * (Y * mean)) @ p
    own = (p.T * c) @ p - np.diag(c @ p) / 2
    return -B.T @ third @ B / 2, B.T @ own @ B + np.diag(cf.sum(axis=0)) / 2 - cf.T @ p @ B


def _without(model, whole, g, out):
    """Log rate ratios without some homes of one cohort, NaN where they must be refitted."""
    own, y = whole.cohorts[g], model.counts[out].T
    empty = model.treated[g][:, None] & (own.events[:, None] == y)
    logs, m = np.where(empty, -np.inf, 0.0), np.zeros(y.shape)
    remainder, length = 0.0, np.full(y.shape[1], np.inf)
    for k in range(ITERATIONS):
        if k and not (length <= RENEW).all():
            remainder = _remainder(own, np.expm1(logs))
        score = np.where(empty, 0.0, _score(model, own, out, logs, remainder))
        month_step, step = (np.clip(s, -STEP, STEP) for s in _step(model, whole, g, m, score))
        step[empty] = 0.0
        logs, m = logs + step, m + month_step
        length = np.maximum(np.abs(step).max(axis=0), np.abs(month_step).max(axis=0))
        if (length <= TOLERANCE).all():
            break
    told = (length <= TOLERANCE) & (np.abs(m).max(axis=0) <= FAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.log(model.observed.sum() - model.observed[out])
        return np.where(told, observed - _log_expected(model, whole, g, out, (logs, m)), np.nan)


def _score(model, own, out, logs, remainder):
    """Scores of the cohort without each home, shape (T, B)."""
    epsilon = np.expm1(logs)
    p, rate = model.share[out].T, 1 + epsilon
    others = (own.events - own.a)[:, None] - epsilon * own.a[:, None] + rate * (own.products @ epsilon - remainder)
    return others - model.counts[out].T + model.totals[out] * p * rate / (p * rate).sum(axis=0)


def _remainder(own, epsilon):
    """R, shape (T, B): the homes of the cohort in portions."""
    epsilon, R = epsilon.astype(np.float32), np.zeros(epsilon.shape)
    for a in range(0, len(own.p), PORTION):
        p = own.p[a : a + PORTION]
        x = p @ epsilon
        rest = 1 + x
        np.multiply(x, x, out=x)
        np.multiply(x, own.Y[a : a + PORTION], out=x)
        R += p.T @ np.divide(x, rest, out=x)
    return R


def _step(model, whole, g, m, score):
    """Newton step of the months and of the cohort's rates, both of shape (T, B): other cohorts answer by −H m."""
    own, f = whole.cohorts[g], model.first[g]
    right = -(whole.H - own.eliminated) @ m
    if model.informs[g]:
        right[:f] += score[:f] - (own.events - own.a)[:f, None] - own.solved.T @ score[f:]
    months = whole.inverse @ right
    return months, np.concatenate([months[:f], own.inverse @ score[f:] - own.solved @ months[:f]])


def _log_expected(model, whole, g, out, moved):
    """Log C without each home, shape (B,)."""
    logs, m = moved
    others = [h for h in range(len(whole.cohorts)) if h != g]
    C = sum(whole.cohorts[h].expected for h in others) + sum(whole.cohorts[h].gradient for h in others) @ m
    C = C + (m * ((whole.of_expected.sum(axis=0) - whole.of_expected[g]) @ m)).sum(axis=0)
    rows = model.rows[g]
    if model.counterfactual[rows].any():
        home = (model.counterfactual[rows] @ np.exp(m)) / (model.share[rows] @ np.exp(logs))
        C += home.sum(axis=0) - np.diagonal(home[out.start - rows.start :])
    return np.log(C) + (m * ((whole.of_scores.sum(axis=0) - whole.of_scores[g]) @ m)).sum(axis=0)
