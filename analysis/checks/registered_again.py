"""Does the answer hang on which homes are called closed, and which registered again?

Deactivated is not closed, and no file says of every home which it was. Everything is counted once more as if each home
that is registered again had closed. A concern is an answer that then lies on the other side of 1, or outside its own
interval.
"""

import numpy as np
import pandas as pd

from analysis.inspections import Inspections
from analysis.outcomes import Closures
from analysis.ratings.closures import Following
from analysis.ratings.closures.alike import beside
from analysis.ratings.closures.model import CountedClosures, count
from analysis.results import Check, Fitted, interval

NAME = "Does it matter which homes were only registered again?"
OUTCOMES = (Closures,)
COLUMNS = ("counted", "estimate", "conf_low", "conf_high")


def registered_again(fitted: Fitted[Inspections, Following]) -> Check:
    """Count homes registered again as closed."""
    following = fitted.design
    given = count(beside(fitted.observed, following))
    if not following.homes["again"].any():
        return Check.cannot_say(NAME, COLUMNS, "No home is known to go on under a number that is not loaded.")
    other = count(beside(fitted.observed, following, also_again=True))
    if given.why_none or other.why_none:
        return Check.cannot_say(NAME, COLUMNS, "Too few closures for a ratio, either way.")
    table = pd.DataFrame([row("left", given), row("left or registered again", other)], columns=list(COLUMNS))
    moved = not given.ratio.low <= other.ratio.estimate <= given.ratio.high
    turned = np.sign(np.log(max(other.ratio.estimate, 1e-9))) * np.sign(np.log(max(given.ratio.estimate, 1e-9))) < 0
    told = (
        f"Were every home that is registered again a closure, the ratio would be {said(other)} instead of {said(given)}"
    )
    passed = not (moved or (turned and (given.ratio.high < 1 or given.ratio.low > 1)))
    end = ": much the same answer." if passed else ": the answer hangs on telling the two apart."
    return Check(
        name=NAME, passed=passed, table=table, reading=f"{told}{end}", number=f"{other.ratio.estimate:.2f} then"
    )


def row(counted: str, found: CountedClosures) -> tuple:
    """Give a row of the table."""
    return counted, found.ratio.estimate, found.ratio.low, found.ratio.high


def said(found: CountedClosures) -> str:
    """Say a ratio with its interval."""
    return interval(found.ratio.estimate, found.ratio.low, found.ratio.high)
