"""What does the intervention change in the chance of a better next rating?

One row per home and rating that stood when support began, and the next: it depends on the one before and how that was
come to, the time since (log years), the period, the home and the intervention. The answer is a difference in
probabilities, standardised over the supported homes (g-computation): for every one of their inspections, the chance of
a better rating with the intervention less the chance without it, averaged.

Source: McCullagh (1980); standardisation, Robins (1986); for the check, Brant (1990), Biometrics 46, 1171–1178.
"""

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from analysis.inference.scores import Clusters, clusters, summed_squares
from analysis.ratings.maximum import Maximum, maximise
from analysis.ratings.next_rating.cumulative_logit import Ordered, chances, expected_roots, scores, start

RANGE = 15.0
"""Coefficients are kept within this: odds of three million to one."""
WITHOUT_END = 8.0
"""A log odds ratio beyond this (3,000) means that all, or none, moved: no estimate."""
STEP = 1e-5


@dataclass(frozen=True, kw_only=True, eq=False)
class OrderedFit:
    """A cumulative logit.

    Parameters
    ----------
    data : Ordered
    maximum : Maximum
    cluster : ndarray of int64, shape (n,) or (H,)
        Of every row, or of every home where homes have a random intercept; numbered from 0.
    """

    data: Ordered
    maximum: Maximum
    cluster: np.ndarray

    @property
    def theta(self) -> np.ndarray:
        """Parameters of the search, shape (p,)."""
        return self.maximum.theta

    @property
    def sigma(self) -> float:
        """Standard deviation of the random intercept; 0 without."""
        return 0.0 if self.data.home is None else float(np.exp(self.theta[-1]))

    @property
    def coefficients(self) -> slice:
        """Where β stands."""
        return slice(self.data.cuts, self.data.cuts + self.data.x.shape[1])

    @cached_property
    def clusters(self) -> Clusters:
        """Scores and information by cluster, of the parameters that are free."""
        count, free = int(self.cluster.max()) + 1, self.maximum.free

        def at(part: np.ndarray) -> np.ndarray:
            theta = self.theta.copy()
            theta[free] = part
            rows = scores(theta, self.data)[1][:, free]
            return np.stack([np.bincount(self.cluster, column, count) for column in rows.T], axis=1)

        if self.data.home is None:
            roots = expected_roots(self.theta, self.data)[:, :, free]
        else:
            roots = scores(self.theta, self.data)[1][None, :, free]
        return clusters(at, self.theta[free], summed_squares(roots, self.cluster, count))


def fit_ordered(data: Ordered, cluster: np.ndarray | None = None) -> OrderedFit:
    """Fit by maximum likelihood (weighted, where there are weights).

    Parameters
    ----------
    cluster : ndarray of int64, shape (n,) or (H,), optional
        By default every row, or home, is its own.
    """
    theta = start(data)
    ends = (np.full(len(theta), -RANGE), np.full(len(theta), RANGE))
    found = maximise(partial(scores, data=data), theta, ends)
    rows = len(data.y) if data.home is None else int(data.home.max()) + 1
    return OrderedFit(data=data, maximum=found, cluster=np.arange(rows) if cluster is None else cluster)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised:
    """Inspections over which chances are averaged.

    Parameters
    ----------
    x : ndarray, shape (2, n, K)
        Covariates without and with the intervention.
    above : ndarray of int64, shape (n,)
        A next rating above this level counts.
    """

    x: np.ndarray
    above: np.ndarray


def probabilities(theta: np.ndarray, cuts: int, asked: Standardised, sigma: bool) -> np.ndarray:
    """Average chance without and with the intervention, shape (2,)."""
    K = asked.x.shape[2]
    spread = float(np.exp(theta[-1])) if sigma else 0.0
    every = [chances(theta, cuts, x @ theta[cuts : cuts + K], spread) for x in asked.x]
    counts = np.arange(every[0].shape[1]) > asked.above[:, None]
    return np.array([(part * counts).sum(axis=1).mean() for part in every])


def probability_slopes(fit: OrderedFit, asked: Standardised) -> np.ndarray:
    """Take the derivatives of both averages by every parameter, shape (2, p)."""
    cuts, sigma = fit.data.cuts, fit.data.home is not None
    steps = STEP * np.eye(len(fit.theta))
    ends = [
        probabilities(fit.theta + step, cuts, asked, sigma) - probabilities(fit.theta - step, cuts, asked, sigma)
        for step in steps
    ]
    return np.array(ends).T / (2 * STEP)
