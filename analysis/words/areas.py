"""What do all methods together say of one area?

Made by rules from the numbers: how far the first year stands from what was expected, by every method; where that
stands among areas in which nothing was done; what is left of it later; and whether the year it is measured from was
like the years before. Where methods part, it is said which part, and what they suppose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.words.phrases import change, change_range

ORDINAL = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSubject:
    """What is asked, in words.

    Parameters
    ----------
    name : str
        The area.
    outcome : str
        Such as "delayed days due to social care".
    start : str
        Such as "April 2017".
    """

    name: str
    outcome: str
    start: str


def outcome_of(measure: str) -> str:
    """Name a measure in a sentence: "delayed days, social care" is "delayed days due to social care"."""
    what, _, cause = measure.partition(", ")
    due = {"NHS": "due to the NHS", "social care": "due to social care", "both": "due to both"}
    return f"{what} {due[cause]}" if cause in due else what if cause == "total" else measure


def nth_year(year: int) -> str:
    """Name a year since the start: "first year"."""
    return f"{ORDINAL[year]} year" if year < len(ORDINAL) else f"year {year}"


def headline(course: Any, baseline: Any, subject: AreaSubject) -> str:
    """Say the verdict in one sentence.

    Parameters
    ----------
    course : persistence.Course or None
    baseline : year_before.YearBefore or None
    """
    if course is None:
        return f"No other area can show what would have become of {subject.outcome} in {subject.name}."
    spike = ", measured from a year that was itself a spike" if baseline is not None and baseline.is_spike else ""
    if course.size == "none":
        return f"Little or no change in {subject.outcome} in {subject.name} beyond what was to be expected{spike}."
    way = "fall" if course.first_year < 1 else "rise"
    return (
        f"A {course.size} relative {way} in {subject.outcome} in {subject.name} in the first year"
        f"{_lasting(course)}{spike}."
    )


def _lasting(course: Any) -> str:
    if course.gone_from is not None:
        return f", gone by the {_nth_alone(course.gone_from)}"
    if course.halved_from is not None:
        return f", less than half of it left by the {_nth_alone(course.halved_from)}"
    if course.last_year == 1:
        return "; whether it lasts cannot be seen yet"
    doubt = "" if course.last_is_clear else ", where chance could give as much"
    return f", still to be seen in the {_nth_alone(course.last_year)}{doubt}"


def _nth_alone(year: int) -> str:
    return nth_year(year).removesuffix(" year")


def paragraph(years: pd.DataFrame, course: Any, baseline: Any, subject: AreaSubject) -> str:
    """Tell what the methods say together, in plain words.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`: every method's estimate by year.
    course, baseline
        As in `headline`.
    """
    told = [first_year(years, subject), unusual(years)]
    if course is not None and course.last_year > 1:
        told.append(later(years, course.gone_from or course.last_year))
    if baseline is not None:
        told += [before(baseline, subject), predicted(baseline, subject)]
    return " ".join(sentence for sentence in told if sentence)


def first_year(years: pd.DataFrame, subject: AreaSubject) -> str:
    """Say what every method makes of the first year."""
    rows = years.loc[years["year"] == 1]
    ratio = rows["estimate"].to_numpy(float)
    below, n = int((ratio < 1).sum()), len(ratio)
    whose = f"{subject.outcome} in {subject.name}"
    if below in (0, n):
        side = "below" if below else "above"
        return (
            f"In the year from {subject.start}, all {n} methods put {whose} {side} what was to be expected: "
            f"{change_range(ratio.min(), ratio.max())}."
        )
    return (
        f"In the year from {subject.start}, {below} of {n} methods put {whose} below what was to be expected and "
        f"{n - below} above: {change_range(ratio.min(), ratio.max())}."
    )


def unusual(years: pd.DataFrame) -> str:
    """Say where the first year stands among the areas in which nothing was done."""
    rows = years.loc[(years["year"] == 1) & years["p_value"].notna()]
    if rows.empty or not rows["areas"].max():
        return "No other area says how often chance alone gives as much."
    areas, low, high = int(rows["areas"].max()), rows["rank"].min(), rows["rank"].max()
    place = _nth(int(low)) if low == high else f"between {_nth(int(low))} and {_nth(int(high))}, by method,"
    return (
        f"The same sum done for {areas} areas in which nothing was done puts this {place} among {areas + 1} by how "
        f"unusual it is, once each area's ordinary swings are allowed for."
    )


def later(years: pd.DataFrame, year: int) -> str:
    """Say what is left in a later year, by the methods that compare and by those that extend a trend."""
    rows = years.loc[years["year"] == year]
    comparing, extending = rows.loc[~rows["extends_trend"]], rows.loc[rows["extends_trend"]]
    told = []
    if len(comparing):
        told.append(
            f"In the {nth_year(year)} the methods that compare with other areas say "
            f"{change_range(comparing['estimate'].min(), comparing['estimate'].max())} than was to be expected."
        )
    if len(extending):
        told.append(_extended(extending, comparing))
    return " ".join(told)


def _extended(extending: pd.DataFrame, comparing: pd.DataFrame) -> str:
    said = change_range(extending["estimate"].min(), extending["estimate"].max())
    alarms, areas = extending["false_alarms"], int(extending["areas"].max())
    same = len(comparing) and _overlap(extending["estimate"], comparing["estimate"])
    fooled = ""
    if areas and alarms.notna().any():
        fooled = (
            f"; by their own intervals they find an effect in {_count(int(alarms.min()), int(alarms.max()))} of the "
            f"{areas} areas in which nothing was done"
        )
    but = "agree" if same else "differ"
    return (
        f"The time series, which suppose that the area's own course before the start would have gone on, {but}: "
        f"{said}{fooled}. What they say of later years is worth little more than that supposition."
    )


def _overlap(one: pd.Series, other: pd.Series) -> bool:
    return bool(one.min() <= other.max() and other.min() <= one.max())


def _count(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def before(baseline: Any, subject: AreaSubject) -> str:
    """Say whether the year before the start was like the years before it."""
    if not np.isfinite(baseline.spike):
        return "There is no earlier year to say whether the year before the start was like others."
    verdict = "was a spike" if baseline.is_spike else "was no spike"
    national = (
        f" (all areas together: {level(baseline.national_spike)})" if np.isfinite(baseline.national_spike) else ""
    )
    return f"The year before the start {verdict}: {level(baseline.spike)} the average of the years before it{national}."


def level(ratio: float) -> str:
    """Tell how far a value stands from another: "56% above"."""
    if ratio >= 2:
        return f"{ratio:.1f} times"
    return f"{abs(ratio - 1):.0%} {'above' if ratio >= 1 else 'below'}"


def predicted(baseline: Any, subject: AreaSubject) -> str:
    """Say how much of the fall the rise before it and the common course predict, in the last whole year."""
    if baseline.falls.empty:
        return ""
    fall = baseline.falls.iloc[-1]
    told = (
        f"From that year to the {nth_year(int(fall['year']))} after the start {subject.outcome} changed by "
        f"{percent(fall['change'])} ({_nth(int(fall['rank']))} largest fall of {int(fall['areas'])}); in all areas "
        f"together by {percent(fall['national_change'])}."
    )
    if not np.isfinite(fall["predicted"]):
        return told
    return (
        f"{told} Its rise before the start and the common course alone predict {percent(fall['predicted'])} (95 of 100 "
        f"such areas: {percent(fall['predicted_low'])} to {percent(fall['predicted_high'])})."
    )


def percent(share: float) -> str:
    """Write a change: "−26%", "+18%"."""
    return f"{share:+.0%}".replace("-", "−")


def _nth(n: int) -> str:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{suffix}"


def common(falls: pd.DataFrame, claimed: float | None) -> str:
    """Say how common a fall as large as the claimed one was."""
    if claimed is None or falls.empty:
        return ""
    rows = falls.to_dict("records")
    told = " and ".join(
        f"in {int(row['claimed_or_larger'])} of {int(row['areas'])} areas by the {nth_year(row['year'])}"
        for row in rows
    )
    return f"A fall of {claimed:.0%} or more from the year before was seen {told}."


def misleading(methods: Sequence[str]) -> str:
    """Name the methods whose own interval is too narrow."""
    if not methods:
        return ""
    return (
        f"Too narrow to be believed: the own intervals of {'; '.join(methods)}. In simulations in which nothing was "
        "done they left out “no difference” more than twice as often as the 5% they promise."
    )


def cannot_tell(subject: AreaSubject) -> list[str]:
    """List what the answer leaves open."""
    return [
        f"Whether something else that began in {subject.name} around {subject.start} changed {subject.outcome}.",
        "Whether other areas changed how they counted: returns are made by hospitals and councils, and definitions of "
        "delayed transfers were refreshed in 2018.",
        "Whether people were better off: fewer delays can also mean more people sent home too soon.",
        "Whether it would do the same elsewhere: this is one area.",
    ]


def change_told(ratio: float) -> str:
    """Tell a rate ratio in few words for a chart."""
    return change(ratio) if np.isfinite(ratio) else "no estimate"
