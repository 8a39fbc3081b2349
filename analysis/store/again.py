"""Does a home stand in the files under two numbers?

CQC gives a home a new number when it registers again, and its lists do not say so: the number that ended stands in the
list of deactivated locations, the new one in the list of active ones. Two numbers of one name and postcode, the one
beginning when the other ended, are most likely one home; whether they are is for the reader to say, because a building
can be taken over by another home. The answer is kept as a link between the two.

Where only lists of latest ratings are loaded, a number ended when it was last listed, where a newer list is loaded, and
began when it was first listed, where an older one is.
"""

import pandas as pd

from analysis.sources.schema import OTHER_HOME, SAME_HOME, TABLES

QUESTION = "one home under two numbers"
"""The question asked where two numbers are likely one home."""
SAME, OTHER = "one home", "different homes"
OPTIONS = (SAME, OTHER)
REASONS = {SAME: SAME_HOME, OTHER: OTHER_HOME}

AGAIN_DAYS = 92
"""A registration of the same name and place this close to the end of another goes on from it: CQC ends the old one
when the new one is granted, and a quarter allows for what is registered late."""

GENERIC = r"\b(the|care|nursing|residential|rest|retirement|home|homes|limited|ltd)\b"
"""Words of a home's name that come and go with its registration."""


def name_and_place(locations: pd.DataFrame) -> pd.Series:
    """Letters and digits of name and postcode, without the words that every home uses; missing where either is."""
    name, postcode = (locations[part].astype("str").str.lower() for part in ("name", "postcode"))
    own = name.str.replace(GENERIC, "", regex=True)
    own = own.where(own.str.strip() != "", name)
    same = [part.str.replace(r"[^a-z0-9]", "", regex=True) for part in (own, postcode)]
    return (same[0] + " " + same[1]).where(locations["name"].notna() & locations["postcode"].notna())


def as_listed(locations: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Fill when numbers began and ended, where no file says it, from the lists of latest ratings that held them.

    Parameters
    ----------
    listed : DataFrame
        location_id, first_listed, last_listed.
    """
    days = listed.groupby("location_id").agg(began=("first_listed", "min"), ended=("last_listed", "max"))
    oldest, newest = days["began"].min(), days["ended"].max()
    own = days.reindex(locations["location_id"]).set_axis(locations.index)
    ended = own["ended"].where(own["ended"] < newest)
    began = own["began"].where(own["began"] > oldest)
    unsaid = locations["registered"].isna()  # a file that gives the one day of a registration would give the other
    return locations.assign(
        registered=locations["registered"].fillna(began),
        deregistered=locations["deregistered"].fillna(ended.where(unsaid)),
    )


def registered_again(locations: pd.DataFrame) -> pd.DataFrame:
    """Pairs of numbers of one name and postcode, the one beginning when the other ended.

    Returns
    -------
    DataFrame
        location_id (the later), related_id (the earlier), name, ended, began.
    """
    rows = locations.assign(same=name_and_place(locations)).dropna(subset=["same"])
    rows = rows.loc[rows["care_home"].astype("boolean").fillna(True)]
    ended = rows.loc[rows["deregistered"].notna(), ["same", "location_id", "registered", "deregistered"]]
    began = rows.loc[rows["registered"].notna(), ["same", "location_id", "registered", "name"]]
    pairs = ended.merge(began, on="same", suffixes=("_old", ""))
    days = (pairs["registered"] - pairs["deregistered"]).dt.days.abs()
    later = ~(pairs["registered_old"] >= pairs["registered"])
    pairs = pairs.loc[(pairs["location_id_old"] != pairs["location_id"]) & (days <= AGAIN_DAYS) & later]
    return (
        pairs.rename(columns={"location_id_old": "related_id", "deregistered": "ended", "registered": "began"})
        .loc[:, ["location_id", "related_id", "name", "ended", "began"]]
        .sort_values(["related_id", "location_id"])
    )


def not_linked(pairs: pd.DataFrame, locations: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs of which nothing says yet whether they are one home."""
    dual = locations.loc[locations["primary_id"].notna(), ["location_id", "primary_id"]]
    known = {frozenset(pair) for pair in links[["location_id", "related_id"]].itertuples(index=False, name=None)}
    known |= {frozenset(pair) for pair in dual.itertuples(index=False, name=None)}
    new = [frozenset(pair) not in known for pair in zip(pairs["location_id"], pairs["related_id"], strict=True)]
    return pairs.loc[new]


def together(held: pd.DataFrame, incoming: pd.DataFrame) -> pd.DataFrame:
    """Locations as they will be held: what a later file knows goes first, what it does not know stays."""
    both = pd.concat([held.astype(object), incoming.astype(object)], ignore_index=True)
    merged = both.groupby("location_id", sort=True).last().reset_index()
    days = {name: pd.to_datetime(merged[name]) for name, kind in TABLES["locations"].items() if kind == "DATE"}
    return merged.assign(**days)


def links_of(pairs: pd.DataFrame, said: str) -> pd.DataFrame:
    """Return the reader's answer as links of `analysis.sources.schema`."""
    told = pairs[["location_id", "related_id"]].assign(kind="predecessor", reason=REASONS[said])
    return told.astype("str").reset_index(drop=True)


def in_words(pairs: pd.DataFrame) -> str:
    """Name the first pairs."""
    told = [
        f"{row.name_} ({row.related_id} ended {row.ended.day} {row.ended:%B %Y}, "
        f"{row.location_id} began {row.began.day} {row.began:%B %Y})"
        for row in pairs.rename(columns={"name": "name_"}).head(3).itertuples()
    ]
    more = f", and {len(pairs) - 3:,} more" if len(pairs) > 3 else ""
    return ", ".join(told) + more
