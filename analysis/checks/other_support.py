"""Did another intervention begin in the same homes before they were rated again?

What it did to their next rating is in the answer and cannot be told apart. Homes without the intervention are compared
only until another one began there.
"""

import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.outcomes import Ratings
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Did another intervention begin in the same homes?"
OUTCOMES = (Ratings,)
COLUMNS = ("group", "homes")
BEFORE, BETWEEN = "before they started", "after they started and before they were rated again"
OTHERS = "other homes, compared only until then"


def other_support(fitted: Fitted[Inspections, Support]) -> Check:
    """Count supported homes with another intervention, and other homes with one."""
    support = fitted.design
    if support.others.empty:
        reading = "No other intervention is recorded, or the protocol takes homes as if there had been none."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    other = support.others.reindex(support.started.index)
    again = _rated_again(fitted)
    before = int((other < support.started).sum())
    between = int(((other >= support.started) & ~(other > again)).sum())  # not rated again: any day
    alone = int((~support.others.index.isin(support.started.index)).sum())
    table = pd.DataFrame([(BEFORE, before), (BETWEEN, between), (OTHERS, alone)], columns=list(COLUMNS))
    touched, supported = before + between, len(support.started)
    if touched:
        reading = (
            f"{touched:,} of {supported:,} homes with the intervention had another one too ({before:,} {BEFORE}, "
            f"{between:,} {BETWEEN}): what it did to their ratings is in the answer."
        )
    else:
        reading = f"None of the {supported:,} homes with the intervention had another one before it was rated again."
    return Check(name=NAME, passed=not touched, table=table, reading=reading)


def _rated_again(fitted: Fitted[Inspections, Support]) -> pd.Series:
    """Day of each supported home's first rating after its start; missing where there was none."""
    support = fitted.design
    frame = spells_of(support.seen(fitted.observed), support.key_question).frame
    after = frame.loc[frame["start"] > frame["home"].map(support.started)]
    return after.groupby("home")["start"].min().reindex(support.started.index)
