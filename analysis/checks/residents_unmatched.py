"""For how many new residents of supported homes is there nobody like them?

The answer is about those who have somebody like them. Where many have not, it is about other people than those who
came.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES
from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.residents.counted import share_told
from analysis.results import NOT_SHOWN, Check, Fitted

NAME = "Is the answer about those who came?"
OUTCOMES = (Residents,)
LIKE = "of supported homes had somebody like them elsewhere who came in the same quarter."
MANY = 0.2
"""Part left out beyond which the published evaluations would say that it is about a part of the residents only."""


def residents_unmatched(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Say what part of new residents could not be matched."""
    cohort = fitted.design
    matched = int(cohort.residents["supported"].sum())
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, ["part_left_out"], f"It is not told: {why}.")
    lost = share_told(1 - matched / cohort.came[0], cohort.came[0])
    table = pd.DataFrame({"part_left_out": [round(lost, 2)]})
    if np.isnan(lost):
        few = HES.hidden_to + 1
        reading = f"All but fewer than {few} new residents {LIKE}"
        passed = True if HES.hidden_to <= MANY * cohort.came[0] else None
        return Check(name=NAME, passed=passed, table=table, reading=reading, number=f"fewer than {few} left out")
    told = "Every new resident" if lost == 0 else f"{1 - lost:.0%} of new residents"
    reading = f"{told} {LIKE}"
    if lost > MANY:
        reading += " The answer is about these and not about the others, who may gain more or less."
    return Check(name=NAME, passed=lost <= MANY, table=table, reading=reading, number=f"{lost:.0%} left out")
