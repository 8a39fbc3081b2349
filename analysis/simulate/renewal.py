"""How do the ratings of very many homes move, when it is known that nothing, or something, was done?

As `inspections`, but all homes at once and without key questions, pauses or publication: after each rating the next
visit comes after a log-normal gap that is shorter the worse the rating, and the next rating is drawn given the last.
Homes differ for good: a normal u with standard deviation `home_sd` shifts every cumulative logit,

    logit P(next > r | last, u) = logit P(next > r | last) + u,

so that a home once rated badly tends to be rated badly again, and one that fell by bad luck recovers by itself.
"""

import numpy as np
import pandas as pd

from analysis.simulate.inspections import CLOSES_AFTER, FIRST_MIX, GAP_LOG_SD, MEDIAN_GAP_DAYS, NEXT_RATING
from analysis.simulate.inspections import SHORTEST_GAP_DAYS as SHORTEST
from analysis.sources.schema import RATINGS

FIRST_DAY = np.datetime64("2014-10-01")
FIRST_ROUND_DAYS = 900
"""All homes had a first rating within so many days (CQC, 2014 to early 2017)."""
DAYS_TO_CLOSE = (60, 180)


def simulate_spells(
    rng: np.random.Generator,
    homes: int,
    *,
    until: np.datetime64,
    home_sd: float = 0.7,
    helped: np.ndarray | None = None,
) -> pd.DataFrame:
    """Draw how long every rating of every home stood, in the columns of `analysis.inspections.Spells.frame`.

    Parameters
    ----------
    rng : Generator
    homes : int
        Number of homes, named by position.
    until : datetime64[D]
        Last day in sight.
    home_sd : float
        Standard deviation of what makes homes differ for good, in log odds; 0.7 makes a home one standard deviation
        up twice as likely (in odds) to be rated better.
    helped : ndarray of float64, shape (homes,), optional
        Log odds ratio of any better rating at every visit: 0 for no effect.
    """
    shift = home_sd * rng.standard_normal(homes) + (0 if helped is None else helped)
    rating = _drawn(rng, np.tile(FIRST_MIX, (homes, 1)), shift)
    start = FIRST_DAY + rng.integers(0, FIRST_ROUND_DAYS, homes)
    at, rows = np.arange(homes), []
    while at.size:
        gap = np.array(MEDIAN_GAP_DAYS)[rating] * np.exp(GAP_LOG_SD * rng.standard_normal(at.size))
        visit = start + np.maximum(SHORTEST, gap.round()).astype(int)
        leaves = np.where(
            rng.random(at.size) < np.array(CLOSES_AFTER)[rating], start + rng.integers(*DAYS_TO_CLOSE, at.size), visit
        )
        left = leaves < visit
        later = _drawn(rng, NEXT_RATING[rating], shift[at])
        end = np.minimum(np.where(left, leaves, visit), until)
        out = end == until
        ended = np.select([out, left], ["in sight no longer", "left"], "rated")
        rows.append(_rows(at, rating, start, end, ended).assign(next_rating=np.where(ended == "rated", later, -1)))
        on = ended == "rated"
        at, rating, start = at[on], later[on], visit[on]
    return _framed(pd.concat(rows).sort_values(["home", "start"], kind="stable", ignore_index=True))


def _drawn(rng: np.random.Generator, chances: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Draw one of four ratings by row, cumulative logits shifted."""
    above = np.clip(1 - np.cumsum(chances, axis=1)[:, :3], 1e-12, 1 - 1e-12)
    odds = above / (1 - above) * np.exp(shift)[:, None]
    return (rng.random(len(shift))[:, None] < odds / (1 + odds)).sum(axis=1)


def _rows(at, rating, start, end, ended) -> pd.DataFrame:
    return pd.DataFrame({"home": at, "rating": rating, "start": start, "end": end, "ended": ended})


def _framed(frame: pd.DataFrame) -> pd.DataFrame:
    rating, later = (
        pd.Categorical.from_codes(frame[name], list(RATINGS), ordered=True) for name in ("rating", "next_rating")
    )
    days = (frame["end"] - frame["start"]).dt.days
    facts = {"key_question": "Overall", "unrated_visits": 0, "inherited": False, "late": False}
    return frame.assign(rating=rating, next_rating=later, seen_from=frame["start"], days=days, **facts)
