"""What a Poisson regression with home and month effects and one treatment coefficient would have said.

    y_it ~ E_it · exp(home_i + month_t + beta · treated_it)

by Newton's method with the home effects projected out: what most software does, with the errors
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
    beta, month, total = 0.0, np.zeros(T), counts.sum(axis=1)
    for _ in range(ITERATIONS):
        mean = exposure * np.exp(month + beta * treated)
        mean *= (total / mean.sum(axis=1))[:, None]
        # with each home's total met, its residuals add up to zero: projecting its effect out leaves the scores alone
        scores = np.column_stack([(counts - mean)[:, 1:], ((counts - mean) * treated).sum(axis=1)])
        information = _information(mean, treated, total)
        step = np.linalg.solve(information, scores.sum(axis=0))
        month[1:] += step[:-1]
        beta += step[-1]
        if np.abs(step).max() < 1e-9:
            break
    last = np.linalg.inv(information)[-1]
    clustered = np.sqrt(n / (n - 1) * ((scores @ last) ** 2).sum())
    return Usual(beta=float(beta), model=float(np.sqrt(last[-1])), clustered=float(clustered))


def _information(mean: np.ndarray, treated: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Information of months 2 to T and of the treatment, home effects projected out, shape (T, T)."""
    parts = np.column_stack([mean[:, 1:], (mean * treated).sum(axis=1)])
    information = np.diag(np.append(mean[:, 1:].sum(axis=0), (mean * treated**2).sum()))
    information[-1, :-1] = information[:-1, -1] = (mean * treated)[:, 1:].sum(axis=0)
    return information - parts.T @ (parts / total[:, None])
