"""Which analyses could be defended?

Every combination of who is compared with whom, over which months, with which weights, over what is averaged, and how
far the answer may be off. A choice that the data cannot make (no home that never starts, one kind of home only) is left
out, and so is one that leaves too little.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4; Steegen et al. (2016), on the multiverse.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.design import NEVER, Comparison, Design, Matching
from analysis.panel import Panel

ENDS = ((0, 0), (6, 0), (12, 0), (0, 6), (6, 6))
"""Months taken off the beginning and the end: none, or whole half-years."""
ANTICIPATED = (0, 3)
"""Months before the start left out, in which the intervention may already work."""
COMPARISONS: tuple[Comparison, ...] = ("not_yet_treated", "never_treated")
MATCHED: tuple[Matching, ...] = ("none", "propensity", "entropy")
MODELS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("every bed-day alike", {}),
    ("every home alike", {"average": "home"}),
    ("one usual rate for all homes of a start", {"effects": "cohort"}),
    ("months by kind of home", {"month_effects_by": ("home_type",)}),
)
INFERENCE = ("CR2", "CR1")
FEWEST_MONTHS = 6
"""Months before the first start and after it without which a window is no defensible one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One analysis: what it was chosen to be, in words and as options.

    Parameters
    ----------
    comparison : Comparison
    ends : pair of int
        Months taken off the beginning and the end.
    anticipated : int
    match : Matching
    model : str
        Of `MODELS`.
    vcov : str
    """

    comparison: Comparison
    ends: tuple[int, int]
    anticipated: int
    match: Matching
    model: str
    vcov: str


def specifications(panel: Panel, design: Design) -> Iterator[Specification]:
    """Yield every analysis that the data can make; those that share a fit one after the other."""
    never = (design.start == NEVER) & (design.included & (panel.exposure > 0)).any(axis=1)
    later = len(np.unique(design.start[design.start != NEVER])) > 1
    comparisons = COMPARISONS if later and never.sum() > 1 else COMPARISONS[:1]
    kinds = kinds_known(panel)
    for match in MATCHED if never.sum() > 1 else MATCHED[:1]:
        for ends in (ends for ends in ENDS if enough(panel, design, ends)):
            for anticipated in ANTICIPATED:
                for comparison in comparisons:
                    for model, options in MODELS:
                        if (match != "none" and options) or (options.get("month_effects_by") and not kinds):
                            continue  # weights are made for the plain model
                        for vcov in INFERENCE:
                            yield Specification(comparison=comparison, ends=ends, anticipated=anticipated, match=match,
                                                model=model, vcov=vcov)  # fmt: skip


def kinds_known(panel: Panel) -> bool:
    """Whether homes of several kinds are known, within which they can be compared."""
    return "home_type" in panel.units and panel.units["home_type"].nunique() > 1


def enough(panel: Panel, design: Design, ends: tuple[int, int]) -> bool:
    """Whether so many months are left before the first start and after it."""
    months = np.flatnonzero((design.included & (panel.exposure > 0)).any(axis=0))
    starts = design.start[design.start != NEVER]
    if not len(months) or not starts.size:
        return False
    first, last = months[0] + ends[0], months[-1] - ends[1]
    return bool(starts.min() - first >= FEWEST_MONTHS and last - starts.min() >= FEWEST_MONTHS)


def within(panel: Panel, design: Design, specification: Specification) -> Design:
    """Give the design over the months of a specification, before anything is matched."""
    months = np.flatnonzero((design.included & (panel.exposure > 0)).any(axis=0))
    month, start = np.arange(len(panel.months)), design.start[:, None]
    late, early = specification.ends
    inside = (month >= months[0] + late) & (month <= months[-1] - early)
    soon = (start != NEVER) & (month < start) & (month >= start - specification.anticipated)
    return replace(design, included=design.included & inside & ~soon, comparison=specification.comparison)
