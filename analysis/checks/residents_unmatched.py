"""For how many new residents of supported homes is there nobody like them?

The answer is about those who have somebody like them. Where many have not, it is about other people than those who
came.
"""

import pandas as pd

from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.results import Check, Fitted

NAME = "Is the answer about those who came?"
OUTCOMES = (Residents,)
MANY = 0.2
"""Part left out beyond which the published evaluations would say that it is about a part of the residents only."""


def residents_unmatched(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Say what part of new residents could not be matched."""
    cohort = fitted.design
    matched = int(cohort.residents["supported"].sum())
    lost = 1 - matched / cohort.came[0]
    table = pd.DataFrame({"part_left_out": [round(lost, 2)]})
    told = "Nearly every new resident" if lost < 0.01 else f"{1 - lost:.0%} of new residents"
    reading = f"{told} of supported homes had somebody like them elsewhere who came in the same quarter."
    if lost > MANY:
        reading += " The answer is about these and not about the others, who may gain more or less."
    return Check(name=NAME, passed=lost <= MANY, table=table, reading=reading, number=f"{lost:.0%} left out")
