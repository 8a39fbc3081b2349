"""How many closures would there have been anyway, going by homes like the supported ones?

On each day on which supported homes start, those that start are set beside all homes that are registered then and have
not started yet, supported later or never: to leave out those that start later would leave out survivors. They are alike
in the rating that stands on the day, size and kind of home, or in as much of that as leaves `LEAST_ALIKE` of them, but
always in the rating, on which closing hangs most: where fewer than `LEAST_RATED` others stand at it, the home takes no
part. How many closed is not looked at to decide that. From there on both are followed until they close, go on under
another number, or sight ends; the others also until they start themselves, or another intervention begins in them.

Homes are taken in when they get into trouble, so that the others lose, by starting, those that would have closed
soonest. Whoever is left speaks for them: where of the homes at one rating on a later day of starts a share p is taken
in, each of the rest counts for 1 / (1 − p) as much from then on (inverse probability of censoring, by that rating).

With Y(t) others of a stratum still followed, so weighted, and n(t) supported ones, each closure of weight w stands for

    a = w n(t) / Y(t)

closures expected among the supported, E = Σ a (Nelson and Aalen's cumulative hazard, summed over what supported homes
lived through). With no effect O − E is a martingale; where the hazard is multiplied by ψ throughout, O / E aims at ψ.

Sources: N. E. Breslow & N. E. Day (1987), Statistical Methods in Cancer Research II, ch. 2; J. M. Robins & D. M.
Finkelstein (2000), Correcting for noncompliance and dependent censoring, Biometrics 56, 779–788.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inspections import Inspections
from analysis.ratings.closures.followed import DAY, Following
from analysis.sources.schema import WITHDRAWN

LEAST_ALIKE, LEAST_RATED = 20, 5
"""Other homes a stratum must have, and one of a rating at least: with fewer, one closure there stands for too much."""
ALIKE = ("rating", "size", "home_type")
LEVELS = ((3, LEAST_ALIKE), (2, LEAST_ALIKE), (1, LEAST_RATED))
"""In how many of these homes are alike, the most first, and how many others that asks for."""
ANY = "any"
GOOD, NO_RATING = "Good or Outstanding", "no rating"
BANDS = ("Inadequate", "Requires improvement", GOOD, NO_RATING)
BAND_OF = {"Inadequate": 0, "Requires improvement": 1, "Good": 2, "Outstanding": 2}
YEAR_DAYS = 365.25
MOST_FOR = 5.0
"""No home speaks for more than so many on account of one day of starts."""
NAMES = ("provider", "size", "home_type")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """Supported homes beside what was expected of them.

    Parameters
    ----------
    homes : DataFrame
        One row per supported home compared: home, provider, rating, size, home_type (as on the day it started), years
        (followed), left, again, expected (closures that homes like it had in its time), since, until (days).
    others : DataFrame
        One row per closure among others, day, and kind of the supported homes it speaks for: home, provider, weight
        (what it adds to the closures expected of these), rating and home_type of these.
    alike : DataFrame
        One row per day and stratum: since, rating, size, home_type (`ANY` where not told apart), supported, others,
        others_left.
    unmatched : int
        Supported homes that have none to be compared with.
    """

    homes: pd.DataFrame
    others: pd.DataFrame
    alike: pd.DataFrame
    unmatched: int

    def only(self, column: str, value: object) -> "Beside":
        """Give the part of one rating or kind of home."""
        homes, others = (part.loc[part[column] == value] for part in (self.homes, self.others))
        return replace(self, homes=homes, others=others, unmatched=0)

    def without(self, provider: object) -> "Beside":
        """Give the part without one provider."""
        homes, others = (part.loc[part["provider"] != provider] for part in (self.homes, self.others))
        return replace(self, homes=homes, others=others)


@dataclass(frozen=True, slots=True, eq=False)
class _Lives:
    """N homes as arrays: days since 1970 as int64, whether the end counts, codes of `ALIKE` (the rating of a day).

    starts are the D days of starts; speaks, shape (N, D + 1): what each home counts for before the first and from each.
    """

    enter: np.ndarray
    exit: np.ndarray
    begun: np.ndarray
    other: np.ndarray
    event: np.ndarray
    codes: np.ndarray
    starts: np.ndarray
    speaks: np.ndarray


def beside(inspections: Inspections, following: Following, *, wait_days: int = 0, also_again: bool = False) -> Beside:
    """Set supported homes beside homes like them.

    Parameters
    ----------
    inspections : Inspections
    following : Following
    wait_days : int
        Days from each start in which nothing is counted.
    also_again : bool
        Count a home that is registered again under another number as if it had left.
    """
    homes, named = following.homes, {name: pd.factorize(following.homes[name]) for name in NAMES}
    days = {name: homes[name].to_numpy(DAY).astype(np.int64) for name in ("enter", "exit", "begun", "other")}
    codes = np.stack([np.zeros(len(homes), np.int64), *(named[name][0] for name in ALIKE[1:])], axis=1)
    starts, standing = np.unique(days["begun"][following.supported]), _Standing(inspections, homes.index)
    bands = [standing.on(int(day)) for day in starts]
    lives = _Lives(
        days["enter"], days["exit"], days["begun"], days["other"], _event(following, also_again=also_again), codes,
        starts, _speaks(days, starts, bands),
    )  # fmt: skip
    own, closures, alike = [], [], []
    for day, band in zip(starts, bands, strict=True):
        codes[:, 0] = band
        rows, least = _of_day(lives, int(day), wait_days), []
        for part, like, names in rows:
            expected, stands = _expected(part, like, lives)
            own.append(np.column_stack([part, np.full(len(part), day + wait_days), codes[part, 0], expected]))
            closures += [*_told((part, like), stands, lives)]
            least.append((day + wait_days, *(codes[part[0], :names]), *[-1] * (3 - names), len(part), len(like),
                          int(_counts(like, lives).sum())))  # fmt: skip
        alike += least
    return _framed(following, named, lives, (own, closures, alike))


def _event(following: Following, *, also_again: bool) -> np.ndarray:
    """Whether each home's end counts, bool, shape (N,): not in months that are left out."""
    homes = following.homes
    event = homes["left"].to_numpy(bool) | (also_again & homes["again"].to_numpy(bool))
    month = homes["exit"].to_numpy("datetime64[M]")
    for first, last in following.left_out_periods:
        event &= ~((month >= np.datetime64(first, "M")) & (month <= np.datetime64(last, "M")))
    return event


