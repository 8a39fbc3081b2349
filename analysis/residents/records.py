"""Who lived where from which day to which, and when did they go to hospital? All of it as days.

Stays and admissions come from files of their own, so what only both together show is found here: people who are in two
homes at once in two files, admissions of people of whom no stay is known, and admissions outside every stay. Nothing is
repaired; what cannot be used is counted and said.

Days are whole numbers since 1 January 1970. The day of moving in is a day of residence, the day of moving out is not;
an admission on the day of moving out is still one of that stay, for it may be why it ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.registrations import stored_registrations
from analysis.sources.resident_spells import overlapping
from analysis.sources.schema import PERSON_KINDS
from analysis.store import Store

EMERGENCY, A_AND_E, PLANNED = range(len(PERSON_KINDS))
FAR = np.int64(10**7)
"""A day that never comes: of a stay that goes on, of a person who has not died."""
FACTS = ("what", "residents", "admissions", "why")
HOMES = """
SELECT location_id AS home, beds, area_name AS area,
    CASE WHEN nursing THEN 'nursing' WHEN residential THEN 'residential' END AS home_type
FROM locations
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidentRecords:
    """Stays and admissions of people, by pseudonym no longer.

    Parameters
    ----------
    stays : DataFrame
        One row per stay, by person and day: person (whole number), home, moved_in, moved_out, died (days; `FAR` where
        not), age_band, sex, conditions.
    admissions : DataFrame
        One row per person, day and kind: person, day, kind (position in `PERSON_KINDS`), nights, stay (row of `stays`
        in which it happened; −1 outside).
    homes : DataFrame, index home
        home_type, beds, area.
    since, until : int
        First and last day on which both stays and admissions are known.
    facts : DataFrame
        What was noticed: `FACTS`.
    """

    stays: pd.DataFrame
    admissions: pd.DataFrame
    homes: pd.DataFrame
    since: int
    until: int
    facts: pd.DataFrame


def stored_residents(store: Store, outcome: object = None) -> ResidentRecords:
    """Take stays and admissions from a store, several registrations of a home being one.

    Raises
    ------
    AnalysisError
        If the store has no stays, or no admissions by person.
    """
    stays, admissions = store.table("resident_spells"), store.table("person_admissions")
    for table, what in ((stays, "stays of residents"), (admissions, "admissions by person")):
        if table.empty:
            raise AnalysisError(
                f"The store holds no {what}, so new residents cannot be followed.",
                do="Load a file of stays (home, pseudonym, in, out, died) and one of admissions by person (pseudonym, "
                "date, kind, length of stay). Without them, compare homes: admissions over bed-days.",
            )
    with store.reading() as connection:
        homes = connection.execute(HOMES).df().set_index("home")
    return records_of(stays, admissions, stored_registrations(store).of, homes)


def records_of(stays: pd.DataFrame, admissions: pd.DataFrame, home_of, homes: pd.DataFrame) -> ResidentRecords:
    """Put stays and admissions together.

    Parameters
    ----------
    stays, admissions : DataFrame
        Tables of `analysis.sources.schema`.
    home_of : callable (Series) -> Series
        Home of each location id.
    homes : DataFrame, index home
        home_type, beds, area.
    """
    stays = stays.assign(location_id=home_of(stays["location_id"]))
    stays = stays.assign(died=stays.groupby("person")["died"].transform("min"))  # whichever row says it
    came_dead = stays.loc[stays["died"] < stays["moved_in"], "person"]
    doubted = stays["person"].isin([*overlapping(stays).index, *came_dead])
    people = pd.Index(pd.unique(stays["person"]))
    known = _stays(stays.loc[~doubted], people)
    went = _admissions(admissions, people)
    outside = went["person"] < 0
    lost = went["person"].isin(people.get_indexer(pd.unique(stays.loc[doubted, "person"])))
    facts = [*_people(stays, doubted), *_unknown(outside, lost)]
    went = went.loc[~outside & ~lost].reset_index(drop=True)
    went = went.assign(stay=_stay_of(known, went))
    facts += list(_outside(known, went))
    since, until = _window(known, went)
    at = homes.reindex(pd.Index(known["home"].unique(), name="home"))
    return ResidentRecords(
        stays=known, admissions=went.drop(columns="home"), homes=at, since=since, until=until,
        facts=pd.DataFrame(facts, columns=list(FACTS)),
    )  # fmt: skip


