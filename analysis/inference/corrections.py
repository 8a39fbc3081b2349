"""How are the residuals of a reference model corrected, cluster by cluster, without their eigenvalues?

The series of `analysis.inference.clustered`: one product of matrices a term corrects every home, and homes pass in
portions that stay in the processor's cache.
"""

from collections.abc import Iterator, Sequence
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.inference.clustered import Reference

REMAINDER = 1e-11
"""Terms of the series that together stay below this part are left out: at leverage 0.05 the tenth and later ones."""
PORTION = 512
"""Homes taken at once: 120 months of them are half a megabyte, which the second cache of any processor holds."""


def terms(bound: float) -> list[float]:
    """Coefficients c₁, c₂, … of the series up to where the rest stays below `REMAINDER`."""
    coefficients, k = [], 0
    while bound**k > REMAINDER * (1 - bound):
        k += 1
        coefficients.append(comb(2 * k, k) / 4.0**k)
    return coefficients


def series(reference: "Reference", moved: np.ndarray, coefficients: Sequence[float]) -> np.ndarray:
    """V of every cluster, shape (m, P + 1); meaningless where the leverage is too large for so few terms."""
    v = u = np.zeros_like(moved)
    for k, c in enumerate(coefficients):
        u = (across_clusters(within(reference, u), reference) if k else moved) @ reference.inverse
        v = v + c * u
    return v


def series_of_homes(reference: "Reference", moved: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """Give the same where every home is a cluster: in portions that stay in the processor's cache, each to its end."""
    v = np.empty_like(moved)
    for g, rows in portions(reference.rows):
        fitted, u = reference.fitted[rows], moved[rows] @ reference.inverse
        (first, *rest), total = terms(bound[rows].max()), fitted.sum(axis=1)
        own = first * u
        for c in rest:
            at = reference.along(g, u)
            if reference.swept:
                at = at - (np.einsum("it,it->i", fitted, at) / total)[:, None]
            u = reference.across(g, fitted * at) @ reference.inverse
            own += c * u
        v[rows] = own
    return v


def across_clusters(values: np.ndarray, reference: "Reference") -> np.ndarray:
    """Σ_{i∈c} X_g' of every home's values, shape (m, P + 1)."""
    answer = np.empty((len(values), len(reference.inverse)))
    for g, rows in enumerate(reference.rows):
        answer[rows] = reference.across(g, values[rows])
    return sums(answer.T, reference.of_home).T


def within(reference: "Reference", v: np.ndarray) -> np.ndarray:
    """K_i X_g v_c of every home, shape (n, T)."""
    answer = np.empty_like(reference.fitted)
    for g, rows in portions(reference.rows):
        fitted, at = reference.fitted[rows], reference.along(g, v[reference.of_home[rows]])
        if reference.swept:
            at = at - (np.einsum("it,it->i", fitted, at) / fitted.sum(axis=1))[:, None]
        np.multiply(fitted, at, out=answer[rows])
    return answer


def portions(rows: Sequence[slice]) -> Iterator[tuple[int, slice]]:
    """Yield cohorts and homes of theirs, few at a time."""
    for g, part in enumerate(rows):
        for first in range(part.start, part.stop, PORTION):
            yield g, slice(first, min(first + PORTION, part.stop))


def sums(values: np.ndarray, of_home: np.ndarray) -> np.ndarray:
    """Sum the homes of each cluster, along the last axis."""
    n = len(of_home)
    if of_home[-1] == n - 1:  # as many clusters as homes, in order of appearance: each home is its own
        return values
    order = np.argsort(of_home, kind="stable")
    return np.add.reduceat(values[..., order], np.flatnonzero(np.diff(of_home[order], prepend=-1)), axis=-1)
