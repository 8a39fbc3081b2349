"""When is each home inspected, and how is it rated?

A Markov renewal process, home by home: after each rating the next visit comes after a log-normal gap that is shorter
the worse the rating (inspectors go sooner to homes that worry them), and the next rating is drawn given the last.
Gaps and transitions are those of the South West's care homes 2014–2021 (CQC API, 1,182 pairs); routine inspection
pauses from March 2020 to June 2021; ratings are published some weeks after the visit. A home whose manager was
trained has its odds of improving multiplied.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sources.schema import KEY_QUESTIONS, RATINGS

INADEQUATE, RI, GOOD, OUTSTANDING = range(4)
FIRST_MIX = (0.04, 0.22, 0.72, 0.02)
"""Ratings of 2015–2017, between the year-end mixes of 2015 and 2017."""
NEXT_RATING = np.array(
    [
        [0.205, 0.50, 0.295, 0.0],
        [0.051, 0.386, 0.556, 0.007],
        [0.030, 0.180, 0.727, 0.063],
        [0.010, 0.057, 0.300, 0.633],
    ]
)
"""Next rating given the last. The shares better, same and worse are measured; their split by level is a judgement."""
MEDIAN_GAP_DAYS = (196, 377, 859, 975)
"""Publication to publication, by the rating before (CQC API, South West)."""
GAP_LOG_SD = 0.35
SHORTEST_GAP_DAYS = 90
LAG_MEDIAN_DAYS, LAG_LOG_SD = 39, 0.54
"""Visit to publication: median 39 days, quartiles 28 and 58."""
PAUSE = (np.datetime64("2020-03-16"), np.datetime64("2021-07-01"))
"""Routine inspection stopped for the pandemic."""
UNRATED_IN_PAUSE = 0.3
"""Share of visits due in the pause that took place as targeted visits without a rating."""
AFTER_PAUSE_DAYS = (60, 120, 420, 500)
"""Mean wait after the pause, by rating: the worst first."""
NEW_FRAMEWORK = np.datetime64("2023-12-04")
"""From here a visit is an assessment under the Single Assessment Framework."""
CLOSES_AFTER = (0.25, 0.01, 0.003, 0.003)
"""Chance that a home closes for good after a rating: most involuntary closures follow Inadequate."""
ALL_OPEN_UNTIL = np.datetime64("2018-01-01")
"""Homes that closed before the county was observed are not among its homes."""
UNRATED = "Inspected but not rated"
MOST_MARKED_DOWN = ("Safe", "Well-led", "Effective", "Responsive", "Caring")
NEVER_TRAINED = np.datetime64("NaT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What is known of one home before its inspections are drawn.

    Parameters
    ----------
    until : datetime64[D]
        Visits end here.
    pause : bool
        Whether routine inspection pauses for the pandemic.
    trained_from : datetime64
        When the manager had been trained; NaT if never.
    odds_of_improving : float
        What training multiplies the odds of a better rating by.
    """

    until: np.datetime64
    pause: bool = True
    trained_from: np.datetime64 = NEVER_TRAINED
    odds_of_improving: float = 1.0


def inspect_homes(seeds: list[np.random.SeedSequence], timetables: list[Timetable]) -> pd.DataFrame:
    """Draw every home's inspections; the same seeds give the same history up to the moment of training.

    Returns
    -------
    DataFrame
        One row per publication: home (position), visited, published, the six `KEY_QUESTIONS`, framework ("new" or
        "old"), closes (the day the home closes for good after it, or missing).
    """
    rows = [
        {"home": home, **inspection}
        for home, (seed, timetable) in enumerate(zip(seeds, timetables, strict=True))
        for inspection in _history(np.random.default_rng(seed), timetable)
    ]
    return pd.DataFrame(rows, columns=["home", "visited", "published", *KEY_QUESTIONS, "framework", "closes"])


