"""Who stands on either side of each effect, and does one of them stand there alone?

An effect is what homes with the intervention show against homes without it in the same months. Every cluster-robust
error needs several clusters on *both* sides: one that stands alone is fitted by itself, shows no noise, and the error
is that of the other side only (39 supported homes and one to compare with: a true null rejected in 77% of draws).

For a group of home-months with the intervention, of which C_gt are expected in cohort g and month t, the part of a
cluster is

    of those supported:  its own observed and expected admissions in the group, as a share of all;
    of those compared:   Σ_gt (C_gt / C) · m_ct / Σ_c m_ct,

m_ct the admissions fitted to its homes without the intervention in month t, of the same kind, that inform the months.
So homes still to start count where and while they serve, and a late step of a wedge rests on those that are left. Where
homes are clustered in two ways the fewer clusters and the larger part count.

The share is one of admissions, not of Poisson variance: a home with most of the admissions has little Poisson noise and
all of its own luck, and the degrees of freedom, which know the former only, do not see it.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.compared.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """Clusters on either side of R effects.

    Parameters
    ----------
    treated, compared : ndarray of int64, shape (R,)
        How many clusters have homes there.
    treated_share, compared_share : ndarray, shape (R,)
        Largest part of one of them; zero where there is none.
    """

    treated: np.ndarray
    compared: np.ndarray
    treated_share: np.ndarray
    compared_share: np.ndarray


def sides(
    sample: Sample, means: tuple[np.ndarray, np.ndarray], kind: np.ndarray, cells: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Parts of every home on the side of those supported and of those compared, each of shape (R, n).

    Parameters
    ----------
    means : pair of ndarray, shape (n, T)
        Fitted with and without the intervention.
    kind : ndarray of int64, shape (G,)
        Homes are compared within their kind.
    cells : pair of ndarray, shapes (R, G, T) and (G, T)
        Cohort-months of each group, and the admissions expected in them.
    """
    (fitted, without), (marks, expected) = means, cells
    own, against = np.zeros((len(marks), len(fitted))), np.zeros((len(marks), len(fitted)))
    before = np.arange(fitted.shape[1]) < np.array([[g.first] for g in sample.cohorts])
    serving = before & np.array([[g.informs] for g in sample.cohorts])
    by_cohort = sample.by_cohort(fitted) * serving
    for k in np.unique(kind):
        there = by_cohort[kind == k].sum(axis=0)
        wanted = (marks[:, kind == k] * expected[kind == k]).sum(axis=1)
        wanted = np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0)
        for g in np.flatnonzero(kind == k):
            rows = sample.cohorts[g].rows
            own[:, rows] = marks[:, g] @ (sample.counts[rows] + without[rows]).T
            against[:, rows] = (wanted * serving[g]) @ fitted[rows].T
    return own, against


def by_cluster(parts: tuple[np.ndarray, np.ndarray], clusters: tuple[np.ndarray, ...]) -> Sides:
    """Count clusters on either side, and find the largest, by one or two ways of clustering, arrays of shape (n,)."""
    found = [[_side(part, cluster) for part in parts] for cluster in clusters]
    (treated, treated_share), (compared, compared_share) = (
        (np.min([count for count, _ in side], axis=0), np.max([share for _, share in side], axis=0))
        for side in zip(*found, strict=True)
    )
    return Sides(treated=treated, compared=compared, treated_share=treated_share, compared_share=compared_share)


def _side(part, cluster):
    """Clusters with a part, and the largest part, each of shape (R,)."""
    order = np.argsort(cluster, kind="stable")
    summed = np.add.reduceat(part[:, order], np.flatnonzero(np.diff(cluster[order], prepend=-1)), axis=1)
    total = summed.sum(axis=1)
    return (summed > 0).sum(axis=1), np.divide(summed.max(axis=1), total, out=np.zeros_like(total), where=total > 0)
