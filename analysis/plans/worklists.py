"""Which homes qualify for support this month, whose support should end, and what would this rule have done before?

A `WorklistPlan` is written before anybody looks: criteria of entry, goals, when support ends, how much of it there is.
Carried out it gives a worklist of proposals; people decide, and what they decide is written down in a journal
(`analysis.journal`) and handed on as the list of interventions. All is worked out from counts as shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import LAST_SEED, Entry, Option, faults, whole
from analysis.errors import AnalysisError
from analysis.journal import Decision, interventions_of
from analysis.monitoring.criteria import (
    FEWEST_EXPECTED,
    NEVER_RATED,
    RANKS,
    EmptyBeds,
    Measures,
    MoreAdmissions,
    OldRating,
    RatedBelow,
    looked_at,
    reason,
)
from analysis.monitoring.rehearsal import Courses, Rehearsal, Terms, rehearse
from analysis.plans.homes import KnownHomes
from analysis.plans.month_by_month import MonthByMonth
from analysis.plans.targets import SEED
from analysis.plural import counted
from analysis.written import Fault

By = Literal["rating", "admissions", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistPlan:
    """Who qualifies, what should change, when support ends, and how much of it there is.

    Parameters
    ----------
    kind : "worklist"
    title, intervention : str
    entry : tuple of Criterion
        Of which `needed` must be met.
    needed : int
    goals : tuple of Criterion
        None of which should be met any more.
    held : int
        Months for which goals have to be held before support ends.
    longest : int
        Months after which it ends.
    capacity, new_a_month : int
        Homes at once, and that can begin in a month.
    order : tuple of By
        Who comes first where there is not enough for all, after those that meet more criteria.
    after : int
        Months looked ahead in the rehearsal on the past.
    seed : int
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "needed": whole(1, 10, 1), "held": whole(1, 36, 3), "longest": whole(1, 120, 12),
        "capacity": whole(1, 100_000, 12), "new_a_month": whole(1, 100_000, 3), "after": whole(3, 36, 12),
        "seed": whole(0, LAST_SEED, SEED),
    }  # fmt: skip
    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "capacity": Entry("Homes supported at once"),
        "new_a_month": Entry("New homes in a month"),
        "needed": Entry("Criteria of entry that must be met"),
        "held": Entry("Months for which goals are held before support ends"),
        "longest": Entry("Months after which support ends"),
        "after": Entry("Months looked ahead in the rehearsal"),
    }

    kind: Literal["worklist"] = "worklist"
    title: str = "Enhanced support: who qualifies"
    intervention: str = "enhanced support"
    entry: tuple[RatedBelow | MoreAdmissions | EmptyBeds | OldRating, ...] = (RatedBelow(), MoreAdmissions())
    needed: int = 1
    goals: tuple[RatedBelow | MoreAdmissions | EmptyBeds | OldRating, ...] = (
        RatedBelow(),
        MoreAdmissions(times=1.2, months=6),
    )
    held: int = 3
    longest: int = 12
    capacity: int = 12
    new_a_month: int = 3
    order: tuple[By, ...] = ("rating", "admissions", "waiting")
    after: int = 12
    seed: int = SEED

    @property
    def terms(self) -> Terms:
        """How much support there is, and over which months it is rehearsed."""
        return Terms(homes=self.capacity, new_a_month=self.new_a_month, held=self.held, longest=self.longest,
                     window=self.window, after=self.after, seed=self.seed)  # fmt: skip

    @property
    def window(self) -> int:
        """Months of admissions by which homes are chosen; 12 where they are not."""
        return max((each.months for each in self.entry if isinstance(each, MoreAdmissions)), default=12)


def wrong_with_worklist(plan: WorklistPlan) -> list[Fault]:
    """Find what cannot be in a plan."""
    found = [Fault("", words) for words in faults(plan, plan.RULES)]
    for name in ("entry", "goals"):
        each = getattr(plan, name)
        if not each:
            found.append(Fault(name, 'Write at least one criterion, such as [[entry]] with kind = "rating".'))
        for place, one in enumerate(each, 1):
            found += [Fault(f"{name}[{place}]", words) for words in faults(one, getattr(one, "RULES", {}))]
    if plan.needed > len(plan.entry):
        found.append(Fault("needed", f"{plan.needed} of {len(plan.entry)} criteria can never be met."))
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worklist:
    """A plan carried out.

    Parameters
    ----------
    plan : WorklistPlan
    month : datetime64[M]
        By what was known at its end.
    rows : DataFrame
        place, location_id, name, area_name, proposed, met, criteria, reasons, rating, times, supported_for, goals_held,
        chosen_from, chosen_to: what is proposed of every home that qualifies or is supported.
    rehearsal : Rehearsal
    """

    plan: WorklistPlan
    month: np.datetime64
    rows: pd.DataFrame
    rehearsal: Rehearsal


