"""What do the usual estimators of staggered adoption say of one outcome in a balanced panel?

Two-way fixed effects, y_it = α_i + γ_t + β D_it, is an average of all comparisons of two groups of one start, of which
one changes and the other does not (Goodman-Bacon): with D̄_k the share of months that group k is treated, n_k its share
of units, n_kl = n_k / (n_k + n_l) and V the variance of D less unit and month means,

    k against never treated     (n_k + n_U)² n_kU (1 − n_kU) D̄_k (1 − D̄_k) / V
    earlier k against later l   (n_k + n_l)² n_kl (1 − n_kl) (D̄_k − D̄_l) (1 − D̄_k) / V
    later l against earlier k   (n_k + n_l)² n_kl (1 − n_kl) D̄_l (D̄_k − D̄_l) / V

of which the last takes units for comparison that are treated already: it misleads where effects grow. Callaway and
Sant'Anna hold every group against units not yet treated, each month against the last before the start; imputation fits
unit and month effects to what is untreated, and takes what is observed less what they give.

Source: Goodman-Bacon (2021), Journal of Econometrics 225(2); Callaway and Sant'Anna (2021), Journal of Econometrics
225(2); Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91(6).
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

NEVER, EARLIER, LATER = "against never treated", "earlier against later", "later against already treated"


class Comparison(NamedTuple):
    """One comparison of two groups: what kind, the first treated months of both, its weight and its estimate."""

    kind: str
    treated: int
    other: int
    weight: float
    estimate: float


def two_way(y: np.ndarray, start: np.ndarray) -> float:
    """Give β of two-way fixed effects.

    Parameters
    ----------
    y : ndarray, shape (N, T)
    start : ndarray of int64, shape (N,)
        First treated month, T or more where there is none.
    """
    D = _swept(np.arange(y.shape[1]) >= start[:, None])
    return float((D * y).sum() / (D**2).sum())


def _swept(D: np.ndarray) -> np.ndarray:
    """D less unit and month means."""
    D = D.astype(float)
    return D - D.mean(axis=1, keepdims=True) - D.mean(axis=0, keepdims=True) + D.mean()


def decomposed(y: np.ndarray, start: np.ndarray) -> list[Comparison]:
    """Take two-way fixed effects apart; the weights sum to one, and with the estimates give `two_way`."""
    T = y.shape[1]
    start = np.minimum(start, T)
    V = (_swept(np.arange(T) >= start[:, None]) ** 2).mean()
    found = []
    for k, l in combinations(np.unique(start).tolist(), 2):  # noqa: E741 - the paper's letters
        n, m = float((start == k).mean()), float((start == l).mean())
        share, (a, b) = n * m / V, ((T - k) / T, (T - l) / T)
        if l == T:
            found.append(Comparison(NEVER, k, l, share * a * (1 - a), _two(y, start, (k, l), (0, k, T))))
            continue
        found.append(Comparison(EARLIER, k, l, share * (a - b) * (1 - a), _two(y, start, (k, l), (0, k, l))))
        found.append(Comparison(LATER, l, k, share * b * (a - b), _two(y, start, (l, k), (k, l, T))))
    return found


def _two(y, start, groups, months) -> float:
    """Change of one group over that of another, from months a ≤ t < b to b ≤ t < c."""
    a, b, c = months
    if a == b:
        return 0.0
    change = [y[start == g, b:c].mean() - y[start == g, a:b].mean() for g in groups]
    return float(change[0] - change[1])


def group_time(y: np.ndarray, start: np.ndarray) -> float:
    """Average Callaway and Sant'Anna's effects of every group and month over treated unit-months; NaN where none is."""
    T = y.shape[1]
    found = [*_group_times(y, np.minimum(start, T))]
    size = sum(n for n, _ in found)
    return sum(n * effect for n, effect in found) / size if size else np.nan


def _group_times(y: np.ndarray, start: np.ndarray) -> Iterator[tuple[int, float]]:
    T = y.shape[1]
    for g in np.unique(start[(start > 0) & (start < T)]):
        own = start == g
        for t in range(g, T):
            others = start > t
            if others.any():
                moved = y[:, t] - y[:, g - 1]
                yield int(own.sum()), float(moved[own].mean() - moved[others].mean())


def imputed(y: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Give what unit and month effects of untreated unit-months say of every unit-month, shape (N, T).

    Missing in months, and of units, that have none.
    """
    free = np.arange(y.shape[1]) < start[:, None]
    months, units = free.any(axis=0), free.any(axis=1)
    fit = np.full(y.shape, np.nan)
    part, values = free[np.ix_(units, months)].astype(float), y[np.ix_(units, months)]
    crossed = part.T @ (part / part.sum(axis=1, keepdims=True))
    H = np.diag(part.sum(axis=0)) - crossed
    mean = (part * values).sum(axis=1) / part.sum(axis=1)
    month = np.linalg.lstsq(H, (part * (values - mean[:, None])).sum(axis=0), rcond=None)[0]
    unit = (part * (values - month)).sum(axis=1) / part.sum(axis=1)
    fit[np.ix_(units, months)] = unit[:, None] + month
    return fit
