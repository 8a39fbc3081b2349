"""What is known of a weighted sum of effects, and of the course before them?

Effects after the start are free, so all that the data say of θ = l'τ is in l'β_post and in β_pre: single effects need
not be carried along. What δ may do to l'β_post follows from the weights alone. With k = 1 … Q periods after the
reference and the steps e_k = δ_k − δ_{k−1},

    l'δ_post = Σ_k L_k e_k,    L_k = l_k + l_{k+1} + … + l_Q.
"""

from dataclasses import dataclass

import numpy as np

from analysis.inference.symmetric import eigh


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventStudy:
    """Estimates by period, each against the reference period, which lies between the two parts.

    Parameters
    ----------
    before : ndarray, shape (P,)
        Estimates of the periods before the reference, the earliest first.
    after : ndarray, shape (Q,)
        Of those from the start on.
    covariance : ndarray, shape (P + Q, P + Q)
    df : float
        Degrees of freedom of the covariance; infinite where clusters are many.
    """

    before: np.ndarray
    after: np.ndarray
    covariance: np.ndarray
    df: float = np.inf

    def target(self, weights: np.ndarray) -> "Target":
        """Give what is known of a weighted sum of the effects; weights of shape (Q,)."""
        P, weights = len(self.before), np.asarray(weights, float)
        rows = np.zeros((P + 1, P + len(weights)))
        rows[:P, :P], rows[P, P:] = np.eye(P), weights
        return Target(
            before=self.before,
            estimate=float(weights @ self.after),
            covariance=rows @ self.covariance @ rows.T,
            weights=weights,
            df=self.df,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A weighted sum of effects with the course before them.

    Parameters
    ----------
    before : ndarray, shape (P,)
    estimate : float
        l'β_post.
    covariance : ndarray, shape (P + 1, P + 1)
        Of `before` and `estimate`.
    weights : ndarray, shape (Q,)
        l.
    df : float
    """

    before: np.ndarray
    estimate: float
    covariance: np.ndarray
    weights: np.ndarray
    df: float

    @property
    def std_error(self) -> float:
        """Standard error of the estimate, if both would have run alike."""
        return float(np.sqrt(self.covariance[-1, -1]))

    @property
    def reach(self) -> float:
        """How far the estimate is off where every step after the reference is one, in the worst directions."""
        return float(np.abs(np.cumsum(self.weights[::-1])).sum())

    @property
    def steps(self) -> np.ndarray:
        """Matrix that gives the steps before the reference, the last one into it, from `before`: shape (P, P)."""
        return np.eye(len(self.before), k=1) - np.eye(len(self.before))

    def moved_before(self) -> tuple[float, float, int]:
        """Whether the course before moved at all: Wald statistic of all steps, its F, and how many it rests on."""
        V = self.covariance[:-1, :-1]
        values, vectors = eigh(V)
        some = values > FLAT * values.max(initial=0.0)
        along = vectors[:, some].T @ self.before
        W, rank = float((along**2 / values[some]).sum()), int(some.sum())
        return W, W / max(rank, 1), rank


FLAT = 1e-10
"""Part of the largest variance below which a direction has none."""
