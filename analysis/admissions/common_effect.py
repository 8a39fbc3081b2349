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
from analysis.admissions.saturated import ITERATIONS, STEP, TOLERANCE, information, shares

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
    totals, effect = sample.totals, 0.0
    moved, iterations = np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        share = _shares(sample, months, effect, started)
        H = _information(share, totals, sample, started)
        surplus = sample.by_cohort(sample.counts - totals[:, None] * share)
        step = _inverse(H) @ np.append(surplus.sum(axis=0), surplus[started].sum())
        moved, iterations = np.abs(step).max(), iterations + 1
        step = np.clip(step, -STEP, STEP)
        months, effect = months * np.exp(step[:-1]), effect + step[-1]
    share = _shares(sample, months, effect, started)
    return CommonEffect(
        effect=float(effect),
        fitted=totals[:, None] * share,
        basis_inverse=_inverse(_information(share, totals, sample, started)),
        converged=bool(moved <= TOLERANCE),
    )


def _shares(sample, months, effect, started):
    """Each home's distribution over months, shape (n, T)."""
    rates = months * np.exp(effect * started)
    return np.concatenate([shares(sample.exposure[g.rows], r) for g, r in zip(sample.cohorts, rates, strict=True)])


def _information(share, totals, sample, started):
    """Information about (γ, τ), shape (T + 1, T + 1): the row of τ sums each cohort's treated months."""
    crossed, own = np.zeros(share.shape[1]), 0.0
    for cohort, d in zip(sample.cohorts, started, strict=True):
        p, Y = share[cohort.rows], totals[cohort.rows]
        of_effect = d * (Y @ p) - (Y * (p @ d)) @ p
        crossed, own = crossed + of_effect, own + of_effect @ d
    return np.block([[information(share, totals), crossed[:, None]], [crossed, own]])


def _inverse(H):
    """Moore–Penrose inverse: the level of the months is free, and so is τ where no treated month takes part."""
    return np.linalg.pinv(H, rcond=RANK, hermitian=True)
