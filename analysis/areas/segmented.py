"""Segmented regression of a series of counts over exposure, for many areas at once.

    E[y_t] = E_t · exp(α + β·t + season_t + λ·after_t + κ·t·after_t)

t is in years from the start; λ is the change of level, κ the change of slope. Every area of a case is observed in the
same months, so all share one matrix X and are fitted together: a library fits one series at a time, and ranking an
area among 149 would take it minutes.

Two accounts of the errors, because months in a row are alike:

* quasi-Poisson estimates with the Newey–West covariance. The bandwidth is 1.3·√T and the limits come from fixed-b
  asymptotics (Lazarus, Lewis, Stock and Watson 2018; Kiefer and Vogelsang 2005), because with the usual few lags and
  normal limits the interval is far too narrow. Distances are in months, so gaps in the series keep their length;
* log rates with AR(1) errors, e_t = ρ·e_{t−1} + v_t, by restricted maximum likelihood in ρ (as R's nlme::gls does).

Source: Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46(1); Newey and West (1987).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST_STEPS = 60
TOLERANCE = 1e-10
"""Of the relative change of the linear predictor, at which Newton steps end."""
FARTHEST = 30.0
"""Log rates beyond ± this are no rates of events: a step that goes there is cut."""
RHO = (-0.5, 0.99)
"""Correlations looked through; monthly counts of one area are never strongly negatively correlated."""
FEWEST_FOR_SLOPE = 3
"""Periods after the start without which a level and a slope would pass through every one of them, or cannot be told."""
HALF_EVENT = 0.5
"""Added to counts before their log is taken, so that a month without any event has one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """The regression matrix.

    Parameters
    ----------
    X : ndarray of float64, shape (T, k)
    effect : ndarray of bool, shape (k,)
        Columns that are zero before the start: the change of level and of slope.
    months : ndarray of int64, shape (T,)
        Months since the start, or quarters, or years: how far apart two of them are.
    """

    X: np.ndarray
    effect: np.ndarray
    months: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SegmentedFit:
    """Coefficients of n areas with their covariance.

    Parameters
    ----------
    beta : ndarray, shape (n, k)
    covariance : ndarray, shape (n, k, k)
    rho : ndarray, shape (n,)
        Correlation of neighbouring months; missing where it is not part of the model.
    """

    beta: np.ndarray
    covariance: np.ndarray
    rho: np.ndarray


def segments(
    months: np.ndarray, season: Sequence[np.ndarray], *, trend: bool, slope: bool, length: int = 1
) -> Segments:
    """Make the regression matrix.

    Parameters
    ----------
    months : ndarray of int64, shape (T,)
        Months since the start, or quarters, or years.
    season : sequence of ndarray, shape (T,)
        As of `waves`.
    trend, slope : bool
        Whether the series has a trend before the start, and whether it may change.
    length : int
        Months in a period.
    """
    year, after = months * length / 12.0, (months >= 0).astype(float)
    slope = slope and after.sum() >= FEWEST_FOR_SLOPE
    always = [np.ones(len(months)), *([year] if trend else []), *season]
    change = [after, *([after * year] if slope else [])]
    effect = np.arange(len(always) + len(change)) >= len(always)
    return Segments(X=np.column_stack([*always, *change]), effect=effect, months=months)


