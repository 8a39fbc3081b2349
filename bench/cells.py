"""What was the effect in each cohort and month, and how far may each be off?

Every parameter of the saturated model is a sum over homes. With e_i = y_i − μ_i, f months before the start of cohort g,
B_g the months' part in its treated months (`Block.solved`), M the inverse of the information about months, and
s_i = e_i[:f] − B_g' e_i[f:] where the cohort informs the months,

    Δγ = M Σ_i s_i,        Δδ_g = K_g⁻¹ Σ_{i∈g} e_i[f:] − L_g Δγ,        L_g = (B_g, 1),

so errors clustered by home need no more than each cohort's second moments S_g = Σ_{i∈g} e_i e_i': one months × months
product, taken once, whatever the number of effects. The same moments give the error of any average of effects. The
factor is m / (m − 1) for m homes.

With cohort effects e_i does not sum to zero in a home; its projection e_i − p_g Σ_t e_it takes its place.

Source: sandwich of Liang and Zeger (1986), Biometrika 73(1), written by cohort; CR1 of `analysis.inference.clustered`.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.compared.sample import Sample
from analysis.admissions.engine.saturated import PORTION, Saturated, information_about_months, portions, solve_months


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Log rate ratios of every cohort and month, and their errors clustered by home.

    Parameters
    ----------
    log_ratio, std_error : ndarray, shape (G, T)
        Missing where a cohort was not treated or had no events.
    """

    log_ratio: np.ndarray
    std_error: np.ndarray


def cells(fit: Saturated, moments: np.ndarray, n_homes: int) -> Cells:
    """Read the effects off the fit.

    Parameters
    ----------
    moments : ndarray, shape (G, T, T)
        S_g: `home_moments` or, for a fit with cohort effects, `cohort_moments`.
    n_homes : int
        m.
    """
    of_months, with_months = _months(fit, moments)
    log_ratio, variance = np.full(fit.rates.shape, np.nan), np.full(fit.rates.shape, np.nan)
    for g, (cohort, block) in enumerate(zip(fit.sample.cohorts, fit.blocks, strict=True)):
        f = cohort.first
        L = np.hstack([block.solved, np.eye(len(block.solved))])
        own, crossed = block.inverse @ moments[g, f:, f:], block.inverse @ with_months[g][f:]
        variance[g, f:] = (own * block.inverse).sum(axis=1) + ((L @ of_months - 2 * crossed) * L).sum(axis=1)
        known = f + np.flatnonzero(fit.rates[g, f:] > 0)
        log_ratio[g, known] = np.log(fit.rates[g, known] / fit.month_rates[known])
    variance = np.where(np.isnan(log_ratio), np.nan, variance)
    return Cells(log_ratio=log_ratio, std_error=np.sqrt(n_homes / (n_homes - 1) * variance))


def _months(fit, moments):
    """Variance of the months, shape (T, T), and what each cohort's errors share with them, G of shape (T, T)."""
    sample, T = fit.sample, fit.rates.shape[1]
    M = solve_months(information_about_months(sample, fit.blocks), np.eye(T))
    whole, shared = np.zeros((T, T)), []
    for cohort, block, S in zip(sample.cohorts, fit.blocks, moments, strict=True):
        P = M[:, : cohort.first] @ np.hstack([np.eye(cohort.first), -block.solved.T]) * cohort.informs
        shared.append(S @ P.T)
        whole += P @ shared[-1]
    return whole, shared


def covariance_by_home(weights: np.ndarray, moments: np.ndarray, n_homes: int) -> np.ndarray:
    """Covariance of R estimates, clustered by home, shape (R, R).

    Parameters
    ----------
    weights : ndarray, shape (R, G, T)
        Derivative of each by the counts of cohort and month, as in `contrasts.Contrast`.
    moments, n_homes
        As in `cells`.
    """
    whole = sum(weights[:, g] @ S @ weights[:, g].T for g, S in enumerate(moments))
    return n_homes / (n_homes - 1) * np.asarray(whole)


def home_moments(fit: Saturated) -> np.ndarray:
    """S of every cohort with home effects, shape (G, T, T)."""
    sample = fit.sample

    def scale(g, rows, exposure):
        return sample.totals[rows] / (exposure @ fit.rates[g])

    return _moments(sample, fit.rates, scale)


def cohort_moments(sample: Sample, fit: Saturated) -> np.ndarray:
    """S of every cohort with cohort effects, errors less their projection on those, shape (G, T, T).

    Parameters
    ----------
    sample : Sample
        Of homes.
    fit : Saturated
        Of `fit_cohorts`.
    """
    level = fit.sample.totals / (fit.sample.exposure * fit.rates).sum(axis=1)
    raw = _moments(sample, fit.rates, lambda g, rows, _: np.full(rows.stop - rows.start, level[g]))
    share = fit.fitted / fit.sample.totals[:, None]
    projection = np.eye(share.shape[1]) - share[:, :, None]
    return projection @ raw @ projection.transpose(0, 2, 1)


def _moments(sample, rates, scale):
    moments, room = np.zeros((*rates.shape, rates.shape[1])), np.empty((PORTION, rates.shape[1]))
    for g, rows in portions(sample):
        exposure = sample.exposure[rows]
        errors = np.multiply(exposure, scale(g, rows, exposure)[:, None], out=room[: len(exposure)])
        errors *= rates[g]
        np.subtract(sample.counts[rows], errors, out=errors)
        moments[g] += errors.T @ errors
    return moments
