"""How did homes run, period by period, against the last one before the start?

An event study fit for asking what a drift would do (`analysis.inference.honest`): every period, before the start and
after it, has effects of its own in one fit and is held against the same one. The months of the answer itself are not:
those after the start are held against all before, those before against all earlier ones, so that a step between the two
would be of the method's making (Roth 2024). Periods are years, half-years or quarters, the longest of which there are
enough before the start; homes with fewer before their start are left out, and so is what lies further back.

Source: Rambachan and Roth (2023), Review of Economic Studies 90(5); Roth (2024), "Interpreting event-studies from
recent difference-in-differences methods", arXiv:2401.12309.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.groups import Groups
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import Estimate, estimate, fit_both
from analysis.design import Design
from analysis.inference.honest import EventStudy, Target
from analysis.panel import Panel

WIDTHS = {12: "year", 6: "half-year", 3: "quarter"}
"""Months of a period: the longest first, for then winters weigh alike and chance weighs least."""
ENOUGH, MOST, FEWEST = 3, 5, 2
"""Periods before the start that are wanted, that are used where there are more, and without which there is no step."""
FILLED = 0.5
"""Part of a period's months that must take part."""
SHARE = 0.8
"""Part of the bed-days with the intervention that must have so many periods before the start."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodEffects:
    """An event study by period.

    Parameters
    ----------
    study : EventStudy
        Of log rate ratios; periods after the start that lie in a gap before it have weight zero.
    weights : ndarray, shape (Q,)
        Of the periods after the start in the overall effect: the part of the admissions expected in each.
    period : str
        What a period is called.
    homes : int
        With the intervention, that are looked at.
    events : ndarray, shape (Q,)
        In the periods after the start.
    """

    study: EventStudy
    weights: np.ndarray
    period: str
    homes: int
    events: np.ndarray

    @property
    def overall(self) -> Target:
        """The average over all periods after the start."""
        return self.study.target(self.weights)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """Periods: what each is called, its months (or quarters), how many before, and by first treated where those end."""

    period: str
    width: int
    before: int
    ends: dict[int, int]


def period_effects(model: StaggeredRates, panel: Panel, design: Design) -> PeriodEffects | None:
    """Estimate every period against the last before the start; nothing where too few months lie before it."""
    setting = model.setting(panel, design)
    plan = _planned(setting, widths(panel.length))
    if plan is None:
        return None
    seen = _seen(setting, plan)
    first = seen.start.copy()
    for start, end in plan.ends.items():
        first[seen.start == start] = end - (plan.before - 1) * plan.width
    sample = replace(seen, start=first).sample(stratum=seen.start)
    if not sample.counts[sample.treated].any():
        return None
    groups = _groups(seen, sample, plan)
    found = estimate(fit_both(seen, sample, model.vcov, model.effects), groups)
    return _period_effects(found, plan, max(start - end for start, end in plan.ends.items()))


def widths(length: int) -> dict[str, int]:
    """Give columns of a panel in each period, the longest first, where each column is so many months."""
    return {name: months // length for months, name in WIDTHS.items() if not months % length}


def _planned(setting: Setting, widths: dict[str, int]) -> _Plan | None:
    """Choose the longest period of which there are enough before the start, or else any."""
    for wanted in (ENOUGH, FEWEST):
        for period, width in widths.items():
            ends, before, days = _periods(setting, width)
            kept = {start: end for start, end in ends.items() if before[start] >= wanted}
            if sum(days[start] for start in kept) >= SHARE * sum(days.values()) > 0:
                return _Plan(
                    period=period, width=width, before=min(*(before[start] for start in kept), MOST), ends=kept
                )
    return None


def _periods(setting: Setting, width: int) -> tuple[dict, dict, dict]:
    """Give by first treated month: where what lies before ends, whole periods before that, and bed-days after."""
    T = len(setting.months)
    ends, before, days = {}, {}, {}
    for start in map(int, np.unique(setting.start[setting.start < T])):
        exposure = setting.exposure[setting.start == start]
        there = np.flatnonzero((exposure[:, :start] > 0).any(axis=0))
        days[start] = float(exposure[:, start:].sum())
        ends[start] = int(there.max(initial=-1)) + 1
        filled = [((there >= end - width) & (there < end)).sum() >= FILLED * width
                  for end in range(ends[start], width - 1, -width)]  # fmt: skip
        before[start] = int(np.cumprod(filled).sum()) if filled else 0
    return ends, before, days


def _seen(setting: Setting, plan: _Plan) -> Setting:
    """Leave out homes with fewer periods, and what lies further back than the earliest period."""
    T, month = len(setting.months), np.arange(len(setting.months))
    first = np.full(len(setting.start), T)
    for start, end in plan.ends.items():
        first[setting.start == start] = end - plan.before * plan.width
    seen = np.where((setting.start < T)[:, None], month >= first[:, None], True)
    return replace(setting, counts=setting.counts * seen, exposure=setting.exposure * seen)


def _groups(setting: Setting, sample: Sample, plan: _Plan) -> Groups:
    """Mark the periods before the start but the earliest, all after it together, and those after it."""
    start = sample.of_cohorts(setting.start)
    end = np.array([plan.ends.get(int(s), 0) for s in start])
    since, until = sample.months - start[:, None], sample.months - end[:, None]
    treated = sample.treated_cells
    before = {-j: treated & (until >= -j * plan.width) & (until < (1 - j) * plan.width)
              for j in range(plan.before - 1, 0, -1)}  # fmt: skip
    after = treated & (since >= 0)
    label = np.where(after, since // plan.width, -1)
    last = {int(q): label == q for q in np.unique(label[after])}
    return Groups(
        keys=[*before, "after", *last],
        marks=np.array([*before.values(), after, *last.values()]),
    )


def _period_effects(found: Estimate, plan: _Plan, gap: int) -> PeriodEffects | None:
    """Hold every period against the last before the start; `gap` months between the two take no part."""
    b = plan.before - 1
    before, overall = range(b), b
    after = [r for r in range(b + 1, len(found.keys)) if found.comparable[r] and found.observed[r] > 0]
    if not after or not (found.comparable[:b] & (found.observed[:b] > 0)).all():
        return None
    rows = [*before, *after]
    beta, V = np.append(0.0, found.log_ratio[rows]), np.zeros((len(rows) + 1,) * 2)
    V[1:, 1:] = found.covariance[np.ix_(rows, rows)]
    against = np.eye(len(beta))
    against[:, b] -= 1  # the earliest period is the base of the fit, and now the last before the start is
    against = np.delete(against, b, axis=0)
    place = np.array([found.keys[r] for r in after]) + round(gap / plan.width)
    wide, weights, events = _spread(against, b, place), *np.zeros((2, place.max() + 1))
    events[place] = found.numbers_observed[after]
    weights[place] = found.expected[after] / found.expected[after].sum()
    study = EventStudy(
        before=(against @ beta)[:b],
        after=(wide @ beta)[b:],
        covariance=wide @ V @ wide.T,
        df=float(found.df[overall]),
    )
    return PeriodEffects(
        study=study, weights=weights, period=plan.period, homes=int(found.n_homes[overall]), events=events
    )


def _spread(against: np.ndarray, b: int, place: np.ndarray) -> np.ndarray:
    """Set the periods after the start in their places; those without an estimate stay empty."""
    wide = np.zeros((b + place.max() + 1, against.shape[1]))
    wide[:b], wide[b + place] = against[:b], against[b:]
    return wide
