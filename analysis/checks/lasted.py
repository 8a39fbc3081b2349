"""Was what was seen in the first year still there later?

Size and course (`analysis.areas.persistence`). A concern is an announced change (`analysis.areas.verdict`) that went.
Where none is announced the course is told and nothing is said of it: areas as restless as councils move in one year and
back in the next by themselves, and in 44 of 100 worlds in which nothing was done such a move was said not to have
lasted.
"""

import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.persistence import BY_YEAR, Persistence
from analysis.areas.question import Chosen
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Did it last?"
OUTCOMES = (AreaMeasure,)


def lasted(fitted: Fitted[Areas, Chosen]) -> Check:
    """Say what became of the first year's change."""
    judged: Judged = fitted.judged
    years, found = judged.years, judged.persistence
    table = years.loc[~years["extends_trend"] & (years["year"] > 0), list(BY_YEAR)].reset_index(drop=True)
    if found is None:
        reading = "No method that compares with other areas has an answer, so the data cannot say."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(BY_YEAR)), reading=reading)
    announced = judged.verdict is not None and bool(judged.verdict.years)
    passed = _passed(found) if announced else None
    end = "" if announced or found.size == "none" else ALONE
    return Check(name=NAME, passed=passed, table=table, reading=f"{_reading(found)}{end}", number=_number(found))


ALONE = " No change is announced, so this may be how areas move by themselves."


def _number(found: Persistence) -> str:
    if found.size == "none" or not (found.gone_from or found.halved_from):
        return f"{found.first_year:.2f} in the first year"
    return f"gone from year {found.gone_from} on" if found.gone_from else f"halved from year {found.halved_from} on"


def _passed(found: Persistence) -> bool | None:
    if found.size == "none" or found.last_year == 1:
        return None
    return found.gone_from is None and found.halved_from is None


def _reading(found: Persistence) -> str:
    first = f"In the first year the middle of the methods that compare with other areas is {found.first_year:.2f}"
    if found.size == "none":
        return f"{first}: nothing to speak of, so nothing could last."
    if found.last_year == 1:
        return f"{first}; no later year is seen yet."
    if found.gone_from:
        return f"{first}; from year {found.gone_from} on little or nothing of it is left."
    if found.halved_from:
        return f"{first}; from year {found.halved_from} on less than half of it is left."
    return f"{first}, and it is still seen in year {found.last_year}."