def waves(calendar: np.ndarray, harmonics: int, length: int = 1) -> list[np.ndarray]:
    """Give the season in sines and cosines, as many as a year of such periods can tell apart.

    Parameters
    ----------
    calendar : ndarray of int64, shape (T,)
        0 for January to 11 for December, of the first month.
    harmonics : int
        Pairs of sine and cosine; 6 gives every calendar month a level of its own. Of quarters one pair and one cosine
        do that; of years there is none.
    length : int
        Months in a period.
    """
    angle, periods = 2 * np.pi * calendar / 12, 12 // length
    return [
        f(k * angle)
        for k in range(1, min(harmonics, periods // 2) + 1)
        for f in (np.sin, np.cos)
        if not (2 * k == periods and f is np.sin)
    ]


def quasi_poisson(counts: np.ndarray, exposure: np.ndarray, design: Segments) -> SegmentedFit:
    """Fit by Poisson quasi-likelihood, with Newey–West covariance.

    Parameters
    ----------
    counts, exposure : ndarray, shape (n, T)
    """
    X = design.X
    beta = _start(counts, exposure, X)
    offset = np.log(exposure)
    for _ in range(MOST_STEPS):
        mu = np.exp(np.clip(beta @ X.T, -FARTHEST, FARTHEST) + offset)
        step = np.linalg.solve(information(mu, X), ((counts - mu) @ X)[..., None])[..., 0]
        beta = beta + step
        if np.abs(step @ X.T).max() < TOLERANCE:
            break
    mu = np.exp(np.clip(beta @ X.T, -FARTHEST, FARTHEST) + offset)
    covariance = newey_west(counts - mu, information(mu, X), design)
    return SegmentedFit(beta=beta, covariance=covariance, rho=np.full(len(counts), np.nan))


def means(fit: SegmentedFit, design: Segments, exposure: np.ndarray) -> np.ndarray:
    """Return expected events as they were fitted, shape (n, T)."""
    return exposure * np.exp(np.clip(fit.beta @ design.X.T, -FARTHEST, FARTHEST))


def _start(counts, exposure, X):
    return np.linalg.lstsq(X, np.log((counts + HALF_EVENT) / exposure).T, rcond=None)[0].T


def information(mu: np.ndarray, X: np.ndarray) -> np.ndarray:
    """X'·diag(μ)·X of each area, shape (n, k, k), from means (n, T)."""
    pairs = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    return (mu @ pairs).reshape(len(mu), X.shape[1], X.shape[1])


def newey_west(residual: np.ndarray, information: np.ndarray, design: Segments) -> np.ndarray:
    """Covariance that allows for correlation up to `bandwidth` months apart, shape (n, k, k).

    Parameters
    ----------
    residual : ndarray, shape (n, T)
        Observed less fitted.
    information : ndarray, shape (n, k, k)
    """
    X, T = design.X, len(design.X)
    apart = np.abs(design.months[:, None] - design.months[None, :])
    kernel = np.clip(1 - apart / (bandwidth(T) + 1), 0, None)
    scores = residual[:, :, None] * X[None]
    meat = scores.transpose(0, 2, 1) @ (kernel @ scores)
    bread = np.linalg.inv(information)
    return bread @ meat @ bread * T / (T - X.shape[1])


def bandwidth(T: int) -> int:
    """Months apart up to which correlation is allowed for: 1.3·√T (Lazarus and others 2018)."""
    return int(np.ceil(1.3 * np.sqrt(T)))


def fixed_b_limit(T: int, conf_level: float) -> float:
    """Return how many standard errors the limits lie away, by fixed-b asymptotics for Bartlett weights.

    Kiefer and Vogelsang (2005), Table 1: polynomials in b = (bandwidth + 1)/T for 90%, 95% and 99%.

    Raises
    ------
    ValueError
        For another level.
    """
    a = _FIXED_B[round(conf_level, 2)]
    b = (bandwidth(T) + 1) / T
    return a[0] + a[1] * b + a[2] * b**2 + a[3] * b**3


def fixed_b_p(T: int, statistic: np.ndarray) -> np.ndarray:
    """p-values of absolute statistics that agree with `fixed_b_limit` at every level it knows.

    The limits at 90%, 95% and 99% are laid beside the normal ones, and a statistic between two of them is brought to
    a normal one in proportion; beyond the last, by its ratio.
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - loaded where it is needed

    limits = np.array([0.0, *(fixed_b_limit(T, level) for level in _FIXED_B)])
    normal = np.array([0.0, *(ndtri(0.5 + level / 2) for level in _FIXED_B)])
    beyond = statistic * normal[-1] / limits[-1]
    return 2 * ndtr(-np.where(statistic > limits[-1], beyond, np.interp(statistic, limits, normal)))


_FIXED_B = {
    0.90: (1.6449, 2.1859, 0.3142, -0.3427),
    0.95: (1.9600, 2.9694, 0.4160, -0.5324),
    0.99: (2.5758, 4.4279, 0.5840, -0.7750),
}


def autoregressive(counts: np.ndarray, exposure: np.ndarray, design: Segments) -> SegmentedFit:
    """Fit log rates with AR(1) errors by restricted maximum likelihood.

    Parameters
    ----------
    counts, exposure : ndarray, shape (n, T)
    """
    z, X = np.log((counts + HALF_EVENT) / exposure), design.X
    gap = np.diff(design.months)
    rho = _most_likely(z, X, gap)
    beta, bread, rss = generalised_least_squares(z, X, gap, rho)
    variance = rss / (len(X) - X.shape[1])
    return SegmentedFit(beta=beta, covariance=variance[:, None, None] * bread, rho=rho)


def _most_likely(z, X, gap, steps: int = 30):
    """Golden-section search of ρ for every area at once, from the best of a coarse grid; shape (n,)."""
    grid = np.linspace(*RHO, 16)
    found = np.column_stack([restricted(z, X, gap, np.full(len(z), r)) for r in grid])
    best = np.clip(found.argmax(axis=1), 1, len(grid) - 2)
    low, high = grid[best - 1], grid[best + 1]
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(steps):
        a, b = high - golden * (high - low), low + golden * (high - low)
        left = restricted(z, X, gap, a) > restricted(z, X, gap, b)
        low, high = np.where(left, low, a), np.where(left, b, high)
    return (low + high) / 2


def restricted(z: np.ndarray, X: np.ndarray, gap: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Restricted log-likelihood of ρ with σ and β profiled out, shape (n,).

    Parameters
    ----------
    z : ndarray, shape (n, T)
    X : ndarray, shape (T, k)
    gap : ndarray of int64, shape (T − 1,)
        Months from each to the next.
    rho : ndarray, shape (n,)
    """
    _, bread, rss = generalised_least_squares(z, X, gap, rho)
    T, k = X.shape
    root = 1 - rho[:, None] ** (2 * gap)
    logdet = -np.log(root).sum(axis=1)
    return 0.5 * (logdet + np.linalg.slogdet(bread)[1] - (T - k) * np.log(rss))


def generalised_least_squares(
    z: np.ndarray, X: np.ndarray, gap: np.ndarray, rho: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit given ρ: coefficients (n, k), (X'V⁻¹X)⁻¹ (n, k, k) and the weighted sum of squares (n,).

    Parameters are those of `restricted`.
    """
    signed = np.sign(rho)[:, None] ** gap * np.abs(rho)[:, None] ** gap
    scale = 1 / np.sqrt(1 - signed**2)
    whole = np.concatenate([z[:, :, None], np.broadcast_to(X, (len(z), *X.shape))], axis=2)
    later = (whole[:, 1:] - signed[:, :, None] * whole[:, :-1]) * scale[:, :, None]
    white = np.concatenate([whole[:, :1], later], axis=1)
    y, W = white[:, :, 0], white[:, :, 1:]
    cross = W.transpose(0, 2, 1)
    bread = np.linalg.inv(cross @ W)
    beta = (bread @ (cross @ y[:, :, None]))[..., 0]
    rss = ((y - (W @ beta[..., None])[..., 0]) ** 2).sum(axis=1)
    return beta, bread, rss


def contrast(
    fit: SegmentedFit, design: Segments, exposure: np.ndarray, window: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log of expected events with the change over those without it, in a window, and its standard error.

    Parameters
    ----------
    exposure : ndarray, shape (n, T)
    window : ndarray of bool, shape (T,)

    Returns
    -------
    log_ratio, std_error : ndarray, shape (n,)
    """
    X1, X0 = design.X[window], design.X[window] * ~design.effect
    first, second = ((_mean(fit, X, exposure[:, window])) for X in (X1, X0))
    gradient = first[1] - second[1]
    variance = np.einsum("nj,njk,nk->n", gradient, fit.covariance, gradient)
    return first[0] - second[0], np.sqrt(np.maximum(variance, 0))


def _mean(fit, X, exposure):
    """Log of summed means, shape (n,), and its gradient, shape (n, k)."""
    mu = exposure * np.exp(np.clip(fit.beta @ X.T, -FARTHEST, FARTHEST))
    total = mu.sum(axis=1)
    return np.log(total), (mu @ X) / total[:, None]


def counterfactual(fit: SegmentedFit, design: Segments, exposure: np.ndarray) -> np.ndarray:
    """Return expected events without the change, shape (n, T)."""
    without = design.X * ~design.effect
    return exposure * np.exp(np.clip(fit.beta @ without.T, -FARTHEST, FARTHEST))
