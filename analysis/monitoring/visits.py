"""What do visits say together: how does it move, and do visitors agree?

Agreement: Krippendorff's alpha for steps in order, of visits to the same home in the same quarter by any visitors:
1 where they say the same, 0 where two visits to one home agree no more than visits to any two homes. Of the
coincidences o_ck of steps c and k in pairs from one home and quarter, n_c their sums and n their total,

    α = 1 − (n − 1) Σ o_ck δ²_ck / Σ n_c n_k δ²_ck,   δ_ck = Σ_{g from c to k} n_g − (n_c + n_k) / 2

Its interval is that of resampling homes. Source: Krippendorff (2011), "Computing Krippendorff's alpha-reliability".
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.journal import DOMAINS, Visit

STEPS = np.arange(1, 5)
FEWEST_PAIRS = 20
"""Pairs of visits to one home in one quarter: with fewer, alpha is mostly luck (its interval is wider than 0.5)."""
DRAWS = 500
SEED = 20261127
GOOD_ENOUGH = 0.667
"""Below this Krippendorff allows no conclusion from the steps, however many they are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """How far visitors agree in one domain.

    Parameters
    ----------
    domain : str
    pairs : int
        Of visits to one home in one quarter.
    alpha, low, high : float
        With its 95% interval; missing with fewer than `FEWEST_PAIRS`.
    """

    domain: str
    pairs: int
    alpha: float
    low: float
    high: float


def laid_out(visits: list[Visit]) -> pd.DataFrame:
    """Lay visits out: home, day, quarter, sort, role, the four domains (missing where not seen), text, shared."""
    rows = pd.DataFrame(
        [(v.home, v.day, v.sort, v.role, *v.steps, v.text, v.shared) for v in visits],
        columns=["home", "day", "sort", "role", *DOMAINS, "text", "shared"],
    )
    rows["day"] = pd.to_datetime(rows["day"])
    rows[list(DOMAINS)] = rows[list(DOMAINS)].astype(float).where(rows[list(DOMAINS)] > 0)
    return rows.assign(quarter=rows["day"].dt.to_period("Q").dt.to_timestamp()).sort_values("day", ignore_index=True)


def trends(rows: pd.DataFrame) -> pd.DataFrame:
    """Average every domain by quarter: quarter, domain, visits, mean, concerns (share of steps 1 and 2)."""
    long = rows.melt(["home", "quarter"], list(DOMAINS), "domain", "step").dropna(subset=["step"])
    long = long.assign(concern=long["step"] <= 2)
    found = long.groupby(["quarter", "domain"], as_index=False, sort=True).agg(
        visits=("step", "size"), mean=("step", "mean"), concerns=("concern", "mean")
    )
    return found.assign(domain=found["domain"].map(DOMAINS))


def agreement(rows: pd.DataFrame) -> list[Agreement]:
    """Tell how far visitors agree, domain by domain."""
    return [_of_domain(rows.dropna(subset=[name]), name) for name in DOMAINS]


def _of_domain(rows, name):
    counts = _counts(rows, name)
    pairs = int((counts[1].sum(axis=1) * (counts[1].sum(axis=1) - 1) / 2).sum()) if len(counts[1]) else 0
    if pairs < FEWEST_PAIRS:
        return Agreement(domain=DOMAINS[name], pairs=pairs, alpha=np.nan, low=np.nan, high=np.nan)
    homes, table = counts
    low, high = _interval(homes, table)
    return Agreement(domain=DOMAINS[name], pairs=pairs, alpha=alpha(table), low=low, high=high)


def _counts(rows, name):
    """Count steps by home and quarter with more than one visit: home, shape (U,); counts, shape (U, 4)."""
    if rows.empty:
        return np.zeros(0, int), np.zeros((0, len(STEPS)))
    table = pd.crosstab([rows["home"], rows["quarter"]], rows[name].astype(int)).reindex(columns=STEPS, fill_value=0)
    table = table[table.sum(axis=1) > 1]
    return pd.factorize(table.index.get_level_values(0))[0], table.to_numpy(float)


def alpha(counts: np.ndarray) -> float:
    """Give Krippendorff's alpha for steps in order.

    Parameters
    ----------
    counts : ndarray, shape (U, K)
        How many observers gave each of K steps to each unit.
    """
    of_unit = counts.sum(axis=1)
    counts, of_unit = counts[of_unit > 1], of_unit[of_unit > 1]
    together = np.einsum("uc,uk,u->ck", counts, counts, 1 / (of_unit - 1)) - np.diag(
        (counts.T / (of_unit - 1)).sum(axis=1)
    )
    n_c = together.sum(axis=1)
    passed = np.cumsum(n_c)
    between = np.abs(passed[:, None] - passed[None, :])  # steps after c up to k
    low = np.minimum.outer(np.arange(len(n_c)), np.arange(len(n_c)))
    distance = (between + n_c[low] - (n_c[:, None] + n_c[None, :]) / 2) * ~np.eye(len(n_c), dtype=bool)
    expected = float((np.outer(n_c, n_c) * distance**2).sum())
    return 1 - (n_c.sum() - 1) * float((together * distance**2).sum()) / expected if expected else np.nan


def _interval(homes, table):
    rng, n = np.random.default_rng(SEED), int(homes.max()) + 1
    of_home = [np.flatnonzero(homes == home) for home in range(n)]
    drawn = (np.concatenate([of_home[home] for home in rng.integers(0, n, n)]) for _ in range(DRAWS))
    values = np.array([alpha(table[places]) for places in drawn])
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)