def worklist(
    plan: WorklistPlan, known: MonthByMonth, homes: KnownHomes, decisions: Iterable[Decision] = ()
) -> Worklist:
    """Carry a plan out by what was known at the end of the last month.

    Parameters
    ----------
    plan : WorklistPlan
    known : MonthByMonth
        Of `known_of`.
    homes : KnownHomes
    decisions : iterable of Decision
        Taken since the list of interventions was written.

    Raises
    ------
    AnalysisError
        If an option cannot be.
    """
    if wrong := wrong_with_worklist(plan):
        raise AnalysisError(" ".join(fault.words for fault in wrong), do="Put it right, and the answer appears.")
    measures, months = known.measures, known.measures.months
    entry = np.stack([each.met(measures) for each in plan.entry])
    qualifies = (entry.sum(axis=0) >= plan.needed) & measures.registered
    courses = Courses(
        qualifies=qualifies, goals=~np.any([each.met(measures) for each in plan.goals], axis=0),
        order=_order(plan, measures, entry, qualifies),
        free=measures.registered & ~(known.started[:, None] <= months[None, :]),
        many=np.any(entry[[isinstance(each, MoreAdmissions) for each in plan.entry]], axis=0),
    )  # fmt: skip
    said = [*decisions]
    off = known.homes.index.isin(_declined(plan, said, months[-1]))
    courses = replace(courses, qualifies=courses.qualifies & ~(off[:, None] & (months == months[-1])[None, :]))
    rows = _proposals(plan, known, courses, entry[:, :, -1], _supported(plan, homes.spells, said, known))
    return Worklist(plan=plan, month=months[-1], rows=rows, rehearsal=rehearse(courses, measures, plan.terms))


def ratios(plan: WorklistPlan, measures: Measures) -> np.ndarray:
    """Give observed over expected of the window, shape (N, T); NaN where too few are expected."""
    observed, expected = measures.over(measures.observed, plan.window), measures.over(measures.expected, plan.window)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected >= FEWEST_EXPECTED, observed / expected, np.nan)


def _order(plan, measures, entry, qualifies):
    """Give one number by which homes are taken, the smallest first, shape (N, T)."""
    waited = _run(qualifies)
    keys: dict[By, np.ndarray] = {
        "rating": np.where(measures.rank == NEVER_RATED, len(RANKS), measures.rank).astype(float) / len(RANKS),
        "admissions": 1 - np.clip(np.nan_to_num(ratios(plan, measures)), 0, 10) / 10,
        "waiting": 1 - waited / (1 + waited.shape[1]),
    }
    found = -entry.sum(axis=0).astype(float)
    for place, name in enumerate(plan.order, start=1):  # each within a thousandth of the one before
        found = found + keys[name] * 0.999 / 1_000.0 ** (place - 1) / 2
    return found


def _run(true):
    """Count the months in a row for which something is true, up to each, shape (N, T)."""
    T = true.shape[1]
    last_false = np.maximum.accumulate(np.where(true, -1, np.arange(T)), axis=1)
    return np.where(true, np.arange(T) - last_false, 0)


def _supported(plan, spells, decisions, known):
    """Give the month in which support that goes on began, NaT elsewhere, shape (N,)."""
    month = known.measures.months[-1]
    own = spells[spells["intervention"].astype(str).str.replace("_", " ") == plan.intervention.replace("_", " ")]
    decided = interventions_of(one for one in decisions if one.intervention == plan.intervention)
    later = decided.assign(
        started=pd.to_datetime(decided["start"]), ended=pd.to_datetime(decided["end"].replace("", None))
    )
    every = pd.concat([own[["location_id", "started", "ended"]], later[["location_id", "started", "ended"]]])
    every = every.dropna(subset=["started"]).sort_values("started").drop_duplicates("location_id", keep="last")
    goes_on = every[every["ended"].isna() | (every["ended"].to_numpy().astype("datetime64[M]") > month)]
    since = goes_on.set_index("location_id")["started"].reindex(known.homes.index)
    return since.to_numpy().astype("datetime64[M]")


