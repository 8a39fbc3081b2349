"""What interval holds the effect if no step after the start is more than M̄ times the largest before?

Which step before was the largest, and which way it went, is not known, so the interval is the union over all of them.
For step s and direction ±, with e the steps before, b = l'β_post and `reach` from `target`,

    |b − θ| ≤ M̄ · reach · (±e_s),    |e_i| ≤ ±e_s for every other step i,    0 ≤ ±e_s,

hold of the means. They are tested together by the hybrid of Andrews, Roth and Pakes: the largest studentised violation
against its least favourable quantile at level κ, and, where that does not reject, against its own distribution given
everything but itself, which is normal cut off on both sides. No nuisance parameter is left (`target`), so there are no
linear programmes to solve and every θ is tested at once. Where the covariance has few degrees of freedom, t stands in
for the normal in both.

Source: Rambachan and Roth (2023), section 4.2; Andrews, Roth and Pakes (2023), Review of Economic Studies 90(6).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis.inference.honest.target import Target

KAPPA = 0.1
"""Part of the level that the least favourable test is given, as in Andrews, Roth and Pakes."""
DRAWS, SEED = 20_000, 20261127
"""Of the least favourable quantile, which is then known to about 0.02 standard errors."""
GRID, FAR = 200, 8.0
"""Values of θ looked at, out to so many standard errors beyond what the steps before allow; limits are refined."""
FINE = 1e-5
"""Limits are found to this part of a standard error."""
MOST = 20.0
"""M̄ beyond which no answer is said to hold for ever."""


def relative_interval(target: Target, M: float, alpha: float = 0.05) -> tuple[float, float]:
    """Give the limits of the effect if no step after is more than M times the largest before; NaN if all is rejected.

    Parameters
    ----------
    target : Target
    M : float
        M̄.
    alpha : float
    """
    far = M * target.reach * np.abs(target.steps @ target.before).max() + FAR * _error(target)
    around = target.estimate + np.linspace(-far, far, GRID)
    found = [ends for test in _tests(target, M, alpha) if (ends := _ends(test, around, FINE * target.std_error))]
    if not found:
        return np.nan, np.nan
    return min(low for low, _ in found), max(high for _, high in found)


def drift_that_overturns(target: Target, alpha: float = 0.05) -> float:
    """Find the least M̄ at which no effect is not rejected; zero where it is not without drift, infinite over `MOST`."""
    none = np.zeros(1)

    def holds(M: float) -> bool:
        return not any(test.not_rejected(none)[0] for test in _tests(target, M, alpha))

    low, high = 0.0, 1.0
    if not holds(low):
        return 0.0
    while holds(high):
        low, high = high, 2 * high
        if high > MOST:
            return np.inf
    while high - low > CLOSE:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high


CLOSE = 0.005
"""M̄ is found to this much: it is told to one digit after the point."""


def _error(target: Target) -> float:
    """Give the standard errors of estimate and steps together: how far out a limit may lie."""
    moved = np.sqrt(np.diag(target.steps @ target.covariance[:-1, :-1] @ target.steps.T)).max(initial=0.0)
    wide = 1.0 if np.isinf(target.df) else float(stdtrit(target.df, 0.975) / ndtri(0.975))
    return wide * (target.std_error + target.reach * moved)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Test:
    """Rows of moments that are at most zero if θ is right: y − θ x, with their correlations and critical values.

    y, x, error : (R,); correlation : (R, R); least_favourable : float; alpha, df : float.
    """

    y: np.ndarray
    x: np.ndarray
    error: np.ndarray
    correlation: np.ndarray
    least_favourable: float
    alpha: float
    df: float

    def not_rejected(self, theta: np.ndarray) -> np.ndarray:
        """Say of every θ, shape (G,), whether it is not rejected."""
        S = (self.y - theta[:, None] * self.x) / self.error
        most = S.argmax(axis=1)
        top, rho = S[np.arange(len(S)), most], self.correlation[most]
        with np.errstate(divide="ignore", invalid="ignore"):
            low = np.where(rho < 1 - ALIKE, (S - rho * top[:, None]) / (1 - rho), -np.inf).max(axis=1)
        left = (self.alpha - KAPPA * self.alpha) / (1 - KAPPA * self.alpha)
        beyond = _upper(self.least_favourable, self.df)
        value = _of_upper(beyond + left * (_upper(low, self.df) - beyond), self.df)
        return (top <= self.least_favourable) & (top <= np.maximum(value, 0.0))


ALIKE = 1e-12
"""Rows more alike than this are one row."""


def _tests(target: Target, M: float, alpha: float) -> Iterator[_Test]:
    P = len(target.before)
    E = np.column_stack([target.steps, np.zeros(P)])
    effect = np.append(np.zeros(P), 1.0)
    z = np.append(target.before, target.estimate)
    draws = _drawn(P + 1, target.df)
    root = _root(target.covariance)
    for s in range(P):
        for way in (1.0, -1.0):
            step = way * E[s]
            others = np.delete(E, s, axis=0)
            A = np.vstack([effect - M * target.reach * step, -effect - M * target.reach * step,
                           others - step, -others - step, -step[None]])  # fmt: skip
            V = A @ target.covariance @ A.T
            error = np.sqrt(np.diag(V))
            some = error > ALIKE * error.max()
            A, error = A[some], error[some]
            largest = (draws @ (root.T @ A.T) / error).max(axis=1)
            yield _Test(
                y=A @ z, x=A[:, -1], error=error, correlation=V[np.ix_(some, some)] / np.outer(error, error),
                least_favourable=float(np.quantile(largest, 1 - KAPPA * alpha)), alpha=alpha, df=target.df,
            )  # fmt: skip


def _root(V: np.ndarray) -> np.ndarray:
    """Give R with R R' = V, also where V is singular."""
    values, vectors = np.linalg.eigh(V)
    return vectors * np.sqrt(np.maximum(values, 0.0))


def _drawn(n: int, df: float) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    normal = rng.standard_normal((DRAWS, n))
    return normal if np.isinf(df) else normal / np.sqrt(rng.chisquare(df, (DRAWS, 1)) / df)


def _upper(x, df: float):
    return ndtr(-np.asarray(x, float)) if np.isinf(df) else stdtr(df, -np.asarray(x, float))


def _of_upper(p, df: float):
    return -ndtri(p) if np.isinf(df) else -stdtrit(df, p)


def _ends(test: _Test, around: np.ndarray, fine: float) -> tuple[float, float] | None:
    """Find the outermost values that are not rejected."""
    kept = np.flatnonzero(test.not_rejected(around))
    if not kept.size:
        return None
    first, last, G = kept[0], kept[-1], len(around)
    low = around[0] if first == 0 else _edge(test, float(around[first]), float(around[first - 1]), fine)
    high = around[-1] if last == G - 1 else _edge(test, float(around[last]), float(around[last + 1]), fine)
    return float(low), float(high)


def _edge(test: _Test, inside: float, outside: float, fine: float) -> float:
    while abs(outside - inside) > fine:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if test.not_rejected(np.array([middle]))[0] else (inside, middle)
    return inside
