"""What do the estimates of single months and groups say together?"""

from math import comb

import numpy as np
import pandas as pd

from analysis.design import PANDEMIC
from analysis.months import month_said
from analysis.results import RATE_RATIO
from analysis.words.phrases import Subject, change, change_range, group_name, homes, listed, row


def over_time(months: pd.DataFrame) -> str:
    """Read the event study: how the months before look, and how the months after look.

    Parameters
    ----------
    months : DataFrame
        `tables.event_study`; event times below zero are before the start, and a reference has no width.
    """
    if months.empty:
        return "No single month is shown: too few events stand behind each. The answer pools them."
    time, low, high = (months[name].to_numpy(float) for name in ("event_time", "conf_low", "conf_high"))
    if not np.isfinite(low).any():
        return "With so few homes no interval can be given for single months; the points alone say little."
    before, after = (time < 0) & (low < high), (time >= 0) & (low < high)
    told = f"{_before(low[before], high[before])} {_after(low[after], high[after])} {_together(months[after])}"
    return " ".join(told.split())


def before_start(months: pd.DataFrame) -> tuple[str, str]:
    """Say in few words how the homes ran before the start, and in how many months they differed."""
    time, low, high = (months[name].to_numpy(float) for name in ("event_time", "conf_low", "conf_high"))
    before = (time < 0) & (low < high)
    if not before.any():
        return "Not known", "no month could be compared"
    off = int(((low[before] > 1) | (high[before] < 1)).sum())
    alike = "Alike" if off <= _by_chance(before.sum()) else "Not alike"
    return alike, f"differed in {_of(off, int(before.sum()))}"


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


def _together(after: pd.DataFrame) -> str:
    bands = after[["band_low", "band_high"]].dropna()
    if bands.empty:
        return ""
    off = int(((bands["band_low"] > 1) | (bands["band_high"] < 1)).sum())
    return (
        f"The thin lines allow for how many months are looked at; {off or 'none'} of them "
        f"{'lies' if off == 1 else 'lie'} wholly on one side of no difference."
    )


def _of(count: int, months: int) -> str:
    return f"{count or 'none'} of {months} {'month' if months == 1 else 'months'}"


def _by_chance(points: int) -> int:
    """Most of `points` 95% intervals that miss the truth by chance, 19 times in 20 (binomial, as if independent)."""
    at_most = np.cumsum([comb(points, k) * 0.05**k * 0.95 ** (points - k) for k in range(points + 1)])
    return int(np.argmax(at_most >= 0.95))


def one_more(tidy: pd.DataFrame, facts: pd.DataFrame, subject: Subject) -> str:
    """Read the effect of one unit more of the intervention.

    Parameters
    ----------
    tidy : DataFrame
        One rate ratio.
    facts : DataFrame
        One row: homes, doses, lowest, highest.
    subject : Subject
        What it is about.
    """
    ratio, known = tidy.iloc[0], facts.iloc[0]
    span = (
        f"doses from {known['lowest']:g} to {known['highest']:g}"
        if known["doses"] > 1
        else f"one dose, {known['lowest']:g}"
    )
    who = f"{homes(int(known['homes']))} with {span}"
    more, ends = f"one unit more of {subject.intervention}", (float(ratio["conf_low"]), float(ratio["conf_high"]))
    found = f"With {more} there were {change(float(ratio['estimate']))} {subject.outcome}"
    if not np.isfinite(ends).all():
        return f"{found}, but no interval can be trusted ({who})."
    if ends[0] <= 1 <= ends[1]:
        return (
            f"The data cannot tell whether {more} changes {subject.outcome}: anything {change_range(*ends)} fits them "
            f"(95% interval; {who})."
        )
    return (
        f"{found} (95% interval: {change_range(*ends)}; {who}). This takes for granted that every unit does as much as "
        "the one before, and that homes with much are like homes with little in all else."
    )


def without_pandemic(tidy: pd.DataFrame) -> str:
    """Say what the answer is without the months of the pandemic; `tidy` is that of the answer without them."""
    found = row(tidy, RATE_RATIO)
    if not np.isfinite(found["estimate"]):
        return "Without the months of the pandemic no answer is shown: too few admissions stand behind it."
    ends = found["conf_low"], found["conf_high"]
    span = f" ({change_range(*ends)})" if ends[0] < ends[1] else ""
    first, last = map(month_said, PANDEMIC)
    return f"Without the months of the pandemic ({first} to {last}): {change(found['estimate'])}{span}."


def beside(others: pd.DataFrame) -> str:
    """Say how the answer is net of other interventions, and which of them seem to have done something.

    Parameters
    ----------
    others : DataFrame
        intervention, homes, rate_ratio, conf_low, conf_high; one row per intervention and year since it began.
    """
    names = list(dict.fromkeys(name.replace("_", " ") for name in others["intervention"]))
    return (
        f"The answer is net of {listed(names)}. What each did is learned from homes and months with it alone, by year "
        "since it began, and taken to be the same in homes that had both."
    )


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
