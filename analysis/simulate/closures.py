"""Which homes leave the register, when it is known what support does about it?

Homes of several providers, small and large, nursing and residential, are rated every other year or so, and close with a
chance a month that hangs on the rating that stands, the size, and the provider's luck; some are registered again
instead. From its start on, support multiplies a home's chance of closing. Supported homes are taken in waves, one
rated below Good five times as likely as another, as a service for homes in trouble would take them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections import Inspections
from analysis.sources.schema import RATINGS

FIRST = np.datetime64("2016-01-01", "D")
YEARLY = np.array([0.25, 0.06, 0.02, 0.01])
"""Chance of closing in a year by rating: together about 3% of homes, as true closures are in England."""
SMALL_TIMES = 1.5
AGAIN_YEARLY = 0.03
BELOW_GOOD_TIMES = 5
MIX = (0.03, 0.20, 0.73, 0.04)
NEXT = np.array([[0.2, 0.5, 0.3, 0.0], [0.05, 0.4, 0.54, 0.01], [0.03, 0.18, 0.73, 0.06], [0.01, 0.06, 0.3, 0.63]])
"""Next rating by the last, as in the South West (`simulate.inspections`)."""
RATED_YEARLY = np.array([1.5, 0.9, 0.45, 0.4])
INTERVENTION = "early_intervention"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true.

    Parameters
    ----------
    homes, supported : int
    ratio : float
        What support multiplies the chance of closing by.
    provider_sd : float
        Of the log of providers' luck.
    small_times : float
        What the chance of a small home is of that of a large one.
    months : int
        Followed in all; waves start at a quarter, a third and a half of them.
    """

    homes: int = 800
    supported: int = 80
    ratio: float = 1.0
    provider_sd: float = 0.0
    small_times: float = SMALL_TIMES
    months: int = 96

    @property
    def waves(self) -> tuple[int, ...]:
        """Months in which supported homes start."""
        return self.months // 4, self.months // 3, self.months // 2


def simulate_closures(world: World, seed: int) -> tuple[Inspections, pd.DataFrame]:
    """Draw homes, their ratings and how they ended; and who had the support, as spells by home.

    Parameters
    ----------
    world : World
    seed : int
    """
    rng = np.random.default_rng(seed)
    n = world.homes
    provider = rng.permutation(np.repeat(np.arange(n), rng.choice([1, 2, 4, 8], n, p=[0.75, 0.12, 0.08, 0.05]))[:n])
    luck = np.exp(world.provider_sd * rng.standard_normal(n) - world.provider_sd**2 / 2)[provider]
    small, rating = rng.random(n) < 0.4, rng.choice(4, n, p=MIX)
    start, ended, again = np.full(n, -1), np.full(n, world.months), np.zeros(n, bool)
    rated = [pd.DataFrame({"home": np.arange(n), "month": 0, "rating": rating})]
    for month in range(world.months):
        on = ended > month
        if month in world.waves:
            _start(rng, (start, on, rating), month, world.supported // len(world.waves))
        chance = (
            YEARLY[rating] / 12 * np.where(small, world.small_times, 1) * luck * np.where(start >= 0, world.ratio, 1.0)
        )
        closes, moves = on & (rng.random(n) < chance), on & (rng.random(n) < AGAIN_YEARLY / 12)
        again |= moves & ~closes
        ended = np.where(closes | moves, month, ended)
        new = np.flatnonzero((ended > month) & (rng.random(n) < RATED_YEARLY[rating] / 12))
        rating[new] = (rng.random(len(new))[:, None] > np.cumsum(NEXT[rating[new]], axis=1)[:, :-1]).sum(axis=1)
        rated.append(pd.DataFrame({"home": new, "month": month + 1, "rating": rating[new]}))
    return _seen(rng, world, (provider, small), (ended, again), pd.concat(rated)), _spells(start)


def _start(rng: np.random.Generator, now: tuple, month: int, homes: int) -> None:
    """Take homes into support by a lot in which those below Good have more tickets."""
    start, on, rating = now
    free = np.flatnonzero(on & (start < 0))
    order = free[np.argsort(rng.exponential(size=len(free)) / np.where(rating[free] < 2, BELOW_GOOD_TIMES, 1))]
    start[order[:homes]] = month


def _day(month: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    day = (FIRST.astype("datetime64[M]") + month).astype("datetime64[D]")
    return day if rng is None else day + rng.integers(1, 28, len(month))


def _names(index: np.ndarray, prefix: str = "1-") -> list[str]:
    return [f"{prefix}{number:06d}" for number in index]


def _seen(rng, world: World, about: tuple, how: tuple, rated: pd.DataFrame) -> Inspections:
    (provider, small), (ended, again) = about, how
    gone, every = ended < world.months, np.arange(world.homes)
    homes = pd.DataFrame(
        {
            "home_type": np.where(rng.random(world.homes) < 0.28, "nursing", "residential"),
            "beds": np.where(small, 12, 40), "area_name": "Simulated", "region": "Simulated",
            "provider_id": _names(provider, "p"), "registered": pd.Timestamp("2012-01-01"),
            "deregistered": pd.Series(_day(ended, rng)).where(gone), "ended_by": None, "care_home": True,
            "earlier": "none named", "leaving": np.select([~gone, again], ["registered", "registered again"], "left"),
        }
    ).set_axis(pd.Index(_names(every), name="home"))  # fmt: skip
    last = np.array([world.months])
    rows = pd.concat([rated, pd.DataFrame({"home": [int(np.argmax(ended))], "month": last, "rating": [2]})])
    date = _day(rows["month"].to_numpy())
    frame = pd.DataFrame(
        {
            "home": _names(rows["home"].to_numpy()), "key_question": "Overall", "date": date, "published": date,
            "rating": pd.Categorical.from_codes(rows["rating"].to_numpy(), list(RATINGS), ordered=True),
            "unrated": None,
        }
    ).sort_values(["home", "date"], ignore_index=True)  # fmt: skip
    none = pd.DataFrame()
    return Inspections(frame=frame, homes=homes.assign(name=homes.index), ledger=none, joins=none, digest="simulated")


def _spells(start: np.ndarray) -> pd.DataFrame:
    own = np.flatnonzero(start >= 0)
    started = pd.to_datetime(_day(start[own]))
    return pd.DataFrame({"location_id": _names(own), "intervention": INTERVENTION, "started": started, "ended": pd.NaT,
                         "chosen_by": "mostly homes rated below Good"})  # fmt: skip
