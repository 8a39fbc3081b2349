"""Does the answer about ratings depend on when one looks, or from when support is taken to work?

The answer as it would have read one, two and three years after the first start, and with support taken to begin to work
half a year and a year later than it did, so that homes rated again before that take no part. A concern is an answer
that speaks and of which, in one of these with at least half as many homes, less than half of the effect is left. It is
no concern only where one of the earlier days and one of the later starts still tells the effect from chance by itself:
what is left of an effect of the first months alone is above no difference by luck as often as not.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.plural import counted
from analysis.ratings.again import (
    ALPHA,
    RatedBetter,
    RatingSpells,
    begun,
    compared,
    rating_spells_of,
    seen_until,
)
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Does the answer depend on when one looks?"
OUTCOMES = (Ratings,)
YEARS = (1, 2, 3)
LATER = (6, 12)
"""Months: inspections that come soon may be too early to show anything, or may be why homes were chosen."""
ENOUGH = 0.5
"""Part of the homes compared that must be left, or the answer is another for want of homes."""
HALF = 0.5
"""Part of the effect (of the log of observed over expected) that ought to be left."""
ALL, BEGUN = "the answer", "from"
COLUMNS = ("looked_at", "homes", "observed", "expected", "estimate", "p_value")


def looked_at_until(fitted: Fitted[Inspections, Support]) -> Check:
    """Ask again until earlier days, and from later starts."""
    seen = rating_spells_of(fitted.observed, fitted.design)
    try:
        given = compared(seen)
    except AnalysisError as error:
        return Check.cannot_say(NAME, COLUMNS, f"Observed over expected has no answer: {error}")
    table = pd.DataFrame([_row(ALL, given), *_rows(seen)], columns=list(COLUMNS))
    if len(table) < 2:
        return Check.cannot_say(NAME, COLUMNS, "No other window has an answer, so there is none to set beside it.")
    passed = _passed(table.iloc[1:], given)
    told = table.loc[_enough(table, given), "estimate"]
    low, high = told.min(), told.max()
    return Check(name=NAME, passed=passed, table=table, reading=_reading(table, given, passed),
                 number=f"{low:.2f} to {high:.2f}")  # fmt: skip


def _enough(table: pd.DataFrame, given: RatedBetter) -> pd.Series:
    return table["homes"] >= ENOUGH * given.homes


def _passed(other: pd.DataFrame, given: RatedBetter) -> bool | None:
    if not given.speaks:
        return None
    enough = other.loc[_enough(other, given)]
    if any(_lost(value, given.ratio) for value in enough["estimate"]):
        return False
    later = enough["looked_at"].str.startswith(BEGUN)
    speaks = enough["p_value"] < ALPHA
    return True if (speaks & later).any() and (speaks & ~later).any() else None


def _rows(seen: RatingSpells) -> Iterator[tuple]:
    first, last = seen.started.min(), seen.spells["end"].max()
    asked = [(f"{years} {'year' if years == 1 else 'years'} after the first start", seen_until(seen, day))
             for years in YEARS if (day := first + pd.DateOffset(years=years)) < last]  # fmt: skip
    asked += [(f"{BEGUN} {months} months after each start", begun(seen, months)) for months in LATER]
    for name, changed in asked:
        try:
            yield _row(name, compared(changed))
        except AnalysisError:
            continue


def _row(name: str, found: RatedBetter) -> tuple:
    return name, found.homes, found.observed, found.expected, found.ratio, found.p_value


def _lost(value: float, given: float) -> bool:
    return not value > 0 or not given > 0 or bool(np.log(value) / np.log(given) < HALF)


def _reading(table: pd.DataFrame, given: RatedBetter, passed: bool | None) -> str:
    enough = _enough(table, given)
    told = [f"{row['looked_at']} {row['estimate']:.2f} ({counted(row['homes'], 'home')})"
            for row in table[enough].iloc[1:].to_dict("records")]  # fmt: skip
    few = [f"{row['looked_at']} ({counted(row['homes'], 'home')})" for row in table[~enough].to_dict("records")]
    said = f"Observed over expected is {given.ratio:.2f} ({counted(given.homes, 'home')})"
    said += f"; looked at otherwise: {'; '.join(told)}" if told else ""
    said += f"; not told, with fewer than half as many homes: {'; '.join(few)}" if few else ""
    if not given.speaks:
        return f"{said}. The answer claims no effect."
    if passed is None:
        return (
            f"{said}. Of these with half as many homes, none of the earlier days, or none of the later starts, tells "
            "the effect from chance by itself, so it is not shown that it does not matter when one looks."
        )
    if passed:
        return f"{said}: at least half of the effect is there wherever half of the homes are."
    return f"{said}: in some, more than half of the effect is gone. Say why these inspections are the right ones."
