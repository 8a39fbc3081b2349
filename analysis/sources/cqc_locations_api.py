"""What does CQC's API say about each home: who it is, every rating it ever had, and what it grew out of?

One JSON document per location; which of its ratings are the home's own is said in `cqc_api_ratings`. Of two ratings of
one key question on one day an assessment counts first, then the current rating, then the historic one that stands later
in the document. A key question given twice, differently, in one list is asked about.

Other services of social care are kept and marked as no care home, so that they can be evaluated where that is asked;
hospitals, surgeries and dentists are left out.

Source: api.service.cqc.org.uk, public v1, ``/locations/{id}``.
"""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.plural import counted
from analysis.sources.columns import answer, more, today
from analysis.sources.columns.places import EXPECTED, faults_told, judged
from analysis.sources.cqc_api_ratings import FACTS, Document, facts, other_services_alone
from analysis.sources.cqc_words import QUESTIONS, meaning, tidy
from analysis.sources.findings import Finding, Outcome
from analysis.sources.layout import SET_ASIDE, Documents, Layout, Parsed, Say, plain
from analysis.sources.schema import UNRATED, WITHDRAWN

SURROGATE = re.compile("[\ud800-\udfff]")
KEY = ["location_id", "service", "key_question", "published", "withdrawn"]
TWICE = "key question twice"
REPEATS = ("first in the file", "last in the file", "leave out")
SOCIAL_CARE = "Social Care Org"
"""What the API calls an organisation of adult social care."""
_RATED = {
    "name": str, "rating": str, "reportDate": str, "reportLinkId": str, "organisationId": str,
    "assessmentPlanId": str, "assessmentDate": str,
}  # fmt: skip
_WHOLE = {**_RATED, "keyQuestionRatings": [_RATED]}
_REPORT = {**_RATED, "overall": _WHOLE, "serviceRatings": [_WHOLE]}
_NAMED = [{"name": str, "description": str}]
_ASSESSED = {"overall": (_WHOLE, [_WHOLE]), "asgRatings": [_WHOLE]}
SHAPE = {
    **dict.fromkeys(
        ("locationId", "providerId", "name", "registrationStatus", "careHome", "brandName", "localAuthority", "region",
         "postalCode", "registrationDate", "deregistrationDate", "dormancy", "type"), str,
    ),
    "numberOfBeds": range(1_001),  # the largest homes of England have a few hundred
    "gacServiceTypes": _NAMED,
    "specialisms": _NAMED,
    "relationships": [{"relatedLocationId": str, "type": str, "reason": str}],
    "currentRatings": _REPORT,
    "historicRatings": [_REPORT],
    "reports": [{"linkId": str, "firstVisitDate": str}],
    "assessment": [{"assessmentPlanPublishedDateTime": str, "ratings": _ASSESSED}],
}  # fmt: skip
"""What may stand where in a document: a type, a range, a list of one shape, keys to shapes, or either of two shapes."""
LINKS = {"hsca predecessor": "predecessor", "hsca successor": "successor"}


def parse(raw: Documents, say: Say) -> Parsed:
    """Return locations, ratings and links."""
    faults = {number: fault for number, document in raw.documents.items() if (fault := _fault(document))}
    kept, said = _care_homes(raw.file, {n: one for n, one in raw.documents.items() if n not in faults})
    given = pd.DataFrame([fact for document in kept.values() for fact in facts(document)], columns=list(FACTS))
    told = _told(given)
    chosen, asked = _given_twice(raw.file, told, say)
    if any(finding.outcome == "ask" for finding in asked):
        return Parsed(findings=asked)
    ratings, doubts = _ratings(raw.file, chosen)
    locations, more = _locations(raw.file, kept)
    places, misplaced = _places(raw.file, kept)
    tables = {"locations": locations, "places": places, "ratings": ratings, "links": _links(kept)}
    doubts = (*asked, *doubts, *more, *misplaced, *_not_of_the_home(raw.file, kept))
    aside = [
        (number, key, found, "what CQC's API gives", "unexpected document") for number, (key, found) in faults.items()
    ]
    return Parsed(
        tables={name: table for name, table in tables.items() if len(table)},
        findings=(*_set_aside(raw.file, aside), *said, *doubts),
        set_aside=pd.DataFrame(aside, columns=list(SET_ASIDE)),
        rows_used=len(kept),
        rows_dropped=len(raw.documents) - len(faults) - len(kept),
    )


