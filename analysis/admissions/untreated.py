"""What is the rate of a home without the intervention made of, beside its own level?

Mostly of one effect for every month. It may be more: months of its own for every kind of home, so that homes are
compared within their kind, and the effects of other interventions, so that the answer is net of them,

    log λ⁰_gt = Z_gt θ,    Z_gt = (month t of the cohort's kind; each other intervention × year since it began).

Another intervention has one effect for every twelve months since it began, the same in all homes that had it: what it
does in homes with both is learned from homes and months with it alone. A month with the intervention under study can be
compared only if its Z_gt θ, less that of the cohort's earlier months, can be learned from months without it: with N the
null space of the information about θ, only if Z_gt N is what it is in those months. Other months are left out.

Source: Wooldridge (2023), Econometrics Journal 26(3), sec. 3, for controls in the untreated mean; Seber and Lee (2003),
Linear Regression Analysis, sec. 3.9, for what is estimable.
"""

from dataclasses import dataclass

import numpy as np

YEAR = 12
"""Months that share one effect of another intervention: months of the year are told apart by the calendar already."""
NULL = 1e-9
"""Eigenvalues of the information below this part of the largest are zero, and differences below it are none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Untreated:
    """What the log rate without the intervention is made of.

    Parameters
    ----------
    columns : ndarray, shape (G, T, P)
        Z: months of each kind, then other interventions.
    free : ndarray of bool, shape (P,)
        False for the first month of each kind, held at zero because home effects absorb the level.
    others : tuple of (str, int)
        Name of each other intervention and the year since it began (0, 1, …); the last columns.
    """

    columns: np.ndarray
    free: np.ndarray
    others: tuple[tuple[str, int], ...] = ()

    def solve(self, H: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Solve H θ = right for the free columns, the others zero; shape of `right`."""
        solution = np.zeros(right.shape)
        solution[self.free] = np.linalg.solve(H[np.ix_(self.free, self.free)], right[self.free])
        return solution


def years(months_since: np.ndarray) -> np.ndarray:
    """Year since another intervention began, −1 before it, in the shape of `months_since`."""
    return np.where(months_since >= 0, months_since // YEAR, -1)


def untreated(kind: np.ndarray, since: dict[str, np.ndarray], seen: np.ndarray) -> Untreated:
    """Lay out Z.

    Parameters
    ----------
    kind : ndarray of int64, shape (G,)
        Kind of each cohort's homes, from zero.
    since : mapping of str to ndarray, shape (G, T)
        Months since each other intervention began, negative before it.
    seen : ndarray of bool, shape (G, T)
        Cohort-months without the intervention in which a home takes part and that inform θ.
    """
    G, T = seen.shape
    K = int(kind.max()) + 1
    months = np.zeros((G, T, K, T))
    months[np.arange(G)[:, None], np.arange(T), kind[:, None], np.arange(T)] = 1
    months = months.reshape(G, T, K * T)
    known = (months * seen[:, :, None]).any(axis=(0, 1))
    first = np.array([known[k * T : (k + 1) * T].argmax() + k * T for k in range(K)])
    found = {(name, int(y)): years(s) == y for name, s in since.items() for y in np.unique(years(s)[seen]) if y >= 0}
    others = np.stack(list(found.values()), axis=2).astype(float) if found else np.zeros((G, T, 0))
    free = np.ones(K * T + len(found), bool)
    free[: K * T] = known
    free[first] = False
    return Untreated(columns=np.concatenate([months, others], axis=2), free=free, others=tuple(found))


def learned(Z: Untreated, information: list[np.ndarray], seen: np.ndarray) -> np.ndarray:
    """Which cohort-months can be compared with months without the intervention, shape (G, T).

    Parameters
    ----------
    information : list of ndarray, length G, shape (T, T)
        Of each cohort's untreated months, home effects concentrated out; any positive rates tell the same.
    seen : ndarray of bool, shape (G, T)
    """
    H = sum(z.T @ K @ z for z, K in zip(Z.columns, information, strict=True))
    used = Z.columns[seen].any(axis=0)
    scale = np.sqrt(np.where(np.diag(H) > 0, np.diag(H), 1.0))
    value, vector = np.linalg.eigh(H / np.outer(scale, scale))
    N = (vector / scale[:, None])[:, value <= NULL * value.max()]
    N = N / np.abs(N).max(axis=0)
    along = Z.columns @ N
    before = np.einsum("gtn,gt->gn", along, seen) / np.maximum(seen.sum(axis=1), 1)[:, None]
    unlike = np.abs(along - before[:, None]).max(axis=2, initial=0.0) > np.sqrt(NULL)
    unknown = (Z.columns[:, :, ~used] != 0).any(axis=2)
    return ~(unlike | unknown)
