"""Did as many die on both sides?

Whoever dies can no longer go to hospital. Where more die on one side, a lower share gone to hospital may be theirs who
did not live to go; the rate per resident-day is then of other survivors, too.
"""

import numpy as np

from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.residents.counted import DIED
from analysis.results import Check, Fitted, interval

NAME = "Did as many die?"
OUTCOMES = (Residents,)


def residents_died_alike(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Compare the shares who died by the horizon."""
    table = fitted.effects.diagnostic("ends")
    row = table.loc[table["end"] == DIED].iloc[0]
    if not np.isfinite([row["conf_low"], row["conf_high"]]).all():
        return Check.cannot_say(NAME, table.columns, "Too few people died on one side for it to be told.")
    span = interval(*(100 * row[name] for name in ("estimate", "conf_low", "conf_high")), digits=1, none=0.0)
    days = fitted.design.outcome.horizon
    told = (
        f"{row['supported']:.0%} of the residents of supported homes had died by day {days}, {row['others']:.0%} of "
        f"those like them: a difference of {span} percentage points"
    )
    if row["conf_low"] <= 0 <= row["conf_high"]:
        return Check(name=NAME, passed=True, table=table, reading=f"{told}, which chance can give.")
    reading = (
        f"{told}. Read the shares with death beside those of going to hospital, and ask whether the residents were as "
        "ill when they came."
    )
    return Check(name=NAME, passed=False, table=table, reading=reading, number=f"{span} points")
