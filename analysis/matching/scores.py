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
RIDGE_STEPS = 25
"""Newton's steps where coefficients are held back, of which six are needed."""


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


def log_odds(X: np.ndarray, treated: np.ndarray, ridge: float) -> np.ndarray:
    """Give the log odds of treatment, shape (N,), held back so that they exist where the covariates tell exactly.

    Parameters
    ----------
    X, treated
        As of `propensity`.
    ridge : float
        Weight beside one home's part of the likelihood; the intercept is free.
    """
    Z = np.column_stack([np.ones(len(X)), standard(X)])
    held, beta = ridge * np.diag([0.0] + [1.0] * X.shape[1]), np.zeros(Z.shape[1])
    for _ in range(RIDGE_STEPS):
        p = _logistic(Z @ beta)
        hessian = (Z * (p * (1 - p))[:, None]).T @ Z + held
        beta = beta + np.linalg.lstsq(hessian, Z.T @ (treated - p) - held @ beta, rcond=None)[0]
    return Z @ beta


def standard(X: np.ndarray) -> np.ndarray:
    """Centre and scale columns; those that do not vary are zero."""
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))
