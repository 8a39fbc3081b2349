"""What is known of every home's rating over time, as arrays: the form that models of moves between ratings take.

A home is watched from its first rating until it leaves or the data end. Its true quality moves meanwhile; the rating
says what it was on the day of the visit, and leaving is known to the day.
"""

from dataclasses import dataclass, field

import numpy as np

EXIT, OPEN = -1, -2
"""States that are not ratings: left for good on that day; still open, rating not known (the end of the data)."""
NEVER = np.inf
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched:
    """Ratings of homes over time.

    Parameters
    ----------
    home : ndarray of int64, shape (n,)
        Position of the home; one row for every stretch from a known state to the next thing known of the home.
    begin, end : ndarray, shape (n,)
        Calendar time in years.
    rated : ndarray of int64, shape (n,)
        State at the beginning, 0 (worst) to S − 1.
    became : ndarray of int64, shape (n,)
        What was known at the end: a state, `EXIT` or `OPEN`.
    started : ndarray, shape (H,)
        When the intervention started in each home; `NEVER` where it did not.
    attributes : ndarray, shape (H, K)
        What is known of each home.
    breaks : ndarray, shape (B,)
        Moments at which the calendar turns to another period.
    other : ndarray, shape (H,) or (0,)
        When another intervention started in each home that has an effect of its own; without homes where none has.
    """

    home: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    rated: np.ndarray
    became: np.ndarray
    started: np.ndarray
    attributes: np.ndarray
    breaks: np.ndarray
    other: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def other_of(self, homes: np.ndarray) -> np.ndarray:
        """Give `other` of some homes; without homes where it is."""
        return self.other[homes] if len(self.other) else self.other


def watched(home: np.ndarray, time: np.ndarray, state: np.ndarray, **of_homes: np.ndarray) -> Watched:
    """Pair what is known of each home with the next thing known of it.

    Parameters
    ----------
    home, time, state : ndarray, shape (N,)
        Sorted by home and time; states may be `EXIT` or `OPEN`.
    of_homes : started, attributes and breaks
    """
    first = np.flatnonzero((np.diff(home) == 0) & (state[:-1] >= 0))
    return Watched(
        home=home[first],
        begin=time[first],
        end=time[first + 1],
        rated=state[first],
        became=state[first + 1],
        **of_homes,
    )
