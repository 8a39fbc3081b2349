"""What did the model find, in a sentence that can be read aloud.

The answer comes first, with its interval and the number of homes; a range that holds "no difference" is told as what
it is: the data cannot tell. Sentences are made by rules from the numbers and from nothing else, and never from
whether a p-value passed 0.05.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd

from analysis.disclosure import events_behind, nearest, small
from analysis.results import AVERTED, RATE_RATIO, Check, Effects

FEW_HOMES = 10
"""Below this many treated homes the usual intervals are too narrow, so the reader is told which kind is shown."""


FEW_INSPECTIONS = 10
"""Shares of fewer are drawn, with their interval, but not read out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an evaluation is about, in words.

    Parameters
    ----------
    intervention, outcome, exposure_unit : str
        Such as "the weekly ward round", "emergency admissions" and "bed-days".
    period : str
        Such as "2018–2023".
    """

    intervention: str
    outcome: str = "emergency admissions"
    exposure_unit: str = "bed-days"
    period: str = ""

    @property
    def per(self) -> str:
        """One unit of exposure: "bed-day"."""
        return self.exposure_unit.removesuffix("s")


def row(tidy: pd.DataFrame, term: str) -> Mapping:
    """Find the first row of a term."""
    return tidy.loc[tidy["term"] == term].iloc[0].to_dict()


def homes(count: int) -> str:
    """Count homes: "1 home", "40 homes"."""
    return f"{count:,} home" if count == 1 else f"{count:,} homes"


def change(ratio: float) -> str:
    """Tell a rate ratio as a difference: "22% fewer", "less than 1% more", "2.4 times as many"."""
    if ratio == 1:
        return "no difference"
    if ratio >= 2:
        return f"{ratio:.1f} times as many"
    size, way = abs(1 - ratio), "fewer" if ratio < 1 else "more"
    return f"{_percent(size)} {way}"


def _percent(size: float) -> str:
    if size < 0.005:
        return "less than 1%"
    return f"{size:.0%}" if size < 0.995 else "more than 99%"


def change_range(low: float, high: float) -> str:
    """Tell an interval of rate ratios: "12% to 31% fewer", "between 10% fewer and 8% more"."""
    if low <= 1 <= high:
        return f"between {change(low)} and {change(high)}"
    near, far = (high, low) if high < 1 else (low, high)
    first = change(near) if far >= 2 else change(near).removesuffix(" fewer").removesuffix(" more")
    return f"{first} to {change(far)}"


def averted_words(estimate: float, low: float, high: float, outcome: str) -> str:
    """Tell admissions averted with their interval: "about 140 admissions averted (75 to 210)"."""
    noun = outcome.rsplit(maxsplit=1)[-1]
    ends = sorted((nearest(low), nearest(high)))
    if not any(ends):
        return f"{_middle(estimate, noun)} (fewer than 5 either way)"
    if low < 0 < high:
        return f"{_middle(estimate, noun)} (anything from {-ends[0]:,} more to {ends[1]:,} averted)"
    if estimate < 0:
        return f"{_middle(estimate, noun)} ({-ends[1]:,} to {-ends[0]:,})"
    return f"{_middle(estimate, noun)} ({ends[0]:,} to {ends[1]:,})"


def _middle(estimate: float, noun: str) -> str:
    size = f"about {abs(nearest(estimate)):,}" if nearest(estimate) else "fewer than 5"
    return f"{size} {noun} averted" if estimate >= 0 else f"{size} more {noun} than expected"


def headline(effects: Effects, subject: Subject) -> str:
    """Give the answer: a percentage with its interval, admissions averted, homes and period.

    Parameters
    ----------
    effects : Effects
        With the terms `RATE_RATIO` and `AVERTED` in ``tidy("overall")``.
    subject : Subject
        What it is about.

    Returns
    -------
    str
        One or two sentences.
    """
    ratio = row(effects.tidy(), RATE_RATIO)
    if not np.isfinite(ratio["estimate"]):
        return f"There is no estimate of what {subject.intervention} did to {subject.outcome}. {_who(effects, subject)}"
    if not np.isfinite([ratio["conf_low"], ratio["conf_high"]]).all():
        return _without_interval(ratio, effects, subject)
    told = _inconclusive if ratio["conf_low"] <= 1 <= ratio["conf_high"] else _conclusive
    return f"{told(ratio, effects, subject)} {_averted(effects, subject)} {_who(effects, subject)}"


def _conclusive(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    level, span = effects.summary["conf_level"], change_range(ratio["conf_low"], ratio["conf_high"])
    return f"{_had(ratio['estimate'], subject)} ({level:.0%} interval: {span})."


def _inconclusive(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    level, span = effects.summary["conf_level"], change_range(ratio["conf_low"], ratio["conf_high"])
    return (
        f"The data cannot tell whether {subject.intervention} changed {subject.outcome}: "
        f"anything {span} fits them ({level:.0%} interval; the middle is {change(ratio['estimate'])})."
    )


def _without_interval(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    return (
        f"{_had(ratio['estimate'], subject)}, but no interval can be trusted for "
        f"{homes(_count(effects, 'n_treated'))}, so this may be chance. {_who(effects, subject)}"
    )


def _had(ratio: float, subject: Subject) -> str:
    as_many = ratio == 1 or ratio >= 2
    much = "as many" if ratio == 1 else change(ratio)
    return (
        f"Homes with {subject.intervention} had {much} {subject.outcome} per {subject.per} "
        f"{'as' if as_many else 'than'} they would have had otherwise"
    )


def _averted(effects: Effects, subject: Subject) -> str:
    ratio, averted = row(effects.tidy(), RATE_RATIO), row(effects.tidy(), AVERTED)
    if small(events_behind(ratio["estimate"], averted["estimate"])):
        return f"How many {subject.outcome.split()[-1]} were averted is not shown, because so few were observed."
    return f"That is {averted_words(averted['estimate'], averted['conf_low'], averted['conf_high'], subject.outcome)}."


def _count(effects: Effects, name: str) -> int:
    return int(effects.summary[name])  # type: ignore[call-overload]


def _who(effects: Effects, subject: Subject) -> str:
    treated, compared = _count(effects, "n_treated"), _count(effects, "n_comparison")
    period = f", {subject.period}" if subject.period else ""
    return f"{homes(treated)} treated, {compared:,} compared{period}."


def banner(effects: Effects) -> str | None:
    """Warn, above everything else, that few homes were treated; None when enough were."""
    treated = _count(effects, "n_treated")
    if treated >= FEW_HOMES:
        return None
    if treated <= 1:
        return f"Only {homes(treated)} had the intervention. No method gives an interval that can be trusted."
    return (
        f"Only {homes(treated)} had the intervention. The intervals here allow for that and are wide; "
        "one unusual home can still move the answer. Read it as a reason to look further, not as proof."
    )


def cannot_tell(effects: Effects, subject: Subject) -> list[str]:
    """List what the answer leaves open, the most important first."""
    ratio = row(effects.tidy(), RATE_RATIO)
    limits = [
        f"Whether something else that began in the same homes at the same time changed {subject.outcome}.",
        "Whether it would do the same in other homes, which were not chosen for it.",
        f"Whether the {subject.outcome} that remained, or those averted, were the right ones for the people concerned.",
    ]
    if ratio["conf_low"] <= 1 <= ratio["conf_high"]:
        limits.insert(
            0, f"That {subject.intervention} makes no difference: too little data is not the same as no effect."
        )
    return limits


def over_time(tidy: pd.DataFrame) -> str:
    """Read the event study: how the months before look, and how the months after look.

    Parameters
    ----------
    tidy : DataFrame
        ``tidy("event_time")``; event times below zero are before the start, and a reference has no width.
    """
    time, low, high = (tidy[name].to_numpy(float) for name in ("event_time", "conf_low", "conf_high"))
    if not np.isfinite(low).any():
        return "With so few homes no interval can be given for single months; the points alone say little."
    before, after = (time < 0) & (low < high), (time >= 0) & (low < high)
    return f"{_before(low[before], high[before])} {_after(low[after], high[after])}".strip()


def _before(low: np.ndarray, high: np.ndarray) -> str:
    if not low.size:
        return "No month before the start could be compared, so it cannot be seen whether the homes ran alike before."
    off = int(((low > 1) | (high < 1)).sum())
    verdict = "no more than chance gives" if off <= _by_chance(low.size) else "more than chance gives, so be wary"
    return f"Before the start, homes differed from their comparison in {_of(off, low.size)}: {verdict}."


def _after(low: np.ndarray, high: np.ndarray) -> str:
    if not low.size:
        return ""
    fewer, more = int((high < 1).sum()), int((low > 1).sum())
    above = f", and wholly above it in {more}" if more else ""
    return (
        f"After it, the interval lies wholly below no difference in {_of(fewer, low.size)}{above}. "
        "Single months say little by themselves; the answer pools them."
    )


def _of(count: int, months: int) -> str:
    return f"{count or 'none'} of {months} {'month' if months == 1 else 'months'}"


def _by_chance(points: int) -> int:
    """Most of `points` 95% intervals that miss the truth by chance, 19 times in 20 (binomial, as if independent)."""
    at_most = np.cumsum([comb(points, k) * 0.05**k * 0.95 ** (points - k) for k in range(points + 1)])
    return int(np.argmax(at_most >= 0.95))


def across(tidy: pd.DataFrame, key: str, noun: str) -> str:
    """Read estimates of several groups: the range, and whether their intervals share a value.

    Parameters
    ----------
    tidy : DataFrame
        Rate ratios, one row per group.
    key : str
        Column that names the group.
    noun : str
        What the groups are, in the plural: "starting dates".
    """
    estimate, low, high = (tidy[name].to_numpy(float) for name in ("estimate", "conf_low", "conf_high"))
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    if known.size < 2:
        return f"There are too few {noun} to compare."
    least, most = known[estimate[known].argmin()], known[estimate[known].argmax()]
    names = [group_name(value) for value in tidy[key]]
    spread = (
        f"From {change(float(estimate[least]))} ({names[least]}) to {change(float(estimate[most]))} ({names[most]})."
    )
    return f"{spread} {_ALIKE if low[known].max() <= high[known].min() else _UNLIKE}"


_ALIKE = "All the intervals share a value, so the differences may be chance."
_UNLIKE = (
    "The intervals do not all share a value, so some groups may truly differ; among many groups a few do by chance."
)


def group_name(value: object) -> str:
    """Name a group: a month as "April 2020", "home_type: nursing" as "nursing"."""
    return f"{value:%B %Y}" if isinstance(value, pd.Timestamp) else str(value).rpartition(": ")[2]


def moved(origin: str, way: str, share: Mapping, key_question: str = "Overall") -> str:
    """Tell how often homes of a rating got better, or stayed, at the next inspection.

    Parameters
    ----------
    origin : str
        A rating, "Below Good" or "Any rating".
    way : str
        "better", "same" or "worse".
    share : mapping
        count, n, share, conf_low, conf_high, homes, median_gap_days.
    key_question : str
        "Overall" or one of the five.
    """
    of = {"Below Good": "below Good", "Any rating": "at all"}.get(origin, origin)
    on = "" if key_question == "Overall" else f" on {key_question}"
    did = {"better": "were rated better", "same": "kept their rating", "worse": "were rated worse"}[way]
    told = proportion(int(share["count"]), int(share["n"]), share["conf_low"], share["conf_high"])
    return (
        f"Of homes rated {of}{on} and inspected again, {told} {did}. Half of those inspections came within "
        f"{share['median_gap_days']:,.0f} days. A claim that a programme improved ratings has to beat this."
    )


def spread(shares: pd.DataFrame, key: str) -> str:
    """Read a share across groups: the smallest and the largest with at least ten inspections."""
    told = [
        (row["share"], f"{row['share']:.0%}", f"({row[key]}, n = {row['n']:,.0f})")
        for row in shares.to_dict("records")
        if row["n"] >= FEW_INSPECTIONS
    ]
    if len(told) < 2:
        return "There are too few inspections to compare groups."
    least, most = min(told), max(told)
    if least[1] == most[1]:
        return f"{least[1]} in every group with at least {FEW_INSPECTIONS} inspections."
    return (
        f"From {' '.join(least[1:])} to {' '.join(most[1:])}, among groups with at least {FEW_INSPECTIONS} inspections."
    )


def verdict(check: Check) -> str:
    """Say how a check came out."""
    return {True: "No concern", False: "Concern", None: "Judge for yourself"}[check.passed]


def proportion(count: int, of: int, low: float, high: float) -> str:
    """Tell a share of homes with its interval: "58% (264 of 453; 95% interval 54% to 63%)"."""
    return f"{count / of:.0%} ({count:,} of {of:,}; 95% interval {low:.0%} to {high:.0%})"