def _fault(document: Document) -> tuple[str, str] | None:
    """Return the key at which a document is not as the API gives it, and what stood there."""
    if not document.get("locationId"):
        return "locationId", "nothing"
    return next(((key, repr(document[key])[:60]) for key in SHAPE if not _fits(document.get(key), SHAPE[key])), None)


def _fits(value: Any, shape: Any) -> bool:
    """Whether `value` has the shape; what is absent always has."""
    match shape:
        case _ if value is None:
            return True
        case dict():
            return isinstance(value, dict) and all(_fits(value.get(key), inner) for key, inner in shape.items())
        case list():
            return isinstance(value, list) and all(one is not None and _fits(one, shape[0]) for one in value)
        case tuple():
            return any(_fits(value, either) for either in shape)
        case range():
            return isinstance(value, int) and value in shape
    # Half of a surrogate pair is legal in JSON but is no letter, and nothing can store it.
    return isinstance(value, str) and not SURROGATE.search(value)


def _set_aside(file: str, aside: list[tuple]) -> list[Finding]:
    if not aside:
        return []
    number, key, found, expected, fault = aside[0]
    do = f"{len(aside):,} such documents were set aside and listed."
    return [Finding(outcome="rows", fault=fault, file=file, row=number, column=key, found=found, expected=expected,
                    do=do, rows=len(aside))]  # fmt: skip


def _care_homes(file: str, documents: Mapping[int, Document]) -> tuple[dict[int, Document], list[Finding]]:
    """Return the documents of care homes and other social care, the last of each, and what was said of the others."""
    last = {document["locationId"]: number for number, document in documents.items()}
    care = {number: one for number, one in documents.items() if one.get("careHome") != "N"}
    social = {n: one for n, one in documents.items() if n not in care and one.get("type") == SOCIAL_CARE}
    other, repeated = len(documents) - len(care) - len(social), len(documents) - len(last)
    counted: list[tuple[int, tuple[str, str, str, str]]] = [
        (other, ("other services", f"{other:,} locations that are no care home", "care homes", "They were left out.")),
        (len(social), ("other social care", f"{len(social):,} services of social care that are no care home",
         "care homes", "Kept, and counted only where services of any kind are asked for.")),
        (repeated, ("repeated documents", f"{repeated:,} locations given again", "each once", "The last one counts.")),
    ]  # fmt: skip
    said = [_finding("note", file, words, count) for count, words in counted if count]
    return {n: one for n, one in (care | social).items() if last[one["locationId"]] == n}, said


def _finding(outcome: Outcome, file: str, words: tuple[str, str, str, str], rows: int) -> Finding:
    fault, found, expected, do = words
    return Finding(outcome=outcome, fault=fault, file=file, found=found, expected=expected, do=do, rows=rows)


def _told(given: pd.DataFrame) -> pd.DataFrame:
    """Put facts into standard words and days."""
    question = given["key_question"].map(lambda name: QUESTIONS.get(plain(name or "-")))
    told = given.assign(
        key_question=question,
        rating=meaning(given.loc[:, "rating"].astype("str")),
        published=days(given.loc[:, "published"]),
        visited=days(given.loc[:, "visited"]),
    )
    return told.assign(withdrawn=told["rating"] == WITHDRAWN)


