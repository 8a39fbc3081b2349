"""What would be counted, with an effect and without?

Simulated months of a study, drawn from the background. Panels that differ in the effect only share all their luck: each
is made of one stream of admissions for every step between one rate ratio and the next, so that a home with a stronger
effect has lost some of the admissions of one with a weaker effect and gained none. Each panel by itself is exactly
Poisson, and curves over effects are smooth with few simulations.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Shocks within homes (σ, φ), and the standard deviation of homes' own effects on the log scale."""

    shock_sd: float
    shock_correlation: float
    effect_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Months:
    """Admissions expected without the intervention, and which home-months have it, each of shape (T, n)."""

    expected: np.ndarray
    treated: np.ndarray


def worlds(
    months: Months, ratios: np.ndarray, noise: Noise, size: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield simulated panels for each rate ratio, the smallest ratio first.

    Parameters
    ----------
    months : Months
    ratios : ndarray, shape (K,)
        In increasing order.
    noise : Noise
    size : int
        Panels B.
    rng : Generator

    Yields
    ------
    ndarray of float32, shape (T, B, n)
        The same memory every time: use it before asking for the next.
    """
    expected = months.expected
    rate = np.exp(_shocks(rng, (len(expected), size, expected.shape[1]), noise))
    rate *= expected[:, None, :].astype(np.float32)
    month, home = np.nonzero(months.treated)
    own = rate[month, :, home]
    if noise.effect_sd:
        z = rng.standard_normal((size, expected.shape[1]), dtype=np.float32)
        own *= np.exp(noise.effect_sd * z - noise.effect_sd**2 / 2).T[home]
    rate[month, :, home] = 0
    counts = rng.poisson(rate).astype(np.float32)
    with_effect = np.zeros(own.shape, np.float32)
    for step in np.diff(ratios, prepend=0.0):
        with_effect += rng.poisson(own * step)
        counts[month, :, home] = with_effect
        yield counts


def _shocks(rng, shape, noise):
    """Stationary AR(1) log shocks with E exp(shock) = 1, months along the first axis."""
    shocks = np.zeros(shape, np.float32)
    if noise.shock_sd:
        rng.standard_normal(out=shocks, dtype=np.float32)
        shocks *= noise.shock_sd
        fresh = np.float32(np.sqrt(1 - noise.shock_correlation**2))
        for month in range(1, shape[0]):
            shocks[month] *= fresh
            shocks[month] += np.float32(noise.shock_correlation) * shocks[month - 1]
        shocks -= np.float32(noise.shock_sd**2 / 2)
    return shocks
