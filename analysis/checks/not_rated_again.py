"""Are supported homes missing from the answer, because they left or were not rated again?

A home that leaves the register before its next inspection has no next rating; if badly run homes leave, those that stay
look better. The same happens among homes they are compared with, so only a large or uneven loss is a concern.
"""

import pandas as pd

from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.programme import AGAIN, CLOSED, LEFT
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Are supported homes missing from the answer?"
OUTCOMES = (Ratings,)
MOST = 0.8
"""Share of supported homes in the answer below which what is missing may outweigh what is seen: four in five."""


def not_rated_again(fitted: Fitted[Inspections, Support]) -> Check:
    """Count what became of supported homes."""
    became = fitted.effects.diagnostic("became")
    supported, used = len(fitted.design.started), int(fitted.effects.summary["n_treated"])  # type: ignore[call-overload]
    share = used / supported if supported else float("nan")
    counts = became.set_index("became")["homes"] if len(became) else pd.Series(dtype=int)
    left = int(counts.get(LEFT, 0) + counts.get(CLOSED, 0))
    told = f"{used:,} of {supported:,} supported homes ({share:.0%}) are in the answer{_why(counts, used)}"
    passed = share >= MOST and not left > (1 - MOST) * supported
    end = (
        "None of them is missing."
        if share >= 1
        else "Little is missing."
        if passed
        else "Ask what became of the others: they may be of one kind."
    )
    number = f"{used:,} of {supported:,} are in it"
    return Check(name=NAME, passed=bool(passed), table=became, reading=f"{told}. {end}", number=number)


def _why(counts: pd.Series, used: int) -> str:
    """Say what became of the others, where the model says it."""
    again = int(counts.get(AGAIN, 0))
    told = {str(name): int(homes) for name, homes in counts.items() if name != AGAIN and homes}
    told |= {"rated again, but with no home like them to compare with": again - used} if again > used else {}
    return f"; {', '.join(f'{homes:,} {name}' for name, homes in told.items())}" if told else ""
