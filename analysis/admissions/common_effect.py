"""What noise would each home show if the intervention did the same everywhere?

The saturated model fits the treated months of a cohort of one or two homes perfectly, so its residuals there say
nothing of their noise. The residuals that measure uncertainty are taken instead from the model with one effect,

    y_it ~ E_it · exp(α_i + γ_t + τ·D_it),

in which no treated home can hide. Where effects truly differ, the difference is counted as noise: the variance is then
conservative, never too small.

Source: Borusyak, Jaravel and Spiess (2024), "Revisiting event-study designs", Review of Economic Studies 91(6), sec.
4.3 (residuals from averaged effects); here on the Poisson scale and with a single average.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.sample import Sample
from analysis.admissions.saturated import (
    ITERATIONS,
    SLOW,
    STEP,
    TOLERANCE,
    information,
    portions,
    sums,
    sums_with_products,
)  # fmt: skip

RANK = 1e-11
"""Eigenvalues of the information below this part of the largest are zero: nothing in the data speaks of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommonEffect:
    """Fit of the model with one effect.

    Parameters
    ----------
    effect : float
        τ, the log rate ratio.
    fitted : ndarray, shape (n, T)
        μ_it.
    basis_inverse : ndarray, shape (T + 1, T + 1)
        Moore–Penrose inverse of the information about (γ, τ), home effects concentrated out.
    converged : bool
    """

    effect: float
    fitted: np.ndarray
    basis_inverse: np.ndarray
    converged: bool


def fit_common(sample: Sample, started: np.ndarray, months: np.ndarray) -> CommonEffect:
    """Fit one effect by Newton's method.

    Parameters
    ----------
    started : ndarray of bool, shape (G, T)
        D: each cohort's months from its start on.
    months : ndarray, shape (T,)
        Month rates to begin from.
    """
    effect, rates, inverse = 0.0, np.broadcast_to(months, started.shape), np.empty(0)
    moved, before, iterations = np.inf, np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        if not inverse.size or moved > SLOW * before:
            weighted, products = sums_with_products(sample, rates)
            inverse = _inverse(_information(rates, weighted, products, started))
        else:
            weighted = sums(sample, rates)
        step = inverse @ _across(sample.events - rates * weighted, started)
        before, moved, iterations = moved, np.abs(step).max(), iterations + 1
        step = np.clip(step, -STEP, STEP)
        months, effect = months * np.exp(step[:-1]), effect + step[-1]
        rates = months * np.exp(effect * started)
    return CommonEffect(
        effect=float(effect),
        fitted=_fitted(sample, rates),
        basis_inverse=_inverse(_information(rates, *sums_with_products(sample, rates), started)),
        converged=bool(moved <= TOLERANCE),
    )


def _information(rates, weighted, products, started):
    """Information about (γ, τ), shape (T + 1, T + 1)."""
    T = rates.shape[1]
    H = np.zeros((T + 1, T + 1))
    for own, d in zip(zip(rates, weighted, products, strict=True), started, strict=True):
        K = information(*own)
        H[:T, :T] += K
        H[:T, T] += K @ d
        H[T, T] += d @ K @ d
    H[T, :T] = H[:T, T]
    return H


def _across(cells, started):
    """Sum over cohorts every month, and of all treated months, shape (T + 1,)."""
    return np.append(cells.sum(axis=0), cells[started].sum())


def _fitted(sample, rates):
    """μ, shape (n, T)."""
    fitted = np.empty_like(sample.exposure)
    for g, rows in portions(sample):
        weighted = np.multiply(sample.exposure[rows], rates[g], out=fitted[rows])
        weighted *= (sample.totals[rows] / weighted.sum(axis=1))[:, None]
    return fitted


def _inverse(H):
    """Moore–Penrose inverse: the level of the months is free, and so is τ where no treated month takes part."""
    return np.linalg.pinv(H, rcond=RANK, hermitian=True)
