"""Did planned admissions, which the support should not change, stay as they were elsewhere?

A negative control: what makes residents differ without the support would likely show there too.

Source: Lipsitch, Tchetgen Tchetgen and Cohen (2010), Epidemiology 21(3).
"""

import numpy as np

from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.results import Check, Fitted, interval

NAME = "Are planned admissions as elsewhere?"
OUTCOMES = (Residents,)
PLANNED = "planned_admissions"


def planned_as_ever(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Look at the ratio of planned admissions."""
    table = fitted.effects.diagnostic("residents")
    table = table.loc[table["outcome"] == PLANNED, ["outcome", "estimate", "conf_low", "conf_high"]]
    row = table.iloc[0]
    if fitted.design.outcome.count == PLANNED:
        return Check.cannot_say(NAME, table.columns, "They are what is asked about, so they cannot serve as a control.")
    if not np.isfinite([row["conf_low"], row["conf_high"]]).all():
        return Check.cannot_say(NAME, table.columns, "Too few planned admissions are known for them to tell anything.")
    span = interval(row["estimate"], row["conf_low"], row["conf_high"])
    told = f"The rate ratio of planned admissions, which nothing should have changed, is {span}"
    if row["conf_low"] <= 1 <= row["conf_high"]:
        reading = f"{told}: no sign that the residents differ otherwise."
        return Check(name=NAME, passed=True, table=table, reading=reading, number=span)
    reading = f"{told}: the residents, or the hospitals they go to, differ in more than the support."
    return Check(name=NAME, passed=False, table=table, reading=reading, number=span)
