"""Which care homes are, or were, registered; how large; for whom?

Three published lists of locations: the weekly care directory (CSV with banner rows), the monthly HSCA active locations
and the deactivated locations (workbooks whose header row moves). Flags are ``Y`` or blank, ``-`` stands for nothing.
Managers' and nominated individuals' names stand in these files and are never read. A deactivated location is not
always a closed home: a new provider or legal form also ends a registration.
"""

import pandas as pd

from analysis.sources.columns import (
    DateRule,
    Quantity,
    Screening,
    amounts,
    dates,
    homes,
    names,
    parsed,
    screening,
    today,
)
from analysis.sources.columns.places import places
from analysis.sources.cqc_latest_ratings import inherited, listed, other_services
from analysis.sources.cqc_words import flag, ratings, tidy, words
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.schema import ENFORCEMENT, VOLUNTARY

DAY = DateRule(grain="day", required=False, order="day first")
REGISTERED = DateRule(grain="day", required=False, past=False, order="day first")
BEDS = Quantity(what="a whole number of beds", whole=True, highest=1_000, required=False, spare=True)
TEXTS = ("name", "provider_id", "brand", "area_name", "region", "postcode", "primary_id")


def parse(raw: RawTable, say: Say) -> Parsed:
    """Return locations, and the latest overall rating where the list carries it."""
    home = homes(raw, "location_id")
    kind = _kind(raw)
    values = {"location_id": home.values, **{name: words(raw, name) for name in TEXTS}, **kind}
    said = home.screening + names(raw, "name").screening
    said += other_services(raw, "service_types" if "service_types" in raw.frame else "care_home", kind["care_home"])
    for name in {"registered", "deregistered"} & set(raw.frame):
        column = dates(raw, name, say, REGISTERED)
        values[name], said = column.values, said + column.screening
    if "status" in raw.frame:
        values["ended_by"] = _ended_by(raw)
    if "registered" in values:
        values["registered"], ahead = _not_ahead(raw, values["registered"])
        said += ahead
    if "beds" in raw.frame:
        beds = amounts(raw, "beds", say, BEDS)
        values["beds"], said = beds.values.astype("Float64").astype("Int64"), said + beds.screening
    facts, doubts = _ratings(raw, say, home.values)
    place, misplaced = places(raw)
    said += doubts + misplaced
    said += _repeated(raw, said.keep(pd.DataFrame({"location_id": home.values})))
    lies = tidy("places", {"location_id": home.values, **place}).dropna()
    return parsed(raw, said, lambda: _tables(said, locations=tidy("locations", values), ratings=facts, places=lies))


def _ended_by(raw: RawTable) -> pd.Series:
    """Return who ended each registration, where its status says so: "Deregistered (E)" is CQC's enforcement."""
    status = words(raw, "status").fillna("").str.casefold()
    enforced = status.str.contains(r"\(e\)|enforce|cancel", regex=True)
    voluntary = status.str.contains(r"\(v\)|voluntar", regex=True)
    return pd.Series(None, raw.frame.index, dtype="str").mask(voluntary, VOLUNTARY).mask(enforced, ENFORCEMENT)


def _not_ahead(raw: RawTable, registered: pd.Series) -> tuple[pd.Series, Screening]:
    """Leave blank, and say, days of registration after today."""
    ahead = registered > today()
    if not ahead.any():
        return registered, Screening()
    do = "Their registration day was left blank; the homes were kept."
    cells = raw.frame.loc[ahead, "registered"]
    said = screening("warn", raw, "registered", cells, fault="registered in the future", expected="a past day", do=do)
    return registered.mask(ahead), said


def _kind(raw: RawTable) -> dict[str, pd.Series]:
    """Return whom a home is for, from its flags or its lists of services and specialisms."""
    if "service_types" in raw.frame:
        types, people = words(raw, "service_types").fillna(""), words(raw, "specialisms").fillna("")
        nursing, residential = types.str.contains("Nursing home"), types.str.contains("Residential home")
        older, dementia = people.str.contains("over 65"), people.str.contains("Dementia")
        care_home = nursing | residential
    else:
        marks = ("nursing", "residential", "older_people", "dementia")
        nursing, residential, older, dementia = (flag(raw, name, blank=False) for name in marks)
        care_home = flag(raw, "care_home")
    kind = {"nursing": nursing, "residential": residential, "older_people": older, "dementia": dementia}
    return {"care_home": care_home, **kind, "dormant": flag(raw, "dormant", blank=False)}


