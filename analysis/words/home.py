"""What is said of one home: a paragraph that is fair to it, and how to read each picture."""

import numpy as np
import pandas as pd

from analysis.missing import Missing
from analysis.monitoring import Charted
from analysis.monitoring.home import FEWEST_IN_A_PERIOD
from analysis.monitoring.staffing import span_said
from analysis.months import day_said, month_said
from analysis.words.monitoring import MEANS, signals
from analysis.words.phrases import called, homes, listed

LOW = ("Inadequate", "Requires improvement")
OLD_YEARS = 3.0
"""A rating older than this is said to be old: in January 2024 the latest report on a Good home in England was 3 years
and 3 months old on average, on any home 2 years and 10 months (domain notes; Care Quality Commission data)."""
CANNOT = (
    "How frail its residents are is not in these numbers: a home that takes people in whom others refuse has more "
    "admissions, and nothing here tells that from care that could be better.",
    "A rating says what inspectors found on the day of their visit. An old one is not a good or a bad one; it is old.",
    "A home that stands apart is a home to ask, not to blame; one that does not stand apart may still need help.",
    "Peers are alike in kind and size, and in nothing else that is known here.",
)
PROTECTED = (
    "Months of one home are nearly always counts from 1 to 7, which may not be shown. So admissions are shown as rates "
    f"over periods in which {FEWEST_IN_A_PERIOD} or more are expected, from counts in bands of 5, and never as counts."
)


def paragraph(name: str, sentences: list[str]) -> str:
    """Join what is known of a home; say so where it is nothing."""
    return " ".join(filter(None, sentences)) or f"Nothing but its name is known of {name}."


def who(name: str, home_type: object, beds: float, area: object) -> str:
    """Say what home it is."""
    if not home_type and not area and not np.isfinite(beds):
        return f"Of {name} neither kind nor beds nor council is known."
    kind = f"a {home_type} home" if home_type else "a home"
    size = f" with {beds:.0f} beds" if np.isfinite(beds) else ""
    place = f" in {area}" if area else ""
    return f"{name} is {kind}{size}{place}."


def rated(ratings: pd.DataFrame, questions: pd.DataFrame, until: pd.Timestamp) -> str:
    """Say how it was last rated, when, and on which key questions lower."""
    given = ratings.dropna(subset=["rating"])
    if given.empty:
        return "These data hold no rating of it."
    last = given.iloc[-1]
    day = last["visited"] if pd.notna(last["visited"]) else last["published"]
    basis = "after a visit on" if pd.notna(last["visited"]) else "in a report of"
    years = (until - day).days / 365.25
    age = f", {_years(years)} before these data end" + ("; that is old" if years > OLD_YEARS else "")
    inherited = " It was given to an earlier registration of the home." if last["inherited"] else ""
    of = questions[questions["key_question"].astype(str) != "Overall"]
    low = [str(row["key_question"]) for row in of.to_dict("records") if row["rating"] in LOW]
    also = f" {listed(low)} {'was' if len(low) == 1 else 'were'} rated below Good." if low else (
        " No key question was rated below Good." if len(of) else ""
    )  # fmt: skip
    since = ratings.iloc[-1]
    later = f" It was inspected again in {month_said(since['published'])} without a new rating." if pd.isna(
        since["rating"]) else ""  # fmt: skip
    return f"It was last rated {last['rating']} {basis} {day_said(day)}{age}.{also}{inherited}{later}"


def _years(years: float) -> str:
    months = round(12 * years)
    return f"{months} month{'' if months == 1 else 's'}" if months < 24 else f"{years:.1f} years"


def left(leaving: object, deregistered: object) -> str:
    """Say that it is registered no more."""
    if leaving not in ("left", "registered again"):
        return ""
    on = f" on {day_said(deregistered)}" if pd.notna(deregistered) else ""
    return f"Its registration ended{on}" + (", and it goes on under another." if leaving == "registered again" else ".")


APART = {-1: "fewer than these limits explain", 0: "within these limits, so it does not stand apart",
         1: "more than these limits explain, which is a reason to ask and not a verdict"}  # fmt: skip


