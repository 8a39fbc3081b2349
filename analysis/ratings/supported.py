"""Which homes were supported, and since when?

From an intervention in the store, or from a list that somebody pastes: one home a line, by CQC location id or by name.
Registrations that are one home are one home here too; a home that started twice counts from its first start.
"""

from collections.abc import Iterable

import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections, spells_of
from analysis.ratings.waits import waits_since
from analysis.registrations import stored_registrations
from analysis.store import Store

MOST_SHOWN = 5
"""How many lines of a list are named in a message."""


def intervention_starts(store: Store, intervention: str) -> pd.Series:
    """Find when each home first had an intervention: Series of datetime64, index home.

    Raises
    ------
    AnalysisError
        If no home had it.
    """
    spells = store.table("interventions")
    own = spells.loc[(spells["intervention"] == intervention) & spells["started"].notna()]
    if own.empty:
        raise AnalysisError(
            f"No home is recorded as having had {intervention!r}.",
            found=", ".join(sorted(set(spells["intervention"].dropna()))) or "no intervention at all",
            do="Name one of these, or load the file that says which homes had it.",
        )
    return own.assign(home=stored_registrations(store).of(own["location_id"])).groupby("home")["started"].min()


def other_starts(store: Store, intervention: str = "") -> pd.Series:
    """Find when each home first had any other intervention: Series of datetime64, index home; may be empty."""
    spells = store.table("interventions")
    own = spells.loc[(spells["intervention"] != intervention) & spells["started"].notna()]
    homes = stored_registrations(store).of(own["location_id"])
    return own.assign(home=homes).groupby("home")["started"].min()


def below_good(inspections: Inspections, started: pd.Series) -> int:
    """Count the homes that were rated below Good when they started: those a programme can move."""
    return int((waits_since(spells_of(inspections), started)["from_rating"] < "Good").sum())


def listed_starts(store: Store, inspections: Inspections, text: str, day: pd.Timestamp) -> pd.Series:
    """Find the homes of a list that all started on one day: Series of datetime64, index home.

    Parameters
    ----------
    store : Store
    inspections : Inspections
        Of the same store.
    text : str
        One home a line: a CQC location id, or the name of exactly one home.
    day : Timestamp
        When they started.

    Raises
    ------
    AnalysisError
        If the list is empty, or a line is no home that is loaded.
    """
    lines = [line.strip(" ,;\t") for line in text.splitlines() if line.strip(" ,;\t")]
    if not lines:
        raise AnalysisError("The list holds no home.", do="Write one home a line: its CQC location id or its name.")
    homes = stored_registrations(store).of(pd.Series(lines))
    names = inspections.homes["name"].str.casefold()
    by_name = pd.Series(names.index, names.to_numpy())[~names.duplicated(keep=False).to_numpy()]
    known = homes.isin(inspections.homes.index)
    found = homes.where(known, homes.str.casefold().map(by_name))
    if found.isna().any():
        missing = [*homes[found.isna()]]
        more = f" and {len(missing) - MOST_SHOWN:,} more" if len(missing) > MOST_SHOWN else ""
        raise AnalysisError(
            "A line of the list is no home that is loaded, or a name that several homes have.",
            found=f"{', '.join(missing[:MOST_SHOWN])}{more}",
            do="Write the CQC location id (such as 1-123456789), or load a file in which the home stands.",
        )
    return pd.Series(day, index=pd.Index(found.drop_duplicates(), name="home"))


def by_need(store: Store, inspections: Inspections, named: Iterable[str]) -> list[str]:
    """Sort interventions, those with most homes below Good first: ratings can say something about them."""
    low = {name: below_good(inspections, intervention_starts(store, name)) for name in named}
    return sorted(low, key=lambda name: (-low[name], name))


LISTED = ("support", "listed support", "support of the list")
"""What the intervention of a list is called in its protocol: the first that no intervention of the store is."""


def listed_spells(store: Store, inspections: Inspections, text: str, month: str) -> pd.DataFrame:
    """Give homes of a list, supported from a month, as spells of an intervention of their own; see `listed_starts`."""
    started = listed_starts(store, inspections, text, pd.Timestamp(f"{month}-01")).sort_index()
    taken = {*store.table("interventions")["intervention"]}
    name = next(name for name in LISTED if name not in taken)
    return pd.DataFrame({"location_id": started.index, "intervention": name, "started": started.array})
