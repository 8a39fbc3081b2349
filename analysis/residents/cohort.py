"""Who is new, where, and with whom are they compared?

*New* is who moves into a home for the first time in all that is known of them. Residents who move into a supported home
on the day its support began, or later, are followed from that day to the end of the stay, to death, to the end of what
is known, or to the end of the support. They are compared with residents who moved, in the same calendar quarter, into a
home without it; in a home that starts later, these are followed to the day before. People who lived in a home already
when support began are in neither group: those whom an earlier illness had taken away cannot be seen among them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.design import Plan, spells_of
from analysis.errors import AnalysisError
from analysis.matching.balance import balance
from analysis.outcomes import Residents
from analysis.residents.counted import share_told
from analysis.residents.follow_up import followed
from analysis.residents.matched import CALIPER, match
from analysis.residents.records import EMERGENCY, FAR, ResidentRecords
from analysis.residents.traits import LOOKED_BACK, kinds, together, traits

LEFT_OUT = ("reason", "residents")
UNMATCHED = "no new resident elsewhere like them moved in within the same quarter"
UNUSED = "residents of homes without it who are not like any of those with it"
NOT_KNOWN_YET = "moved in before admissions are known, or before the first month looked at"
TOO_LATE = "moved in after the last day looked at"
UNDATED = "moved into a home that had the intervention from a day that nobody knows"
BEFORE = "moved into a home before it had the intervention, where only homes that never have it are compared"
AFTER = "moved in after the intervention had ended"
OTHERWISE = "moved into a home after another intervention had begun there"
ONE_SIDED = "moved in within a quarter in which nobody came to a home of the other group"


SEED = 20261122


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidentCohort:
    """New residents of supported homes and those like them: what a design is to homes.

    Parameters
    ----------
    intervention : str
    outcome : Residents
    residents : DataFrame
        One row per new resident who counts: home (whole number), supported, weight, quarter, home_type, died, the
        counts and days of `follow_up.followed`.
    covariates : DataFrame
        What was known of them when they came, in the same rows.
    balance : DataFrame
        covariate, before, after, in standard deviations.
    came, homes : tuple of int
        New residents, and homes they came to, before matching: of supported homes, of others.
    left_out : DataFrame
        `LEFT_OUT`; nobody stands there twice.
    chosen_by : str
    notes : tuple of str
    """

    intervention: str
    outcome: Residents
    residents: pd.DataFrame
    covariates: pd.DataFrame
    balance: pd.DataFrame
    came: tuple[int, int]
    homes: tuple[int, int]
    left_out: pd.DataFrame
    chosen_by: str = ""
    notes: tuple[str, ...] = ()


def cohort_from(
    records: ResidentRecords, spells: pd.DataFrame, plan: Plan, outcome: Residents, *, seed: int = SEED
) -> ResidentCohort:
    """Say who is new, who is compared with whom, and follow them.

    Parameters
    ----------
    records : ResidentRecords
    spells : DataFrame
        Who had which intervention: location_id, intervention, started, ended.
    plan : Plan
        The intervention; comparison, others, matches, caliper.
    outcome : Residents
        Which months, and what residents are to be alike in.
    seed : int
        Of the order in which residents who are equally near are taken: by lot, not home by home.

    Raises
    ------
    AnalysisError
        Where nobody is new in a supported home, or nobody elsewhere; or nobody is like anybody.
    """
    own = spells_of(spells, plan.intervention)
    people = _new(records)
    people, left = _taking_part(people, records, (spells, own), plan, outcome)
    _refuse_sides(people["supported"].to_numpy(bool), records, NO_QUARTER)
    people = people.iloc[np.random.default_rng(seed).permutation(len(people))].reset_index(drop=True)
    people = people.join(followed(people, records.admissions))
    names = (*outcome.match_on, *outcome.exact_on)
    parts = traits(people, names)
    known, near = (together(parts, some, people.index) for some in (names, outcome.match_on))
    quarter = pd.get_dummies(people["quarter"], dtype=float).iloc[:, 1:]
    near = pd.concat([near, quarter], axis=1) if near.shape[1] else near
    supported = people["supported"].to_numpy(bool)
    exact = [people["quarter"], *(kinds(people[name]) for name in outcome.exact_on)]
    stratum = pd.MultiIndex.from_arrays([list(part) for part in exact]).factorize()[0]
    weights = match(near, stratum, supported, ratio=plan.matches or 1, caliper=plan.caliper or CALIPER)
    counts = weights > 0
    for reason, side in ((UNMATCHED, supported), (UNUSED, ~supported)):
        left.append((reason, int((side & ~counts).sum())))
    people = people.assign(weight=weights)
    return ResidentCohort(
        intervention=plan.intervention, outcome=outcome, residents=people.loc[counts].reset_index(drop=True),
        covariates=known.loc[counts].reset_index(drop=True),
        balance=balance(list(known), known.to_numpy(float), supported, weights),
        came=(int(supported.sum()), int((~supported).sum())),
        homes=tuple(people["home"][side].nunique() for side in (supported, ~supported)),  # type: ignore[arg-type]
        left_out=pd.DataFrame([row for row in left if row[1]], columns=list(LEFT_OUT)),
        chosen_by="; ".join(sorted(set(own["chosen_by"].dropna()))) if "chosen_by" in own else "",
        notes=tuple(_notes(people, supported, counts)),
    )  # fmt: skip


def _new(records: ResidentRecords) -> pd.DataFrame:
    """First stay of every person, with what was known of them then."""
    people = records.stays.reset_index(names="stay").drop_duplicates("person")
    earlier = records.admissions.loc[records.admissions["kind"] == EMERGENCY, ["person", "day"]]
    start = people.set_index("person")["moved_in"].reindex(earlier["person"]).to_numpy()
    before = (earlier["day"].to_numpy() < start) & (earlier["day"].to_numpy() >= start - LOOKED_BACK)
    counted = earlier.loc[before].groupby("person").size()
    known = records.homes.reindex(people["home"])
    return people.assign(
        earlier=counted.reindex(people["person"]).fillna(0).to_numpy(float),
        home_type=known["home_type"].to_numpy(), beds=known["beds"].to_numpy(),
        home=pd.Index(records.homes.index).get_indexer(people["home"]),
    )  # fmt: skip


def _taking_part(people, records, given, plan, outcome) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Say who takes part, on which side and until when; and how many do not, by the first reason that holds."""
    spells, own = given
    first, until = _looked_at(records, outcome)
    start, ended, undated = _dates(records, own)
    other = _other(records, spells, plan)
    home, moved_in = people["home"].to_numpy(), people["moved_in"].to_numpy()
    supported = moved_in >= start[home]
    stops = np.where(supported, ended[home] + 1, start[home])
    stops = np.minimum(stops, other[home])
    gone = np.minimum(people["moved_out"], people["died"]).to_numpy()
    end = np.minimum.reduce([gone, stops, np.full(len(people), until + 1)])
    quarter = _quarter(moved_in)
    rules: Iterable[tuple[str, np.ndarray]] = (
        (NOT_KNOWN_YET, moved_in < first), (TOO_LATE, moved_in > until), (UNDATED, undated[home]),
        (AFTER, supported & (moved_in > ended[home])), (OTHERWISE, moved_in >= other[home]),
        (BEFORE, ~supported & (start[home] < FAR) & (plan.comparison == "never_treated")),
    )  # fmt: skip
    takes, left = np.ones(len(people), bool), []
    for reason, out in rules:
        left.append((reason, int((takes & out).sum())))
        takes &= ~out
    _refuse_sides(supported[takes], records, NOBODY)
    both = np.intersect1d(quarter[takes & supported], quarter[takes & ~supported])
    alone = takes & ~np.isin(quarter, both)
    left.append((ONE_SIDED, int(alone.sum())))
    died = people["died"].to_numpy()
    people = people.assign(
        supported=supported, quarter=quarter, end=end, last=np.minimum(end, until) - (end == stops),
        died=(died <= np.minimum(people["moved_out"].to_numpy(), until)) & (died < stops),
    )  # fmt: skip
    return people.loc[takes & ~alone], left


