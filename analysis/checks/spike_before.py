"""Was the year before the start like the years before it, or a spike that falls back by itself?

An area that was chosen, or that acted, after a bad year falls back without help (`analysis.areas.year_before`). Held
against other areas it falls back by what it stood above *them*: where all areas rose as far, they fall back with it,
and the answer allows for that. Of 150 councils in April 2017, 97 stood a fifth above their own earlier years, for so
did England (1.48 times). A concern is therefore a rise of a fifth beyond that of all areas together that few areas had
(15 councils); a rise that many had is left to the reader (27).
"""

import numpy as np
import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.year_before import FALLS, SPIKE, SpikeBefore, YearBefore
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Was the year before the start a spike?"
OUTCOMES = (AreaMeasure,)
FEW = 0.1
"""Part of all areas that rose as far: where it is more, the rise is one that areas have by themselves every year."""


def spike_before(fitted: Fitted[Areas, Chosen]) -> Check:
    """Hold the year before the start against the years before it."""
    judged: Judged = fitted.judged
    found = judged.baseline
    if found is None:
        reading = "No whole year lies on either side of the start, so the data cannot say."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(FALLS)), reading=reading)
    reading = " ".join([spike_said(found), *_common(found, fitted.design.question.claimed)])
    return Check(name=NAME, passed=spike_concern(found), table=found.falls, reading=reading, number=_number(found))


def spike_concern(found: SpikeBefore) -> bool | None:
    """Say False where it stood a spike above what all areas did and few did, None where many did, True where not."""
    if not np.isfinite(found.spike):
        return None
    if found.spike / _all_areas(found) < SPIKE:
        return True
    return False if found.spike_rank <= FEW * found.spike_areas else None


def _all_areas(found: SpikeBefore) -> float:
    """Give how far all areas together stood above their earlier years; 1 where that is not known."""
    return found.national_spike if np.isfinite(found.national_spike) else 1.0


def _number(found: SpikeBefore) -> str:
    if not np.isfinite(found.spike):
        return ""
    others = f", all areas {found.national_spike:.2f}" if np.isfinite(found.national_spike) else ""
    return f"{found.spike:.2f} times the years before{others}"


def spike_said(found: SpikeBefore) -> str:
    """Say how the year before the start stood, and what that means for a fall from it."""
    passed = spike_concern(found)
    if not np.isfinite(found.spike):
        return "There is no earlier year to say whether the year before the start was like others."
    told = f"The year before the start was {found.spike:.2f} times the average of the years before it"
    others = f" (all areas together: {found.national_spike:.2f})" if np.isfinite(found.national_spike) else ""
    return f"{told}{others}{_end(found, passed)}."


def _end(found: SpikeBefore, passed: bool | None) -> str:
    if passed and max(found.spike, _all_areas(found)) < SPIKE:
        return ": a fall from it is no mere way back"
    if passed:
        return ": it stood no fifth further above than others, which fall back with it and are allowed for"
    rank = f"as far as it, or further, in {found.spike_rank:,} of {found.spike_areas:,} areas"
    if passed is None:
        return f", {rank}: many areas rise so by themselves, and part of a fall from it may be the way back"
    return f", {rank}: part of a fall from it may be the way back"


def _common(found: YearBefore, claimed: float | None):
    """Yield how common a fall as large as the one claimed was."""
    if claimed is None or found.falls.empty:
        return
    told = " and ".join(
        f"in {row['claimed_or_larger']:.0f} of {row['areas']:.0f} areas by year {row['year']}"
        for row in found.falls.to_dict("records")
    )
    yield f"A fall of {claimed:.0%} or more from the year before was seen {told}."
