"""Did supported homes leave the register more often, or less, than homes like them?

A home that leaves, or is closed, before it is rated again is in neither number. If badly run homes leave, those that
stay look better; where both groups lose alike that cancels. How soon homes left is compared by a log-rank test among
homes at the same rating on the same day, come to in the same way.
"""

from analysis.checks.inspected_otherwise import COLUMNS, examined
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Did supported homes leave more often than others?"
OUTCOMES = (Ratings,)
LEFT = "left"
"""How a rating ends where the home left the register, of its own will or not (`analysis.inspections.spells.ENDS`)."""


def left_the_register(fitted: Fitted[Inspections, Support]) -> Check:
    """Compare how often homes left before they were rated again."""
    found = examined(fitted, LEFT)
    if found is None:
        return Check.cannot_say(NAME, COLUMNS, "No supported home stood at a rating beside a home like it.")
    if not found.came:
        return Check.cannot_say(
            NAME, COLUMNS,
            "No home rated when support began, supported or like a supported one, is known to have left the register; "
            "CQC's file of deactivated locations would tell.",
        )  # fmt: skip
    told = found.told("left the register, or were closed, before they were rated again")
    if found.passed is None:
        return Check(name=NAME, passed=None, table=found.table, reading=f"{told}. That is too few to compare.")
    end = (
        "no more unevenly than chance gives" if found.passed
        else "more unevenly than chance gives. Homes that left are in neither number: ask why they did"
    )  # fmt: skip
    return Check(name=NAME, passed=found.passed, table=found.table, reading=f"{told}: {end}.", number=found.number)
