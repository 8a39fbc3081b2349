"""How is one number said, so that it can be read aloud?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure import nearest
from analysis.months import month_said
from analysis.plural import counted

ENDS = re.compile(r"(?<=[^\s.]{2}[.?!]) (?=[A-Z0-9“])")
"""Where a sentence ends: after a stop that belongs to no initial."""


def first_sentence(words: str) -> tuple[str, str]:
    """Part what is said first, which is the message, from what explains it."""
    message, *rest = ENDS.split(words, maxsplit=1)
    return message, " ".join(rest)


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


def called(intervention: str) -> str:
    """Name an intervention as it is said: weekly_ward_round is weekly ward round."""
    return intervention.replace("_", " ")


def homes(count: int) -> str:
    """Count homes: "1 home", "40 homes"."""
    return counted(count, "home")


def change(ratio: float) -> str:
    """Tell a rate ratio as a difference: "22% fewer", "less than 1% more", "2.4 times as many"."""
    if ratio == 1:
        return "no difference"
    if ratio >= 2:
        return f"{ratio:.1f} times as many" if np.isfinite(ratio) else "any number more"
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
    ends = sorted((low, high))
    if not any(map(nearest, ends)):
        return f"{_middle(estimate, noun)} (fewer than 5 either way)"
    if low < 0 < high:
        return f"{_middle(estimate, noun)} (anything from {_end(ends[0])} more to {_end(ends[1])} averted)"
    near, far = sorted(map(abs, ends))
    return f"{_middle(estimate, noun)} ({_end(near)} to {_end(far)})"


def _end(count: float) -> str:
    """Write an end of an interval of events to the nearest 5: one that is not zero never as zero."""
    return f"{abs(nearest(count)):,}" if nearest(count) or not count else "fewer than 5"


def _middle(estimate: float, noun: str) -> str:
    size = f"about {abs(nearest(estimate)):,}" if nearest(estimate) else "fewer than 5"
    return f"{size} {noun} averted" if estimate >= 0 else f"{size} more {noun} than expected"


def proportion(count: int, of: int, low: float, high: float) -> str:
    """Tell a share of homes with its interval: "58% (264 of 453; 95% interval 54% to 63%)"."""
    return f"{count / of:.0%} ({count:,} of {of:,}; 95% interval {low:.0%} to {high:.0%})"


def p_value(p: float) -> str:
    """Write a p-value: "p = 0.68", "p = 0.012", "p < 0.001"."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.3f}"


def listed(names: list[str]) -> str:
    """Join names: "CR1", "CR1 and CR3", "CR1, CR3 and wild score"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def group_name(value: object) -> str:
    """Name a group: a month as "April 2020", "home_type: nursing" as "nursing"."""
    return month_said(value) if isinstance(value, pd.Timestamp) else str(value).rpartition(": ")[2]
