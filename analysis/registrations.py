"""Which registrations are one home?

CQC gives a home a new location id whenever it registers again, so that one building's history is cut into pieces.
Each document names the registration before it (or after it) and the reason. The rule here:

* Joined: a new provider, a change of legal entity, a change of partnership. The building and its residents stay.
* Joined too: two numbers of one name and postcode, the one ending when the other began, that the reader said are one
  home when the file was loaded (`store.again`).
* Not joined: a location move (another building, so another home) and any reason not in `JOINING_REASONS`.
* Chains are followed to their newest registration, whose id names the home, whether or not the registrations
  between are loaded.
* One to one only. Where one registration became several, or several became one, none of these links is joined:
  interleaving the ratings of two buildings would make up changes of rating, a shorter history only loses some.
* A circle of links has no newest registration and is not joined.
* A dual registration (two providers, one building) is the home of its primary location.

Registrations that are linked at all, joined or not, are one *family*: after a move or a split the new homes copy the
ratings of the old one, which are then told once (`inspections.histories`).

Source: CQC syndication API, ``relationships[]``; 194 of the 728 homes in the South West on 23 February 2021 name a
predecessor: New Provider 133, Legal Entity Change 55, Location Move 5, Partnership Change 1.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from analysis.sources.schema import OTHER_HOME, SAME_HOME
from analysis.store import Store

JOINING_REASONS = ("New Provider", "Legal Entity Change", "Partnership Change", SAME_HOME)
"""Reasons for a new registration after which the building and the people in it are the same."""

PRIMARY = "primary"
"""Kind of the link from a dually registered location to the one it duplicates."""

JOINED = "joined"
CIRCULAR = "not joined: the links run in a circle"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registrations:
    """Which home each registration belongs to.

    Parameters
    ----------
    home : mapping of str to str
        Location id to home, for every registration that is not itself the newest of its home.
    joins : DataFrame
        One row per reason and outcome: reason, outcome, links.
    named : frozenset of str
        Homes that name an earlier registration, joined or not.
    followed : frozenset of str
        Homes after whose newest joined registration another one is named that is not joined.
    family : mapping of str to str
        Location id to the first id of all the registrations it is linked with, loaded or not; without those that are
        linked with none.
    apart : frozenset of (str, str)
        Earlier and later registration of which the reader said that they are different homes.
    """

    home: Mapping[str, str]
    joins: pd.DataFrame
    named: frozenset[str]
    followed: frozenset[str] = frozenset()
    family: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()

    def of(self, location_id: pd.Series) -> pd.Series:
        """Home of each location id."""
        return _renamed(location_id, self.home)


def one_home(locations: pd.DataFrame, links: pd.DataFrame, reasons: Iterable[str] = JOINING_REASONS) -> Registrations:
    """Join the registrations of each home.

    Parameters
    ----------
    locations, links : DataFrame
        Tables of `analysis.sources.schema`.
    reasons : iterable of str
        Reasons after which the home is the same home.
    """
    primary = _primary(locations, links)
    steps = _steps(links.loc[links["kind"] != PRIMARY], primary, tuple(reasons))
    joined = steps.loc[steps["outcome"] == JOINED]
    newest = _newest(dict(zip(joined["older"], joined["newer"], strict=True)))
    circular = [start for start, end in newest.items() if start == end]
    steps.loc[(steps["outcome"] == JOINED) & steps["older"].isin(circular), "outcome"] = CIRCULAR
    home = {**{dual: newest.get(main, main) for dual, main in primary.items()}, **newest}
    named = frozenset(_renamed(steps.newer, newest))
    apart = steps.loc[(steps["outcome"] != JOINED) & (steps["older"] != steps["newer"])]
    followed = frozenset(_renamed(apart.loc[apart["reason"] != OTHER_HOME, "older"], newest))
    related = steps.loc[steps["reason"] != OTHER_HOME]
    family = _families([*zip(related["older"], related["newer"], strict=True), *primary.items()])
    told = steps.loc[steps["reason"] == OTHER_HOME]
    apart_said = frozenset(zip(told["older"], told["newer"], strict=True))
    return Registrations(
        home=home, joins=_joins(steps, len(primary)), named=named, followed=followed, family=family, apart=apart_said
    )


_KNOWN: WeakKeyDictionary[Store, tuple[Hashable, Registrations]] = WeakKeyDictionary()
"""Of each store, in which state it was when its registrations were joined last, and what came of it."""


def stored_registrations(store: Store) -> Registrations:
    """Join the registrations of every home that a store knows; once, as long as nothing is loaded into it."""
    state, (before, known) = store.state(), _KNOWN.get(store, (None, None))
    if known is None or state is None or state != before:
        known = one_home(store.table("locations"), store.table("links"))
        _KNOWN[store] = state, known
    return known


def homes_of(store: Store) -> int:
    """Count the homes of a store, several registrations of one home being one."""
    locations = store.table("locations")
    care_homes = locations.loc[locations["care_home"].astype("boolean").fillna(True).to_numpy(bool)]
    return len(set(stored_registrations(store).of(care_homes["location_id"])))


def _primary(locations: pd.DataFrame, links: pd.DataFrame) -> dict[str, str]:
    """Dually registered location to the primary location that it duplicates."""
    dual = locations.loc[locations["primary_id"].notna() & (locations["primary_id"] != locations["location_id"])]
    told = links.loc[(links["kind"] == PRIMARY) & (links["related_id"] != links["location_id"])]
    return {
        **dict(zip(told["location_id"], told["related_id"], strict=True)),
        **dict(zip(dual["location_id"], dual["primary_id"], strict=True)),
    }


def _families(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give each linked registration the first id of all those it is linked with, over however many links."""
    family: dict[str, set[str]] = {}
    for one, other in pairs:
        both = family.get(one, {one}) | family.get(other, {other})
        family.update(dict.fromkeys(both, both))
    return {one: min(members) for one, members in family.items() if len(members) > 1}


