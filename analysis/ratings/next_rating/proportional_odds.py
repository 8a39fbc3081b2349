"""Does the intervention act alike on every cut between ratings?

Proportional odds says that one odds ratio holds whether one asks "better than Inadequate?" or "better than Good?". Here
every cut gets a logistic regression of its own; Brant's Wald test asks whether their coefficients differ by more than
chance, with the covariance of all of them together (the regressions share the homes). Cuts that too few ratings fall
beyond are left out.

Source: Brant (1990), Biometrics 46, 1171–1178.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.ratings.next_rating.cumulative_logit import Ordered
from analysis.ratings.next_rating.fit import OrderedFit, fit_ordered
from analysis.results import Check
from analysis.sources.schema import RATINGS

NAME = "Does the answer hold for every step between ratings?"
FEWEST_BEYOND = 10
"""Ratings on either side of a cut, with and without the intervention, below which it has no regression of its own."""
CUSTOMARY = 0.05


def separate(data: Ordered, cuts: Sequence[int]) -> list[OrderedFit]:
    """Fit a logistic regression of "above the cut" at each cut."""
    return [fit_ordered(Ordered(y=(data.y > j).astype(np.int64), x=data.x, weight=data.weight)) for j in cuts]


def brant(
    data: Ordered, fits: list[OrderedFit], columns: Sequence[int], cluster: np.ndarray
) -> tuple[float, int, np.ndarray]:
    """Wald statistic of equal coefficients, its degrees of freedom, and the covariance of all coefficients asked for.

    Parameters
    ----------
    columns : sequence of int
        Columns of x whose coefficients are compared.
    cluster : ndarray of int64, shape (n,)
    """
    positions = [1 + column for column in columns]
    parts = []
    for fit in fits:
        own = fit.clusters
        parts.append(own.scores @ own.inverse[:, positions])
    count = int(cluster.max()) + 1
    influence = np.concatenate(parts, axis=1)
    summed = np.stack([np.bincount(cluster, column, count) for column in influence.T], axis=1)
    covariance = summed.T @ summed * count / max(count - 1, 1)
    k, beta = len(columns), np.concatenate([fit.theta[positions] for fit in fits])
    contrast = np.kron(np.column_stack([-np.ones(len(fits) - 1), np.eye(len(fits) - 1)]), np.eye(k))
    difference = contrast @ beta
    statistic = difference @ np.linalg.solve(contrast @ covariance @ contrast.T, difference)
    return float(statistic), len(difference), covariance


def examined(data: Ordered, column: int, cluster: np.ndarray) -> Check:
    """Examine the coefficient of one column, the intervention's.

    Parameters
    ----------
    cluster : ndarray of int64, shape (n,)
    """
    from scipy.stats import chi2  # noqa: PLC0415 - slow to import

    treated = data.x[:, column] > 0
    cuts = [j for j in range(data.cuts) if _enough(data.y > j, treated)]
    columns = ["above", "log_odds_ratio", "std_error"]
    if len(cuts) < 2:
        reading = (
            "There are too few ratings beyond all but one of the steps to compare them; the model's one odds ratio for "
            "every step is an assumption."
        )
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=columns), reading=reading)
    fits = separate(data, cuts)
    statistic, df, covariance = brant(data, fits, [column], cluster)
    p = float(chi2.sf(statistic, df))
    rows = [(RATINGS[j], fit.theta[1 + column], error)
            for j, fit, error in zip(cuts, fits, np.sqrt(np.diagonal(covariance)), strict=True)]  # fmt: skip
    return Check(name=NAME, passed=p >= CUSTOMARY, table=pd.DataFrame(rows, columns=columns), reading=_reading(p))


def _enough(above: np.ndarray, treated: np.ndarray) -> bool:
    counts = [np.count_nonzero(part & group) for part in (above, ~above) for group in (treated, ~treated)]
    return bool(min(counts) >= FEWEST_BEYOND)


def _reading(p: float) -> str:
    if p >= CUSTOMARY:
        return (
            f"The steps between ratings differ no more than chance gives (p = {p:.2f}), so one odds ratio can stand "
            "for all."
        )
    return (
        f"The intervention acts differently on different steps between ratings (p = {p:.2g}): the average over them "
        "hides that, and the table shows each step."
    )
