"""What was known of every home at the ends of quarters, and what happened in the months after?

Every feature says from when it was known (`FEATURES`): ratings from their publication, admissions and beds
`ADMISSIONS_LATE` months after the month they belong to, because hospital extracts come late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import LAST_SEED, Entry, Option, faults, whole
from analysis.errors import AnalysisError
from analysis.monitoring.criteria import FEWEST_EXPECTED, NEVER_RATED, RANKS, Measures
from analysis.monitoring.rises import risen
from analysis.monitoring.warning import QuarterEnds, TooFew, WarningJudged, foretold, judge
from analysis.plans.homes import KnownHomes
from analysis.plans.month_by_month import MonthByMonth
from analysis.plans.targets import SEED
from analysis.ratings.base_rates import size_of
from analysis.sources.schema import KEY_QUESTIONS

Event = Literal["rating", "rise", "leaving"]
EVENTS: Mapping[Event, str] = {
    "rating": "a rating below Good",
    "rise": "a rise in admissions beyond the usual coming and going",
    "leaving": "leaving the register",
}
ADMISSIONS_LATE = 2
"""Months after which a month's admissions and bed-days are known: hospital extracts are drawn monthly, and late."""
QUARTER = 3
LONGEST_AGE = 72.0
"""Months; an older rating says no more, and a home without one stands here too."""
AGES = (12, 36)
"""Months since the last rating that part the cells of the simple rule."""
SIZES, RATIOS = (16, 32), (0.8, 1.25)
"""Admissions expected in a year, and times as many as expected, that part the cells of the simple rule of rises: a rise
is seen the more easily the more admissions there are, and comes the more easily after a year that was low by luck."""
RULES_OF: Mapping[Event, str] = {
    "rating": "last rating and time since",
    "rise": "size and the admissions of the last year",
    "leaving": "last rating and time since",
}
"""What the simple rule looks at, against which a warning is judged."""
FEATURES: tuple[tuple[str, str], ...] = (
    ("last rated Inadequate", "publication"),
    ("last rated Requires improvement", "publication"),
    ("no rating yet", "publication"),
    ("months since the last rating", "publication"),
    ("key questions below Good", "publication"),
    ("times rated below Good before", "publication"),
    ("nursing", "register"),
    ("number of beds", "register"),
    ("share of the provider's other homes below Good", "publication"),
    ("share of the council's homes below Good", "publication"),
    ("admissions in 12 months beside its kind", "two months late"),
    ("admissions in 3 months beside the 12 months", "two months late"),
    ("beds filled in 3 months", "two months late"),
)
"""What is known of a home, and from when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPlan:
    """What is to be foretold.

    Parameters
    ----------
    kind : "early warning"
    event : Event
    ahead : 6 or 12
        Months.
    most : int
        Homes listed, where a warning has earned to be shown.
    seed : int
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "ahead": Option(lambda value: value in (6, 12), "6 or 12", "12"), "most": whole(1, 100_000, 20),
        "seed": whole(0, LAST_SEED, SEED),
    }  # fmt: skip
    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "event": Entry("Foretell", options=EVENTS),
        "ahead": Entry("Within", options={6: "6 months", 12: "12 months"}),
    }

    kind: Literal["early warning"] = "early warning"
    event: Event = "rating"
    ahead: int = 12
    most: int = 20
    seed: int = SEED

    @property
    def title(self) -> str:
        """What is foretold."""
        return f"Early warning of {EVENTS[self.event]} within {self.ahead} months"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Warned:
    """A plan carried out.

    Parameters
    ----------
    judged : WarningJudged or TooFew
    rows : DataFrame
        location_id, name, rating, chance, rule: the highest chances now; empty where it has not earned to be shown.
    """

    plan: WarningPlan
    judged: WarningJudged | TooFew
    rows: pd.DataFrame


def warn(plan: WarningPlan, known: MonthByMonth, homes: KnownHomes) -> Warned:
    """Judge a warning on the past, and give it where it has earned to be given.

    Raises
    ------
    AnalysisError
        If an option cannot be, or the data do not hold what is to be foretold.
    """
    if wrong := [*faults(plan, plan.RULES)]:
        raise AnalysisError(" ".join(wrong), do="Put it right, and the answer appears.")
    features = features_of(known, homes)
    happened, seen = happened_of(plan, known, homes)
    past = _landmarks(plan, known, features, happened, seen)
    judged = judge(past, plan.seed)
    rows = pd.DataFrame(columns=["location_id", "name", "rating", "chance", "rule"])
    if isinstance(judged, WarningJudged) and judged.earned:
        rows = _now(plan, known, features, judged)
    return Warned(plan=plan, judged=judged, rows=rows)