def _history(rng: np.random.Generator, timetable: Timetable) -> list[dict]:
    """One home's inspections in order."""
    rating = int(rng.choice(4, p=FIRST_MIX))
    visit = np.datetime64("2015-01-15") + rng.integers(0, 900)
    history = []
    while visit < timetable.until:
        history.append(_rated(rng, visit, rating))
        if history[-1]["closes"] is not None:
            break
        due = visit + _gap(rng, rating)
        visit, unrated = _after_pause(rng, due, rating) if timetable.pause else (due, [])
        history += unrated
        rating = _next(rng, rating, visit, timetable)
    return history


def _rated(rng: np.random.Generator, visit: np.datetime64, rating: int) -> dict:
    published = visit + _lag(rng)
    closing = rng.random() < CLOSES_AFTER[rating] and published >= ALL_OPEN_UNTIL
    closes = published + rng.integers(60, 180) if closing else None
    answers = _key_questions(rng, rating)
    framework = "new" if visit >= NEW_FRAMEWORK else "old"
    return {"visited": visit, "published": published, **answers, "framework": framework, "closes": closes}


def _gap(rng: np.random.Generator, rating: int) -> int:
    return max(SHORTEST_GAP_DAYS, round(MEDIAN_GAP_DAYS[rating] * np.exp(GAP_LOG_SD * rng.standard_normal())))


def _lag(rng: np.random.Generator) -> int:
    return max(7, round(LAG_MEDIAN_DAYS * np.exp(LAG_LOG_SD * rng.standard_normal())))


def _after_pause(rng: np.random.Generator, due: np.datetime64, rating: int) -> tuple[np.datetime64, list[dict]]:
    """Move a visit due in the pause past it; some take place without a rating meanwhile."""
    luck, wait = rng.random(), round(rng.exponential(AFTER_PAUSE_DAYS[rating]))
    if not PAUSE[0] <= due < PAUSE[1]:
        return due, []
    targeted = {"visited": due, "published": due + _lag(rng), "Overall": UNRATED, "Safe": UNRATED, "framework": "old"}
    return PAUSE[1] + wait, [{**targeted, "closes": None}] if luck < UNRATED_IN_PAUSE else []


def _next(rng: np.random.Generator, rating: int, visit: np.datetime64, timetable: Timetable) -> int:
    chances = NEXT_RATING[rating]
    if visit >= timetable.trained_from:
        chances = with_better_odds(chances, rating, timetable.odds_of_improving)
    return int(rng.choice(4, p=chances))


def with_better_odds(chances: np.ndarray, rating: int, odds: float) -> np.ndarray:
    """Multiply the odds of any better rating, keeping the proportions within better and within not better."""
    better = np.arange(4) > rating
    share = chances[better].sum()
    if share in (0.0, 1.0):
        return chances
    new = share * odds / (1 - share + share * odds)
    return np.where(better, chances * new / share, chances * (1 - new) / (1 - share))


def _key_questions(rng: np.random.Generator, rating: int) -> dict[str, str]:
    """Answer the five questions so that CQC's rules for adding them up give this rating.

    At least two Inadequate make Inadequate, two Requires improvement make that, two Outstanding (the rest Good) make
    Outstanding; otherwise the home is Good.
    """
    answers = dict.fromkeys(MOST_MARKED_DOWN, RATINGS[GOOD])
    worst_first = list(MOST_MARKED_DOWN) if rng.random() < 0.7 else list(rng.permutation(MOST_MARKED_DOWN))
    how_many = int(rng.integers(2, 4))
    if rating == GOOD:
        how_many, level = int(rng.random() < 0.35), RI
    else:
        level = rating
    named = worst_first[:how_many] if rating != OUTSTANDING else worst_first[-how_many:]
    answers |= dict.fromkeys(named, RATINGS[level])
    if rating == INADEQUATE:
        answers |= dict.fromkeys(worst_first[how_many : how_many + 2], RATINGS[RI])
    return {"Overall": RATINGS[rating], **answers}
