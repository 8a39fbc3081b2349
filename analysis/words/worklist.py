"""What a worklist says, and what its rule would have done before."""

import numpy as np
import pandas as pd

from analysis.monitoring.rehearsal import FEWEST_FOLLOWED, Rehearsal
from analysis.months import month_said
from analysis.words.phrases import homes, proportion

CANNOT = (
    "A home on the list meets what was written down; it is not said to be a poor one. Homes that meet nothing may need "
    "help too: what is not in the data is in no criterion.",
    "What homes do after they are chosen does not show what support did. They were chosen for their numbers, so part "
    "of the change comes anyway: whether support helped is for the Admissions and Ratings pages, which read from the "
    "list of interventions how these homes were chosen, and leave out the months that chose them.",
    "The rehearsal takes months without any intervention. Homes that had one are not among them, and may differ.",
)
READ = (
    "“Because of” names the criteria that a home meets; “times its kind” is its admissions beside those expected of "
    "homes of its kind, – where too few are expected. The file to download has the criteria in full."
)
PROTECTED = "Admissions are counted in bands of 5, and count only where 8 or more are expected; no count is shown."


def headline(rows: pd.DataFrame, month: object, capacity: int) -> str:
    """Say how many qualify, and what is proposed."""
    n = rows["proposed"].value_counts()
    start, wait, end, on = (int(n.get(name, 0)) for name in ("start", "wait", "end", "go on"))
    end_of, places = f"At the end of {month_said(month)}", taken(on + end, capacity, end)
    if not start + wait:
        return f"{end_of}, no home qualifies that is not supported yet. {places}"
    qualifying = "1 home qualifies that is" if start + wait == 1 else f"{homes(start + wait)} qualify that are"
    waiting = f"{wait} {'waits' if wait == 1 else 'wait'} for a place" if wait else "none waits for a place"
    return f"{end_of}, {qualifying} not supported yet: {start} can begin now, {waiting}. {places}"


def taken(supported: int, capacity: int, ends: int) -> str:
    """Say how many places are taken, and how many come free."""
    if not supported:
        return f"None of {capacity} places is taken."
    over = f"; of {ends} of them the goals are reached or the time is over" if ends else ""
    return f"{supported} of {capacity} places {'is' if supported == 1 else 'are'} taken{over}."


def needless(found: Rehearsal, after: int) -> str:
    """Say how many would have reached the goals by themselves."""
    if not found.homes:
        return "In the past no home would have qualified, so it cannot be said how many would have needlessly."
    if found.followed < FEWEST_FOLLOWED:
        return (
            f"In the past {homes(found.homes)} would have qualified, of which only {found.followed} could be followed "
            f"for {after} months: too few to say how many needlessly."
        )
    count = round(found.needless * found.followed)
    share = proportion(count, found.followed, found.needless_low, found.needless_high)
    return (
        f"In the past {homes(found.homes)} would have qualified. Of the {found.followed} that could be followed, "
        f"{share} had reached the goals {after} months later although nothing was done: support would have been "
        "needless there, or would have been given the credit."
    )


def _lower(fall: float) -> str:
    return f"{abs(fall):.0%} {'lower' if fall >= 0 else 'higher'}"


def regression(found: Rehearsal, window: int, after: int) -> str:
    """Say what regression to the mean alone would have done."""
    if not np.isfinite(found.fall):
        return (
            "What regression to the mean would have done cannot be said: "
            f"{homes(found.chosen) if found.chosen else 'no home'} would have been chosen for many admissions, and "
            f"{FEWEST_FOLLOWED} are needed."
        )
    moved, low, high = map(_lower, (found.fall, *sorted((found.fall_low, found.fall_high))))
    return (
        f"{homes(found.chosen)} that would have been chosen for their admissions had {found.before:.2f} times those of "
        f"their kind in the {window} months that chose them, and {found.later:.2f} times in the {after} months after: "
        f"{moved} (95% interval: {low} to {high}), with nothing done. A fall of that size after "
        "support shows nothing."
    )
