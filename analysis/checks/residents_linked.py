"""Do stays and admissions belong together?

Where many admissions are of people of whom no stay is known, or happen outside every stay, the pseudonyms of the two
files may differ or days of moving be wrong; admissions that are not found are missing from the answer. Where residents
of one side only are not found, the answer is wrong by as much.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES
from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.residents.counted import share_told
from analysis.residents.records import EMERGENCY
from analysis.results import Check, Fitted

NAME = "Do the two files belong together?"
OUTCOMES = (Residents,)
OUTSIDE = "of residents, after they first moved in, fall outside every stay that is known of them."
MANY = 0.1
"""Part of residents' emergency admissions after they first moved in that may fall outside their stays: a tenth of it on
one side alone moves a ratio by as much."""


def residents_linked(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Say what part of residents' admissions falls outside their stays."""
    records = fitted.observed
    went = records.admissions.loc[records.admissions["kind"] == EMERGENCY]
    first = records.stays.groupby("person")["moved_in"].min().reindex(went["person"]).to_numpy()
    after = went.loc[went["day"].to_numpy() >= first]
    if after.empty:
        return Check.cannot_say(NAME, ("part_outside",), "No emergency admission after moving in is known.")
    part = share_told(float(np.mean(after["stay"] < 0)), len(after))
    if np.isnan(part):
        few = HES.hidden_to + 1
        reading = f"Fewer than {few} emergency admissions {OUTSIDE}"
        passed = True if HES.hidden_to <= MANY * len(after) else None
        return Check(name=NAME, passed=passed, table=pd.DataFrame({"part_outside": [np.nan]}), reading=reading)
    table = pd.DataFrame({"part_outside": [round(part, 2)]})
    reading = f"{part:.0%} of the emergency admissions {OUTSIDE}"
    if part > MANY:
        reading += " Check the days of moving out, and whether stays are missing; such admissions are in no answer."
    return Check(name=NAME, passed=part <= MANY, table=table, reading=reading, number=f"{part:.0%} outside")
