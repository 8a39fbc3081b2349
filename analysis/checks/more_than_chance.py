"""Is the change more than chance gives among areas in which nothing was done, however many months one measures from?

One rule decides, named before any answer is seen (`analysis.areas.verdict`). Passing means that a change is announced
in some year; it says nothing of what brought it about.
"""

import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.verdict import RANKED, AreaVerdict
from analysis.months import PERIODS
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Is the change more than chance gives?"
OUTCOMES = (AreaMeasure,)


def more_than_chance(fitted: Fitted[Areas, Chosen]) -> Check:
    """Ask the one rule by every baseline."""
    found: Judged = fitted.judged
    verdict = found.verdict
    if verdict is None:
        reading = "No other area shows what chance gives, so the data cannot say."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(RANKED)), reading=reading)
    passed = bool(verdict.years) if verdict.enough else None
    return Check(
        name=NAME,
        passed=passed,
        table=verdict.ranked,
        reading=_reading(verdict, f"{PERIODS[fitted.observed.panel.length]}s"),
        number=_number(verdict),
    )


def _number(verdict: AreaVerdict) -> str:
    if not verdict.enough:
        return f"{verdict.areas} areas to compare with"
    if verdict.years:
        return f"in {_named(verdict.years)}"
    return f"in {_named(verdict.by_some)} by some measures only" if verdict.by_some else "in no year"


def _reading(verdict: AreaVerdict, periods: str) -> str:
    baselines = verdict.ranked["months_before"].nunique()
    if not verdict.enough:
        return (
            f"{verdict.areas} areas to compare with are too few to tell a change from chance; {verdict.needed} are "
            "needed."
        )
    told = f"Measured from {baselines} different numbers of {periods} before the start, against {verdict.areas} areas"
    if baselines == 1:
        told = f"Measured from the {periods} before the start, against {verdict.areas} areas"
    if verdict.years:
        years = _named(verdict.years)
        return f"{told}, a change stands in {years} since the start, whichever {periods} one measures from."
    if verdict.by_some:
        return f"{told}, a change in {_named(verdict.by_some)} stands by some and not by others: that is no answer."
    return f"{told}, no year since the start is more unusual than at most 1 in 20 such areas has by chance."


def _named(years: tuple[int, ...]) -> str:
    return f"{'year' if len(years) == 1 else 'years'} {', '.join(map(str, years))}"
