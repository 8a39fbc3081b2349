"""At what rate would each home-month have run, and at what rate did it?

y_it ~ Poisson quasi-likelihood with mean E_it · exp(α_i + γ_t + δ_gt·D_it): bed-days E, home effects α, month effects
γ, and one effect δ for every treated month t of every cohort g. Write λ_gt = exp(γ_t) before the start of cohort g and
exp(γ_t + δ_gt) after it. Home effects are concentrated out,

    exp(α_i) = Y_i / F_i,   Y_i = Σ_t y_it,   F_i = Σ_t E_it λ_gt,   p_it = E_it λ_gt / F_i,

which leaves a multinomial likelihood with score Σ_i (y_it − Y_i p_it) and information Σ_i Y_i (diag(p_i) − p_i p_i').
Each cohort gives one months × months product; its treated block belongs to nobody else and is eliminated by a Schur
complement; Newton's method then solves for the months alone. No design matrix is built.

With `informs` False a cohort takes no part in the month equations (comparison with never-treated homes only): its home
and treatment effects are found given month effects to which it contributed nothing.

Source: Wooldridge (2023), "Simple approaches to nonlinear difference-in-differences with panel data", Econometrics
Journal 26(3), with home instead of cohort effects; Hausman, Hall and Griliches (1984), Econometrica 52, eq. 2.4.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.sample import Sample

STEP = 2.0
"""Longest Newton step in the log of a rate: keeps the first iterations from overshooting."""
TOLERANCE = 1e-10
"""Newton stops when no log rate moves further; at quadratic convergence the remaining error is its square."""
ITERATIONS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One cohort's part of the information about log rates, treated months eliminated.

    Parameters
    ----------
    untreated, crossed, treated : ndarray, shapes (f, f), (f, T−f), (T−f, T−f)
        Blocks of the information matrix, f months before the start.
    """

    untreated: np.ndarray
    crossed: np.ndarray
    treated: np.ndarray

    def eliminated(self) -> np.ndarray:
        """Information about the months once the treated months are free, shape (f, f)."""
        return self.untreated - self.crossed @ np.linalg.solve(self.treated, self.crossed.T)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Saturated:
    """The fitted model.

    Parameters
    ----------
    sample : Sample
        What was fitted.
    month_rates : ndarray, shape (T,)
        exp(γ_t).
    rates : ndarray, shape (G, T)
        λ_gt; zero for a treated month without any event.
    blocks : list of Block, length G
        Information of every cohort at the last step, the fit to within `TOLERANCE`.
    fitted, counterfactual : ndarray, shape (n, T)
        Mean with, and without, the intervention.
    converged : bool
    iterations : int
    """

    sample: Sample
    month_rates: np.ndarray
    rates: np.ndarray
    blocks: list[Block]
    fitted: np.ndarray
    counterfactual: np.ndarray
    converged: bool
    iterations: int


def fit_saturated(sample: Sample) -> Saturated:
    """Maximise the quasi-likelihood (solve its equations, where some cohorts do not inform the months)."""
    totals, events = sample.totals, sample.by_cohort(sample.counts)
    months, rates = _start(sample, events)
    moved, iterations = np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        means, blocks = _blocks(sample, totals, rates)
        month_step, step = _newton_step(sample.cohorts, blocks, events - means)
        moved, iterations = max(np.abs(step).max(), np.abs(month_step).max()), iterations + 1
        rates = rates * np.exp(np.clip(step, -STEP, STEP))
        months = months * np.exp(np.clip(month_step, -STEP, STEP))
    fitted, counterfactual = _means(sample, months, rates)
    return Saturated(
        sample=sample,
        month_rates=months,
        rates=rates,
        blocks=blocks,
        fitted=fitted,
        counterfactual=counterfactual,
        converged=bool(moved <= TOLERANCE),
        iterations=iterations,
    )


def _start(sample, events):
    """Month and cell rates by two rounds of proportional fitting: close enough for Newton to finish in a few steps."""
    informing = [(g.rows, slice(g.first)) for g in sample.cohorts if g.informs]
    known, weighted = np.zeros((2, len(sample.months)))
    for rows, before in informing:
        known[before] += sample.counts[rows, before].sum(axis=0)
        weighted[before] += sample.exposure[rows, before].sum(axis=0)
    for _ in range(2):
        months, weighted = known / weighted, np.zeros_like(known)
        for rows, before in informing:
            counts, exposure = sample.counts[rows, before], sample.exposure[rows, before]
            homes = counts.sum(axis=1) / np.maximum(exposure @ months[before], np.finfo(float).tiny)
            weighted[before] += homes @ exposure
    months = known / weighted
    return months, np.array([_cohort_start(sample, g, y, months) for g, y in zip(sample.cohorts, events, strict=True)])


def _cohort_start(sample, cohort, events, months):
    """Rates of one cohort given the months, shape (T,)."""
    counts, exposure = sample.counts[cohort.rows], sample.exposure[cohort.rows]
    f = cohort.first
    homes = (counts[:, :f].sum(axis=1) + 0.5) / (exposure[:, :f] @ months[:f])
    expected = homes @ exposure[:, f:]
    return np.concatenate([months[:f], events[f:] / np.where(expected > 0, expected, 1.0)])


def expected(exposure: np.ndarray, rates: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each month summed over homes, Σ_i Y_i p_i, and information Σ_i Y_i (diag(p_i) − p_i p_i').

    Parameters
    ----------
    exposure, rates, totals : ndarray, shapes (n, T), (T,), (n,)
        Of homes with the same rates.
    """
    weighted = exposure @ rates
    mean = rates * ((totals / weighted) @ exposure)
    root = exposure * (np.sqrt(totals) / weighted)[:, None]
    squares = root.T @ root  # one matrix with itself: half the work of two
    return mean, np.diag(mean) - np.outer(rates, rates) * squares


def _blocks(sample, totals, rates):
    """Mean of every cohort and month, shape (G, T), and every cohort's information."""
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


def _newton_step(cohorts, blocks, scores):
    """Newton step in the logs of the month rates, shape (T,), and of every cohort's rates, shape (G, T)."""
    T = scores.shape[1]
    H, score = np.zeros((T, T)), np.zeros(T)
    for cohort, block, gradient in zip(cohorts, blocks, scores, strict=True):
        f = cohort.first
        if cohort.informs:
            H[:f, :f] += block.eliminated()
            score[:f] += gradient[:f] - block.crossed @ np.linalg.solve(block.treated, gradient[f:])
    months = solve_months(H, score)
    return months, np.array([_with_treated(b, s, months) for b, s in zip(blocks, scores, strict=True)])


def solve_months(H: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve for the months with the first held at zero (home effects absorb the level), shape of `right`."""
    solution = np.zeros(right.shape)
    solution[1:] = np.linalg.solve(H[1:, 1:], right[1:])
    return solution


def _with_treated(block, gradient, months):
    f = len(block.untreated)
    treated = np.linalg.solve(block.treated, gradient[f:] - block.crossed.T @ months[:f])
    return np.concatenate([months[:f], treated])


def _means(sample, months, rates):
    """Means with and without the intervention, each of shape (n, T)."""
    totals, fitted, counterfactual = sample.totals, np.empty_like(sample.exposure), np.empty_like(sample.exposure)
    for cohort, own in zip(sample.cohorts, rates, strict=True):
        exposure = sample.exposure[cohort.rows]
        scaled = exposure * (totals[cohort.rows] / (exposure @ own))[:, None]
        np.multiply(scaled, own, out=fitted[cohort.rows])
        np.multiply(scaled, months, out=counterfactual[cohort.rows])
    return fitted, counterfactual
