"""How likely was each home to receive the intervention, given what was known of it before?

A logistic regression by Newton's method. Written out in twenty lines because libraries stop at six digits by default,
take a second to import, and do not say when what was known tells exactly who was treated, which is the one thing that
must be said in words.

Source: Rosenbaum and Rubin (1983), Biometrika 70(1); Albert and Anderson (1984), Biometrika 71(1), for separation.
"""

import numpy as np

TOLERANCE, ITERATIONS = 1e-10, 100
CERTAIN = 1e-6
"""A likelihood nearer to one than this for every home is a perfect prediction, whose coefficients have no end."""


def propensity(X: np.ndarray, treated: np.ndarray) -> np.ndarray | None:
    """Give the probability of treatment, shape (N,); None where the covariates tell exactly who was treated.

    Parameters
    ----------
    X : ndarray, shape (N, K)
        Covariates, without an intercept; columns may depend on one another.
    treated : ndarray of bool, shape (N,)
    """
    Z = np.column_stack([np.ones(len(X)), standard(X)])
    y, beta = treated.astype(float), np.zeros(Z.shape[1])
    for _ in range(ITERATIONS):
        p = _logistic(Z @ beta)
        if np.abs(y - p).max() < CERTAIN:
            return None
        step = np.linalg.pinv((Z * (p * (1 - p))[:, None]).T @ Z, hermitian=True) @ (Z.T @ (y - p))
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < TOLERANCE:
            return _logistic(Z @ beta)
    return None  # coefficients that never come to rest: part of the homes is told exactly


def standard(X: np.ndarray) -> np.ndarray:
    """Centre and scale columns; those that do not vary are zero."""
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))