def _given_twice(file: str, told: pd.DataFrame, say: Say) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Ask which counts where one list gives a key question twice, differently; do as the reader chose."""
    one = ["location_id", "service", "part", "key_question"]
    known = told.loc[told["key_question"].notna()]
    differ = known.groupby(one)["rating"].transform("nunique") > 1
    clash = known.loc[differ.to_numpy()]
    if clash.empty:
        return told, ()
    first, places = clash.iloc[0], clash.drop_duplicates(["location_id", "key_question", "published"])
    found = f"{first['key_question']} of {first['location_id']} given as {' and as '.join(clash['rating'].head(2))}"
    found += more(len(places) - 1)
    chosen = answer(say, TWICE, REPEATS)
    expected = "each key question once in an assessment or report"
    if chosen is None:
        do = f"Choose which counts: {', '.join(REPEATS)}."
        asked = Finding(outcome="ask", fault=TWICE, file=file, found=found, expected=expected, do=do,
                        rows=len(places), question=TWICE, options=REPEATS)  # fmt: skip
        return told, (asked,)
    keep = {"first in the file": "first", "last in the file": "last", "leave out": False}[chosen]
    gone = clash.index[clash.duplicated(one, keep=keep)]
    do = f"As you chose: {chosen}."
    return told.drop(index=gone), (_finding("warn", file, (TWICE, found, expected, do), len(places)),)


def _ratings(file: str, told: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep one rating per report day and key question."""
    usable = told.loc[:, "key_question"].notna() & told["rating"].notna() & told["published"].notna()
    ahead = usable & (told.loc[:, "published"] > today())
    kept = told.loc[usable & ~ahead].drop_duplicates(KEY, keep="last")
    # A document holds every rating up to the day of the file, which is not before the last report in it.
    kept = kept.assign(last_listed=kept["published"].max())
    ordered = kept.sort_values(["location_id", "published", "service", "key_question"], kind="stable")
    return tidy("ratings", ordered.to_dict("series")).reset_index(drop=True), _remarks(file, told, usable, ahead, kept)


