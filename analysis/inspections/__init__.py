"""What has been published about each home, and when was it seen?

`Inspections` holds every published rating of every home, by key question, irregular in time: registrations joined into
homes (`registrations`), reports sifted and dated (`histories`), which homes left (`leaving`), and a ledger of what was
left out and why. `spells_of` turns them into how long each rating stood; `breaks` says when the rules changed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections.histories import CHANGES, COPIED, PUBLISHED_AGAIN, REPUBLISHED_DAYS, histories
from analysis.inspections.leaving import leaving
from analysis.inspections.regimes import breaks, period
from analysis.inspections.spells import Spells, spells_of
from analysis.outcomes import Services
from analysis.registrations import JOINING_REASONS, Registrations, one_home
from analysis.sources.schema import WITHDRAWN
from analysis.store import Store

__all__ = [
    "JOINING_REASONS", "Inspections", "Services", "Spells", "breaks", "inspections_from", "period", "spells_of",
    "stored_inspections",
]  # fmt: skip

ATTRIBUTES = (
    "name", "home_type", "beds", "area_name", "region", "provider_id", "registered", "deregistered", "ended_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inspections:
    """Every published rating of every home.

    Parameters
    ----------
    frame : DataFrame
        One row per home, key question and publication, in time order: home, location_id (the registration that was
        inspected), key_question, visited, published, date (of exposure), date_basis ("visit" or "publication"),
        seen_from (from when a next rating would have been seen),
        rating (ordered, missing where none of the four was given), unrated (what was said instead), inherited,
        regime, report_id, first_listed and last_listed (as of when the first and the last list of latest ratings held
        it), after_gap (whether ratings before it may have gone unseen between two lists).
    homes : DataFrame, index ``home`` (str), sorted
        Homes with or without a rating: name, home_type ("nursing" where it nurses at all, or "residential"), beds,
        area_name, region, provider_id, registered (first known), deregistered (of the newest registration), ended_by
        ("enforcement" or "voluntary", where a file says who ended it), care_home,
        earlier ("none named", "joined", "inherited" or "missing": what is known of an earlier registration's ratings),
        leaving ("registered", "registered again" or "left": see `leaving`).
    ledger : DataFrame
        outcome, reason, rows: rows read = used + left out, and of those used how many were changed.
    joins : DataFrame
        reason, outcome, links: which links between registrations were followed.
    digest : str
        SHA-256 of frame and homes.
    """

    frame: pd.DataFrame
    homes: pd.DataFrame
    ledger: pd.DataFrame
    joins: pd.DataFrame
    digest: str

    def rated(self, key_question: str = "Overall") -> pd.DataFrame:
        """Rows with one of the four ratings, in time order within each home."""
        frame = self.frame.loc[(self.frame["key_question"] == key_question) & self.frame["rating"].notna()]
        return frame.reset_index(drop=True)

    def latest(self, key_question: str = "Overall") -> pd.DataFrame:
        """Each rated home's last rating, by date of exposure; without those whose rating was withdrawn since."""
        of_question = self.frame.loc[self.frame["key_question"] == key_question]
        told = of_question.loc[of_question["rating"].notna() | (of_question["unrated"] == WITHDRAWN)]
        last = told.drop_duplicates("home", keep="last", ignore_index=True)
        return last.loc[last["rating"].notna()].reset_index(drop=True)

    @property
    def dating(self) -> str:
        """How inspections are dated, as a sentence."""
        rated = self.rated()
        if rated.empty:
            return "No home has a rating."
        visits = np.count_nonzero(rated["date_basis"] == "visit")
        if visits == len(rated):
            return "Every rating is dated by the visit."
        return (
            f"{visits:,} of {len(rated):,} ratings ({visits / len(rated):.1%}) are dated by the visit; "
            "the others by publication, some weeks later."
        )

    @property
    def told_apart(self) -> str:
        """How many ratings count once, or count although they may be one inspection told twice, as a sentence."""
        rows = self.ledger.groupby("reason")["rows"].sum()
        again, copies, close = (int(rows[reason]) for reason in (PUBLISHED_AGAIN, COPIED, CHANGES["close"]))
        told = [
            f"{again:,} {'was' if again == 1 else 'were'} published again and count once" if again else "",
            f"{copies:,} {'is a copy' if copies == 1 else 'are copies'} of what another registration was given"
            if copies
            else "",
            f"{close:,} came within {REPUBLISHED_DAYS} days of the one before with no visit day to tell whether they "
            "are another inspection, and count as one"
            if close
            else "",
        ]
        said = "; ".join(part for part in told if part)
        return f"Of the ratings by key question, {said}." if said else "No rating was published twice."

    @property
    def earlier(self) -> str:
        """What is known of earlier registrations, as a sentence."""
        missing = np.count_nonzero(self.homes["earlier"] == "missing")
        held = np.count_nonzero(self.homes["earlier"].isin(["joined", "inherited"]))
        named = held + missing
        share = f" ({named / len(self.homes):.0%})" if len(self.homes) else ""
        return (
            f"{named:,} of {len(self.homes):,} homes{share} name an earlier registration: "
            f"ratings given to it are held for {held:,}, and missing for {missing:,}, "
            "whose histories begin with the present registration."
        )


def inspections_from(
    locations: pd.DataFrame,
    ratings: pd.DataFrame,
    links: pd.DataFrame,
    *,
    joining_reasons: Iterable[str] = JOINING_REASONS,
    services: Services = "care homes",
) -> Inspections:
    """Inspections of every care home, or of every rated service of social care.

    Parameters
    ----------
    locations, ratings, links : DataFrame
        Tables of `analysis.sources.schema`.
    joining_reasons : iterable of str
        Reasons for a new registration after which the home is the same home.
    services : Services
        "care homes", or "any" for homecare and other services of social care beside them.
    """
    registrations = one_home(locations, links, joining_reasons)
    homes = _homes(locations, registrations)
    counted = homes["care_home"] | (services == "any")
    frame, ledger = histories(_with_homes(ratings, locations, counted, registrations))
    homes = homes.loc[counted]
    homes["earlier"] = _earlier(homes, frame, registrations)
    homes["leaving"] = leaving(locations, registrations, homes)
    return Inspections(
        frame=frame, homes=homes, ledger=ledger, joins=registrations.joins, digest=_digest(frame, homes.reset_index())
    )


def stored_inspections(store: Store, services: Services = "care homes") -> Inspections:
    """Inspections of every care home, or of every rated service of social care, in the store."""
    tables = (store.table(name) for name in ("locations", "ratings", "links"))
    return inspections_from(*tables, services=services)


def _homes(locations: pd.DataFrame, registrations: Registrations) -> pd.DataFrame:
    """One row per home, described by its newest registration."""
    rows = locations.assign(home=registrations.of(locations.location_id))
    rows["named"] = rows["home"] == rows["location_id"]
    rows = rows.sort_values(["home", "named", "registered", "location_id"], na_position="first")
    homes = rows.drop_duplicates("home", keep="last").set_index("home")
    first = rows.groupby("home")["registered"].min()
    # A table of homes brought by an evaluator says nothing of other services: what is not denied is a care home.
    care_home = homes["care_home"].astype("boolean").fillna(True).astype(bool)
    homes = homes.assign(home_type=_home_type(homes), registered=first, care_home=care_home)
    return homes.loc[:, [*ATTRIBUTES, "care_home"]]


def _home_type(homes: pd.DataFrame) -> pd.Series:
    """Nursing where it nurses at all, residential where it is said to be that only, else missing."""
    nursing, residential = (homes[kind].astype("boolean").fillna(False) for kind in ("nursing", "residential"))
    return pd.Series(pd.NA, homes.index, dtype="str").mask(residential, "residential").mask(nursing, "nursing")


def _with_homes(
    ratings: pd.DataFrame, locations: pd.DataFrame, counted: pd.Series, registrations: Registrations
) -> pd.DataFrame:
    """Ratings with the home they belong to, its family, when its registration began, and whether it is counted."""
    home = registrations.of(ratings.location_id)
    registered = locations.set_index("location_id")["registered"].reindex(ratings["location_id"])
    family = home.map(registrations.family).astype(home.dtype).fillna(home) if registrations.family else home
    known = counted.astype("boolean").reindex(home).to_numpy()
    rows = ratings.assign(home=home, family=family, registered=registered.to_numpy(), counted=known)
    return rows.reset_index(drop=True)


def _earlier(homes: pd.DataFrame, frame: pd.DataFrame, registrations: Registrations) -> pd.Series:
    """Say what is known of the ratings that an earlier registration of each home was given."""
    named = homes.index.isin(list(registrations.named))
    inherited = homes.index.isin(frame.loc[frame["inherited"], "home"])
    joined = named & homes.index.isin(frame.loc[frame["home"] != frame["location_id"], "home"])
    known = np.select([joined, inherited, named], ["joined", "inherited", "missing"], "none named")
    return pd.Series(known, index=homes.index)


def _digest(*frames: pd.DataFrame) -> str:
    """SHA-256 over the frames' values, in order."""
    hashed = (pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes() for frame in frames)  # pyright: ignore
    return hashlib.sha256(b"".join(hashed)).hexdigest()
