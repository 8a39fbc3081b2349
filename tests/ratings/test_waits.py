"""Do waits begin, end and count as a person would say?"""

import pandas as pd
import pytest

from analysis.inference.incidence import median_days
from analysis.inspections import Spells
from analysis.ratings.waits import incidence, waits, waits_since
from analysis.sources.schema import RATINGS

INADEQUATE, RI, GOOD, OUTSTANDING = RATINGS


def spells(*histories):
    """Spells of homes a, b, …: each a list of (start day, rating), then the day and manner of the end."""
    rows = []
    for home, (*said, (last, ended)) in zip("abcdefgh", histories, strict=False):
        starts = [start for start, _ in said] + [last]
        for n, (start, rating) in enumerate(said):
            later = said[n + 1][1] if n + 1 < len(said) else None
            rows.append((home, rating, start, start, starts[n + 1], ended if later is None else "rated", later))
    frame = pd.DataFrame(rows, columns=["home", "rating", "start", "seen_from", "end", "ended", "next_rating"])
    for name in ("start", "seen_from", "end"):
        frame[name] = pd.Timestamp("2015-01-01") + pd.to_timedelta(frame[name], unit="D")
    for name in ("rating", "next_rating"):
        frame[name] = pd.Categorical(frame[name], RATINGS, ordered=True)
    return Spells(frame=frame, key_question="Overall", until=frame["end"].max(), homes_left=0, homes_again=0)


HISTORIES = spells(
    [(0, RI), (300, RI), (700, INADEQUATE), (900, RI), (1200, GOOD), (2000, "in sight no longer")],
    [(100, GOOD), (400, RI), (600, "left")],
    [(0, INADEQUATE), (200, INADEQUATE), (500, "registered again")],
    [(0, OUTSTANDING), (50, "left")],
)


def test_a_wait_lasts_until_a_better_rating_however_many_inspections_it_takes():
    found = waits(HISTORIES)
    assert found[["home", "from_rating", "exit", "cause"]].values.tolist() == [
        ["a", RI, 1200, 1],  # through another Requires improvement and an Inadequate
        ["a", INADEQUATE, 200, 1],
        ["a", RI, 300, 1],  # a wait of its own: the rating was new
        ["a", GOOD, 800, 0],
        ["b", GOOD, 500, 2],
        ["b", RI, 200, 2],
        ["c", INADEQUATE, 500, 0],
    ]
    assert (found["entry"] == 0).all()


def test_a_wait_since_a_day_starts_from_the_rating_that_stood():
    start = pd.Timestamp("2015-01-01")
    asked = pd.Series(start + pd.to_timedelta([750, 450, 550, 10, 10], unit="D"), index=["a", "b", "c", "d", "z"])
    found = waits_since(HISTORIES, asked)
    assert found[["home", "from_rating", "exit", "cause"]].values.tolist() == [
        ["a", INADEQUATE, 150, 1],
        ["b", RI, 150, 2],
    ]  # c was no longer in sight, nothing is better than Outstanding, and z is not rated
    assert found["rated"].tolist() == [start + pd.Timedelta(days=700), start + pd.Timedelta(days=400)]


def test_time_before_a_home_was_in_sight_does_not_count():
    frame = HISTORIES.frame.copy()
    frame.loc[0, "seen_from"] += pd.Timedelta(days=250)
    frame.loc[4, "seen_from"] = pd.NaT
    late = Spells(frame=frame, key_question="Overall", until=HISTORIES.until, homes_left=0, homes_again=0)
    found = waits(late)
    assert found["entry"].tolist() == [250, 0, 0, 0, 0, 0]
    assert len(found) == len(waits(HISTORIES)) - 1
    day = pd.Series(pd.Timestamp("2015-01-01") + pd.Timedelta(days=100), index=["a"])
    assert waits_since(late, day)["entry"].tolist() == [150]


def test_a_curve_by_hand():
    low = waits(HISTORIES)
    found = incidence(low.loc[low["from_rating"] < GOOD])
    # waits of 200 (better), 200 (left), 300 (better), 500 (out of sight), 1200 (better); five, five, three, one wait
    assert found.days.tolist() == [200, 300, 1200]
    assert found.estimate[:, 0].tolist() == pytest.approx([1 / 5, 1 / 5 + 3 / 5 / 3, 1 / 5 + 1 / 5 + 2 / 5])
    assert found.estimate[:, 1].tolist() == pytest.approx([1 / 5] * 3)
    assert median_days(found)[0] == 1200
