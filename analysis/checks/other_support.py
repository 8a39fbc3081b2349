"""Did another intervention begin in the same homes before they were rated again?

What it did to their next rating is in the answer, unless the protocol asks for an answer net of it. What becomes of
homes without the intervention in which another one began, the protocol says (`analysis.ratings.other_interventions`).
"""

from collections.abc import Mapping

import pandas as pd

from analysis.design import Others
from analysis.inspections import Inspections, spells_of
from analysis.outcomes import Ratings
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Did another intervention begin in the same homes?"
OUTCOMES = (Ratings,)
COLUMNS = ("group", "homes")
BEFORE, BETWEEN = "before they started", "after they started and before they were rated again"
OTHERS: Mapping[Others, str] = {
    "leave out": "other homes, compared only until then",
    "keep": "other homes, compared as if nothing had been done there",
    "estimate": "other homes, from which its own effect is told",
}
IN_IT: Mapping[Others, str] = {
    "leave out": "what it did to their ratings is in the answer.",
    "keep": "what it did to their ratings is in the answer.",
    "estimate": "the answer is net of it as far as homes with only the other show what that does.",
}


def other_support(fitted: Fitted[Inspections, Support]) -> Check:
    """Count supported homes with another intervention, and other homes with one."""
    support = fitted.design
    if support.others.empty:
        reading = "No other intervention is recorded, so the data cannot say whether one began in the same homes."
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    other = support.others.reindex(support.started.index)
    again = _rated_again(fitted)
    before = int((other < support.started).sum())
    between = int(((other >= support.started) & ~(other > again)).sum())  # not rated again: any day
    alone = int((~support.others.index.isin(support.started.index)).sum())
    table = pd.DataFrame(
        [(BEFORE, before), (BETWEEN, between), (OTHERS[support.other_interventions], alone)], columns=list(COLUMNS)
    )
    touched, supported = before + between, len(support.started)
    if touched:
        reading = (
            f"{touched:,} of {supported:,} homes with the intervention had another one too ({before:,} {BEFORE}, "
            f"{between:,} {BETWEEN}): {IN_IT[support.other_interventions]}"
        )
    else:
        reading = f"None of the {supported:,} homes with the intervention had another one before it was rated again."
    return Check(name=NAME, passed=not touched, table=table, reading=reading, number=f"{touched:,} of {supported:,}")


def _rated_again(fitted: Fitted[Inspections, Support]) -> pd.Series:
    """Day of each supported home's first rating after its start; missing where there was none."""
    support = fitted.design
    frame = spells_of(support.seen(fitted.observed), support.key_question).frame
    after = frame.loc[frame["start"] > frame["home"].map(support.started)]
    return after.groupby("home")["start"].min().reindex(support.started.index)