def days(texts: pd.Series) -> pd.Series:
    """Return ISO days and times as days."""
    return pd.to_datetime(texts.astype("str").str[:10], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")


def _remarks(file: str, told: pd.DataFrame, usable: pd.Series, ahead: pd.Series, kept: pd.DataFrame) -> list[Finding]:
    """Say what was left out of the ratings, and what stands in them that is no rating."""
    said = []
    overall = kept.loc[(kept["service"] == "Overall") & (kept["key_question"] == "Overall")]
    unvisited = int((overall["visited"].isna() & ~overall["withdrawn"]).sum())
    counted: list[tuple[Outcome, int, str, str, str, str]] = [
        ("warn", int((~usable).sum()), "unusable ratings", "ratings without a known word, key question or day",
         "a rating, a key question and a day", "They were left out; their homes were kept."),
        ("warn", int(ahead.sum()), "future dates", "ratings published after today", "days in the past",
         "They were left out; their homes were kept."),
        ("note", int((usable & ~ahead).sum()) - len(kept), "repeated ratings", "ratings given again for the same day",
         "one rating per report day and key question",
         "An assessment counts first, then the current rating, then the historic one that stands later."),
        ("warn", int(overall["inherited"].sum()), "inherited rating", "overall ratings of an earlier registration",
         "ratings of this registration", "They were kept and marked so."),
        ("note", unvisited, "no visit day", "overall ratings without a visit day", "the day of the first visit",
         "Their publication day stands in where the visit day is wanted."),
        ("warn", int(overall["withdrawn"].sum()), "rating withdrawn", "homes whose overall rating was taken back",
         "a current rating", "Their last rating ends there: on the day that is given, else on the day it was "
         "published, the last on which it is known to have stood."),
        *(("warn", int((overall["rating"] == kind).sum()), kind.lower(), f"overall ratings “{kind}”",
           "one of the four ratings", "Kept as an inspection without a rating, never counted as a level.")
          for kind in UNRATED),
    ]  # fmt: skip
    for outcome, count, fault, found, expected, do in counted:
        if count:
            said.append(_finding(outcome, file, (fault, f"{count:,} {found}", expected, do), count))
    return said


def _not_of_the_home(file: str, documents: Mapping[int, Document]) -> list[Finding]:
    """Say how many assessments rated only what is run from a care home beside it."""
    count = sum(map(other_services_alone, documents.values()))
    found = f"{count:,} assessments of care homes that rated another service only"
    do = "Kept as ratings of that service; the home's own rating stands."
    words = ("another service of the home", found, "a rating of the care-home service", do)
    return [_finding("warn", file, words, count)] if count else []


def _locations(file: str, documents: Mapping[int, Document]) -> tuple[pd.DataFrame, list[Finding]]:
    rows = pd.DataFrame([_location(document) for document in documents.values()])
    if rows.empty:
        return tidy("locations", {}), []
    registered = days(rows.loc[:, "registered"])
    ahead = registered > today()
    frame = rows.assign(registered=registered.mask(ahead), deregistered=days(rows.loc[:, "deregistered"]))
    count = int(ahead.sum())
    do = "Their registration day was left blank; their ratings were kept."
    words = ("registered in the future", f"{counted(count, 'home')} registered after today", "a day in the past", do)
    return tidy("locations", frame), [_finding("warn", file, words, count)] if count else []


def _location(document: Document) -> dict[str, Any]:
    services = {service.get("description") or "" for service in document.get("gacServiceTypes") or ()}
    services |= {service.get("name") or "" for service in document.get("gacServiceTypes") or ()}
    people = {special.get("name") or "" for special in document.get("specialisms") or ()}
    plainly = {
        "location_id": "locationId", "name": "name", "provider_id": "providerId", "brand": "brandName",
        "beds": "numberOfBeds", "area_name": "localAuthority", "region": "region", "postcode": "postalCode",
        "registered": "registrationDate", "deregistered": "deregistrationDate",
    }  # fmt: skip
    return {
        **{name: document.get(key) for name, key in plainly.items()},
        "care_home": {"Y": True, "N": False}.get(document.get("careHome", "")),
        "nursing": not services.isdisjoint({"Nursing homes", "Care home service with nursing"}),
        "residential": not services.isdisjoint({"Residential homes", "Care home service without nursing"}),
        "older_people": any(name.startswith("Caring for adults over 65") for name in people),
        "dementia": "Dementia" in people,
        "dormant": document.get("dormancy") == "Y",
    }


def _places(file: str, documents: Mapping[int, Document]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return where homes lie, and say whose coordinates are no place."""
    keys = {"location_id": "locationId", "latitude": "onspdLatitude", "longitude": "onspdLongitude"}
    rows = [tuple(document.get(key) for key in keys.values()) for document in documents.values()]
    given = pd.DataFrame(rows, columns=list(keys), dtype="object")
    kept, faults = judged(given["latitude"], given["longitude"])
    said = [
        _finding("warn", file, (fault, f"{found}: {rows['location_id'].iloc[0]}", EXPECTED, do), len(rows))
        for fault, rows, found, do in faults_told(given, faults)
    ]
    return tidy("places", {"location_id": given["location_id"], **kept}).dropna().reset_index(drop=True), said


def _links(documents: Mapping[int, Document]) -> pd.DataFrame:
    rows = [
        (
            document["locationId"],
            link.get("relatedLocationId"),
            LINKS.get(plain(link.get("type") or "")),
            link.get("reason"),
        )
        for document in documents.values()
        for link in document.get("relationships") or ()
    ]
    links = pd.DataFrame(rows, columns=["location_id", "related_id", "kind", "reason"])
    return tidy(
        "links", links.dropna(subset=["related_id", "kind"]).drop_duplicates(["location_id", "related_id", "kind"])
    )


LAYOUT = Layout(
    name="cqc api locations",
    title="CQC API location documents",
    holds="One document per location: registration, beds, services, every rating with its visit day, predecessors.",
    required={"location_id": ("locationId",), "status": ("registrationStatus",), "name": ("name",)},
    optional={
        key: (key,)
        for key in (
            "providerId", "brandName", "careHome", "numberOfBeds", "localAuthority", "region", "postalCode",
            "registrationDate", "deregistrationDate", "dormancy", "type", "gacServiceTypes", "specialisms",
            "onspdLatitude", "onspdLongitude", "relationships", "currentRatings", "historicRatings", "reports",
            "assessment",
        )
    },
    parse=parse,
    form="documents",
)  # fmt: skip
