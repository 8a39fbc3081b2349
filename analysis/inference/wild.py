"""Would the clusters' scores have added up to as much, had each pulled the other way by the toss of a coin?

Home and month effects are fitted under the null. With residuals r, means w, D marking treated months and d = D less
its projection on home and month effects (weights w), cluster c contributes s_c = Σ_{i∈c} d_i' r_i to the score of one
common effect and I_c = Σ_{i∈c} d_i' W_i d_i to its information I. The statistic is that of `randomisation`,

    t = Σ_c s_c / (Σ_c ψ_c²)^½,    ψ_c = (s_c − τ I_c) / (1 − I_c / I)^½,    τ = Σ_c s_c / I,

and every draw multiplies s_c by v_c: −1 or 1 (Rademacher), or ±√½, ±1, ±√1.5 (Webb: of use with few clusters, where
signs alone make few different draws). Nothing is fitted again. With two treated clusters it hardly ever rejects; with
one the statistic means nothing, because ψ vanishes where all of the effect is.

Source: Kline and Santos (2012), "A score based approach to wild bootstrap inference", Journal of Econometric Methods
1(1); Webb (2023), "Reworking wild bootstrap-based inference for clustered errors", Canadian Journal of Economics 56(3).
"""

from itertools import product
from typing import Literal

import numpy as np

from analysis.inference.randomisation import TIE, Null

Weights = Literal["Rademacher", "Webb"]

POINTS: dict[Weights, np.ndarray] = {
    "Rademacher": np.array([-1.0, 1.0]),
    "Webb": np.sqrt([1.5, 1.0, 0.5, 0.5, 1.0, 1.5]) * [-1, -1, -1, 1, 1, 1],
}


def multipliers(kind: Weights, m: int, draws: int, seed: int) -> np.ndarray:
    """Draw v, or list all signs where there are no more than were asked for, shape (B, m)."""
    if kind == "Rademacher" and m <= np.log2(draws):
        return np.array(list(product(POINTS[kind], repeat=m)))
    return np.random.default_rng(seed).choice(POINTS[kind], (draws, m))


def score_p_value(null: Null, started: np.ndarray, cluster: np.ndarray, v: np.ndarray) -> float:
    """Share of draws whose statistic is at least as far from zero as the real one, the real one among them.

    Parameters
    ----------
    started : ndarray, shape (n, T)
        D.
    cluster : ndarray of int64, shape (n,)
    v : ndarray, shape (B, m)
    """
    s, information = contributions(null, started, cluster)
    size = np.abs(statistics(np.vstack([np.ones(len(s)), v]) * s, information))
    return float((size >= size[0] * (1 - TIE)).mean())


def contributions(null: Null, started: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each cluster's part of the score and of the information, both of shape (m,)."""
    w = null.fitted
    within = started - (w * started).sum(axis=1, keepdims=True) / w.sum(axis=1, keepdims=True)
    months = null.inverse @ (w * within).sum(axis=0)
    d = within - months + (w @ months / w.sum(axis=1))[:, None]
    of_home = np.unique(cluster, return_inverse=True)[1]
    parts = (d * (null.counts - w)).sum(axis=1), (w * d**2).sum(axis=1)
    return np.bincount(of_home, parts[0]), np.bincount(of_home, parts[1])


def statistics(s: np.ndarray, information: np.ndarray) -> np.ndarray:
    """Compute t of every row of contributions, shape (B,).

    Parameters
    ----------
    s : ndarray, shape (B, m)
    information : ndarray, shape (m,)
    """
    total, whole = s.sum(axis=1), information.sum()
    left = np.maximum(1 - information / whole, TIE)
    psi = s - total[:, None] / whole * information
    return total / np.sqrt((psi**2 / left).sum(axis=1))
