"""Do the files hold the homes that left?

Files of active homes hold only those that stayed; CQC's list of deactivated locations holds the others. Where hardly
any home left in many home-years the list is missing, or holds another time or place.
"""

import pandas as pd

from analysis import disclosure
from analysis.inspections import Inspections
from analysis.outcomes import Closures
from analysis.ratings.closures import Following
from analysis.ratings.closures.followed import DAY, QUIET_DAYS
from analysis.results import Check, Fitted

NAME = "Do the files hold the homes that left?"
OUTCOMES = (Closures,)
LEAST_A_YEAR = 0.005
"""Of 15,000 to 17,000 homes 624 to 1,381 registrations ended a year, 4% to 8%, most of them no closures (E5 of the
published facts): less than half a per cent a year is not England."""
COLUMNS = ("left_a_year", "last_ended")


def leaving_known(fitted: Fitted[Inspections, Following]) -> Check:
    """Compare how often homes left with how often they do in England."""
    homes, until = fitted.design.homes, fitted.design.until
    years = float((homes["exit"].to_numpy(DAY) - homes["enter"].to_numpy(DAY)).astype(float).sum() / 365.25)
    left, ended = int(homes["left"].sum()), fitted.observed.homes["deregistered"].dropna()
    share = disclosure.nearest(left) / years  # a small number is not told by its share either
    last = ended.loc[ended <= until].max()
    table = pd.DataFrame([(round(share, 3), last)], columns=list(COLUMNS))
    told = f"About {share:.1%} of homes left the register a year, by these files"
    if left / years < LEAST_A_YEAR:
        reading = f"{told}: so few that the list of deactivated locations is missing, or holds few of these homes."
        return Check(name=NAME, passed=False, table=table, reading=reading, number=f"{share:.1%} a year")
    if until - last > pd.Timedelta(days=QUIET_DAYS):
        reading = f"{told}, but none since {last:%B %Y}: later closures may be missing from the files."
        return Check(name=NAME, passed=False, table=table, reading=reading, number=f"none since {last:%B %Y}")
    return Check(name=NAME, passed=True, table=table, reading=f"{told}, the last in {last:%B %Y}.",
                 number=f"{share:.1%} a year")  # fmt: skip
