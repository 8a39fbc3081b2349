"""Who qualifies, what should change, and when does it end: a rule that can be published?

The optimum is a list; a list cannot be explained to the home that is not on it. Of all plain rules of the form "homes
of these kinds with at least so many …", the one is taken whose homes are worth most in all while they fit the
capacity. What may be asked for is a rate, so that no home comes in by being large: admissions for every 100 residents,
counted in the last two years, or expected next year allowing for luck. How much of the optimum's worth the rule keeps
is said beside it.

Goals are what the offer can be held to: admissions expected without it in the homes that qualify, and with it, with an
interval that holds the home-by-home luck of the year. A home leaves when it has fallen clearly below the threshold, so
that nobody goes in and out with the seasons, or after two years whatever has happened.

Source: the Early Intervention service in Nottingham City, whose evaluation asked for entry criteria, measurable goals
and an exit strategy.
"""

from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline
from analysis.inference.usual import NORMAL
from analysis.panel import Panel
from analysis.targeting.benefit import DAYS, Benefits
from analysis.targeting.choice import Capacity, Choice

LOOK_BACK = 24
"""Months whose admissions a home is asked for: two years, so that one bad winter does not qualify it."""
EXIT_SHARE = 0.75
"""A home leaves below this share of the threshold: far enough that luck alone seldom moves it out; a judgement."""
EXIT_MONTHS, LONGEST_MONTHS = 12, 24
"""Months over which a home must have been below it, and after which support ends anyway."""
SIMPLER = 0.02
"""A rule for all kinds of home is taken where one kind alone would add less than this share of worth."""

FEATURES = {
    "admissions": f"emergency admissions a year for every 100 residents, over the last {LOOK_BACK} months",
    "expected": "emergency admissions expected next year for every 100 residents, allowing for luck",
}
STEPS = {"admissions": 5, "expected": 5}
"""Thresholds are multiples of these, so that they can be said, and so that a count gives nobody away."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntryRule:
    """A plain rule and what it is worth.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of home that may qualify; empty for all.
    feature : str
        One of `FEATURES`.
    threshold, leaves_below : int
        Of the feature: to come in, and to go out.
    qualifies : ndarray of bool, shape (N,)
    share_of_worth : float
        Share of the optimum's net benefit that the rule keeps.
    shared : int
        Homes that both choose.
    expected, goal : tuple of float
        Admissions a year in the homes that qualify: without the offer and with it, each with its 95% interval.
    """

    kinds: tuple[str, ...]
    feature: str
    threshold: int
    leaves_below: int
    qualifies: np.ndarray
    share_of_worth: float
    shared: int
    expected: tuple[float, float, float]
    goal: tuple[float, float, float]


def entry_rule(
    panel: Panel, baseline: Baseline, offered: Benefits, capacity: Capacity, best: Choice
) -> EntryRule | None:
    """Find the plain rule that is worth most; None where no rule is worth anything.

    Parameters
    ----------
    panel : Panel
    baseline, offered : Baseline, Benefits
    capacity : Capacity
    best : Choice
        What `targeting.choose` chose, and from which homes.
    """
    optimum = best.chosen
    candidates = list(_candidates(_values(panel, offered), baseline.kind, offered, capacity, best.eligible))
    if not candidates or max(worth for worth, *_ in candidates) <= 0:
        return None
    found = max(candidates, key=lambda one: one[0] * (1 if one[1] else 1 + SIMPLER))
    worth, kinds, feature, threshold, qualifies = found
    return EntryRule(
        kinds=kinds,
        feature=feature,
        threshold=threshold,
        leaves_below=max(int(EXIT_SHARE * threshold // STEPS[feature]) * STEPS[feature], STEPS[feature]),
        qualifies=qualifies,
        share_of_worth=worth / offered.mean[optimum].sum() if optimum.any() else np.nan,
        shared=int((qualifies & optimum).sum()),
        expected=_year(offered, qualifies, 0.0),
        goal=_year(offered, qualifies, 1.0),
    )


def _candidates(values, kind, offered, capacity, eligible):
    """Yield (worth, kinds, feature, threshold, who qualifies) of every plain rule that fits the capacity."""
    needs, limits, mean = capacity.needs(offered.residents, offered.cost), capacity.limits(), offered.mean
    for kinds in ((), *((one,) for one in np.unique(kind[eligible]).tolist())):
        may = eligible & (np.isin(kind, kinds) if kinds else True)
        for feature, value in values.items():
            step = STEPS[feature]
            for threshold in np.unique(step * np.ceil(value[may] / step)).astype(int).tolist():
                qualifies = may & (value >= threshold)
                if all(needs[name][qualifies].sum() <= limits[name] for name in limits):
                    yield float(mean[qualifies].sum()), kinds, feature, threshold, qualifies


def _values(panel, offered):
    """Rates a year for every 100 residents, shape (N,) each."""
    counted, days = (each[:, -LOOK_BACK:].sum(axis=1) for each in (panel.counts, panel.exposure))
    zero = np.zeros(len(days))
    return {
        "admissions": 100 * DAYS * np.divide(counted, days, out=zero.copy(), where=days > 0),
        "expected": 100 * np.divide(offered.expected, offered.residents, out=zero, where=offered.residents > 0),
    }


def _year(offered, qualifies, share):
    """Admissions of a year with a share of the effect, and limits that hold the luck of that year (normal)."""
    mean = (offered.admissions[qualifies] - share * offered.averted[qualifies]).sum(axis=0, dtype=float)
    half = NORMAL * np.sqrt(mean.var() + mean.mean())
    return float(mean.mean()), float(max(mean.mean() - half, 0)), float(mean.mean() + half)
