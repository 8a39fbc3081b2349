"""At what rate would each home-month have run, and at what rate did it?

y_it ~ Poisson quasi-likelihood with mean E_it · exp(α_i + γ_t + δ_gt·D_it): bed-days E, home effects α, month effects
γ, and one effect δ for every treated month t of every cohort g. Write λ_gt = exp(γ_t) before the start of cohort g and
exp(γ_t + δ_gt) after it. Home effects are concentrated out,

    exp(α_i) = Y_i / F_i,   Y_i = Σ_t y_it,   F_i = Σ_t E_it λ_gt,   p_it = E_it λ_gt / F_i,

which leaves a multinomial likelihood with score Σ_i (y_it − Y_i p_it) and information Σ_i Y_i (diag(p_i) − p_i p_i').
Each cohort gives one months × months product; its treated block belongs to nobody else and is eliminated by a Schur
complement; Newton's method then solves for the months alone. No design matrix is built, and no matrix of homes: homes
pass by in portions that stay in the processor's cache. The product costs ten times the scores, so its steps are
repeated while they shorten fast, and it is made anew where they do not, and at the fit.

With `informs` False a cohort takes no part in the month equations (comparison with never-treated homes only): its home
and treatment effects are found given month effects to which it contributed nothing.

Source: Wooldridge (2023), "Simple approaches to nonlinear difference-in-differences with panel data", Econometrics
Journal 26(3), with home instead of cohort effects; Hausman, Hall and Griliches (1984), Econometrica 52, eq. 2.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.admissions.compared.sample import Sample

STEP = 2.0
"""Longest Newton step in the log of a rate: keeps the first iterations from overshooting."""
TOLERANCE = 1e-10
"""Newton stops when no log rate moves further; steps shorten at least by `SLOW`, so the remaining error is smaller."""
ITERATIONS = 60
SLOW = 0.25
"""A step more than a quarter as long as the one before is better replaced by one with an information of its own."""
SWEEPS = 2
"""Of proportional fitting before Newton's method: close enough for it to finish in a few steps."""
PORTION = 512
"""Homes taken at once: 120 months of them are half a megabyte, which the second cache of any processor holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One cohort's part of the information about log rates.

    Parameters
    ----------
    untreated, crossed : ndarray, shapes (f, f), (f, T−f)
        Of the information matrix, f months before the start.
    inverse : ndarray, shape (T−f, T−f)
        Of its block of treated months.
    solved : ndarray, shape (T−f, f)
        That inverse times crossed': how the treated months follow the others.
    """

    untreated: np.ndarray
    crossed: np.ndarray
    inverse: np.ndarray
    solved: np.ndarray

    def eliminated(self) -> np.ndarray:
        """Information about the months once the treated months are free, shape (f, f)."""
        return self.untreated - self.crossed @ self.solved


@dataclass(frozen=True, kw_only=True, eq=False)
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
    weighted : ndarray, shape (G, T)
        Σ_i exp(α_i) E_it: every cohort's bed-days, weighted by the homes' own rates.
    products : ndarray, shape (G, T, T)
        Σ_i (Y_i / F_i²) E_is E_it.
    blocks : list of Block, length G
        Information of every cohort at the fit.
    converged : bool
    iterations : int
    theta : ndarray, shape (P,), optional
        θ, where the rates without the intervention are made of more than months (`untreated`).
    """

    sample: Sample
    month_rates: np.ndarray
    rates: np.ndarray
    weighted: np.ndarray
    products: np.ndarray
    blocks: list[Block]
    converged: bool
    iterations: int
    theta: np.ndarray | None = None

    @cached_property
    def without(self) -> np.ndarray:
        """Rates without the intervention, shape (G, T)."""
        if self.sample.untreated is None or self.theta is None:
            return np.broadcast_to(self.month_rates, self.rates.shape)
        return np.exp(self.sample.untreated.columns @ self.theta)

    @cached_property
    def fitted(self) -> np.ndarray:
        """Mean with the intervention, shape (n, T)."""
        return self._means(self.rates)

    @cached_property
    def counterfactual(self) -> np.ndarray:
        """Mean without the intervention, shape (n, T)."""
        return self._means(self.without)

    @property
    def expected(self) -> np.ndarray:
        """Mean without the intervention summed over the homes of each cohort, shape (G, T)."""
        return self.weighted * self.without

    def _means(self, rates):
        means = np.empty_like(self.sample.exposure)
        for g, rows in portions(self.sample):
            exposure = self.sample.exposure[rows]
            scale = self.sample.totals[rows] / (exposure @ self.rates[g])
            np.multiply(exposure * scale[:, None], rates[g], out=means[rows])
        return means


def fit_saturated(sample: Sample) -> Saturated:
    """Maximise the quasi-likelihood (solve its equations, where some cohorts do not inform the months)."""
    events = sample.events
    months, rates = _start(sample, events)
    blocks, H, moved, before, iterations = [], np.empty(0), np.inf, np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        if not blocks or moved > SLOW * before:
            weighted, products = sums_with_products(sample, rates)
            blocks = blocks_at(sample, rates, weighted, products)
            H = information_about_months(sample, blocks)
        else:
            weighted = sums(sample, rates)
        month_step, step = newton_step(sample, blocks, H, events - rates * weighted)
        before, moved = moved, max(np.abs(step).max(), np.abs(month_step).max())
        rates = rates * np.exp(np.clip(step, -STEP, STEP))
        months = months * np.exp(np.clip(month_step, -STEP, STEP))
        iterations += 1
    return saturated_at(sample, rates, months, moved, iterations)


def saturated_at(
    sample: Sample, rates: np.ndarray, month_rates: np.ndarray, moved: float, iterations: int
) -> Saturated:
    """Give the model at the rates where Newton's method ended, after a last step of `moved`."""
    weighted, products = sums_with_products(sample, rates)
    return Saturated(
        sample=sample, month_rates=month_rates, rates=rates, weighted=weighted, products=products,
        blocks=blocks_at(sample, rates, weighted, products), converged=bool(moved <= TOLERANCE),
        iterations=iterations,
    )  # fmt: skip


