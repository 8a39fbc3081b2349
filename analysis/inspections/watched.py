"""What is known of every home's rating over time, as arrays: the form that models of moves between ratings take.

A home is watched from its first rating until it leaves or the data end. Its true quality moves meanwhile; the rating
says what it was on the day of the visit, and leaving is known to the day.
"""

from dataclasses import dataclass

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
    home : ndarray of int64, shape (N,)
        Position of the home, sorted; within a home in time order.
    time : ndarray, shape (N,)
        Calendar time in years.
    state : ndarray of int64, shape (N,)
        0 (worst) to S − 1, `EXIT` or `OPEN`.
    started : ndarray, shape (H,)
        When the intervention started in each home; `NEVER` where it did not.
    attributes : ndarray, shape (H, K)
        What is known of each home.
    breaks : ndarray, shape (B,)
        Moments at which the calendar turns to another period.
    """

    home: np.ndarray
    time: np.ndarray
    state: np.ndarray
    started: np.ndarray
    attributes: np.ndarray
    breaks: np.ndarray