def _declined(plan, decisions, month):
    """Name homes whose last decision was to decline, not longer ago than support lasts: they are not asked again."""
    last = {
        one.home: one for one in sorted(decisions, key=lambda each: each.day) if one.intervention == plan.intervention
    }
    since = month - plan.longest
    return [home for home, one in last.items() if one.decision == "decline" and np.datetime64(one.day, "M") >= since]


def _proposals(plan, known, courses, met, supported):
    """Propose something of every home that qualifies or is supported."""
    measures, month = known.measures, known.measures.months[-1]
    on = ~np.isnat(supported)
    length = np.where(on, (month - np.where(on, supported, month)).astype(int), 0)
    held = np.minimum(_run(courses.goals)[:, -1], np.maximum(length, 0))
    ends = on & ((length >= plan.longest) | (held >= plan.held) | ~measures.registered[:, -1])
    waiting = np.flatnonzero(courses.qualifies[:, -1] & ~on)
    waiting = waiting[np.argsort(courses.order[waiting, -1], kind="stable")]
    room = max(min(plan.capacity - int((on & ~ends).sum()), plan.new_a_month, len(waiting)), 0)
    proposed = np.full(len(on), "", dtype=object)
    proposed[on], proposed[ends] = "go on", "end"
    proposed[waiting], proposed[waiting[:room]] = "wait", "start"
    some = np.concatenate([np.flatnonzero(ends), waiting, np.flatnonzero(on & ~ends)])
    rows = pd.DataFrame({"proposed": proposed[some], "supported_for": length[some], "goals_held": held[some]})
    return _laid_out(plan, known, met[:, some], some, rows)


def _laid_out(plan, known, met, some, rows):
    """Say of every home of the list what it meets, and by which months."""
    measures, month = known.measures, known.measures.months[-1]
    names, rank = known.homes.iloc[some], measures.rank[some, -1]
    of = [[each for each, is_met in zip(plan.entry, own, strict=True) if is_met] for own in met.T]
    first = [min((looked_at(each, month)[0] for each in own), default="") for own in of]
    said = pd.DataFrame({
        "place": np.arange(1, len(some) + 1), "location_id": names.index.to_numpy(), "name": names["name"].to_numpy(),
        "area_name": names["area_name"].to_numpy(), "met": met.sum(axis=0),
        "criteria": [", ".join(each.kind for each in own) for own in of],
        "reasons": ["; ".join(reason(each, month) for each in own) for own in of],
        "rating": [RANKS[each] if each != NEVER_RATED else "none" for each in rank],
        "times": ratios(plan, measures)[some, -1], "chosen_from": first,
        "chosen_to": [str(month) if each else "" for each in first],
    })  # fmt: skip
    return said.join(rows)


def rule_in_words(plan: WorklistPlan) -> tuple[str, ...]:
    """Say who qualifies, what should change and when support ends, to be published."""
    entry = " or ".join(each.words for each in plan.entry)
    goals = " or ".join(each.words for each in plan.goals)
    first = {"rating": "the lowest rating", "admissions": "the most admissions beside homes of its kind",
             "waiting": "the longest wait"}  # fmt: skip
    order = ", then ".join(first[each] for each in plan.order)
    needed = f"{plan.needed} of these" if len(plan.entry) > 1 else "this"
    return (
        f"A registered care home qualifies for {plan.intervention} where at least {needed} is true: {entry}.",
        f"Its goals: that it is no longer {goals}.",
        f"Support ends once the goals have been held for {counted(plan.held, 'month')}, and after {plan.longest} in "
        "any case.",
        f"At most {counted(plan.capacity, 'home')} at once, and {plan.new_a_month} new in a month. Where there is not "
        f"enough for all, homes that meet more criteria come first, then {order}.",
        "Admissions count only where 8 or more are expected in the months looked at, and where chance alone gives so "
        "many less than one time in ten. A rating counts from the month in which it was published.",
    )


def decided(row: Mapping, plan: WorklistPlan, digest: str, month: object, **said: Any) -> Decision:
    """Write a decision about a home of the worklist, with how it was chosen."""
    return Decision(
        home=str(row["location_id"]), intervention=plan.intervention, month=str(month), plan=digest,
        chosen_by=f"worklist: {row['reasons']}" if row["reasons"] else "worklist",
        chosen_from=_day(row["chosen_from"]), chosen_to=_day(row["chosen_to"]), **said,
    )  # fmt: skip


def _day(month: str) -> str:
    return f"{month}-01" if month else ""
