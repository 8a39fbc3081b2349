"""Which units lie further from the rest than their size explains?

Method: each unit's observed over expected, against limits that narrow as more is expected. By chance alone the limits
are those of the exact Poisson law (95% and 99.8%). Units differ for reasons that are nobody's merit or fault, so the
limits allow for it in one of two ways (Spiegelhalter 2005):

- additive: a variance between units τ² on the scale of √(O/E), by the moments of DerSimonian and Laird from z-scores
  z_i = (√(O_i/E_i) − 1) · 2√E_i, of which the outermost tenth at each end are pulled in; limits
  (1 ± z √(1/(4E) + τ²))²;
- multiplicative: limits √φ times as wide, φ the mean squared z-score, where it is above 1.

Source: Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine 24;
Spiegelhalter and others (2012), "Statistical methods for healthcare regulation", JRSS A 175; what the R package
FunnelPlotR calls "SR" with the method "CQC".
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import chdtri, gammaincinv, ndtri

Spread = Literal["none", "additive", "multiplicative"]
LEVELS = (0.95, 0.998)
PULLED_IN = 0.1
"""Share of z-scores at each end that are pulled in to the rest before spread is learnt (winsorised)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Funnel:
    """Units against their limits.

    Parameters
    ----------
    observed, expected : ndarray, shape (N,)
    spread : Spread
    phi, tau2 : float
        The mean squared z-score, and the variance between units on the scale of √(O/E).
    lower, upper : ndarray, shape (N, 2)
        Limits of each unit's ratio at both `LEVELS`.
    """

    observed: np.ndarray
    expected: np.ndarray
    spread: Spread
    phi: float
    tau2: float
    lower: np.ndarray
    upper: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """Observed over expected, shape (N,)."""
        return self.observed / self.expected

    def outside(self, level: int = 1) -> np.ndarray:
        """Tell which units lie outside: −1 below, 1 above, 0 within; level 0 for 95%, 1 for 99.8%."""
        return (self.ratio > self.upper[:, level]).astype(int) - (self.ratio < self.lower[:, level]).astype(int)


def funnel(observed: np.ndarray, expected: np.ndarray, spread: Spread = "additive") -> Funnel:
    """Lay limits around units.

    Parameters
    ----------
    observed, expected : ndarray, shape (N,)
        Expected above zero.
    spread : Spread
    """
    s = 1 / (2 * np.sqrt(expected))
    z = _pulled_in((np.sqrt(observed / expected) - 1) / s)
    phi, tau2 = float(np.mean(z**2)), _between(z, s)
    lower, upper = limits(expected, spread, phi, tau2)
    return Funnel(observed=observed, expected=expected, spread=spread, phi=phi, tau2=tau2, lower=lower, upper=upper)


def limits(expected: np.ndarray, spread: Spread, phi: float = 1.0, tau2: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Give limits of the ratio where so many are expected, each of shape (N, 2)."""
    tail = (1 - np.array(LEVELS)) / 2
    if spread == "additive" and tau2 > 0:
        width = -ndtri(tail) * np.sqrt(1 / (4 * expected[:, None]) + tau2)
        return np.maximum(1 - width, 0) ** 2, (1 + width) ** 2
    if spread == "multiplicative" and phi > 1:
        width = -ndtri(tail) * np.sqrt(phi) / (2 * np.sqrt(expected[:, None]))
        return np.maximum(1 - width, 0) ** 2, (1 + width) ** 2
    each = expected[:, None]
    return gammaincinv(each, tail) / each, chdtri(2 * (each + 1), tail) / 2 / each


def _pulled_in(z):
    low, high = np.quantile(z, [PULLED_IN, 1 - PULLED_IN])
    return np.clip(z, low, high)


def _between(z, s):
    """τ² by moments; none where z-scores stray no further than chance."""
    n, weight = len(z), 1 / s**2
    q = float((z**2).sum())
    return 0.0 if q < n - 1 else (q - (n - 1)) / float(weight.sum() - (weight**2).sum() / weight.sum())
