"""How does each estimate move when one home-month records one admission more?

Over a group of treated home-months, O admissions were observed and C = Σ E_it exp(α_i + γ_t) were to be expected
without the intervention. The log rate ratio is log O − log C. Its first-order weights are

    ω_it = G_it / O − κ_i − b_k(i,t),      κ_i = c_i / Y_i − Σ_t p_it b_k(i,t),

with G_it marking the group, c_i the home's part of C (as a share), and b the solution of (information) b = v, where v
is the derivative of log C with respect to the log rates. A backward solve for all estimates at once, no covariance
matrix of the parameters. Where a cohort does not inform the months, its b is found from its own equations alone.

Groups are made of whole cohort-months, so ω is one number for each cohort and month, a = G / O − b, less one for each
home. Residuals sum to zero in every home, hence κ matters to no variance and is worked out only where it is shown.

Admissions averted are C − O, in which C is estimated too: with d log C = G / O − ω their weights are C (G / O − ω) − G.

Source: delta method; the backward (adjoint) solve is that of Borusyak, Jaravel and Spiess (2024), prop. 3, for a model
that is linear only to first order.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.admissions.engine.adjusted import across_base, along_base, information_about, solve
from analysis.admissions.engine.alone import Alone, backward, scores_of_months
from analysis.admissions.engine.saturated import Saturated


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """Observed against expected over R groups of treated home-months.

    Parameters
    ----------
    marks : ndarray, shape (R, G, T)
        Cohort-months of each group; weights on them where bed-days do not count alike.
    observed, expected, exposure : ndarray, shape (R,)
        O, C and bed-days.
    weights : ndarray, shape (R, G, T)
        a, the derivative of the log rate ratio by the counts of each cohort and month, up to a number for each home.
    """

    marks: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    exposure: np.ndarray
    weights: np.ndarray


def contrast(fit: Saturated, marks: np.ndarray) -> Contrast:
    """Compare observed with expected over groups of treated cohort-months.

    Parameters
    ----------
    marks : ndarray, shape (R, G, T)
        Cohort-months of each group, or weights on them; only treated ones.
    """
    cells = np.stack([fit.sample.events, fit.expected, fit.sample.bed_days])
    observed, expected, exposure = cells.reshape(3, -1) @ marks.reshape(len(marks), -1).T
    O = observed[:, None, None]  # noqa: E741 - observed, as everywhere here
    own = np.divide(marks, O, out=np.zeros(marks.shape), where=O > 0)
    weights = own - _backward(fit, marks, expected)
    return Contrast(marks=marks, observed=observed, expected=expected, exposure=exposure, weights=weights)


def whole_weights(fit: Saturated, answer: Contrast) -> Contrast:
    """Fill in what `weights` leave open, so that they hold for homes though the model has no effect for each.

    Residuals of a home then do not sum to zero, and the number κ of its cohort matters.
    """
    weights = answer.weights.copy()
    for g, cohort in enumerate(fit.sample.cohorts):
        marks, O = answer.marks[:, g], answer.observed[:, None]  # noqa: E741 - observed, as everywhere here
        own = np.divide(marks, O, out=np.zeros(marks.shape), where=O > 0)
        kappa = _home_part(fit, cohort, marks, answer.expected) - _mean(fit, cohort, own - answer.weights[:, g])
        weights[:, g] -= kappa
    return replace(answer, weights=weights)


def weights_of_averted(answer: Contrast) -> np.ndarray:
    """Compute the derivative of C − O by the counts of each cohort and month, up to a number for each home."""
    C, O = answer.expected[:, None, None], answer.observed[:, None, None]  # noqa: E741 - observed, as everywhere here
    share = np.divide(C, O, out=np.zeros_like(C), where=O > 0)
    return (share - 1) * answer.marks - C * answer.weights


def home_month_weights(fit: Saturated, answer: Contrast, k: int = 0) -> np.ndarray:
    """Compute ω of the k-th estimate, shape (n, T): how far one admission more would move its log rate ratio."""
    sample, omega = fit.sample, np.zeros_like(fit.fitted)
    for g, cohort in enumerate(sample.cohorts):
        marks, weights, expected = answer.marks[[k], g], answer.weights[k, g], answer.expected[[k]]
        own = marks[0] / answer.observed[k] if answer.observed[k] > 0 else 0.0
        kappa = _home_part(fit, cohort, marks, expected) - _mean(fit, cohort, own - weights[None])
        omega[cohort.rows] = np.where(sample.exposure[cohort.rows] > 0, weights - kappa[0][:, None], 0.0)
    return omega


def _home_part(fit, cohort, marks, expected):
    """c_i / Y_i of one cohort's homes, shape (R, homes)."""
    part = marks @ fit.counterfactual[cohort.rows].T
    return part / expected[:, None] / fit.sample.totals[cohort.rows]