def _ratings(raw: RawTable, say: Say, home: pd.Series) -> tuple[pd.DataFrame, Screening]:
    """Return the location's latest overall rating (index: row number), where the list has one."""
    if not {"rating", "published"} <= set(raw.frame):
        return tidy("ratings", {}, raw.frame.index[:0]), Screening()
    given = raw.frame["rating"].notna() & raw.frame["published"].notna()
    rated = RawTable(
        file=raw.file, sheet=raw.sheet, columns=raw.columns, mapping=raw.mapping, frame=raw.frame.loc[given]
    )
    rating, published = ratings(rated, "rating", say), dates(rated, "published", say, DAY)
    overall = {"service": "Overall", "key_question": "Overall", "inherited": flag(rated, "inherited")}
    # A deactivated location stands in its list because it ended: its rating was not seen to stand.
    seen = {} if "deregistered" in raw.frame else listed(published.values)
    values = {"location_id": home[given], "rating": rating.values, "published": published.values, **overall, **seen}
    facts = tidy("ratings", values)
    return facts, rating.screening + published.screening + inherited(rated, facts)


def _repeated(raw: RawTable, homes_kept: pd.DataFrame) -> Screening:
    """Drop all but the last row of a location listed more than once."""
    again = homes_kept.index[homes_kept["location_id"].duplicated(keep="last")]
    return Screening(dropped=again)


def _tables(said: Screening, **tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    kept = {name: said.keep(frame) for name, frame in tables.items()}
    return {name: frame.reset_index(drop=True) for name, frame in kept.items() if len(frame)}


_PLACE = {
    "provider_id": ("Provider ID", "CQC Provider ID (for office use only"),
    "brand": ("Brand Name",),
    "area_name": ("Location Local Authority", "Local Authority"),
    "region": ("Location Region", "Region"),
    "postcode": ("Location Postal Code", "Postal Code", "Postcode"),
    "latitude": ("Location Latitude",),
    "longitude": ("Location Longitude",),
}
_HSCA = {
    **_PLACE,
    "registered": ("Location HSCA start date", "HSCA start date"),
    "nursing": ("Service type - Care home service with nursing",),
    "residential": ("Service type - Care home service without nursing",),
    "older_people": ("Service user band - Older People",),
    "dementia": ("Service user band - Dementia",),
    "dormant": ("Dormant (Y/N)",),
    "primary_id": ("Dual registration / Primary ID", "Primary ID", "Dual Registration Primary ID"),
    "rating": ("Location Latest Overall Rating",),
    "published": ("Publication Date",),
    "inherited": ("Inherited Rating (Y/N)",),
    "sector": ("Location Type/Sector", "Location Type"),
}
CARE_DIRECTORY = Layout(
    name="cqc care directory",
    title="CQC care directory",
    holds="Every registered location of the week: name, place, provider, services and specialisms.",
    required={
        "location_id": ("CQC Location (for office use only", "CQC Location ID (for office use only)"),
        "name": ("Name",),
        "service_types": ("Service types",),
        "area_name": ("Local Authority",),
    },
    optional={**_PLACE, "specialisms": ("Specialisms/services",)},
    parse=parse,
)
ACTIVE = Layout(
    name="cqc active locations",
    title="CQC HSCA active locations (care directory with filters)",
    holds="Every registered location of the month: beds, services, user bands, registration day, latest rating.",
    required={
        "location_id": ("Location ID",),
        "name": ("Location Name",),
        "care_home": ("Care home?",),
        "beds": ("Care homes beds",),
    },
    optional=_HSCA,
    parse=parse,
    sheet="HSCA_Active_Locations",
)
DEACTIVATED = Layout(
    name="cqc deactivated locations",
    title="CQC deactivated locations",
    holds="Every location whose registration ended, with the day it ended and its last rating.",
    required={
        "location_id": ("Location ID",),
        "name": ("Location Name",),
        "care_home": ("Care home?",),
        "deregistered": ("Location HSCA End Date", "HSCA End Date"),
    },
    optional={
        **_HSCA,
        "status": ("Location Status",),
        "beds": ("Care homes beds at point location de-activated", "Care homes beds"),
    },
    parse=parse,
)