def _looked_at(records: ResidentRecords, outcome: Residents) -> tuple[int, int]:
    """Give the first and last day looked at."""
    first, until = records.since, records.until
    if outcome.first:
        first = max(first, int(np.datetime64(outcome.first, "D").astype(np.int64)))
    if outcome.last:
        end = (np.datetime64(outcome.last, "M") + 1).astype("datetime64[D]").astype(np.int64) - 1
        until = min(until, int(end))
    return first, until


def _dates(records: ResidentRecords, own: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last day of each home's support, and whether its first is not known, shape (homes,) each."""
    place = records.homes.index.get_indexer(own["location_id"])
    own = own.loc[place >= 0].assign(place=place[place >= 0]).sort_values(["started"], kind="stable")
    start, ended = np.full(len(records.homes), FAR), np.full(len(records.homes), FAR)
    undated = np.zeros(len(records.homes), bool)
    known = own.loc[own["started"].notna()].drop_duplicates("place")
    undated[own.loc[own["started"].isna(), "place"]] = True
    undated[known["place"]] = False
    start[known["place"]] = _day(known["started"])
    ended[known["place"]] = _day(known["ended"])
    return start, ended, undated


def _other(records: ResidentRecords, spells: pd.DataFrame, plan: Plan) -> np.ndarray:
    """Day from which each home had another intervention, shape (homes,); never where they are kept."""
    first = np.full(len(records.homes), FAR)
    if plan.others != "keep":
        other = spells.loc[spells["intervention"] != plan.intervention]
        place, day = records.homes.index.get_indexer(other["location_id"]), _day(other["started"])
        np.minimum.at(first, place[place >= 0], np.where(day == FAR, 0, day)[place >= 0])
    return first


def _day(dates: pd.Series) -> np.ndarray:
    days = pd.to_datetime(dates).to_numpy("datetime64[D]")
    return np.where(np.isnat(days), FAR, days.astype(np.int64))


def _quarter(day: np.ndarray) -> np.ndarray:
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return month // 3


NOBODY = "Nobody new came to a home {which} the intervention, so new residents cannot be compared."
NO_QUARTER = "In no quarter did new residents come both to homes with the intervention and to homes without it."


def _refuse_sides(supported: np.ndarray, records: ResidentRecords, words: str) -> None:
    """Say in words that nobody stands on one side."""
    if supported.any() and not supported.all():
        return
    known = f"{_said(records.since)} to {_said(records.until)}" if records.until >= records.since else "no day"
    raise AnalysisError(
        words.format(which="without" if supported.any() else "with"),
        found=f"stays and admissions both known from {known}",
        do="Check the days of moving in against the start of the intervention, and that stays and admissions cover the "
        "time after it, in homes with it and in homes without.",
    )


def _said(day: int) -> str:
    date = pd.Timestamp(day, unit="D")
    return f"{date.day} {date:%B %Y}"


def _notes(people: pd.DataFrame, supported: np.ndarray, counts: np.ndarray) -> Iterable[str]:
    lost = share_told((supported & ~counts).sum() / supported.sum(), supported.sum())
    if lost >= MENTIONED:
        yield (
            f"{lost:.0%} of the new residents of supported homes had nobody like them elsewhere and are left out: the "
            "answer is about the others."
        )


MENTIONED = 0.05
"""Part of supported residents left out from which the answer may be about other people than it seems."""
