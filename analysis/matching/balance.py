"""How different are the two groups, before and after?

A standardised difference is the difference of means in standard deviations of the treated, as they were before anything
was matched or weighted; under a tenth is called balanced.

Source: Austin (2009), Statistics in Medicine 28(25); Stuart, Lee and Leacy (2013), J. Clinical Epidemiology 66(8).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

BALANCED = 0.1
"""A tenth of a standard deviation: the usual limit, below which an imbalance hardly moves an estimate."""
COLUMNS = ("covariate", "before", "after")


def difference(X: np.ndarray, treated: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Standardised differences of means, shape (K,); zero where the treated do not vary and means are equal."""
    w = np.ones(len(X)) if weights is None else weights
    means = [w[arm] @ X[arm] / w[arm].sum() for arm in (treated, ~treated)]
    spread = X[treated].std(axis=0, ddof=1) if treated.sum() > 1 else X.std(axis=0, ddof=1)
    spread = np.where(spread > 0, spread, np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0))
    return (means[0] - means[1]) / spread


def balance(names: Sequence[str], X: np.ndarray, treated: np.ndarray, weights: np.ndarray) -> pd.DataFrame:
    """Say of each covariate how far the groups were apart and are: `COLUMNS`."""
    before, after = difference(X, treated), difference(X, treated, weights)
    return pd.DataFrame(dict(zip(COLUMNS, (list(names), before, after), strict=True)))


def effective_size(weights: np.ndarray) -> float:
    """How many units of equal weight would say as much: (Σ w)² / Σ w²."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0