def _speaks(days: dict[str, np.ndarray], starts: np.ndarray, bands: list[np.ndarray]) -> np.ndarray:
    """Say what each home that has not started counts for, speaking for those of its rating that have; (N, D + 1)."""
    found = np.ones((len(days["begun"]), len(starts) + 1))
    for at, (day, band) in enumerate(zip(starts, bands, strict=True)):
        waits = (days["begun"] >= day) & (days["enter"] <= day) & (days["exit"] > day)
        every, taken = (
            np.bincount(band[some], minlength=len(BANDS)) for some in (waits, waits & (days["begun"] == day))
        )
        for_each = np.minimum(every / np.maximum(every - taken, 1), MOST_FOR)
        found[:, at + 1] = found[:, at] * np.where(waits, for_each[band], 1.0)
    return found


class _Standing:
    """Which rating stands on a day, from the ratings in the order of their dates."""

    def __init__(self, inspections: Inspections, homes: pd.Index):
        frame = inspections.frame.loc[inspections.frame["key_question"] == "Overall"]
        told = frame.loc[frame["rating"].notna() | (frame["unrated"] == WITHDRAWN)].sort_values("date", kind="stable")
        row = homes.get_indexer(told["home"])
        band = told["rating"].astype(object).map(BAND_OF).fillna(len(BANDS) - 1).to_numpy(np.int64)
        self.days, self.row, self.band = (
            told["date"].to_numpy(DAY).astype(np.int64)[row >= 0],
            row[row >= 0],
            band[row >= 0],
        )
        self.homes = len(homes)

    def on(self, day: int) -> np.ndarray:
        """Band of each home on a day, shape (N,)."""
        upto = np.searchsorted(self.days, day, side="right")
        found = np.full(self.homes, len(BANDS) - 1)
        found[self.row[:upto]] = self.band[:upto]  # the last of a home stands
        return found