def _stays(stays: pd.DataFrame, people: pd.Index) -> pd.DataFrame:
    frame = pd.DataFrame({
        "person": people.get_indexer(stays["person"]).astype(np.int64), "home": stays["location_id"].astype(object),
        **{name: days_of(stays[name]) for name in ("moved_in", "moved_out", "died")},
        **{name: stays[name].astype(object) for name in ("age_band", "sex", "conditions")},
    })  # fmt: skip
    return frame.sort_values(["person", "moved_in", "moved_out"], kind="stable", ignore_index=True)


def days_of(dates: pd.Series) -> np.ndarray:
    """Turn dates into days since 1 January 1970; missing ones into `FAR`."""
    days = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), FAR, days.astype(np.int64))


def _admissions(admissions: pd.DataFrame, people: pd.Index) -> pd.DataFrame:
    kind = admissions["kind"].map({name: k for k, name in enumerate(PERSON_KINDS)})
    return pd.DataFrame({
        "person": people.get_indexer(admissions["person"]).astype(np.int64), "day": days_of(admissions["admitted"]),
        "kind": kind.to_numpy(np.int64), "nights": admissions["nights"].astype("Float64").fillna(0).to_numpy(float),
        "home": admissions["location_id"].astype(object),
    }).sort_values(["person", "day", "kind"], kind="stable", ignore_index=True)  # fmt: skip


def _stay_of(stays: pd.DataFrame, went: pd.DataFrame) -> np.ndarray:
    """Find the stay in which each admission happened, shape (n,); on the day of a move, that which ended then."""
    if stays.empty or went.empty:
        return np.full(len(went), -1)
    person, first = stays["person"].to_numpy(), stays["moved_in"].to_numpy()
    last = np.minimum(stays["moved_out"], stays["died"]).to_numpy()
    key = person * (2 * FAR) + first + FAR // 2
    own, day = went["person"].to_numpy(), went["day"].to_numpy()
    at = np.searchsorted(key, own * (2 * FAR) + day + FAR // 2, side="right") - 1
    before = np.maximum(at - 1, 0)
    told = went["home"].to_numpy() == stays["home"].to_numpy()[np.maximum(at, 0)]
    moved = (at > 0) & (first[np.maximum(at, 0)] == day) & (person[before] == own) & (last[before] == day) & ~told
    at = np.where(moved, before, at)
    inside = (at >= 0) & (person[np.maximum(at, 0)] == own) & (day <= last[np.maximum(at, 0)])
    return np.where(inside, at, -1)


def _window(stays: pd.DataFrame, went: pd.DataFrame) -> tuple[int, int]:
    """Give the first and last day on which both are known: nothing says of later days that nothing happened."""
    if stays.empty or went.empty:
        return 0, -1
    told = stays[["moved_in", "moved_out", "died"]].to_numpy()
    return int(went["day"].min()), int(min(went["day"].max(), told[told < FAR].max()))


def _people(stays: pd.DataFrame, doubted: pd.Series) -> Iterator[tuple]:
    if doubted.any():
        yield (
            "left out", stays.loc[doubted, "person"].nunique(), pd.NA,
            "people who, by all files together, were in two homes at once, or twice in one, or moved in after they had "
            "died: where they lived is not known; correct their stays",
        )  # fmt: skip


def _unknown(outside: pd.Series, lost: pd.Series) -> Iterator[tuple]:
    if outside.any():
        yield (
            "not used", pd.NA, int(outside.sum()),
            "admissions of people of whom no stay is known: others than residents, or pseudonyms that differ between "
            "the files",
        )  # fmt: skip
    if lost.any():
        yield "not used", pd.NA, int(lost.sum()), "admissions of people whose stays could not be used"


def _outside(stays: pd.DataFrame, went: pd.DataFrame) -> Iterator[tuple]:
    out = went.loc[went["stay"] < 0]
    if out.empty:
        return
    first = stays.groupby("person")["moved_in"].min()
    before = out["day"].to_numpy() < first.reindex(out["person"]).to_numpy()
    if before.any():
        yield (
            "not an outcome", pd.NA, int(before.sum()),
            "admissions before people first moved into a home: they tell how ill people were when they came",
        )  # fmt: skip
    if not before.all():
        yield (
            "not used", pd.NA, int((~before).sum()),
            "admissions outside every stay, after the first: between two homes, after moving out, or after the day of "
            "death",
        )  # fmt: skip
