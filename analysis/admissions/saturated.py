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
        Information of every cohort at the fit.
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
    months, rates = _start(sample)
    moved, iterations = np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        month_step, step = _newton_step(sample, rates)
        moved, iterations = max(np.abs(step).max(), np.abs(month_step).max()), iterations + 1
        rates = rates * np.exp(np.clip(step, -STEP, STEP))
        months = months * np.exp(np.clip(month_step, -STEP, STEP))
    return _fitted(sample, months, rates, converged=bool(moved <= TOLERANCE), iterations=iterations)


def _start(sample):
    """Month and cell rates by two rounds of proportional fitting: close enough for Newton to finish in a few steps."""
    untreated = (
        ~sample.treated
        & np.concatenate([np.full(g.rows.stop - g.rows.start, g.informs) for g in sample.cohorts])[:, None]
    )
    counts, exposure = sample.counts * untreated, sample.exposure * untreated
    months = counts.sum(axis=0) / exposure.sum(axis=0)
    for _ in range(2):
        homes = counts.sum(axis=1) / np.maximum(exposure @ months, np.finfo(float).tiny)
        months = counts.sum(axis=0) / (homes @ exposure)
    return months, np.array([_cohort_start(sample, g, months) for g in sample.cohorts])


def _cohort_start(sample, cohort, months):
    """Rates of one cohort given the months, shape (T,)."""
    counts, exposure = sample.counts[cohort.rows], sample.exposure[cohort.rows]
    f = cohort.first
    homes = (counts[:, :f].sum(axis=1) + 0.5) / (exposure[:, :f] @ months[:f])
    expected = homes @ exposure[:, f:]
    treated = counts[:, f:].sum(axis=0) / np.where(expected > 0, expected, 1.0)
    return np.concatenate([months[:f], treated])


def shares(exposure: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Each home's distribution over months at the given rates, shape (n, T)."""
    weighted = exposure * rates
    return weighted / weighted.sum(axis=1, keepdims=True)


def information(share: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Σ_i Y_i (diag(p_i) − p_i p_i'), shape (T, T)."""
    root = share * np.sqrt(totals)[:, None]
    return np.diag(totals @ share) - root.T @ root  # one matrix with itself: half the work of two


def _block(share, totals, first):
    H = information(share, totals)
    treated = H[first:, first:].copy()
    empty = np.diag(treated) == 0  # a treated month without events: its rate stays at zero
    treated[empty, empty] = 1.0
    return Block(untreated=H[:first, :first], crossed=H[:first, first:], treated=treated)


def _newton_step(sample, rates):
    """Newton step in the logs of the month rates, shape (T,), and of every cohort's rates, shape (G, T)."""
    T = len(sample.months)
    H, score = np.zeros((T, T)), np.zeros(T)
    blocks, scores = [], []
    for g, cohort in enumerate(sample.cohorts):
        counts, f = sample.counts[cohort.rows], cohort.first
        share, totals = shares(sample.exposure[cohort.rows], rates[g]), counts.sum(axis=1)
        block, gradient = _block(share, totals, f), counts.sum(axis=0) - totals @ share
        if cohort.informs:
            H[:f, :f] += block.eliminated()
            score[:f] += gradient[:f] - block.crossed @ np.linalg.solve(block.treated, gradient[f:])
        blocks.append(block)
        scores.append(gradient)
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


def _fitted(sample, months, rates, *, converged, iterations):
    totals, blocks = sample.totals, []
    fitted, counterfactual = np.empty_like(sample.exposure), np.empty_like(sample.exposure)
    for g, cohort in enumerate(sample.cohorts):
        rows, exposure = cohort.rows, sample.exposure[cohort.rows]
        share = shares(exposure, rates[g])
        blocks.append(_block(share, totals[rows], cohort.first))
        fitted[rows] = totals[rows, None] * share
        counterfactual[rows] = exposure * months * (totals[rows] / (exposure @ rates[g]))[:, None]
    return Saturated(
        sample=sample,
        month_rates=months,
        rates=rates,
        blocks=blocks,
        fitted=fitted,
        counterfactual=counterfactual,
        converged=converged,
        iterations=iterations,
    )
