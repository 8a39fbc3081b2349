"""How much do homes differ for good, and how much only for a while?

A home's multiplier is θ_i · e_it: θ_i lasts, gamma with mean 1 and variance v; e_it is a good or bad spell with mean 1,
variance s and month-to-month correlation ρ. Three steps, each on sums that one pass over the panel gives:

1. spells, by moments (Pinquet, Guillén & Bolancé 2001, ASTIN Bulletin 31: "Allowance for the age of claims"): with
   m the expected counts, E[(y_t − m_t)(y_t+l − m_t+l)] / (m_t m_t+l) = v + (1 + v)·s·ρ^l;
2. noise that a home's total carries beside its Poisson noise: ψ_i = (1 + v)·s·Σ w_t w_u ρ^|t−u|, w the months' shares;
3. v and the kinds' rates, by the marginal likelihood of home totals: Y_i negative binomial, mean μ_i, variance
   μ_i + (v + ψ_i) μ_i². With ψ = 0 this is the model of `MASS::glm.nb` (size 1/v).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

LONGEST_LAG = 24
"""Spells are looked for over two years; beyond, few pairs of months remain."""

LAGS_NEEDED = 6
"""Fewer months apart cannot tell a spell from a lasting difference."""

CORRELATIONS = np.arange(0, 0.96, 0.05)
"""Candidates for ρ: nearer to 1, a spell is a lasting difference."""

LEAST_SPREAD, MOST_SPREAD = 1e-6, 25.0
"""Bounds of v: homes all alike, and a coefficient of variation of 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """Good and bad spells of homes.

    Parameters
    ----------
    variance : float
        s, of a single month's multiplier.
    correlation : float
        ρ, from one month to the next.
    lasting : float
        v, as the same moments see it; the likelihood's is better.
    """

    variance: float = 0.0
    correlation: float = 0.0
    lasting: float = 0.0

    def left_in_mean(self, share: np.ndarray) -> np.ndarray:
        """Variance of the mean multiplier over months with these shares, shape (N, T) to (N,)."""
        lag = np.abs(np.subtract.outer(*[np.arange(share.shape[1])] * 2))
        return self.variance * ((share @ self.correlation**lag) * share).sum(1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """What homes of each kind have in common and how much they differ.

    Parameters
    ----------
    log_rate : ndarray, shape (K,)
        Log of the mean home's rate, by kind.
    variance : float
        v, of the lasting multiplier.
    log_likelihood : float
    """

    log_rate: np.ndarray
    variance: float
    log_likelihood: float


def find_spells(counts: np.ndarray, expected: np.ndarray) -> Spells:
    """Find variance and correlation of spells by moments.

    Parameters
    ----------
    counts, expected : ndarray, shape (N, T)
        Expected for a mean home of the kind; zero where a home-month takes no part.
    """
    T = counts.shape[1]
    if T < 2 * LAGS_NEEDED:
        return Spells()
    residual = np.where(expected > 0, counts - expected, 0.0)
    products, weights = residual.T @ residual, expected.T @ expected
    lags = np.arange(min(LONGEST_LAG, T // 2) + 1)
    weight = np.array([np.trace(weights, lag) for lag in lags])
    if (weight <= 0).any():
        return Spells()
    moment = np.array([np.trace(products, lag) for lag in lags])
    moment[0] -= counts[expected > 0].sum()  # a month with itself also holds its Poisson noise
    weight[0] /= 2  # a square is twice as noisy as a product, and each month has one
    found = [_lasting_and_passing(moment / np.where(lags == 0, 2, 1) / weight, weight, rho**lags)
             for rho in CORRELATIONS]  # fmt: skip
    best = int(np.argmin([error for error, *_ in found]))
    _, lasting, passing = found[best]
    if passing <= 0:
        return Spells()
    lasting = max(lasting, 0.0)
    return Spells(variance=passing / (1 + lasting), correlation=float(CORRELATIONS[best]), lasting=lasting)


def _lasting_and_passing(moment: np.ndarray, weight: np.ndarray, decay: np.ndarray) -> tuple[float, float, float]:
    """Weighted least squares of moment = level + slope·decay: the error left, level, and slope (not below zero)."""
    centred = decay - np.average(decay, weights=weight)
    slope = float(np.sum(weight * centred * moment) / np.sum(weight * centred**2))
    slope = max(slope, 0.0)
    left = moment - slope * decay
    level = float(np.average(left, weights=weight))
    return float(np.sum(weight * (left - level) ** 2)), level, slope


def noise_of_totals(expected: np.ndarray, spells: Spells) -> np.ndarray:
    """Give ψ_i, the relative variance that spells leave in a home's total, shape (N,).

    Parameters
    ----------
    expected : ndarray, shape (N, T)
    spells : Spells
    """
    total = expected.sum(1)
    if not spells.variance:
        return np.zeros(len(total))
    return (1 + spells.lasting) * spells.left_in_mean(expected / np.where(total > 0, total, 1)[:, None])


def fit_spread(total: np.ndarray, expected: np.ndarray, kind: np.ndarray, noise: np.ndarray | float = 0.0) -> Spread:
    """Maximise the marginal likelihood of the homes' totals.

    Parameters
    ----------
    total, expected : ndarray, shape (N,)
        Admissions, and what a rate of 1 would give (bed-days times the calendar).
    kind : ndarray of int, shape (N,)
        From 0 to K − 1, each with at least one admission.
    noise : ndarray, shape (N,)
        ψ_i of `noise_of_totals`.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second to import

    used = expected > 0
    y, E, g = total[used], expected[used], kind[used]
    psi = np.broadcast_to(np.asarray(noise, float), total.shape)[used]
    K = int(g.max()) + 1
    crude = np.log(np.bincount(g, y, K) / np.bincount(g, E, K))
    bounds = [(None, None)] * K + [(np.log(LEAST_SPREAD), np.log(MOST_SPREAD))]
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9}
    start = np.r_[crude, np.log(0.2)]
    found = minimize(
        _less_log_likelihood, start, (y, E, g, psi), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    return Spread(log_rate=found.x[:K], variance=float(np.exp(found.x[K])), log_likelihood=-float(found.fun) * len(y))


def _less_log_likelihood(beta, y, E, g, psi) -> tuple[float, np.ndarray]:
    """Minus the mean log-likelihood of negative binomial totals, and its gradient."""
    mu, v = E * np.exp(beta[:-1])[g], np.exp(beta[-1])
    size = 1 / (v + psi)
    log_odds = np.log1p(mu / size)
    value = gammaln(y + size) - gammaln(size) - gammaln(y + 1) - size * log_odds
    value += np.where(y > 0, y * (np.log(mu / size) - log_odds), 0)
    by_mean = size * (y - mu) / (size + mu)
    by_size = digamma(y + size) - digamma(size) - log_odds + (mu - y) / (size + mu)
    by_kind = np.bincount(g, by_mean, len(beta) - 1)
    return -value.mean(), -np.r_[by_kind, np.sum(by_size * -(size**2)) * v] / len(y)
