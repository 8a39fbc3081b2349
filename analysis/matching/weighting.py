"""How much must each comparison home count for the comparison homes to look like those with the intervention?

Entropy balancing: of all weights under which the comparison homes have exactly the means of the treated, those nearest
to equal. They are exp(x'λ), where λ minimises log Σ exp((x − m)'λ), a convex function; there are none where the treated
mean lies outside all comparison homes. Overlap weights: the probability of the other arm, so that homes for which
either was possible count most; the effect is then that on such homes, and means are balanced exactly.

Source: Hainmueller (2012), Political Analysis 20(1); Li, Morgan and Zaslavsky (2018), JASA 113, for overlap weights.
"""

import numpy as np

TOLERANCE, ITERATIONS = 1e-9, 200
NEAR = 1e-6
"""Standard deviations within which means are equal."""


def entropy_weights(X: np.ndarray, target: np.ndarray) -> np.ndarray | None:
    """Weights of controls that add up to one and give them the target's means, shape (n,); None where there are none.

    Parameters
    ----------
    X : ndarray, shape (n, K)
        Covariates of the controls.
    target : ndarray, shape (K,)
    """
    scale = np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    Z, lam = (X - target) / scale, np.zeros(X.shape[1])
    value = _log_sum(Z @ lam)
    for _ in range(ITERATIONS):
        w = np.exp(Z @ lam - _log_sum(Z @ lam))
        gradient = w @ Z
        if np.abs(gradient).max() < TOLERANCE:
            break
        hessian = (Z * w[:, None]).T @ Z - np.outer(gradient, gradient)
        step, size = np.linalg.pinv(hessian, hermitian=True, rcond=1e-12) @ gradient, 1.0
        while size > 1e-8 and _log_sum(Z @ (lam - size * step)) > value - 1e-4 * size * gradient @ step:
            size /= 2
        lam = lam - size * step
        value = _log_sum(Z @ lam)
    w = np.exp(Z @ lam - _log_sum(Z @ lam))
    return w if np.abs(w @ Z).max() < NEAR else None


def _log_sum(x: np.ndarray) -> float:
    top = x.max()
    return float(top + np.log(np.exp(x - top).sum()))


def overlap_weights(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """One less the score for the treated, the score for the others, each arm to add up to the number treated."""
    w = np.where(treated, 1 - score, score)
    for arm in (treated, ~treated):
        w[arm] *= treated.sum() / w[arm].sum()
    return w
