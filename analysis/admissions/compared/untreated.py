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

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.inference.symmetric import eigh

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

    def own(self, g: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns that are not zero in a cohort, shape (J,), and Z_g in them, shape (T, J)."""
        at = np.flatnonzero(self.columns[g].any(axis=0))
        return at, self.columns[g][:, at]

    def solve(self, H: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Solve H θ = right for the free columns, the others zero; shape of `right`.

        Where a part of θ cannot be learned (`learned` leaves out what rests on it), the shortest solution.
        """
        solution, own = np.zeros(right.shape), H[np.ix_(self.free, self.free)]
        try:
            solution[self.free] = np.linalg.solve(own, right[self.free])
        except np.linalg.LinAlgError:
            solution[self.free] = np.linalg.pinv(own, rcond=NULL, hermitian=True) @ right[self.free]
        return solution


def untreated(kind: np.ndarray, since: Mapping[str, np.ndarray], seen: np.ndarray) -> Untreated:
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
    (G, T), K = seen.shape, int(kind.max()) + 1
    months = np.zeros((G, T, K, T))
    months[np.arange(G)[:, None], np.arange(T), kind[:, None], np.arange(T)] = 1
    months = months.reshape(G, T, K * T)
    known = np.asarray((months * seen[:, :, None]).any(axis=(0, 1)))
    year = {name: np.where(s >= 0, s // YEAR, -1) for name, s in since.items()}
    found = {(name, int(y)): s == y for name, s in year.items() for y in np.unique(s[s >= 0])}
    others = np.stack(list(found.values()), axis=2).astype(float) if found else np.zeros((G, T, 0))
    free = np.append(known, (others * seen[:, :, None]).any(axis=(0, 1)))
    free[[known[k * T : (k + 1) * T].argmax() + k * T for k in range(K)]] = False
    return Untreated(columns=np.concatenate([months, others], axis=2), free=free, others=tuple(found))


def learned(Z: Untreated, information: np.ndarray, seen: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Which cohort-months can be compared with months without the intervention, shape (G, T).

    Parameters
    ----------
    information : ndarray, shape (P, P)
        About θ, from the months without the intervention; any positive rates tell the same.
    seen, own : ndarray of bool, shape (G, T)
        Months without the intervention that inform θ, and all without it.
    """
    scale = np.sqrt(np.where(np.diag(information) > 0, np.diag(information), 1.0))
    value, vector = eigh(information / np.outer(scale, scale))
    N = (vector / scale[:, None])[:, value <= NULL * value.max()]
    along = Z.columns @ (N / np.abs(N).max(axis=0))
    before = np.einsum("gtn,gt->gn", along, own) / np.maximum(own.sum(axis=1), 1)[:, None]
    unlike = np.abs(along - before[:, None]).max(axis=2, initial=0.0) > np.sqrt(NULL)
    unknown = (Z.columns[:, :, ~Z.columns[seen].any(axis=0)] != 0).any(axis=2)
    return ~(unlike | unknown)
