"""Does the answer about an area rest on one of the areas it is compared with?

The synthetic control is a mixture of few areas, and what befell one of them alone is in what was expected. Each of the
heaviest is left out in turn, and the others are weighed anew (`analysis.areas.synthetic`). A concern is an announced
change of which less than half is left without one of them; where none is announced, it is told.

Source: Abadie (2021), Journal of Economic Literature 59(2), section 5, on leave-one-out of the donors.
"""

import numpy as np
import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.synthetic import SYNTHETIC
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Does the answer rest on one area compared with?"
OUTCOMES = (AreaMeasure,)
COLUMNS = ("left_out", "weight", "estimate")
HALF = 0.5
"""Part of the change (of the log rate ratio) that ought to be left without any one area."""


def one_area_left_out(fitted: Fitted[Areas, Chosen]) -> Check:
    """Look at the year's rate ratio without each of the heaviest areas."""
    found: Judged = fitted.judged
    if SYNTHETIC not in fitted.answers:
        return Check.cannot_say(NAME, COLUMNS, f"{SYNTHETIC} has no answer, so no area can be left out of it.")
    without = fitted.answers[SYNTHETIC].diagnostic("leave_one_out")
    announced = found.verdict.years if found.verdict is not None else ()
    year = announced[0] if announced else 1
    given = _given(found.years, year)
    if year not in without or without.empty or not np.isfinite(given):
        return Check.cannot_say(NAME, COLUMNS, "No whole year since the start has an answer without one of the areas.")
    table = pd.DataFrame({"left_out": without["name"], "weight": without["weight"], "estimate": without[year]})
    lost = np.log(table["estimate"]) / np.log(given) < HALF
    passed = bool(~lost.any()) if announced else None
    low, high = table["estimate"].min(), table["estimate"].max()
    said = (
        f"In year {year} since the start {SYNTHETIC.lower()} finds a rate ratio of {given:.2f}; without any one of the "
        f"{len(table):,} areas that weigh most it is between {low:.2f} and {high:.2f}"
    )
    return Check(name=NAME, passed=passed, table=table, reading=f"{said}{_end(table, lost, passed)}",
                 number=f"{low:.2f} to {high:.2f}")  # fmt: skip


def _given(years: pd.DataFrame, year: int) -> float:
    row = years.loc[(years["method"] == SYNTHETIC) & (years["year"] == year), "estimate"]
    return float(row.iloc[0]) if len(row) else float("nan")


def _end(table: pd.DataFrame, lost: pd.Series, passed: bool | None) -> str:
    if passed is None:
        return ". No change is announced."
    if passed:
        return ": at least half of the change is there whichever is left out."
    return f". Without {table.loc[lost, 'left_out'].iloc[0]} more than half of it is gone: ask what happened there."
