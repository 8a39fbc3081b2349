"""How far does the worst home come back by itself?

Homes differ truly, and chance differs from month to month:

    λ_i ~ Gamma(1/c², mean m),     Y_i | λ_i ~ Poisson(λ_i E),

with c the coefficient of variation between homes and E resident-years. The home with the highest of K counts owes part
of that to chance, which does not return. `highest_of` simulates it; where a home's own count b is known, K no longer
matters, because what is to be expected of it is

    λ | b ~ Gamma(1/c² + b, rate 1/(c² m) + E_b),     Y_after | b ~ negative binomial.

Source: Galton (1886); gamma and Poisson as in empirical Bayes, Clayton and Kaldor (1987), Biometrics 43, 671–681.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom

OCCUPANCY = 0.86
"""Residents for each bed: DHSC Capacity Tracker, July 2025."""
BETWEEN = 0.40
"""Coefficient of variation of homes' true rates: between 0.3 and 0.6 in England; ambulance calls in
Torbay, whose spread holds chance as well, would give more."""
DRAWS = 20_000
"""Counties drawn: the standard error of a mean fall is then below 0.3 points, of a chance below 0.4 points."""
SEED = 20261127


@dataclass(frozen=True, slots=True, kw_only=True)
class Highest:
    """What becomes of the highest home without any effect.

    Parameters
    ----------
    fall, fall_elsewhere : float
        Mean fall, as a share of what all such homes had before: from the months that chose it, and from other months
        before the start.
    at_least : float
        Chance of a fall at least as large as asked about.
    count : float
        Mean count that made it the highest.
    """

    fall: float
    fall_elsewhere: float
    at_least: float
    count: float


def highest_of(  # noqa: PLR0913 - each is something the claim says, or leaves out
    homes: int, years_before: float, years_after: float, rate: float, between: float = BETWEEN, *,
    fall: float = 0.6, draws: int = DRAWS, seed: int = SEED,
) -> Highest:  # fmt: skip
    """Simulate the home with the highest count of several, nothing being done.

    Parameters
    ----------
    homes : int
        Of how many it is the highest.
    years_before, years_after : float
        Resident-years of one home.
    rate : float
        Admissions per resident-year of all homes.
    between : float
        Coefficient of variation of homes' true rates.
    fall : float
        A fall whose chance is asked for.
    """
    rng = np.random.default_rng(seed)
    true = rng.gamma(1 / between**2, between**2 * rate, (draws, homes))
    before = rng.poisson(true * years_before)
    highest = (before + rng.random(before.shape) * 1e-6).argmax(axis=1)  # of equal counts, any
    rows = np.arange(draws)
    chosen, count = true[rows, highest], before[rows, highest]
    elsewhere, after = rng.poisson(chosen * years_before), rng.poisson(chosen * years_after)
    scaled = after * (years_before / years_after)
    return Highest(
        fall=float(1 - scaled.sum() / count.sum()),
        fall_elsewhere=float(1 - scaled.sum() / elsewhere.sum()),
        at_least=float((scaled <= (1 - fall) * count + 1e-9).mean()),
        count=float(count.mean()),
    )


def expected_after(
    count: float, years_before: float, years_after: float, rate: float, between: float = BETWEEN
) -> float:
    """Admissions to be expected after, of a home that had so many before, nothing being done."""
    shape, inverse = 1 / between**2 + count, 1 / (between**2 * rate) + years_before
    return shape / inverse * years_after


def chance_of_so_few(  # noqa: PLR0913, PLR0917 - as `expected_after`, and the count
    after: float, count: float, years_before: float, years_after: float, rate: float, between: float = BETWEEN
) -> float:
    """Chance of at most so many admissions after, of a home that had so many before, nothing being done."""
    shape, inverse = 1 / between**2 + count, 1 / (between**2 * rate) + years_before
    return float(nbinom.cdf(np.floor(after + 1e-9), shape, inverse / (inverse + years_after)))