def portions(sample: Sample) -> Iterator[tuple[int, slice]]:
    """Yield every cohort's number with some of its homes at a time."""
    for g, cohort in enumerate(sample.cohorts):
        for a in range(cohort.rows.start, cohort.rows.stop, PORTION):
            yield g, slice(a, min(a + PORTION, cohort.rows.stop))


def sums(sample: Sample, rates: np.ndarray) -> np.ndarray:
    """Compute Σ_i (Y_i / F_i) E_it of every cohort, shape (G, T), at rates of shape (G, T)."""
    weighted, totals = np.zeros_like(rates), sample.totals
    for g, rows in portions(sample):
        exposure = sample.exposure[rows]
        weighted[g] += (totals[rows] / (exposure @ rates[g])) @ exposure
    return weighted


def sums_with_products(sample: Sample, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute the same, and Σ_i (Y_i / F_i²) E_is E_it, shape (G, T, T)."""
    G, T = rates.shape
    weighted, products, totals = np.zeros((G, T)), np.zeros((G, T, T)), sample.totals
    room = np.empty((PORTION, T))
    for g, rows in portions(sample):
        exposure, Y = sample.exposure[rows], totals[rows]
        F = exposure @ rates[g]
        weighted[g] += (Y / F) @ exposure
        root = np.multiply(exposure, (np.sqrt(Y) / F)[:, None], out=room[: len(F)])
        products[g] += root.T @ root  # one matrix with itself: half the work of two
    return weighted, products


def information(rates: np.ndarray, weighted: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Compute Σ_i Y_i (diag(p_i) − p_i p_i') of one cohort, shape (T, T), from its rates and sums."""
    H = products * np.multiply.outer(rates, -rates)
    H.flat[:: len(rates) + 1] += rates * weighted
    return H


def _start(sample, events):
    """Month and cell rates by proportional fitting, of cohorts as if each were one home and then of homes."""
    first = np.array([[g.first] for g in sample.cohorts])
    before = np.arange(events.shape[1]) < first
    informs = before & np.array([[g.informs] for g in sample.cohorts])
    known = (events * informs).sum(axis=0)

    def fitted(weighted):
        months = known / (weighted * informs).sum(axis=0)
        return months, np.where(before, months, events / np.where(weighted > 0, weighted, 1.0))

    months = known / (sample.bed_days * informs).sum(axis=0)
    own = ((events * before).sum(axis=1) + 0.5) / (sample.bed_days * before @ months)
    months, rates = fitted(own[:, None] * sample.bed_days)
    for _ in range(SWEEPS):
        months, rates = fitted(sums(sample, rates))
    return months, rates


def blocks_at(sample: Sample, rates: np.ndarray, weighted: np.ndarray, products: np.ndarray) -> list[Block]:
    """Give every cohort's part of the information at some rates."""
    parts = zip(sample.cohorts, rates, weighted, products, strict=True)
    return [block_of(information(*own), g.first) for g, *own in parts]


def block_of(H: np.ndarray, f: int) -> Block:
    """Take the information of one cohort apart, f months before its start."""
    treated = H[f:, f:].copy()
    empty = np.diag(treated) == 0  # a treated month without events: its rate stays at zero
    treated[empty, empty] = 1.0
    inverse = np.linalg.inv(treated)
    return Block(untreated=H[:f, :f], crossed=H[:f, f:], inverse=inverse, solved=inverse @ H[f:, :f])


def information_about_months(sample: Sample, blocks: list[Block]) -> np.ndarray:
    """Sum over the cohorts that inform the months, treated months eliminated, shape (T, T)."""
    H = np.zeros((len(sample.months),) * 2)
    for cohort, block in zip(sample.cohorts, blocks, strict=True):
        if cohort.informs:
            H[: cohort.first, : cohort.first] += block.eliminated()
    return H


def solve_months(H: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve for the months with the first held at zero (home effects absorb the level), shape of `right`."""
    solution = np.zeros(right.shape)
    solution[1:] = np.linalg.solve(H[1:, 1:], right[1:])
    return solution


def newton_step(
    sample: Sample, blocks: list[Block], H: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the Newton step in logs of the month rates, shape (T,), and of every cohort's rates, shape (G, T)."""
    right = np.zeros(scores.shape[1])
    for cohort, block, score in zip(sample.cohorts, blocks, scores, strict=True):
        if cohort.informs:
            right[: cohort.first] += score[: cohort.first] - score[cohort.first :] @ block.solved
    months, step = solve_months(H, right), np.empty_like(scores)
    for g, (cohort, block) in enumerate(zip(sample.cohorts, blocks, strict=True)):
        f = cohort.first
        step[g, :f] = months[:f]
        step[g, f:] = block.inverse @ scores[g, f:] - block.solved @ months[:f]
    return months, step
