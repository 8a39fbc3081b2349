"""How much do homes differ for good?

A home's multiplier is θ_i · e_it: θ_i lasts, gamma with mean 1 and variance v; e_it is a good or bad spell (`spells`),
which leaves noise ψ_i in a home's total beside its Poisson noise. v and the kinds' rates are found by the marginal
likelihood of home totals: Y_i negative binomial, mean μ_i, variance μ_i + (v + ψ_i) μ_i². With ψ = 0 this is the model
of `MASS::glm.nb` (size 1/v).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

LEAST_SPREAD, MOST_SPREAD = 1e-6, 25.0
"""Bounds of v: homes all alike, and a coefficient of variation of 5."""


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
