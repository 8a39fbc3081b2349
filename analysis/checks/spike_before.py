"""Was the year before the start like the years before it, or a spike that falls back by itself?

An area that was chosen, or that acted, after a bad year falls back without help (`analysis.areas.year_before`).
"""

import numpy as np
import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.year_before import FALLS, YearBefore
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Was the year before the start a spike?"
OUTCOMES = (AreaMeasure,)


def spike_before(fitted: Fitted[Areas, Chosen]) -> Check:
    """Hold the year before the start against the years before it."""
    judged: Judged = fitted.judged
    found = judged.baseline
    if found is None:
        reading = "No whole year lies on either side of the start, so the data cannot say."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(FALLS)), reading=reading)
    passed = not found.is_spike if np.isfinite(found.spike) else None
    reading = " ".join([_spike(found), *_common(found, fitted.design.question.claimed)])
    return Check(name=NAME, passed=passed, table=found.falls, reading=reading)


def _spike(found: YearBefore) -> str:
    if not np.isfinite(found.spike):
        return "There is no earlier year to say whether the year before the start was like others."
    told = f"The year before the start was {found.spike:.2f} times the average of the years before it"
    others = f" (all areas together: {found.national_spike:.2f})" if np.isfinite(found.national_spike) else ""
    end = "part of a fall from it may be the way back" if found.is_spike else "a fall from it is no mere way back"
    return f"{told}{others}: {end}."


def _common(found: YearBefore, claimed: float | None):
    """Yield how common a fall as large as the one claimed was."""
    if claimed is None or found.falls.empty:
        return
    told = " and ".join(
        f"in {row['claimed_or_larger']:.0f} of {row['areas']:.0f} areas by year {row['year']}"
        for row in found.falls.to_dict("records")
    )
    yield f"A fall of {claimed:.0%} or more from the year before was seen {told}."
