"""Does the answer about an area depend on how many months before the start it is measured by?

The months before the start can make an area seem to rise or to fall. The one method that decides is asked by every
number of them that could be defended (`analysis.areas.verdict`). A concern is an area of which no year's change stands
by all of them and one does by some; where a change stands by all, years of which that is not so are named; where none
stands by any, the range is told.
"""

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.verdict import AreaVerdict
from analysis.months import PERIODS
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted

NAME = "Does the answer depend on the months before the start?"
OUTCOMES = (AreaMeasure,)
COLUMNS = ("months_before", "year", "estimate", "conf_low", "conf_high")


def other_months_before(fitted: Fitted[Areas, Chosen]) -> Check:
    """Set the rate ratios by every number of months side by side."""
    found: Judged = fitted.judged
    verdict = found.verdict
    if verdict is None or not verdict.enough:
        return Check.cannot_say(NAME, COLUMNS, "Too few other areas show what chance gives, so the data cannot say.")
    table = verdict.ranked[list(COLUMNS)].reset_index(drop=True)
    numbers, periods = sorted(set(table["months_before"])), f"{PERIODS[fitted.observed.panel.length]}s"
    if len(numbers) < 2:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            f"Only {numbers[0]:,} {periods} lie before the start: there is no other number to measure by.",
        )
    year = (verdict.years or verdict.by_some or (int(table["year"].min()),))[0]
    part = table.loc[table["year"] == year]
    passed = True if verdict.years else False if verdict.by_some else None
    low, high = part["estimate"].min(), part["estimate"].max()
    listed = ", ".join(str(number) for number in numbers[:-1]) + f" and {numbers[-1]}"
    said = (
        f"Measured from {listed} {periods} before the start, the rate ratio of year {year} is {low:.2f} to {high:.2f}"
    )
    return Check(
        name=NAME,
        passed=passed,
        table=table,
        reading=f"{said}{_end(passed, periods)}{_others(verdict)}",
        number=f"{low:.2f} to {high:.2f}",
    )


def _others(verdict: AreaVerdict) -> str:
    """Name the years of which no change is announced, beside one that is, because it stands by some only."""
    if not (verdict.years and verdict.by_some):
        return ""
    years = f"{'year' if len(verdict.by_some) == 1 else 'years'} {', '.join(map(str, verdict.by_some))}"
    return f" In {years} a change stands by some and not by others, and none is announced."


def _end(passed: bool | None, periods: str) -> str:
    if passed is None:
        return ". By none of them is it more than chance gives."
    if passed:
        return ", and the change stands by each of them."
    return (
        f": a change stands by some and not by others. Say which {periods} are right, and why, before the answer is "
        "seen."
    )
