"""What is known of each of many effects, when all are known to be of one kind?

    y_i ~ N(θ_i, v_i),   θ_i ~ N(μ, τ²),   μ flat,   τ half-normal with a scale, or flat.

Given τ, with B_i = v_i / (v_i + τ²) and μ̂ the mean weighed by 1 / (v_i + τ²),

    θ_i | y, τ ~ N(B_i μ̂ + (1 − B_i) y_i,  (1 − B_i) v_i + B_i² var μ̂),

the usual empirical Bayes estimate, with the error of the mean. τ is integrated over and not estimated: of a handful of
effects the usual estimate is often zero, and all would then be said to be alike to the last digit. Limits are those of
the mixture over τ; which effects are among the lowest is counted in draws of all of them together.

Source: Rubin (1981), J. Educational Statistics 6(4); Gelman and others (2013), Bayesian Data Analysis, 5.4, to whose
eight schools the tests hold it; Gelman (2006), Bayesian Analysis 1(3), and Röver and others (2021), Research Synthesis
Methods 12(4), for the prior; Laird and Louis (1989), J. Educational Statistics 14(1), for ranks by draws.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

POINTS = 161
"""Values of τ integrated over; twice as many move no limit of the eight schools by a hundredth of its width."""
DRAWS = 4_000
"""Of all effects together: a probability of a half is then known to 0.8 points."""
HALVINGS = 40
"""Of the span in which a limit lies."""
WIDE = 12.0
"""Errors from the mean beyond which no limit lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage:
    """What is asked of many effects.

    Parameters
    ----------
    lowest : int
        Of how many lowest effects the probability is told.
    scale : float
        Of the half-normal prior of τ; infinite for a flat one.
    shared : float
        Variance of an error that all estimates share: it widens every interval and changes no place.
    level : float
        Of the intervals.
    seed : int
        Of the draws.
    """

    lowest: int
    scale: float
    shared: float = 0.0
    level: float = 0.95
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shrunken:
    """Effects drawn towards one another.

    Parameters
    ----------
    mean, low, high : ndarray, shape (n,)
        Posterior means and limits.
    among_lowest : ndarray, shape (n,)
        Probability of being one of the lowest so many.
    tau : float
        Posterior median of τ.
    centre : float
        Posterior mean of μ.
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    among_lowest: np.ndarray
    tau: float
    centre: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Mixture:
    """Weights of values of τ, shape (K,), and given each μ̂, its variance (K,), and means and variances (K, n)."""

    tau: np.ndarray
    weight: np.ndarray
    centre: np.ndarray
    of_centre: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def shrunken(y: np.ndarray, v: np.ndarray, asked: Shrinkage) -> Shrunken:
    """Draw effects towards their mean.

    Parameters
    ----------
    y, v : ndarray, shape (n,)
        Estimates and their variances, all above zero; three or more.
    asked : Shrinkage
    """
    found = _mixture(y, v, asked.scale)
    mean = found.weight @ found.mean
    widened = np.sqrt(found.variance + asked.shared)
    tail = (1 - asked.level) / 2
    return Shrunken(
        mean=mean, low=_quantile(found, widened, tail), high=_quantile(found, widened, 1 - tail),
        among_lowest=_among_lowest(found, y, v, asked),
        tau=float(np.interp(0.5, np.cumsum(found.weight), found.tau)), centre=float(found.weight @ found.centre),
    )  # fmt: skip


def given_tau(y: np.ndarray, v: np.ndarray, tau2: float) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Means and variances of the effects at one τ², shape (n,) each, and the weighed mean with its variance."""
    total = v + tau2
    of_centre = 1 / (1 / total).sum()
    centre = of_centre * (y / total).sum()
    B = v / total
    return B * centre + (1 - B) * y, (1 - B) * v + B**2 * of_centre, float(centre), float(of_centre)


def _mixture(y: np.ndarray, v: np.ndarray, scale: float) -> _Mixture:
    """Integrate over τ, from none to where neither prior nor data leave anything."""
    far = min(4 * scale, 4 * y.std(ddof=1) + 4 * np.sqrt(v.mean()))
    tau = np.linspace(0.0, far, POINTS)
    mean, variance, centre, of_centre = (np.array(column) for column in zip(*(given_tau(y, v, t**2) for t in tau),
                                                                            strict=True))  # fmt: skip
    total = v[None] + tau[:, None] ** 2
    log = 0.5 * np.log(of_centre) - 0.5 * np.log(total).sum(axis=1)
    log = log - 0.5 * ((y[None] - centre[:, None]) ** 2 / total).sum(axis=1) - 0.5 * (tau / scale) ** 2
    weight = np.exp(log - log.max())
    weight[[0, -1]] /= 2  # trapezia
    return _Mixture(tau=tau, weight=weight / weight.sum(), centre=centre, of_centre=of_centre, mean=mean,
                    variance=variance)  # fmt: skip


def _quantile(found: _Mixture, error: np.ndarray, share: float) -> np.ndarray:
    """Value below which `share` of the mixture lies, shape (n,)."""
    low, high = (found.mean - WIDE * error).min(axis=0), (found.mean + WIDE * error).max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = found.weight @ ndtr((middle[None] - found.mean) / error) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _among_lowest(found: _Mixture, y: np.ndarray, v: np.ndarray, asked: Shrinkage) -> np.ndarray:
    """Count how often each effect is one of the lowest, in draws of τ, then μ, then all effects, shape (n,)."""
    rng, lowest, n, counted = np.random.default_rng(asked.seed), asked.lowest, len(y), np.zeros(len(y))
    which = np.sort(rng.choice(len(found.tau), DRAWS, p=found.weight))
    for k, draws in zip(*np.unique(which, return_counts=True), strict=True):
        tau2 = found.tau[k] ** 2
        if not tau2:
            counted += draws * lowest / n  # all are alike, and any is as likely
            continue
        centre = found.centre[k] + np.sqrt(found.of_centre[k]) * rng.standard_normal((draws, 1))
        B = v / (v + tau2)
        theta = B * centre + (1 - B) * y + np.sqrt((1 - B) * v) * rng.standard_normal((draws, n))
        counted += np.bincount(np.argpartition(theta, lowest - 1, axis=1)[:, :lowest].ravel(), minlength=n)
    return counted / DRAWS