def _landmarks(plan, known, features, happened, seen):
    """Take homes at the ends of quarters at which what happened after is known."""
    T = len(known.measures.months)
    quarter = np.zeros(T, bool)
    quarter[::-1][::QUARTER] = True
    home, time = np.nonzero(seen & quarter[None, :])
    return _at(plan, known, features, (home, time), happened[home, time])


def _at(plan, known, features, cells, happened):
    home, time = cells
    table = known.homes
    kind = table["home_type"].astype(object).fillna("not known").astype(str).to_numpy()
    size = size_of(table["beds"]).astype(object).fillna("not known").astype(str).to_numpy()
    return QuarterEnds(
        home=home, time=time, features=features[home, time], names=tuple(name for name, _ in FEATURES),
        cells=cells_of(plan.event, known.measures)[home, time], happened=happened,
        kinds={"kind of home": kind[home], "size": size[home]}, ahead=plan.ahead,
    )  # fmt: skip


def cells_of(event: Event, measures: Measures) -> np.ndarray:
    """Give what the simple rule looks at, at the end of every month, shape (N, T, 2)."""
    if event == "rise":
        observed, expected = (_late(measures.over(part, 12)) for part in (measures.observed, measures.expected))
        ratio = np.divide(observed, expected, out=np.ones(expected.shape), where=expected > 0)
        return np.stack([np.digitize(np.nan_to_num(expected), SIZES), np.digitize(ratio, RATIOS)], axis=2)
    return np.stack([measures.rank.astype(int), np.digitize(measures.rated_for, AGES)], axis=2)


def _now(plan, known, features, judged):
    home = np.flatnonzero(known.measures.registered[:, -1])
    cells = home, np.full(len(home), len(known.measures.months) - 1)
    now = _at(plan, known, features, cells, np.zeros(len(home), bool))
    chance, rule = foretold(judged, now)
    first = np.argsort(-chance, kind="stable")[: plan.most]
    names = known.homes.iloc[home[first]]
    ranks = known.measures.rank[home[first], -1]
    rating = [RANKS[each] if each != NEVER_RATED else "none" for each in ranks]
    return pd.DataFrame({"location_id": names.index.to_numpy(), "name": names["name"].to_numpy(), "rating": rating,
                         "chance": chance[first], "rule": rule[first]})  # fmt: skip


def features_of(known: MonthByMonth, homes: KnownHomes) -> np.ndarray:
    """Lay out what was known at the end of every month, shape (N, T, K), in the order of `FEATURES`."""
    measures, table = known.measures, known.homes
    rank = measures.rank
    low = (rank != NEVER_RATED) & (rank < 2)
    rated = rank != NEVER_RATED
    provider = homes.inspections.homes["provider_id"].reindex(table.index)
    beds = pd.to_numeric(table["beds"], errors="coerce").to_numpy(float)
    nursing = (table["home_type"].astype(object) == "nursing").to_numpy(float)
    columns = [
        rank == 0, rank == 1, ~rated, np.minimum(measures.rated_for, LONGEST_AGE),
        _questions_low(homes, table.index, measures.months), _times_low(homes, table.index, measures.months),
        np.broadcast_to(nursing[:, None], rank.shape),
        np.broadcast_to(np.log(np.maximum(beds, 1))[:, None], rank.shape),
        _others(low, rated, provider), _others(low, rated, table["area_name"]),
        *(_late(each) for each in _of_admissions(measures)),
    ]  # fmt: skip
    return np.stack([np.asarray(column, float) for column in columns], axis=2)


def _questions_low(homes, index, months):
    """Count key questions whose last published rating is below Good."""
    frame = homes.inspections.frame
    total = np.zeros((len(index), len(months)))
    for question in KEY_QUESTIONS[1:]:
        rows = frame[(frame["key_question"] == question) & frame["rating"].notna()].sort_values("published")
        total += _last(rows, index, months, (rows["rating"].cat.codes < 2).to_numpy(float))
    return total


