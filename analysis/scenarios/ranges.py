"""How sure is a number: a range in which anything is equally likely, or an effect with its interval?

Every uncertain input of a scenario is a distribution with a quantile function, so that one uniform number a draw, kept
by the input's key, gives its value. The same keys and seed give the same draws when a slider moves: what changes on
the screen is the scenario, not the luck.
"""

import zlib
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import ndtri

Z95 = float(ndtri(0.975))


@dataclass(frozen=True, slots=True)
class Range:
    """Anything from `low` to `high` is equally likely, nothing else is possible."""

    LISTED: ClassVar[bool] = True

    low: float
    high: float

    def at(self, u: np.ndarray) -> np.ndarray:
        """Quantiles, shape of u."""
        return self.low + (self.high - self.low) * u

    @property
    def middle(self) -> float:
        """Mean and median."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate ratio: log-normal, with `estimate` its median and `low` to `high` its 95% interval."""

    LISTED: ClassVar[bool] = True

    estimate: float
    low: float
    high: float

    def at(self, u: np.ndarray) -> np.ndarray:
        """Quantiles of the log rate ratio, shape of u."""
        return np.log(self.estimate) + self.log_sd * ndtri(u)

    @property
    def log_sd(self) -> float:
        """Standard deviation of the log, from the width of the interval."""
        return float((np.log(self.high) - np.log(self.low)) / (2 * Z95))


@dataclass(frozen=True, slots=True)
class Normal:
    """A standard deviation around a mean."""

    mean: float
    sd: float

    def at(self, u: np.ndarray) -> np.ndarray:
        """Quantiles, shape of u."""
        return self.mean + self.sd * ndtri(u)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Independent draws of every input.

    Parameters
    ----------
    n : int
        Draws.
    seed : int
    """

    n: int = 1_000
    seed: int = 20261122

    def rng(self, key: str) -> np.random.Generator:
        """Give one input, by its key, a generator of its own."""
        return np.random.default_rng([self.seed, zlib.crc32(key.encode())])

    def value(self, key: str, spread: Range | Ratio | Normal) -> np.ndarray:
        """Values of one input, shape (n,)."""
        return spread.at(self.rng(key).random(self.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAtATime:
    """Every input in its middle, but one, which is put at its low and then at its high end.

    Parameters
    ----------
    keys : tuple of str
        Inputs to move, in order. Draw 0 has none moved; draws 2j + 1 and 2j + 2 have input j low and high.
    ends : tuple of float
        Quantiles taken as low and high.
    """

    keys: tuple[str, ...] = ()
    ends: tuple[float, float] = (0.025, 0.975)

    @property
    def n(self) -> int:
        """Draws."""
        return 2 * len(self.keys) + 1

    def value(self, key: str, spread: Range | Ratio | Normal) -> np.ndarray:
        """Value of one input in every draw, shape (n,)."""
        u = np.full(self.n, 0.5)
        if key in self.keys:
            at = 2 * self.keys.index(key) + 1
            u[at : at + 2] = self.ends
        return spread.at(u)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """One input at values of one's choice, within its distribution or not, and every other in its middle."""

    key: str
    values: np.ndarray

    @property
    def n(self) -> int:
        """Draws."""
        return len(self.values)

    def value(self, key: str, spread: Range | Ratio | Normal) -> np.ndarray:
        """Value of one input in every draw, shape (n,); of an effect, its log."""
        return self.values if key == self.key else spread.at(np.full(self.n, 0.5))


Chance = Draws | OneAtATime | Held
