"""What a Poisson regression with home and month effects and one treatment coefficient would have said.

    y_it ~ E_it · exp(home_i + month_t + beta · treated_it)

by iteratively reweighted least squares with the home effects projected out: what most software does, with the errors
most software prints. Nothing here is shared with the engine it stands beside.
"""

from dataclasses import dataclass

import numpy as np

ITERATIONS = 30


@dataclass(frozen=True, kw_only=True)
class Usual:
    """One coefficient, its model error, and its clustered error with G / (G - 1)."""

    beta: float
    model: float
    clustered: float


def usual(counts: np.ndarray, exposure: np.ndarray, treated: np.ndarray) -> Usual:
    """Fit and errors, from dense homes × months matrices; every home needs an admission."""
    n, T = counts.shape
    X = np.concatenate([np.broadcast_to(np.eye(T)[:, 1:], (n, T, T - 1)), treated[:, :, None]], axis=2)
    theta, home = np.zeros(T), counts.sum(axis=1) / exposure.sum(axis=1)
    for _ in range(ITERATIONS):
        mean = exposure * home[:, None] * np.exp(X @ theta)
        home = home * counts.sum(axis=1) / mean.sum(axis=1)
        mean = exposure * home[:, None] * np.exp(X @ theta)
        within = X - ((mean[:, :, None] * X).sum(axis=1) / mean.sum(axis=1)[:, None])[:, None]
        information = np.einsum("itj,it,itk->jk", within, mean, within, optimize=True)
        scores = np.einsum("itj,it->ij", within, counts - mean, optimize=True)
        step = np.linalg.solve(information, scores.sum(axis=0))
        theta = theta + step
        if np.abs(step).max() < 1e-9:
            break
    last = np.linalg.inv(information)[-1]
    clustered = np.sqrt(n / (n - 1) * ((scores @ last) ** 2).sum())
    return Usual(beta=float(theta[-1]), model=float(np.sqrt(last[-1])), clustered=float(clustered))
