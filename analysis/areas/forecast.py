"""What is to be expected of an area's months to come, from its own past alone?

Log rates with a level, a trend, two harmonics of the year and AR(1) errors, z_t = X_t β + e_t and
e_t = ρ e_{t−1} + v_t, as `segmented.autoregressive` fits them. A forecast from the best ρ and σ is
too sure of itself, the more so the shorter the series, so all are drawn from what the series says of them (flat priors
on β, log σ and ρ):

    ρ ~ restricted likelihood,   σ² | ρ ~ RSS(ρ) / χ²_{T−k},   β | ρ, σ ~ N(β̂(ρ), σ² (X'V⁻¹X)⁻¹),

and the errors go on from the last one, e_T = z_T − X_T β.

Source: Zellner and Tiao (1964), JASA 59, 763–778; Chib (1993), Journal of Econometrics 58, 275–294.
"""

from dataclasses import dataclass

import numpy as np

from analysis.areas.segmented import (
    FARTHEST,
    HALF_EVENT,
    RHO,
    Segments,
    generalised_least_squares,
    restricted,
    segments,
    waves,
)
from analysis.errors import AnalysisError

FEWEST_MONTHS = 36
"""Each calendar month three times: of two years a trend and a season can hardly be told apart."""
HARMONICS = 2
GRID = 80
"""Values of ρ that can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """What a series says of its future, in D draws.

    Parameters
    ----------
    last : datetime64[M]
        Last month seen.
    beta : ndarray, shape (k, D)
    rho, sd, error : ndarray, shape (D,)
        Correlation of neighbouring months, standard deviation of the errors, and the last month's error.
    """

    last: np.datetime64
    beta: np.ndarray
    rho: np.ndarray
    sd: np.ndarray
    error: np.ndarray

    def rates(self, months: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw events over exposure in neighbouring months to come, shape (T, D)."""
        level = _matrix(months, self.last).X @ self.beta
        rho, shock = self.rho, self.sd * np.sqrt(1 - self.rho**2)
        gap = int((months[0] - self.last).astype(int))
        error = rho**gap * self.error + self.sd * np.sqrt(1 - rho ** (2 * gap)) * rng.standard_normal(len(rho))
        for t in range(len(months)):
            if t:
                error = rho * error + shock * rng.standard_normal(len(rho))
            level[t] += error
        return np.exp(np.clip(level, -FARTHEST, FARTHEST))


def forecast(
    counts: np.ndarray, exposure: np.ndarray, months: np.ndarray, rng: np.random.Generator, n: int = 1_000
) -> Forecast:
    """Learn from one area's past.

    Parameters
    ----------
    counts, exposure : ndarray, shape (T,)
        Months without exposure were not reported and take no part.
    months : ndarray of datetime64[M], shape (T,)
    n : int
        D.

    Raises
    ------
    AnalysisError
        If there are too few months.
    """
    seen = exposure > 0
    if seen.sum() < FEWEST_MONTHS:
        raise AnalysisError(
            "There are too few months to say what is to come.",
            found=f"{int(seen.sum())} months",
            do=f"Load at least {FEWEST_MONTHS} months.",
        )
    z, at = np.log((counts[seen] + HALF_EVENT) / exposure[seen]), months[seen]
    design = _matrix(at, at[-1])
    grid = np.linspace(*RHO, GRID)
    repeated, gap = np.tile(z, (GRID, 1)), np.diff(design.months)
    weight = restricted(repeated, design.X, gap, grid)
    beta, bread, rss = generalised_least_squares(repeated, design.X, gap, grid)
    weight = np.exp(weight - weight.max())
    drawn = rng.choice(GRID, n, p=weight / weight.sum())
    sd = np.sqrt(rss[drawn] / rng.chisquare(len(z) - design.X.shape[1], n))
    root = np.linalg.cholesky(bread)[drawn]
    noise = rng.standard_normal((n, design.X.shape[1]))
    drawn_beta = (beta[drawn] + sd[:, None] * np.einsum("dij,dj->di", root, noise)).T
    return Forecast(last=at[-1], beta=drawn_beta, rho=grid[drawn], sd=sd, error=z[-1] - design.X[-1] @ drawn_beta)


def _matrix(months: np.ndarray, last: np.datetime64) -> Segments:
    """Level, trend and season; the trend counts from the last month seen."""
    number = np.asarray(months, "datetime64[M]").astype(np.int64)
    since = (np.asarray(months, "datetime64[M]") - last).astype(np.int64)
    made = segments(since, waves(number % 12, HARMONICS), trend=True, slope=False)
    always = ~made.effect
    return Segments(X=made.X[:, always], effect=made.effect[always], months=since)
