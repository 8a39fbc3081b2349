"""What does CQC's API say about each home: who it is, every rating it ever had, and what it grew out of?

One JSON document per location. Before the Single Assessment Framework the ratings stand in ``currentRatings`` and
``historicRatings``; since then in ``assessment[].ratings``, where social care's stand per service (``asgRatings``).
Visit days come from ``reports`` by link. Of two ratings of one key question on one day the current one counts, then
the historic one that stands later in the document. An assessment of a single service rates the location too.

Source: api.service.cqc.org.uk, public v1, ``/locations/{id}``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.sources.columns import today
from analysis.sources.cqc_words import QUESTIONS, meaning, tidy
from analysis.sources.findings import Finding, Outcome
from analysis.sources.layout import SET_ASIDE, Documents, Layout, Parsed, Say, plain
from analysis.sources.schema import UNRATED

Document = Mapping[str, Any]
SURROGATE = re.compile("[\ud800-\udfff]")
KEY = ["location_id", "service", "key_question", "published"]
BEFORE, SINCE = "key lines of enquiry", "single assessment framework"
FACTS = ("location_id", "service", "key_question", "rating", "published", "visited", "inherited", "regime", "report_id")
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
         "postalCode", "registrationDate", "deregistrationDate", "dormancy"), str,
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
    facts = pd.DataFrame([fact for document in kept.values() for fact in _facts(document)], columns=list(FACTS))
    ratings, doubts = _ratings(raw.file, facts)
    tables = {"locations": _locations(kept), "ratings": ratings, "links": _links(kept)}
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
    """Return the documents of care homes, the last of each, and what was said of the others."""
    last = {document["locationId"]: number for number, document in documents.items()}
    kept = {number: one for number, one in documents.items() if one.get("careHome") != "N"}
    other, repeated = len(documents) - len(kept), len(documents) - len(last)
    said = []
    if other:
        words = ("other services", f"{other:,} locations that are no care home", "care homes", "They were left out.")
        said.append(_finding("note", file, words, other))
    if repeated:
        words = ("repeated documents", f"{repeated:,} locations given again", "each once", "The last one counts.")
        said.append(_finding("note", file, words, repeated))
    return {number: one for number, one in kept.items() if last[one["locationId"]] == number}, said


def _finding(outcome: Outcome, file: str, words: tuple[str, str, str, str], rows: int) -> Finding:
    fault, found, expected, do = words
    return Finding(outcome=outcome, fault=fault, file=file, found=found, expected=expected, do=do, rows=rows)


def _facts(document: Document) -> Iterator[tuple]:
    """Yield every rating of one location, those that count for more later."""
    visits = {report.get("linkId"): report.get("firstVisitDate") for report in document.get("reports") or ()}
    current = document.get("currentRatings") or {}
    for report in (*(document.get("historicRatings") or ()), {**current, "current": True}):
        for service, rated in _services(report):
            yield from _before(document["locationId"], service, report, rated, visits)
    for assessment in document.get("assessment") or ():
        yield from _since(document["locationId"], assessment)


def _services(report: Document) -> Iterator[tuple[str, Document]]:
    if report.get("overall"):
        yield "Overall", report["overall"]
    for rated in report.get("serviceRatings") or ():
        yield rated.get("name") or "Unnamed service", rated


def _before(home: str, service: str, report: Document, rated: Document, visits: Document) -> Iterator[tuple]:
    """Yield the ratings of one report: a key question may carry its own, earlier report."""
    organisation = rated.get("organisationId") or report.get("organisationId") or home
    whole = {**report, **{key: value for key, value in rated.items() if value is not None}}
    for part in ({**whole, "name": "Overall"}, *(rated.get("keyQuestionRatings") or ())):
        link = part.get("reportLinkId") or whole.get("reportLinkId")
        day = part.get("reportDate") or whole.get("reportDate")
        inherited = (part.get("organisationId") or organisation) != home
        yield home, service, part.get("name"), part.get("rating"), day, visits.get(link or ""), inherited, BEFORE, link


def _since(home: str, assessment: Document) -> Iterator[tuple]:
    """Yield the ratings of one assessment under the Single Assessment Framework."""
    ratings, day = assessment.get("ratings") or {}, assessment.get("assessmentPlanPublishedDateTime")
    services = ratings.get("asgRatings") or ()
    overall = ratings.get("overall") or ()
    whole = [overall] if isinstance(overall, dict) else list(overall)
    if len(services) == 1 and not any(one.get("rating") for one in whole):
        whole = list(services)
    for service, rated in [
        *((one.get("name") or "Unnamed service", one) for one in services),
        *(("Overall", one) for one in whole),
    ]:
        plan, visited = rated.get("assessmentPlanId"), rated.get("assessmentDate")
        for part in ({"name": "Overall", "rating": rated.get("rating")}, *(rated.get("keyQuestionRatings") or ())):
            yield home, service, part.get("name"), part.get("rating"), day, visited, False, SINCE, plan


def _ratings(file: str, facts: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Put ratings into standard words and days, one per report day and key question."""
    question = facts["key_question"].map(lambda name: QUESTIONS.get(plain(name or "-")))
    told = facts.assign(
        key_question=question,
        rating=meaning(facts.loc[:, "rating"].astype("str")),
        published=days(facts.loc[:, "published"]),
        visited=days(facts.loc[:, "visited"]),
    )
    usable = told.loc[:, "key_question"].notna() & told["rating"].notna() & told["published"].notna()
    ahead = usable & (told.loc[:, "published"] > today())
    kept = told.loc[usable & ~ahead].drop_duplicates(KEY, keep="last")
    ordered = kept.sort_values(["location_id", "published", "service", "key_question"], kind="stable")
    return tidy("ratings", ordered.to_dict("series")).reset_index(drop=True), _remarks(file, told, usable, ahead, kept)