def _steps(links: pd.DataFrame, primary: Mapping[str, str], reasons: tuple[str, ...]) -> pd.DataFrame:
    """One row per pair of registrations: older, newer, reason, outcome. Either side may name the other."""
    named, naming = _renamed(links.related_id, primary), _renamed(links.location_id, primary)
    backwards = links["kind"] == "predecessor"
    steps = pd.DataFrame(
        {
            "older": named.where(backwards, naming),
            "newer": naming.where(backwards, named),
            "reason": links["reason"].fillna("not given"),
        }
    )
    steps["joins"] = steps["reason"].isin(reasons) & (steps["older"] != steps["newer"])
    steps = steps.sort_values(["joins", "reason"], ascending=[False, True]).drop_duplicates(["older", "newer"])
    split, merged = (steps.duplicated(["joins", side], keep=False) for side in ("older", "newer"))
    steps["outcome"] = np.select(
        [~steps["joins"], split, merged],
        ["not joined: another home by its reason", "not joined: one became several", "not joined: several became one"],
        JOINED,
    )
    return steps


def _renamed(ids: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Ids under their new names, where they have one."""
    if ids.empty:
        return ids
    row, once = pd.factorize(ids, use_na_sentinel=False)
    renamed = pd.Series(once).map(lambda one: names.get(one, one))
    return renamed.take(row).set_axis(ids.index).rename(ids.name)


def _newest(successor: Mapping[str, str]) -> dict[str, str]:
    """Last registration of the chain that starts at each key; the key itself where the chain is a circle."""
    newest = {}
    for start in successor:
        seen, here = {start}, successor[start]
        while here in successor and here not in seen:
            seen.add(here)
            here = successor[here]
        newest[start] = start if here in seen else here
    return newest


def _joins(steps: pd.DataFrame, duals: int) -> pd.DataFrame:
    """One row per reason and outcome."""
    table = steps.groupby(["reason", "outcome"], as_index=False).agg(links=("older", "size"))
    if duals:
        table.loc[len(table)] = ["Dual registration", JOINED, duals]
    return table
