"""Who qualifies for support, and when have they reached its goals? Criteria, asked of every home in every month.

A criterion is a worry written down: a rating below Good, more admissions than homes of the kind, empty beds, an old
rating. A home meets it in a month by what was known at the end of that month: a rating counts from the month in which
it was published, not from the visit. A goal is a criterion that should no longer be met.

Admissions are asked about only where `FEWEST_EXPECTED` are expected in the window, so that it is never a small count
that decides, and the excess has to be more than chance leaves: `times` as many as expected, and as many or more by
chance alone (the Poisson law) less than one time in ten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from scipy.special import gammainc

from analysis.allowed import Option, is_number, whole
from analysis.months import month_said

FEWEST_EXPECTED = 8
"""Admissions in a window: of fewer, a count from 1 to 7 would decide, which may not be shown."""
CHANCE = 0.1
"""How seldom chance alone gives so many: one in ten, because a list of homes to visit is looked through by people."""
RANKS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
NEVER_RATED = -1
TIMES = Option(lambda value: is_number(value) and 1 <= value <= 10, "a number from 1 to 10", "1.5")
SHARE = Option(lambda value: is_number(value) and 0 < value <= 1, "a share from 0 to 1", "0.7")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measures:
    """What was known of homes at the end of every month.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (T,)
    rank : ndarray of int8, shape (N, T)
        Of the last overall rating published, 0 (Inadequate) to 3; `NEVER_RATED` where there was none.
    rated_for : ndarray of float32, shape (N, T)
        Months since that rating was published.
    observed, expected, days, room : ndarray of float64, shape (N, T + 1)
        Running totals, from the first month, of admissions as shown, of what is expected of homes of the kind with as
        many bed-days, of bed-days, and of bed-days with every bed filled.
    registered : ndarray of bool, shape (N, T)
    """

    months: np.ndarray
    rank: np.ndarray
    rated_for: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    days: np.ndarray
    room: np.ndarray
    registered: np.ndarray

    def over(self, totals: np.ndarray, months: int) -> np.ndarray:
        """Add up the last months at every month, shape (N, T); NaN where there are not so many yet."""
        T = len(self.months)
        found = np.full((len(totals), T), np.nan)
        if months <= T:
            found[:, months - 1 :] = totals[:, months:] - totals[:, : T + 1 - months]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedBelow:
    """Its last overall rating is below one.

    Parameters
    ----------
    kind : "rating"
    below : str
    """

    kind: Literal["rating"] = "rating"
    below: Literal["Requires improvement", "Good", "Outstanding"] = "Good"

    window: ClassVar[int] = 1

    def met(self, known: Measures) -> np.ndarray:
        """Whether it is met, shape (N, T)."""
        return (known.rank != NEVER_RATED) & (known.rank < RANKS.index(self.below))

    @property
    def words(self) -> str:
        """What is met, in words."""
        return f"rated below {self.below}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreAdmissions:
    """It had more admissions than homes of its kind.

    Parameters
    ----------
    kind : "admissions"
    times : float
        As many as expected.
    months : int
        Up to the month.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"times": TIMES, "months": whole(3, 36, 12)}

    kind: Literal["admissions"] = "admissions"
    times: float = 1.5
    months: int = 12

    @property
    def window(self) -> int:
        """Months whose numbers are looked at."""
        return self.months

    def met(self, known: Measures) -> np.ndarray:
        """Whether it is met, shape (N, T)."""
        observed, expected = known.over(known.observed, self.months), known.over(known.expected, self.months)
        enough = expected >= FEWEST_EXPECTED
        found = np.zeros(observed.shape, bool)
        more = enough & (observed >= self.times * np.where(enough, expected, np.inf))
        found[more] = gammainc(observed[more], expected[more]) < CHANCE  # P(as many or more), by the Poisson law
        return found

    @property
    def words(self) -> str:
        """What is met, in words."""
        return f"{self.times:g} times the admissions of its kind, or more, over {self.months} months"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyBeds:
    """Fewer of its beds were filled than a share.

    Parameters
    ----------
    kind : "empty beds"
    below : float
    months : int
    """

    RULES: ClassVar[Mapping[str, Option]] = {"below": SHARE, "months": whole(1, 36, 3)}

    kind: Literal["empty beds"] = "empty beds"
    below: float = 0.7
    months: int = 3

    @property
    def window(self) -> int:
        """Months whose numbers are looked at."""
        return self.months

    def met(self, known: Measures) -> np.ndarray:
        """Whether it is met, shape (N, T)."""
        days, room = known.over(known.days, self.months), known.over(known.room, self.months)
        return (days > 0) & (days < self.below * room)

    @property
    def words(self) -> str:
        """What is met, in words."""
        return f"fewer than {self.below:.0%} of beds filled over {self.months} months"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRating:
    """Its rating is old, or it has none.

    Parameters
    ----------
    kind : "old rating"
    years : float
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "years": Option(lambda value: is_number(value) and 0 < value <= 20, "years from 0 to 20", "4")
    }

    kind: Literal["old rating"] = "old rating"
    years: float = 4.0

    window: ClassVar[int] = 1

    def met(self, known: Measures) -> np.ndarray:
        """Whether it is met, shape (N, T)."""
        return (known.rank == NEVER_RATED) | (known.rated_for > 12 * self.years)

    @property
    def words(self) -> str:
        """What is met, in words."""
        return f"no rating within {self.years:g} years"


Criterion = RatedBelow | MoreAdmissions | EmptyBeds | OldRating


def looked_at(criterion: Criterion, month: np.datetime64) -> tuple[str, str]:
    """Say from and to which month numbers are looked at."""
    return str(month - (criterion.window - 1)), str(month)


def reason(criterion: Criterion, month: np.datetime64) -> str:
    """Say what is met, and up to when."""
    return f"{criterion.words} (to {month_said(month)})"
