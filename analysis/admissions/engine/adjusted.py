"""The saturated model where the rate without the intervention is made of more than months.

As `saturated`, with log λ_gt = Z_gt θ before the start of cohort g (see `untreated`) and a rate of its own for every
month after it. The treated months of a cohort are eliminated as there, and Newton's method solves for θ. What the model
needs to know of Z stands here, so that the rest may go on as if there were only months.

Source: as `saturated`.
"""

from dataclasses import replace

import numpy as np

from analysis.admissions.compared.sample import Sample
from analysis.admissions.engine.alone import MANY, fit_alone, stand_alone
from analysis.admissions.engine.saturated import (
    ITERATIONS,
    STEP,
    TOLERANCE,
    Block,
    Saturated,
    blocks_at,
    fit_saturated,
    information_about_months,
    saturated_at,
    solve_months,
    sums_with_products,
)  # fmt: skip


def fit(sample: Sample) -> Saturated:
    """Fit the saturated model, whatever the rate without the intervention is made of."""
    if sample.untreated is not None:
        return _fit(sample)
    alone = stand_alone(sample)
    return fit_alone(sample, alone) if alone.sum() >= MANY else fit_saturated(sample)


def across_base(sample: Sample, cells: np.ndarray) -> np.ndarray:
    """Sum of cells times Z over cohorts and months, shape (..., G, T) to (..., P)."""
    if sample.untreated is None:
        return cells.sum(axis=-2)
    Z = sample.untreated.columns
    return cells.reshape(*cells.shape[:-2], -1) @ Z.reshape(-1, Z.shape[2])


def along_base(sample: Sample, g: int, theta: np.ndarray) -> np.ndarray:
    """Z_g θ, shape (..., P) to (..., T)."""
    return theta if sample.untreated is None else theta @ sample.untreated.columns[g].T


def along_every_base(sample: Sample, theta: np.ndarray) -> np.ndarray:
    """Z θ, shape (P,) to (G, T), or to (T,) where all cohorts have the same."""
    return theta if sample.untreated is None else sample.untreated.columns @ theta


def information_about(sample: Sample, blocks: list[Block]) -> np.ndarray:
    """Information about θ, treated months eliminated, shape (P, P)."""
    if sample.untreated is None:
        return information_about_months(sample, blocks)
    H = np.zeros((len(sample.untreated.free),) * 2)
    for g, (cohort, block) in enumerate(zip(sample.cohorts, blocks, strict=True)):
        if cohort.informs:
            at, Z = sample.untreated.own(g)
            H[np.ix_(at, at)] += Z[: cohort.first].T @ block.eliminated() @ Z[: cohort.first]
    return H


def solve(sample: Sample, H: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve H θ = right, what home effects absorb held at zero; shape of `right`."""
    return solve_months(H, right) if sample.untreated is None else sample.untreated.solve(H, right)


def _fit(sample):
    theta, rates = _start(sample)
    moved, iterations = np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        weighted, products = sums_with_products(sample, rates)
        blocks = blocks_at(sample, rates, weighted, products)
        theta_step, step = _newton_step(sample, blocks, sample.events - rates * weighted)
        moved, iterations = max(np.abs(step).max(), np.abs(theta_step).max()), iterations + 1
        rates, theta = rates * np.exp(np.clip(step, -STEP, STEP)), theta + np.clip(theta_step, -STEP, STEP)
    month_rates = np.exp((sample.untreated.columns @ theta).mean(axis=0))
    return replace(saturated_at(sample, rates, month_rates, moved, iterations), theta=theta)


def _start(sample):
    """θ from the plain rates of every month and kind, shape (P,), and rates of every cohort, shape (G, T)."""
    Z, first = sample.untreated.columns, np.array([[g.first] for g in sample.cohorts])
    before = np.arange(len(sample.months)) < first
    informs = before & np.array([[g.informs] for g in sample.cohorts])
    counted, weighted = (across_base(sample, informs * values) for values in (sample.events, sample.bed_days))
    months = (counted > 0) & (np.arange(Z.shape[2]) < Z.shape[2] - len(sample.untreated.others))
    theta = np.zeros(Z.shape[2])
    theta[months] = np.log(counted[months] / weighted[months])
    without = np.exp(Z @ theta)
    own = ((sample.events * before).sum(axis=1) + 0.5) / (sample.bed_days * before * without).sum(axis=1)
    homes = own[:, None] * sample.bed_days
    return theta, np.where(before, without, sample.events / np.where(homes > 0, homes, 1.0))


def _newton_step(sample, blocks, scores):
    """Newton step in θ, shape (P,), and in the logs of every cohort's rates, shape (G, T)."""
    left = np.zeros_like(scores)
    for g, (cohort, block) in enumerate(zip(sample.cohorts, blocks, strict=True)):
        if cohort.informs:
            left[g, : cohort.first] = scores[g, : cohort.first] - scores[g, cohort.first :] @ block.solved
    theta = solve(sample, information_about(sample, blocks), across_base(sample, left))
    step = np.empty_like(scores)
    for g, (cohort, block) in enumerate(zip(sample.cohorts, blocks, strict=True)):
        f, before = cohort.first, along_base(sample, g, theta)
        step[g, :f] = before[:f]
        step[g, f:] = block.inverse @ scores[g, f:] - block.solved @ before[:f]
    return theta, step
