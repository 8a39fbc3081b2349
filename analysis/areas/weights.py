"""Which mixture of other areas ran like this one before the start?

Every weight of the synthetic control family solves one problem, least squares over the simplex:

    minimise  ‖A w − b‖² + η ‖w‖²   subject to  w ≥ 0, Σ w = 1

It is solved exactly, not to a tolerance, by a least-distance reduction: with P = A − b·1' stacked on √η·I, the
non-negative solution x of [P; 1'] x ≈ [0; 1] is x = s·w for the optimal w and some s > 0, because for a fixed s the
best direction does not depend on s (Lawson and Hanson 1974, chapter 23). One call of SciPy's active-set solver an
area, about a millisecond: placebos for every area are then as cheap as one fit elsewhere.

* synthetic control: A is the others' path before the start, b the area's (Abadie, Diamond and Hainmueller 2010);
* ridge augmentation adds to w what ridge regression says is still unbalanced (Ben-Michael, Feller and Rothstein 2021);
* synthetic difference-in-differences has unit weights ω with an intercept and a small η, time weights λ that make the
  months before the start look like those after it, and compares changes (Arkhangelsky and others 2021).
"""

from dataclasses import dataclass

import numpy as np

SMALLEST = 1e-10
"""Weights below this are the solver's zero."""
ETA_LAMBDA = 1e-6
"""Multiple of the noise level by which time weights are regularised: enough to make them unique (as in the paper)."""
RIDGES = np.geomspace(1e-6, 1.0, 13)
"""Ridge penalties tried, as shares of the largest squared singular value of the others' paths."""
FOLDS = 6
"""Blocks of months left out in turn to choose the ridge: blocks, because neighbouring months are alike."""


def simplex(A: np.ndarray, b: np.ndarray, eta: float = 0.0) -> np.ndarray:
    """Weights that bring A w nearest to b.

    Parameters
    ----------
    A : ndarray, shape (m, n)
        A column per donor.
    b : ndarray, shape (m,)
    eta : float
        Penalty on the squared length of w.

    Returns
    -------
    ndarray, shape (n,)
        At least zero, adding up to one.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - half a second to import, which no other page pays

    P = A - b[:, None]
    scale = np.sqrt(max((P**2).sum(axis=0).min(), np.finfo(float).tiny))
    rows = [P / scale, np.ones((1, A.shape[1]))]
    if eta > 0:
        rows.insert(1, np.sqrt(eta) / scale * np.eye(A.shape[1]))
    stacked = np.vstack(rows)
    target = np.zeros(len(stacked))
    target[-1] = 1.0
    x, _ = nnls(stacked, target, maxiter=30 * A.shape[1])
    x[x < SMALLEST * x.sum()] = 0.0
    return x / x.sum()


def ridge_augmented(A: np.ndarray, b: np.ndarray, w: np.ndarray, ridge: float) -> np.ndarray:
    """Add to synthetic control weights what ridge regression says is still unbalanced.

    Parameters
    ----------
    A, b : ndarray, shapes (m, n) and (m,)
        As in `simplex`; centred by the donors' mean inside, as augsynth does.
    w : ndarray, shape (n,)
    ridge : float
        Penalty; as it grows the weights go to `w`.
    """
    centre = A.mean(axis=1)
    X0, x1 = A - centre[:, None], b - centre
    gram = X0 @ X0.T + ridge * np.eye(len(b))
    return w + np.linalg.solve(gram, x1 - X0 @ w) @ X0


def choose_ridge(A: np.ndarray, b: np.ndarray) -> float:
    """Choose the penalty that best predicts blocks of months left out, fitted without them."""
    penalties = RIDGES * np.linalg.svd(A - A.mean(axis=1, keepdims=True), compute_uv=False)[0] ** 2
    error = np.zeros(len(penalties))
    for block in np.array_split(np.arange(len(b)), min(FOLDS, len(b))):
        kept = np.delete(np.arange(len(b)), block)
        w = simplex(A[kept], b[kept])
        for k, ridge in enumerate(penalties):
            error[k] += ((b[block] - A[block] @ ridge_augmented(A[kept], b[kept], w, ridge)) ** 2).sum()
    return float(penalties[error.argmin()])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoWeights:
    """Weights of synthetic difference-in-differences.

    Parameters
    ----------
    omega : ndarray, shape (n,)
        Of donors.
    lam : ndarray, shape (T0,)
        Of months before the start.
    """

    omega: np.ndarray
    lam: np.ndarray


def two_weights(donors: np.ndarray, own: np.ndarray, before: np.ndarray, *, lam: np.ndarray | None = None):
    """Weights of synthetic difference-in-differences, Algorithm 1 of the paper, for one treated unit.

    Parameters
    ----------
    donors : ndarray, shape (n, T)
    own : ndarray, shape (T,)
    before : ndarray of bool, shape (T,)
    lam : ndarray, optional
        Time weights, where they are known already: they depend on the donors only.

    Returns
    -------
    TwoWeights
    """
    Y0, T1 = donors[:, before], int((~before).sum())
    noise = np.diff(Y0, axis=1).std(ddof=1)
    zeta2 = np.sqrt(T1) * noise**2  # (treated units × T1)^(1/2) · σ²
    A = Y0.T - Y0.mean(axis=1)
    omega = simplex(A, own[before] - own[before].mean(), eta=zeta2 * A.shape[0])
    return TwoWeights(omega=omega, lam=time_weights(donors, before) if lam is None else lam)


def time_weights(donors: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Weights of months before the start that make them look like the mean of those after it, shape (T0,)."""
    Y0, after = donors[:, before], donors[:, ~before].mean(axis=1)
    noise = np.diff(Y0, axis=1).std(ddof=1)
    return simplex(Y0 - Y0.mean(axis=0), after - after.mean(), eta=len(Y0) * (ETA_LAMBDA * noise) ** 2)
