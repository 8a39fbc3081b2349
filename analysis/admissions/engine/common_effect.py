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

from analysis.admissions.compared.sample import Sample
from analysis.admissions.engine.adjusted import across_base, along_every_base
from analysis.admissions.engine.saturated import (
    ITERATIONS,
    SLOW,
    STEP,
    TOLERANCE,
    information,
    portions,
    sums,
    sums_with_products,
)  # fmt: skip
from analysis.inference.clustered import Reference

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
    basis_inverse : ndarray, shape (P + 1, P + 1)
        Moore–Penrose inverse of the information about (γ, τ), home effects concentrated out; P = T unless the rate
        without the intervention is made of more than months (`untreated`).
    converged : bool
    """

    effect: float
    fitted: np.ndarray
    basis_inverse: np.ndarray
    converged: bool

    def reference(self, sample: Sample, started: np.ndarray, cluster: np.ndarray) -> Reference:
        """Give what a variance by cluster needs of the fit; arguments as of `fit_common`, and clusters, shape (n,)."""
        return Reference(
            counts=sample.counts,
            fitted=self.fitted,
            rows=tuple(g.rows for g in sample.cohorts),
            regressor=started,
            inverse=self.basis_inverse,
            cluster=cluster,
            base=None if sample.untreated is None else sample.untreated.columns,
        )


def fit_common(sample: Sample, started: np.ndarray, months: np.ndarray) -> CommonEffect:
    """Fit one effect by Newton's method.

    Parameters
    ----------
    started : ndarray, shape (G, T)
        D: each cohort's months from its start on (or the dose in them).
    months : ndarray, shape (T,)
        Month rates to begin from.
    """
    effect, rates, bread = 0.0, np.broadcast_to(months, started.shape), np.empty(0)
    moved, before, iterations = np.inf, np.inf, 0
    while moved > TOLERANCE and iterations < ITERATIONS:
        if not bread.size or moved > SLOW * before:
            weighted, products = sums_with_products(sample, rates)
            bread = inverse(_information(sample, rates, (weighted, products), started))
        else:
            weighted = sums(sample, rates)
        residual = sample.events - rates * weighted
        step = bread @ np.append(across_base(sample, residual), (residual * started).sum())
        before, moved, iterations = moved, np.abs(step).max(), iterations + 1
        step = np.clip(step, -STEP, STEP)
        months, effect = months * np.exp(along_every_base(sample, step[:-1])), effect + step[-1]
        rates = months * np.exp(effect * started)
    return CommonEffect(
        effect=float(effect),
        fitted=_fitted(sample, rates),
        basis_inverse=inverse(_information(sample, rates, sums_with_products(sample, rates), started)),
        converged=bool(moved <= TOLERANCE),
    )


def _information(sample, rates, parts, started):
    """Information about (γ, τ), shape (P + 1, P + 1)."""
    P = rates.shape[1] if sample.untreated is None else len(sample.untreated.free)
    H = np.zeros((P + 1, P + 1))
    for g, (own, d) in enumerate(zip(zip(rates, *parts, strict=True), started, strict=True)):
        add_information(H, information(*own), None if sample.untreated is None else sample.untreated.own(g), d)
    return H


def add_information(H: np.ndarray, K: np.ndarray, Z: tuple[np.ndarray, np.ndarray] | None, d: np.ndarray) -> None:
    """Add X' K X to H, X made of Z and d; in place, for there are many.

    Parameters
    ----------
    Z : pair of ndarray, optional
        Columns that are not zero, shape (J,), and Z in them, shape (T, J); the identity where left out.
    """
    of_effect = K @ d
    if Z is None:
        H[:-1, :-1] += K
        at, of_base = slice(len(H) - 1), of_effect
    else:
        at, of_base = Z[0], Z[1].T @ of_effect
        H[np.ix_(at, at)] += Z[1].T @ K @ Z[1]
    H[at, -1] += of_base
    H[-1, at] += of_base
    H[-1, -1] += of_effect @ d


def _fitted(sample, rates):
    """μ, shape (n, T)."""
    fitted = np.empty_like(sample.exposure)
    for g, rows in portions(sample):
        weighted = np.multiply(sample.exposure[rows], rates[g], out=fitted[rows])
        weighted *= (sample.totals[rows] / weighted.sum(axis=1))[:, None]
    return fitted


def inverse(H: np.ndarray) -> np.ndarray:
    """Moore–Penrose inverse: the level of the months is free, and so is τ where no treated month takes part."""
    return np.linalg.pinv(H, rcond=RANK, hermitian=True)
