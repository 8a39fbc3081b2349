"""How does each estimate move when one home-month records one admission more?

Over a group of treated home-months, O admissions were observed and C = Σ E_it exp(α_i + γ_t) were to be expected
without the intervention. The log rate ratio is log O − log C. Its first-order weights are

    ω_it = G_it / O − κ_i − b_k(i,t),      κ_i = c_i / Y_i − Σ_t p_it b_k(i,t),

with G_it marking the group, c_i the home's part of C (as a share), and b the solution of (information) b = v, where v
is the derivative of log C with respect to the log rates. A single backward solve per estimate, no covariance matrix of
the parameters. Where a cohort does not inform the months, its b is found from its own equations alone.

Admissions averted are C − O, in which C is estimated too: with d log C = G / O − ω their weights are C (G / O − ω) − G.

Source: delta method; the backward (adjoint) solve is that of Borusyak, Jaravel and Spiess (2024), prop. 3, for a model
that is linear only to first order.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.saturated import Saturated, solve_months


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """Observed against expected over R groups of treated home-months.

    Parameters
    ----------
    observed, expected, exposure : ndarray, shape (R,)
        O, C and bed-days.
    weights : ndarray, shape (R, n, T)
        ω, the derivative of the log rate ratio by each home-month's count.
    n_homes : ndarray of int64, shape (R,)
        Homes with at least one month in the group.
    """

    observed: np.ndarray
    expected: np.ndarray
    exposure: np.ndarray
    weights: np.ndarray
    n_homes: np.ndarray


def contrast(fit: Saturated, groups: np.ndarray) -> Contrast:
    """Compare observed with expected over groups of treated home-months.

    Parameters
    ----------
    groups : ndarray of bool, shape (R, n, T)
        Home-months of each group; only treated ones.
    """
    counts, exposure = fit.sample.counts, fit.sample.exposure
    observed, expected = _totals(groups, counts), _totals(groups, fit.counterfactual)
    solve = _backward(fit)
    weights = [_weights(fit, *group, solve) for group in zip(groups, observed, expected, strict=True)]
    return Contrast(
        observed=observed,
        expected=expected,
        exposure=_totals(groups, exposure),
        weights=np.array(weights).reshape(groups.shape),
        n_homes=groups.any(axis=2).sum(axis=1),
    )


def weights_of_averted(answer: Contrast, groups: np.ndarray) -> np.ndarray:
    """Compute the derivative of C − O by each home-month's count, shape (R, n, T).

    Parameters
    ----------
    groups : ndarray of bool, shape (R, n, T)
        Those of the contrast.
    """
    C, O = answer.expected[:, None, None], answer.observed[:, None, None]  # noqa: E741 - observed, as everywhere here
    share = np.divide(C, O, out=np.zeros_like(C), where=O > 0)
    return (share - 1) * groups - C * answer.weights


def _totals(groups, values):
    return np.einsum("rit,it->r", groups, values)


def _weights(fit, group, observed, expected, solve):
    """ω of one group, shape (n, T)."""
    part = np.where(group, fit.counterfactual, 0.0) / expected
    c = part.sum(axis=1)
    b = solve(part.sum(axis=0), c)
    kappa = c / fit.sample.counts.sum(axis=1) - (fit.share * b).sum(axis=1)
    b = _without_events(fit, kappa, b)
    own = group / observed if observed > 0 else np.zeros_like(part)
    return np.where(fit.sample.exposure > 0, own - kappa[:, None] - b, 0.0)


def _backward(fit):
    """Prepare the backward solve: parts of C by month (T,) and by home (n,) to b of every home-month (n, T)."""
    blocks, cohorts = fit.blocks(), fit.sample.cohorts
    T = len(fit.month_rates)
    H = np.zeros((T, T))
    for cohort, block in zip(cohorts, blocks, strict=True):
        if cohort.informs:
            H[: cohort.first, : cohort.first] += block.eliminated()

    def solve(month_part, home_part):
        v = [-home_part[g.rows] @ fit.share[g.rows] for g in cohorts]
        right = month_part.copy()
        for cohort, block, v_g in zip(cohorts, blocks, v, strict=True):
            f = cohort.first
            right[:f] += v_g[:f] - block.crossed @ np.linalg.solve(block.treated, v_g[f:])
        months = solve_months(H, right)
        b = np.empty_like(fit.fitted)
        for cohort, block, v_g in zip(cohorts, blocks, v, strict=True):
            f, own = cohort.first, months if cohort.informs else np.zeros(T)
            b[cohort.rows, :f] = own[:f]
            b[cohort.rows, f:] = np.linalg.solve(block.treated, v_g[f:] - block.crossed.T @ own[:f])
        return b

    return solve


def _without_events(fit, kappa, b):
    """Treated months of a cohort without any event take the limit −Σ_i μ_it κ_i / Σ_i μ_it of their equation."""
    b = b.copy()
    for cohort, rates in zip(fit.sample.cohorts, fit.rates, strict=True):
        empty = np.flatnonzero((rates == 0) & (np.arange(len(rates)) >= cohort.first))
        expected = fit.counterfactual[cohort.rows][:, empty]
        b[cohort.rows, empty] = -(kappa[cohort.rows] @ expected) / np.maximum(
            expected.sum(axis=0), np.finfo(float).tiny
        )
    return b