def days(texts: pd.Series) -> pd.Series:
    """Return ISO days and times as days."""
    return pd.to_datetime(texts.astype("str").str[:10], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")


def _remarks(file: str, told: pd.DataFrame, usable: pd.Series, ahead: pd.Series, kept: pd.DataFrame) -> list[Finding]:
    """Say what was left out of the ratings, and what stands in them that is no rating."""
    said = []
    overall = kept.loc[(kept["service"] == "Overall") & (kept["key_question"] == "Overall")]
    unvisited = int(overall["visited"].isna().sum())
    counted: list[tuple[Outcome, int, str, str, str, str]] = [
        ("warn", int((~usable).sum()), "unusable ratings", "ratings without a known word, key question or day",
         "a rating, a key question and a day", "They were left out; their homes were kept."),
        ("warn", int(ahead.sum()), "future dates", "ratings published after today", "days in the past",
         "They were left out; their homes were kept."),
        ("note", int((usable & ~ahead).sum()) - len(kept), "repeated ratings", "ratings given again for the same day",
         "one rating per report day and key question", "The current one counts, then the later historic one."),
        ("warn", int(overall["inherited"].sum()), "inherited rating", "overall ratings of an earlier registration",
         "ratings of this registration", "They were kept and marked so."),
        ("note", unvisited, "no visit day", "overall ratings without a visit day", "the day of the first visit",
         "Their publication day stands in where the visit day is wanted."),
        *(("warn", int((overall["rating"] == kind).sum()), kind.lower(), f"overall ratings “{kind}”",
           "one of the four ratings", "Kept as an inspection without a rating, never counted as a level.")
          for kind in UNRATED),
    ]  # fmt: skip
    for outcome, count, fault, found, expected, do in counted:
        if count:
            said.append(_finding(outcome, file, (fault, f"{count:,} {found}", expected, do), count))
    return said


def _locations(documents: Mapping[int, Document]) -> pd.DataFrame:
    rows = pd.DataFrame([_location(document) for document in documents.values()])
    if rows.empty:
        return tidy("locations", {})
    return tidy(
        "locations",
        rows.assign(registered=days(rows.loc[:, "registered"]), deregistered=days(rows.loc[:, "deregistered"])),
    )


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
        "care_home": {"Y": True}.get(document.get("careHome", "")),
        "nursing": not services.isdisjoint({"Nursing homes", "Care home service with nursing"}),
        "residential": not services.isdisjoint({"Residential homes", "Care home service without nursing"}),
        "older_people": any(name.startswith("Caring for adults over 65") for name in people),
        "dementia": "Dementia" in people,
        "dormant": document.get("dormancy") == "Y",
    }


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
            "registrationDate", "deregistrationDate", "dormancy", "gacServiceTypes", "specialisms", "relationships",
            "currentRatings", "historicRatings", "reports", "assessment",
        )
    },
    parse=parse,
    form="documents",
)  # fmt: skip