def _mean(fit, cohort, b):
    """Σ_t p_it b_t of one cohort's homes, shape (R, homes)."""
    return b @ fit.fitted[cohort.rows].T / fit.sample.totals[cohort.rows]


def _backward(fit, marks, expected, more: np.ndarray | float = 0.0):
    """Solve for b of every estimate, cohort and month, shape (R, G, T); `more` is added to the scores of months."""
    if isinstance(fit, Alone):
        others = np.zeros((len(marks), *fit.merged.rates.shape))
        others[:, fit.place[~fit.alone]] = marks[:, ~fit.alone]
        found = _backward(fit.merged, others, expected, scores_of_months(fit, marks, expected))
        return backward(fit, marks, expected, found)
    sample, blocks, (R, G, T) = fit.sample, fit.blocks, marks.shape
    v = [_of_homes(fit, g, marks[:, g], expected) for g in range(G)]
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing expected, no ratio: none is told
        score = marks * (fit.expected / expected[:, None, None])
    for g, (cohort, block, v_g) in enumerate(zip(sample.cohorts, blocks, v, strict=True)):
        f = cohort.first
        score[:, g, :f] += v_g[:, :f] - v_g[:, f:] @ block.solved
    theta = solve(sample, information_about(sample, blocks), (across_base(sample, score) + more).T).T
    b = np.empty((R, G, T))
    for g, (cohort, block, v_g) in enumerate(zip(sample.cohorts, blocks, v, strict=True)):
        f, own = cohort.first, along_base(sample, g, theta) if cohort.informs else np.zeros((R, T))
        b[:, g, :f] = own[:, :f]
        b[:, g, f:] = v_g[:, f:] @ block.inverse - own[:, :f] @ block.solved.T
        b[:, g] = without_events(fit, g, (marks[:, g], expected), b[:, g])
    return b


def _of_homes(fit, g, marks, expected):
    """−Σ_i c_i p_i of one cohort, shape (R, T): nothing for groups in which the cohort has no month."""
    v, own = np.zeros(marks.shape), marks.any(axis=1)
    v[own] = -(marks[own] * fit.without[g]) @ fit.products[g] * fit.rates[g] / expected[own, None]
    return v


def without_events(fit: Saturated, g: int, group: tuple[np.ndarray, np.ndarray], b: np.ndarray) -> np.ndarray:
    """Give treated months of a cohort without any event the limit −Σ_i μ_it κ_i / Σ_i μ_it of their equation.

    Parameters
    ----------
    group : pair of ndarray, shapes (R, T) and (R,)
        Marks of the cohort's months in each group, and C.
    b : ndarray, shape (R, T)
    """
    rates, (marks, expected) = fit.rates[g], group
    empty = np.flatnonzero((rates == 0) & (np.arange(len(rates)) >= fit.sample.cohorts[g].first))
    if not empty.size:
        return b
    without, limit = fit.without[g], b.copy()
    moved = (marks * without / expected[:, None] - b * rates) @ fit.products[g][:, empty]
    limit[:, empty] = -moved / np.maximum(fit.weighted[g, empty], np.finfo(float).tiny)
    return limit