def _times_low(homes, index, months):
    """Count overall ratings below Good that had been published."""
    rows = homes.inspections.rated()
    rows = rows[(rows["rating"].cat.codes < 2).to_numpy()]
    home, place = _places(rows, index, months)
    inside = (home >= 0) & (place < len(months))
    found = np.zeros((len(index), len(months)))
    np.add.at(found, (home[inside], np.maximum(place[inside], 0)), 1)
    return np.cumsum(found, axis=1)


def _places(rows, index, months):
    return index.get_indexer(rows["home"]), (rows["published"].to_numpy().astype("datetime64[M]") - months[0]).astype(
        int
    )


def _last(rows, index, months, values):
    """Give the value of the last row that had been published by the end of every month; 0 before the first."""
    home, place = _places(rows, index, months)
    inside = (home >= 0) & (place < len(months))
    number = np.full((len(index), len(months)), -1)
    number[home[inside], np.maximum(place[inside], 0)] = np.flatnonzero(inside)
    return np.append(values, 0.0)[np.maximum.accumulate(number, axis=1)]


def _others(low, rated, group):
    """Give the share below Good of the other homes of a group, shape (N, T); missing where there are none."""
    code, _ = pd.factorize(group)
    known = code >= 0
    totals = []
    for part in (low, rated):
        total = np.zeros((code.max(initial=0) + 1, low.shape[1]))
        np.add.at(total, code[known], part[known].astype(float))
        totals.append(np.where(known[:, None], total[np.maximum(code, 0)] - part, 0))
    return np.divide(totals[0], totals[1], out=np.full(low.shape, np.nan), where=totals[1] > 0)


def _of_admissions(measures):
    """Give admissions beside the kind, how they moved, and beds filled."""

    def ratio(months):
        observed, expected = measures.over(measures.observed, months), measures.over(measures.expected, months)
        return np.divide(observed, expected, out=np.full(observed.shape, np.nan), where=expected > 0)

    year = ratio(12)
    moved = np.log((ratio(3) + 0.1) / (year + 0.1))
    days, room = measures.over(measures.days, 3), measures.over(measures.room, 3)
    return year, moved, np.divide(days, room, out=np.full(days.shape, np.nan), where=room > 0)


def _late(values):
    """Give at every month what was known by then: the value of `ADMISSIONS_LATE` months before."""
    found = np.full(values.shape, np.nan)
    found[:, ADMISSIONS_LATE:] = values[:, :-ADMISSIONS_LATE]
    return found


def happened_of(plan: WarningPlan, known: MonthByMonth, homes: KnownHomes) -> tuple[np.ndarray, np.ndarray]:
    """Say what happened in the months after every month, and where that is known; each of shape (N, T)."""
    measures, T = known.measures, len(known.measures.months)
    there = measures.registered & (np.arange(T) + plan.ahead < T)[None, :]
    if plan.event == "leaving":
        return _left(known, homes, plan.ahead), there
    if plan.event == "rise":
        return _risen(measures, plan.ahead, there)
    rows = homes.inspections.rated()
    rows = rows[(rows["rating"].cat.codes < 2).to_numpy()]
    home, place = _places(rows, known.homes.index, measures.months)
    inside = (home >= 0) & (place >= 0) & (place < T)
    low = np.zeros((len(known.homes), T + 1))
    np.add.at(low, (home[inside], place[inside] + 1), 1)
    return _after(np.cumsum(low, axis=1), plan.ahead) > 0, there


def _after(totals, ahead):
    """Add up the months after every month, shape (N, T), of running totals of shape (N, T + 1)."""
    T = totals.shape[1] - 1
    end = np.minimum(np.arange(T) + 1 + ahead, T)
    return totals[:, end] - totals[:, 1:]


def _left(known, homes, ahead):
    register = homes.inspections.homes.reindex(known.homes.index)
    day = register["deregistered"].where(register["leaving"] == "left").to_numpy().astype("datetime64[M]")
    month = known.measures.months[None, :]
    return (day[:, None] > month) & (day[:, None] <= month + ahead)


def _risen(measures, ahead, there):
    """Ask whether the months after had more, beside what was expected, than the year before by more than is usual."""
    o1, e1 = measures.over(measures.observed, 12), measures.over(measures.expected, 12)
    o2, e2 = _after(measures.observed, ahead), _after(measures.expected, ahead)
    known = there & (np.nan_to_num(e1) >= FEWEST_EXPECTED) & (e2 >= FEWEST_EXPECTED / 2)
    found = np.zeros(there.shape, bool)
    found[known] = risen((o1[known], e1[known]), (o2[known], e2[known]))
    return found, known
