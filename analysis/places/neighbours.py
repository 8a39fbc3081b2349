"""Do some homes lie together, more than if they had been picked by lot?

Of the five homes nearest to each marked home, how many are marked too? The same is counted when as many marks are dealt
out by lot among the same homes: the share of lots in which it is at least as large is the p-value of a permutation
test, exact for homes picked one by one by lot (Cuzick and Edwards, JRSS B 52 (1990), 73–104, with k = 5). A programme
given to whole councils or providers was not so dealt out, and lies together by that alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

NEAREST = 5
FEWEST = 5
"""Marked homes, and homes beside them, below which nothing is told."""
LOTS = 999
ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """How marked homes lie among all.

    Parameters
    ----------
    marked, homes : int
    share : float
        Of the homes nearest to a marked home, those that are marked too.
    by_lot : tuple of float
        The same by lot: the mean, and from and to what it is in 95 of 100 lots.
    p_value : float
        Share of lots in which it is as large or larger.
    """

    marked: int
    homes: int
    share: float
    by_lot: tuple[float, float, float]
    p_value: float

    @property
    def together(self) -> bool:
        """Whether they lie together more than chance gives."""
        return self.p_value <= ALPHA


def lying(places: np.ndarray, marked: np.ndarray, seed: int, lots: int = LOTS) -> Lying | None:
    """Ask whether marked homes lie together; None where there are too few to tell.

    Parameters
    ----------
    places : ndarray, shape (N, 2)
        Kilometres.
    marked : ndarray of bool, shape (N,)
    """
    n, m = len(marked), int(marked.sum())
    if min(m, n - m) < FEWEST:
        return None
    nearest = _nearest(places)
    rng = np.random.default_rng(seed)
    drawn = np.array([_share(nearest, rng.permutation(marked)) for _ in range(lots)])
    share = _share(nearest, marked)
    p = (1 + np.count_nonzero(drawn >= share - 1e-12)) / (1 + lots)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Lying(marked=m, homes=n, share=share, by_lot=(float(drawn.mean()), float(low), float(high)), p_value=p)


def nearest_km(places: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Kilometres from each place, shape (N, 2), to the nearest of others, shape (M, 2)."""
    return cKDTree(among).query(places)[0] if len(among) else np.full(len(places), np.inf)


def _nearest(places: np.ndarray) -> np.ndarray:
    """Rows of the nearest other homes of each, shape (N, NEAREST); of homes at one place the earlier rows."""
    found = cKDTree(places).query(places, NEAREST + 1)[1]
    own = found == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True  # of so many at one place it may itself not be among the nearest
    return found[~own].reshape(len(places), NEAREST)


def _share(nearest: np.ndarray, marked: np.ndarray) -> float:
    return float(marked[nearest[marked]].mean())
