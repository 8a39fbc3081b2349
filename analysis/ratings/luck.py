"""How much luck do homes of one provider, or of one council and year, share?

Residuals of re-ratings (better or not, less the share of homes of that rating come to from that side) of two homes that
share something hang together. With p the share and u what is shared, in log odds, cov(r_i, r_j) ≈ v_i v_j τ²,
v = p (1 − p), so that

    τ² = Σ r_i r_j / Σ v_i v_j

over pairs of two homes that share a provider, or of two providers that share a council and year,
with a judgement of what τ² is otherwise standing for as much as `WORTH` of the denominator. What that does to a
comparison is the variance of the difference in the mean of u, τ² Σ_c (share of supported − share of others)² over
providers or councils c: what both groups share cancels.

Source: the moments of R. L. Prentice (1988), Correlated binary regression, Biometrics 44; A. Donner & N. Klar (2000).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

PROVIDER, COUNCIL = 0.15, 0.03
"""τ² where little is known: the care homes of the South West give 0.26 (standard error 0.25) for providers and nothing
for councils (standard error 0.05); 0.15 moves a share of a half by 10 points, 0.03 by 4."""

LEAST_COUNCIL = 0.02
"""τ² of councils is never less: four councils cannot show that the next one is like them."""

WORTH = 90.0
"""Of the denominator: a standard error of 0.15, about what the judgement could be wrong by."""

UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """Shared luck, in log odds.

    Parameters
    ----------
    provider, council : float
        Standard deviation between providers, and between councils in one year.
    difference : float
        Standard deviation of what it makes the supported homes differ from the others by.
    """

    provider: float
    council: float
    difference: float


NONE = Luck(provider=0.0, council=0.0, difference=0.0)


def luck(anyway: pd.DataFrame, again: pd.DataFrame, others: pd.DataFrame) -> Luck:
    """Find shared luck from all re-ratings without support, and what it does to one comparison.

    Parameters
    ----------
    anyway, again, others : DataFrame
        home, from_rating, before, improved, year, provider_id, area_name; of all re-ratings without support, of
        supported homes, and of the homes they are compared with.
    """
    rows = _residuals(anyway)
    provider = _variance(rows.loc[rows["provider_id"] != UNKNOWN], ["provider_id"], ["home"], PROVIDER)
    placed = rows.loc[rows["area_name"] != UNKNOWN]
    council = max(
        _variance(placed, ["area_name", "year"], ["area_name", "year", "provider_id"], COUNCIL), LEAST_COUNCIL
    )
    weight = _weights(again, others)
    difference = provider * _apart(_own(again), _own(others), weight) + council * _apart(
        again["area_name"], others["area_name"], weight
    )
    return Luck(
        provider=float(np.sqrt(provider)), council=float(np.sqrt(council)), difference=float(np.sqrt(difference))
    )


def _residuals(anyway: pd.DataFrame) -> pd.DataFrame:
    improved = anyway["improved"].astype(float)
    share = improved.groupby([anyway["from_rating"], anyway["before"]], observed=True).transform("mean")
    return anyway.assign(r=improved - share, v=share * (1 - share))


def _variance(rows: pd.DataFrame, shared: Iterable[str], own: Iterable[str], otherwise: float) -> float:
    """τ² from pairs that share something, less those that share more; not below 0."""
    above, below = ((_squares(rows, [*shared], name) - _squares(rows, [*own], name)) for name in ("r", "v"))
    return max(float((above + otherwise * WORTH) / (below + WORTH)), 0.0)


def _squares(rows: pd.DataFrame, by: list[str], name: str) -> float:
    sums = rows.groupby(by, observed=True)[name].sum().to_numpy(float)
    return float((sums**2).sum())


def _own(rows: pd.DataFrame) -> pd.Series:
    """Name providers; homes without a known one are their own."""
    return rows["provider_id"].where(rows["provider_id"] != UNKNOWN, "home " + rows["home"].astype(str))


def _weights(again: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Weigh each other re-rating: together, those of one rating as much as the supported of it."""
    m, n = (rows["from_rating"].astype(str).value_counts() for rows in (again, others))
    weight = others["from_rating"].astype(str).map(m / n).fillna(0.0).to_numpy(float)
    return weight / weight.sum() if weight.sum() else weight


def _apart(own: pd.Series, other: pd.Series, weight: np.ndarray) -> float:
    """Sum of squared differences in the shares of two groups by name."""
    shares = own.value_counts(normalize=True)
    theirs = pd.Series(weight, other.to_numpy()).groupby(level=0).sum()
    return float((shares.subtract(theirs, fill_value=0.0) ** 2).sum())