def _of_day(lives: _Lives, day: int, wait: int) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Yield supported homes of a day, the others of their stratum, and in how much they are alike; as rows of homes."""
    until = _until(lives)
    own = np.flatnonzero((lives.begun == day) & (lives.exit > day + wait))
    rest = np.flatnonzero((lives.begun > day) & (lives.enter <= day) & (until > day + wait))
    for names, least in LEVELS:
        of_own, of_rest = (lives.codes[rows, :names] @ np.array([1, 10, 100])[:names] for rows in (own, rest))
        taken = np.zeros(len(own), bool)
        for code in np.unique(of_own):
            like = rest[of_rest == code]
            if len(like) >= least:
                taken |= of_own == code
                yield own[of_own == code], like, names
        own = own[~taken]


def _until(lives: _Lives) -> np.ndarray:
    """Until when each home is followed as one without support."""
    return np.minimum(np.minimum(lives.exit, lives.begun), lives.other)


def _counts(like: np.ndarray, lives: _Lives) -> np.ndarray:
    return lives.event[like] & (_until(lives)[like] == lives.exit[like])


def _expected(part: np.ndarray, like: np.ndarray, lives: _Lives) -> tuple[np.ndarray, np.ndarray]:
    """Give closures expected of each supported home, and what the end of each of the others stands for."""
    ends, own, came = _until(lives)[like], lives.exit[part], np.flatnonzero(_counts(like, lives))
    from_start = np.searchsorted(lives.starts, lives.begun[part[0]], side="right")
    weights = lives.speaks[like] / lives.speaks[like, from_start][:, None]
    hazard = np.zeros(len(like))
    for end in came:
        then = np.searchsorted(lives.starts, ends[end], side="right")
        hazard[end] = weights[end, then] / weights[ends >= ends[end], then].sum()
    by_time = np.argsort(ends, kind="stable")
    cumulative = np.concatenate([[0.0], np.cumsum(hazard[by_time])])
    return cumulative[np.searchsorted(ends[by_time], own, side="right")], hazard * _still(own, ends)


def _still(until: np.ndarray, on: np.ndarray) -> np.ndarray:
    """How many are still followed on each of some days."""
    return len(until) - np.searchsorted(np.sort(until), on, side="left")


def _told(of: tuple[np.ndarray, np.ndarray], stands: np.ndarray, lives: _Lives) -> Iterator[np.ndarray]:
    """Yield closures among others, by the kind of the supported homes they speak for: row, weight, rating, kind.

    Where kind is not told apart, a closure speaks for each kind by its share of the supported homes still followed.
    """
    part, like = of
    came = like[stands > 0]
    if not len(came):
        return
    ends = _until(lives)[came]
    every, kinds = _still(lives.exit[part], ends), lives.codes[part, 2]
    for kind in np.unique(kinds):
        weight = stands[stands > 0] * _still(lives.exit[part][kinds == kind], ends) / every
        rating = np.full(len(came), lives.codes[part[0], 0])
        yield np.column_stack([came, weight, rating, np.full(len(came), kind)])


def _framed(following: Following, named: dict, lives: _Lives, found: tuple[list, list, list]) -> Beside:
    """Name what was found by position."""
    homes, bands = following.homes, np.array(BANDS, object)
    own, others = (np.concatenate(rows) if rows else np.zeros((0, 4)) for rows in found[:2])
    row, of = own[:, 0].astype(np.int64), others[:, 0].astype(np.int64)
    facts = homes.iloc[row]
    supported = pd.DataFrame(
        {
            "home": facts.index, **{name: facts[name].to_numpy() for name in NAMES},
            "rating": bands[own[:, 2].astype(np.int64)],
            "left": lives.event[row], "again": facts["again"].to_numpy(bool),
            "years": (lives.exit[row] - own[:, 1]) / YEAR_DAYS, "expected": own[:, 3],
            "since": own[:, 1].astype(np.int64).astype(DAY), "until": lives.exit[row].astype(DAY),
        }
    )  # fmt: skip
    closed = pd.DataFrame(
        {
            "home": homes.index[of], "provider": homes["provider"].to_numpy()[of], "weight": others[:, 1],
            "rating": bands[others[:, 2].astype(np.int64)],
            "home_type": named["home_type"][1].to_numpy()[others[:, 3].astype(np.int64)],
        }
    )  # fmt: skip
    started = int(following.supported.sum())
    return Beside(homes=supported, others=closed, alike=_alike(named, found[2]), unmatched=started - len(supported))


def _alike(named: dict, rows: list[tuple]) -> pd.DataFrame:
    """Name the strata."""
    frame = pd.DataFrame(rows, columns=["since", *ALIKE, "supported", "others", "others_left"])
    values = {"rating": BANDS, **{name: [*named[name][1]] for name in ALIKE[1:]}}
    for name, known in values.items():
        frame[name] = [ANY if code < 0 else known[code] for code in frame[name]]
    return frame.assign(since=frame["since"].to_numpy(np.int64).astype(DAY))