def stands(row: pd.Series | Missing, first: object, last: object) -> str:
    """Say where it stands among homes of its kind."""
    if isinstance(row, Missing):
        return f"Whether its admissions stand apart cannot be said: {row.reason}."
    return (
        f"From {month_said(first)} to {month_said(last)} it had {row['ratio']:.2f} times as many emergency admissions "
        f"as expected of {row['kind']} homes with as many bed-days; homes like it lie between {row['lower']:.2f} and "
        f"{row['upper']:.2f} by chance and by the usual differences between homes. That is {APART[row['where']]}."
    )


def over_time(found: Charted | Missing) -> str:
    """Say what its last period is."""
    if isinstance(found, Missing):
        return f"Its own course over time cannot be charted: {found.reason}."
    last = found.series.periods[-1]
    return f"In its own course, the period from {month_said(last)} is {MEANS[found.variation]}."


def filled(peers: pd.DataFrame) -> str:
    """Say how full it is, beside its peers."""
    rows = peers[peers["measure"].str.startswith("Beds filled")] if len(peers) else peers
    if not len(rows) or not np.isfinite(rows.iloc[0]["here"]):
        return ""
    row = rows.iloc[0]
    return f"{row['here']:.0f}% of its beds were filled in the last 12 months; the middle of its peers is " \
           f"{row['middle']:.0f}%."  # fmt: skip


STAFFING = (
    "Vacancies and leavers of one home are nearly always counts from 1 to 7, which may not be shown: each share is "
    "given as the span in which it lies. Staff who are counted say nothing of how many are needed, of agency staff, or "
    "of who is on duty at night."
)


def staffed(rows: pd.DataFrame) -> str:
    """Say how it was staffed when it was last counted."""
    if rows.empty:
        return ""
    last = rows.iloc[-1]
    parts = [
        f"{_share(last['vacant_low'], last['vacant_high'])} of its posts were vacant"
        if last["vacant_low"] >= 0 else "",
        f"{_share(last['left_low'], last['left_high'])} of its staff had left within 12 months"
        if last["left_low"] >= 0 else "",
    ]  # fmt: skip
    said = " and ".join(filter(None, parts)) or "neither vacancies nor leavers were told"
    return f"On {day_said(last['counted'])} it had about {last['filled']} posts filled; {said}."


def _share(low: float, high: float) -> str:
    said = span_said(low, high)
    return said if said == "none" else f"from {said}"


def done(spells: pd.DataFrame) -> str:
    """Say what was done in it, and how it was chosen."""
    said = []
    for row in spells.to_dict("records"):
        until = f" to {month_said(row['ended'])}" if pd.notna(row["ended"]) else ""
        since = f"from {month_said(row['started'])}{until}" if pd.notna(row["started"]) else "from a day not known"
        picked = ""
        if pd.notna(row["chosen_from"]):
            picked = (
                f", chosen by its own numbers up to {month_said(row['chosen_to'])}: part of what came after would have "
                "come without help"
            )
        said.append(f"It had the {called(str(row['intervention']))} {since}{picked}.")
    return " ".join(said)


def beside(peers: int, same_size: bool, kind: object) -> str:
    """Say who its peers are."""
    size = "with up to half as many beds more or fewer" if same_size else "of any size, as too few are of its size"
    return (
        f"Its peers are {homes(peers)} of its kind ({kind}) {size}. The middle half of them lies between the "
        "quartiles; half of all homes lie outside of that, and it is no target."
    )


def fullness(special: int, of: int, alike: bool, points: int) -> str:
    """Say how to read the chart of beds filled."""
    first = "How full a home is, is neither good nor bad by itself."
    if not alike:
        return f"{first} {signals(special, of, points)}"
    return (
        f"{first} {special} of {of} months lie outside the limits. A month resembles the month before, so limits are "
        "widened for that, and rows and trends, which then come by themselves, are not counted."
    )


def question(found: Charted | Missing) -> str:
    """Say how to read the chart of admissions, or why there is none."""
    if isinstance(found, Missing):
        return f"There is no chart: {found.reason}. {PROTECTED}"
    return f"{found.why} {PROTECTED}"
