"""Were homes that were about to close not taken in?

A home that has decided to close is not worth supporting, and nobody supports it: the first months then look good for
want of such homes. Half a year from each start is left out of both groups.
"""

import pandas as pd

from analysis.checks.registered_again import row, said
from analysis.inspections import Inspections
from analysis.outcomes import Closures
from analysis.ratings.closures import Following
from analysis.ratings.closures.alike import beside
from analysis.ratings.closures.model import count
from analysis.results import Check, Fitted

NAME = "Were homes that were about to close not taken in?"
OUTCOMES = (Closures,)
WAIT_DAYS = 183
"""Half a year: what a provider has to give notice of, and a council needs to move residents, is a matter of months."""
COLUMNS = ("counted", "estimate", "conf_low", "conf_high")


def about_to_close(fitted: Fitted[Inspections, Following]) -> Check:
    """Leave the first half year out."""
    given = count(beside(fitted.observed, fitted.design))
    later = beside(fitted.observed, fitted.design, wait_days=WAIT_DAYS)
    found = count(later)
    if given.why_none or found.why_none or not len(later.homes):
        return Check.cannot_say(NAME, COLUMNS, "Too few closures from half a year after the start for a ratio.")
    table = pd.DataFrame([row("from the start", given), row("from half a year on", found)], columns=list(COLUMNS))
    told = f"Without the first half year the ratio is {said(found)} instead of {said(given)}"
    lost = given.ratio.high < 1 < found.ratio.estimate
    passed = not lost and given.ratio.low <= found.ratio.estimate <= given.ratio.high
    end = (
        ": much the same." if passed else ": the first months carry the answer, as where doomed homes are not taken in."
    )
    return Check(
        name=NAME, passed=passed, table=table, reading=f"{told}{end}", number=f"{found.ratio.estimate:.2f} later"
    )
