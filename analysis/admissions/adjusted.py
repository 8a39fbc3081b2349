"""The saturated model where the rate without the intervention is made of more than months.

As `saturated`, with log λ_gt = Z_gt θ before the start of cohort g (see `untreated`) and a rate of its own for every
month after it. The treated months of a cohort are eliminated as there, and Newton's method solves for θ.

Source: as `saturated`.
"""

import numpy as np

from analysis.admissions.sample import Sample
from analysis.admissions.saturated import ITERATIONS, STEP, TOLERANCE, Block, Saturated, expected, fit_saturated


def fit(sample: Sample) -> Saturated:
    """Fit the saturated model, whatever the rate without the intervention is made of."""
    return fit_saturated(sample) if sample.untreated is None else _fit(sample)


def _fit(sample):
    totals, events = sample.totals, sample.by_cohort(sample.counts)
    theta, rates = _start(sample, events)
    moved, iterations = np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        means, blocks = _blocks(sample, totals, rates)
        theta_step, step = _newton_step(sample, blocks, events - means)
        moved, iterations = max(np.abs(step).max(), np.abs(theta_step).max()), iterations + 1
        rates, theta = rates * np.exp(np.clip(step, -STEP, STEP)), theta + np.clip(theta_step, -STEP, STEP)
    without = np.exp(sample.untreated.columns @ theta)
    scaled = sample.exposure * np.concatenate(
        [(totals[g.rows] / (sample.exposure[g.rows] @ own))[:, None] for g, own in zip(sample.cohorts, rates, strict=True)]
    )
    spread = np.repeat(np.arange(len(rates)), [g.rows.stop - g.rows.start for g in sample.cohorts])
    return Saturated(
        sample=sample,
        month_rates=without.mean(axis=0),
        rates=rates,
        blocks=blocks,
        fitted=scaled * rates[spread],
        counterfactual=scaled * without[spread],
        converged=bool(moved <= TOLERANCE),
        iterations=iterations,
    )


def _start(sample, events):
    """θ from the plain rates of each month and kind, and rates of every cohort, shape (G, T)."""
    Z, before = sample.untreated.columns, _before(sample)
    informs = before & np.array([g.informs for g in sample.cohorts])[:, None]
    counted, weighted = (np.einsum("gtp,gt->p", Z, informs * v) for v in (events, sample.by_cohort(sample.exposure)))
    months = Z.shape[2] - len(sample.untreated.others)
    theta = np.zeros(Z.shape[2])
    known = np.flatnonzero((counted > 0) & (np.arange(len(theta)) < months))
    theta[known] = np.log(counted[known] / weighted[known])
    without = np.exp(Z @ theta)
    rates = np.array([_cohort_start(sample, g, *row) for g, *row in zip(sample.cohorts, events, without, strict=True)])
    return theta, rates


def _before(sample):
    return np.arange(len(sample.months)) < np.array([g.first for g in sample.cohorts])[:, None]


def _cohort_start(sample, cohort, events, without):
    counts, exposure, f = sample.counts[cohort.rows], sample.exposure[cohort.rows], cohort.first
    homes = (counts[:, :f].sum(axis=1) + 0.5) / (exposure[:, :f] @ without[:f])
    weighted = homes @ exposure[:, f:]
    return np.concatenate([without[:f], events[f:] / np.where(weighted > 0, weighted, 1.0)])


def _blocks(sample, totals, rates):
    means, blocks = np.empty_like(rates), []
    for g, cohort in enumerate(sample.cohorts):
        means[g], H = expected(sample.exposure[cohort.rows], rates[g], totals[cohort.rows])
        blocks.append(_block(H, cohort.first))
    return means, blocks


def _block(H, first):
    treated = H[first:, first:].copy()
    empty = np.diag(treated) == 0  # a treated month without events: its rate stays at zero
    treated[empty, empty] = 1.0
    return Block(untreated=H[:first, :first], crossed=H[:first, first:], treated=treated)


def _newton_step(sample, blocks, scores):
    """Newton step in θ, shape (P,), and in the logs of every cohort's rates, shape (G, T)."""
    Z = sample.untreated
    P = Z.columns.shape[2]
    H, score = np.zeros((P, P)), np.zeros(P)
    for cohort, block, gradient, z in zip(sample.cohorts, blocks, scores, Z.columns, strict=True):
        f = cohort.first
        if cohort.informs:
            H += z[:f].T @ block.eliminated() @ z[:f]
            score += z[:f].T @ (gradient[:f] - block.crossed @ np.linalg.solve(block.treated, gradient[f:]))
    theta = Z.solve(H, score)
    steps = [_with_treated(b, s, z[: g.first] @ theta) for g, b, s, z in zip(sample.cohorts, blocks, scores, Z.columns, strict=True)]
    return theta, np.array(steps)


def _with_treated(block, gradient, before):
    f = len(before)
    return np.concatenate([before, np.linalg.solve(block.treated, gradient[f:] - block.crossed.T @ before)])
