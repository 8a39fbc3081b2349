"""What may be said of one area, and what was seen?

Chance is asked first: one rule (`areas.verdict`) decides whether a change is announced. What was seen, how large it was
and what became of it, where it stands among areas in which nothing was done, and whether the year it is measured from
was like the years before, is told after, in three sentences; the numbers stand in a table under them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.areas.judged import Judged
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


def headline(verdict: Any, subject: AreaSubject, baseline: Any = None, in_time: pd.DataFrame | None = None) -> str:
    """Announce a change, or say that none can be told from chance.

    Parameters
    ----------
    verdict : verdict.AreaVerdict or None
    subject : AreaSubject
    baseline : year_before.YearBefore, optional
    in_time : DataFrame, optional
        The placebo in time.
    """
    if verdict is None:
        return f"No other area can show what would have become of {subject.outcome} in {subject.name}."
    if not verdict.enough:
        return (
            f"Whether {subject.outcome} in {subject.name} changed from {subject.start} on cannot be told: "
            f"{verdict.areas} areas to compare with are too few, and {verdict.needed} are needed."
        )
    if not verdict.years:
        return _not_told(verdict, subject)
    told = [_announced(verdict, subject), *_other_years(verdict), _but(verdict, baseline, in_time)]
    return " ".join(sentence for sentence in told if sentence)


def _not_told(verdict: Any, subject: AreaSubject) -> str:
    hangs = (
        " Measured from some months before the start it would stand out, from others not: an answer that hangs on the "
        "baseline is none."
    )
    return (
        f"Whether {subject.outcome} in {subject.name} changed from {subject.start} on cannot be told from what happens "
        f"among areas where nothing was done.{hangs if verdict.by_some else ''}"
    )


def _announced(verdict: Any, subject: AreaSubject) -> str:
    year = verdict.years[0]
    row = verdict.asked.loc[year]
    way = "fell" if row["estimate"] < 1 else "rose"
    return (
        f"{subject.outcome[:1].upper()}{subject.outcome[1:]} in {subject.name} {way} in the {nth_year(year)} by more "
        f"than chance gives among areas where nothing was done: {_with_interval(row)} than was to be expected."
    )


def _with_interval(row: Any) -> str:
    """Tell a rate ratio with its interval: "42% fewer (95% interval 18% to 59% fewer)"."""
    return f"{change(row['estimate'])} (95% interval {change_range(row['conf_low'], row['conf_high'])})"


def _other_years(verdict: Any) -> list[str]:
    """Say of every other year whether a change stands in it."""
    told = [
        f"In the {nth_year(year)}: {_with_interval(verdict.asked.loc[year])} than was to be expected."
        for year in verdict.years[1:]
    ]
    silent = [year for year in verdict.asked.index if year not in verdict.years]
    if silent:
        named = " and the ".join(_nth_alone(year) for year in silent)
        told.append(f"In the {named} year no change can be told from chance.")
    return told


def _but(verdict: Any, baseline: Any, in_time: pd.DataFrame | None) -> str:
    """Name the doubts that must reach whoever reads one sentence only."""
    fell, early = verdict.asked.loc[verdict.years[0], "estimate"] < 1, _failed(in_time)
    doubts = ["the year before the start was itself a spike"] * bool(
        fell and baseline is not None and baseline.is_spike
    )
    why = "part of the change may be the way back"
    if early is not None:
        doubts.append(
            f"asked a year early, when nothing had been done, the same sum already finds {_with_interval(early)}"
        )
        why = "it was on its way already" if (early["estimate"] < 1) == fell else why
    return f"But {', and '.join(doubts)}: {why}." if doubts else ""


def _failed(in_time: pd.DataFrame | None) -> Any:
    """Give the row of a placebo in time whose interval leaves out "no difference"; None where there is none."""
    if in_time is None or not len(in_time):
        return None
    row = in_time.iloc[0]
    return row if row["conf_low"] > 1 or row["conf_high"] < 1 else None


def _nth_alone(year: int) -> str:
    return nth_year(year).removesuffix(" year")


def sentences(found: Judged, subject: AreaSubject) -> list[str]:
    """Tell in three sentences what was seen, what chance gives, and what the answer is measured from.

    Parameters
    ----------
    found : Judged
    subject : AreaSubject
    """
    years = found.years
    told = [
        seen(years, found.persistence, found.baseline, subject),
        unusual(years, stands=found.verdict is not None and 1 in found.verdict.years),
        doubts(found.baseline, found.in_time.iloc[:0] if _told_above(found) else found.in_time),
    ]
    return [sentence for sentence in told if sentence]


def _told_above(found: Judged) -> bool:
    """Whether the headline has told already that the same question asked a year early finds something."""
    verdict = found.verdict
    return verdict is not None and verdict.enough and bool(verdict.years) and _failed(found.in_time) is not None


def seen(years: pd.DataFrame, persistence: Any, baseline: Any, subject: AreaSubject) -> str:
    """Say how large a change was measured in the first year, by every method, and what was left of it later.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`: every method's estimate by year.
    persistence : persistence.Persistence or None
    baseline : year_before.YearBefore or None
    """
    rows = years.loc[years["year"] == 1]
    if rows.empty:
        return ""
    told = f"{first_year(rows['estimate'].to_numpy(float), persistence, subject)}{_plain(baseline)}"
    return f"{told}{'' if persistence is None else _left(years, persistence)}."


def first_year(ratio: np.ndarray, persistence: Any, subject: AreaSubject) -> str:
    """Say what every method makes of the first year, without a full stop."""
    below, n = int((ratio < 1).sum()), len(ratio)
    whose, span = f"{subject.outcome} in {subject.name}", change_range(ratio.min(), ratio.max())
    if below not in (0, n):
        return (
            f"On the year from {subject.start} the methods part: {below} of {n} put {whose} below what was to be "
            f"expected and {n - below} above, {span}"
        )
    side, way = ("below", "fall") if below else ("above", "rise")
    size = "small" if persistence is None or persistence.size == "none" else persistence.size
    return (
        f"A {size} {way} was measured in the year from {subject.start}: {_all(n)} put {whose} {side} what was to be "
        f"expected, {span}"
    )


def _all(n: int) -> str:
    return "the one method that answers" if n == 1 else "both methods" if n == 2 else f"all {n} methods"


def _plain(baseline: Any) -> str:
    """Say the change from one year to the next without any comparison, and its place."""
    if baseline is None or not (baseline.falls["year"] == 1).any():
        return ""
    fall = baseline.falls.set_index("year").loc[1]
    place = f"{_nth(int(fall['rank']))} largest fall of {int(fall['areas'])}"
    return f" (plainly, {percent(fall['change'])} on the year before: {place})"


def _left(years: pd.DataFrame, persistence: Any) -> str:
    year = persistence.gone_from or persistence.halved_from or persistence.last_year
    rows = years.loc[(years["year"] == year) & ~years["extends_trend"]]
    if year == 1 or rows.empty:
        return ""
    least, most = rows["estimate"].min(), rows["estimate"].max()
    left = (
        "see little or nothing of it" if persistence.gone_from else "part" if least < 1 < most
        else "see less than half of it" if persistence.halved_from else "see it still"
    )  # fmt: skip
    return f"; in the {nth_year(year)} the methods that compare with other areas {left} ({change_range(least, most)})"


def unusual(years: pd.DataFrame, *, stands: bool) -> str:
    """Say where the first year stands among the areas in which nothing was done, and what that means for chance."""
    rows = years.loc[(years["year"] == 1) & years["p_value"].notna()]
    if rows.empty or not rows["areas"].max():
        return "No other area says how often chance alone gives as much."
    areas, low, high = int(rows["areas"].max()), rows["rank"].min(), rows["rank"].max()
    place = _nth(int(low)) if low == high else f"between {_nth(int(low))} and {_nth(int(high))}, by method,"
    chance = "chance is a poor explanation of it" if stands else "chance cannot be ruled out"
    return (
        f"The same sum done for {areas} areas where nothing was done puts that year {place} among {areas + 1} by how "
        f"unusual it is once each area's ordinary swings are allowed for, so {chance}."
    )


def doubts(baseline: Any, in_time: pd.DataFrame) -> str:
    """Say what the answer is measured from: the year before the start, and the same question asked a year early."""
    told = [] if baseline is None else [before(baseline).removesuffix(".")]
    if len(in_time):
        fails = _failed(in_time) is not None
        verdict = "which stands out: it does not follow this area well" if fails else "which does not stand out"
        told.append(
            f"asked a year early, when nothing had been done, the synthetic control finds "
            f"{_with_interval(in_time.iloc[0])}, {verdict}"
        )
    if not told:
        return ""
    sentence = "; ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}."


def yearly_headline(baseline: Any, subject: AreaSubject) -> str:
    """Say of a yearly measure that chance cannot be told, and where the area stands."""
    return (
        f"Whether {subject.outcome} in {subject.name} changed cannot be told from chance by a handful of yearly "
        f"figures. {before(baseline)} {predicted(baseline, subject)}"
    ).rstrip()


def before(baseline: Any) -> str:
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
        f"Too narrow to be believed: the intervals that these give of themselves, {'; '.join(methods)}. In simulations "
        "in which nothing was done they left out “no difference” more than twice as often as the 5% they promise."
    )


def cannot_tell(subject: AreaSubject, measure: str = "delayed") -> list[str]:
    """List what the answer leaves open.

    Parameters
    ----------
    measure : str
        By whose name what is particular to it is told (`OPEN`).
    """
    known = next((said for sign, said in OPEN.items() if sign in measure.casefold()), OTHERWISE_OPEN)
    return [
        f"Whether something else that began in {subject.name} around {subject.start} changed {subject.outcome}.",
        *known,
        "Whether it would do the same elsewhere: this is one area.",
    ]


OPEN: Mapping[str, tuple[str, ...]] = {
    "permanent admission": (
        "Whether fewer permanent admissions were better: it is a choice of the council who is offered a place.",
        "What self-funders did: only residents whom the council supports are counted.",
    ),
    "delayed": (
        "Whether other areas changed how they counted: returns are made by hospitals and councils, and definitions of "
        "delayed transfers were refreshed in 2018.",
        "Whether people were better off: fewer delays can also mean more people sent home too soon.",
    ),
}
"""What is open about a measure, by a word of its name."""
OTHERWISE_OPEN = (
    "Whether other areas changed how they counted: each makes its own return, and returns are revised.",
    "Whether people were better off: a figure of an area says nothing of any one of them.",
)
