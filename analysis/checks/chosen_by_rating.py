"""Were homes chosen because of the very ratings they are judged by?

A home rated badly is often rated better next time, whatever is done. The models allow for the rating that stood on the
day of the start and for whether the home had just fallen to it; what a home was chosen for beyond that (a willing
manager, an owner with money) they cannot see.

Where nobody said how homes were chosen, the data are asked: how many supported homes stood below Good when they
started, and how many had just fallen to their rating, beside as many homes drawn by lot on the same days. More than
chance gives is a concern, for nobody can then say what else they were chosen for. Where it was said, or homes do not
stand out, it is told and neither passed nor failed.

The number drawn by lot is hypergeometric on every day, and the days add up; two counts are looked at, so each is held
to twice its p-value (Bonferroni).
"""

import numpy as np
import pandas as pd

from analysis.inference.log_rank import hypergeometric
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.again import ALPHA, rated_when_begun, rating_spells_of
from analysis.ratings.strata import BEFORE, LIKE_THEM
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Were homes chosen because of their ratings?"
OUTCOMES = (Ratings,)
COLUMNS = ("group", "homes", "rated", "below_good", "share_below_good", "just_fallen", "rated_better_next")
OWN, OTHERS = "homes with the intervention, when they started", "other homes on the same days"
FEWEST = 5
"""Rated homes below which nothing would stand out."""


def chosen_by_rating(fitted: Fitted[Inspections, Support]) -> Check:
    """Set supported homes' ratings on the day they started beside other homes' on the same days."""
    support = fitted.design
    rows = rated_when_begun(rating_spells_of(fitted.observed, support))
    own, others = rows.loc[rows["supported"]], rows.loc[~rows["supported"]]
    homes = int((~fitted.observed.homes.index.isin(support.started.index)).sum())
    table = pd.DataFrame(
        [(OWN, len(support.started), *_counts(own)), (OTHERS, homes, *_counts(others))], columns=list(COLUMNS)
    )
    by_lot = {"stood below Good": _by_lot(rows, _low(rows)), "just fallen": _by_lot(rows, _fallen(rows))}
    if len(own) < FEWEST or others.empty:
        return Check(name=NAME, passed=None, table=table, reading=_told(table, support.chosen_by))
    stood_out = [what for what, p in by_lot.items() if p * len(by_lot) < ALPHA]
    passed = False if stood_out and not support.chosen_by else None
    number = f"{table['below_good'][0]:,} of {table['rated'][0]:,} below Good"
    reading = f"{_told(table, support.chosen_by)} {_stood_out(stood_out, by_lot, said=bool(support.chosen_by))}"
    return Check(name=NAME, passed=passed, table=table, reading=reading, number=number)


def _counts(rows: pd.DataFrame) -> tuple:
    """Count rated homes, those below Good and their share, those just fallen, and the share rated better next."""
    low, rated = int(rows.loc[_low(rows), "home"].nunique()), int(rows["home"].nunique())
    again = rows.loc[rows["usable"].astype(bool), "improved"].astype(float)
    fallen = int(rows.loc[_fallen(rows), "home"].nunique())
    return rated, low, low / rated if rated else np.nan, fallen, float(again.mean()) if len(again) else np.nan


def _low(rows: pd.DataFrame) -> np.ndarray:
    return (rows["rating"] < "Good").to_numpy(bool)


def _fallen(rows: pd.DataFrame) -> np.ndarray:
    return (rows["before"] == BEFORE[0]).to_numpy(bool)


def _by_lot(rows: pd.DataFrame, like: np.ndarray) -> float:
    """Find how often as many homes drawn by lot on the same days would be so, at least."""
    chances, seen = np.ones(1), 0
    for _, day in rows.assign(like=like).groupby("since"):
        own = day["supported"].to_numpy(bool)
        drawn, so = int(own.sum()), int(day["like"].sum())
        seen += int(day.loc[own, "like"].sum())
        chances = np.convolve(chances, hypergeometric(len(day), so, drawn))
    return float(min(chances[seen:].sum(), 1.0))


def _told(table: pd.DataFrame, chosen_by: str) -> str:
    own, others = table.iloc[0], table.iloc[1]
    who = f"How homes were chosen: {chosen_by}. " if chosen_by else "Nobody said how homes were chosen. "
    return (
        f"{who}Of rated homes, {own['below_good']:,} of {own['rated']:,} with the intervention stood below Good when "
        f"they started, and {others['below_good']:,} of {others['rated']:,} other homes then."
    )


def _stood_out(stood_out: list[str], by_lot: dict[str, float], *, said: bool) -> str:
    beyond = (
        f"Such homes are set beside others {LIKE_THEM}, so what becomes of them anyway is expected; what they were "
        "chosen for beyond that is not seen."
    )
    least = min(by_lot.values())
    if not stood_out:
        return (
            f"By lot, so many would have stood below Good, or just fallen, in {100 * least:.0f} of 100 draws. {beyond}"
        )
    often = max(by_lot[what] for what in stood_out)
    lots = "fewer than 1" if often < 0.01 else f"{100 * often:.0f}"
    told = f"By lot, so many would have {' or '.join(stood_out)} in {lots} of 100 draws. {beyond}"
    return told if said else f"{told} Ask how, and write it into the file of interventions (chosen_by)."
