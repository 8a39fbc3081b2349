"""Which ratings does one document of CQC's API hold, and which of them are the home's own?

Before the Single Assessment Framework the ratings stand in ``currentRatings`` and ``historicRatings``; since then in
``assessment[].ratings``, where social care's stand per service group (``asgRatings``). Visit days come from ``reports``
by link. The rules for whose rating it is:

* A rating under ``overall`` is the location's own.
* Where there is none (or it says "Not Rated", as for locations with several services), the *care-home* service rates a
  care home: it is the building that is evaluated, and a homecare agency run from it is another service. Of a location
  that is no care home every service counts.
* Several such services that agree rate the location alike; where they disagree, the location was inspected and has no
  rating of its own.
* A home's homecare agency assessed alone says nothing of the home, and is counted as such.

A rating that is gone: a registered location with earlier ratings whose current ratings are empty, or "No published
rating", and that was not assessed since, had its rating withdrawn. Where the day is not said, the last that is known is
that it stood when it was published.

Source: api.service.cqc.org.uk, public v1, ``/locations/{id}``; rating fields as read in Skills for Care's pipeline.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.sources.cqc_words import MEANING
from analysis.sources.layout import plain
from analysis.sources.schema import KEY_QUESTIONS, RATINGS, WITHDRAWN

Document = Mapping[str, Any]
BEFORE, SINCE = "key lines of enquiry", "single assessment framework"
FACTS = (
    "location_id", "service", "key_question", "rating", "published", "visited", "inherited", "regime", "report_id",
    "part",
)  # fmt: skip
"""A fact of the table ``ratings``, with the number of the list of key questions it stands in."""

CARE_HOME = re.compile(r"\b(care|nursing|residential) homes?\b")
"""What the service groups of a care home are called: "Residential homes", "Care home service with nursing", …"""

UNPUBLISHED = ("no published rating", "no approved rating")
"""What a current rating says when the one before it was taken back."""

UNNAMED, OVERALL, UNRATED = "Unnamed service", "Overall", "Not rated"


def facts(document: Document) -> Iterator[tuple]:
    """Yield every rating of one location (`FACTS`), those that count for more later."""
    for part, fact in _parts(document):
        yield (*fact, part)


def other_services_alone(document: Document) -> int:
    """Count assessments of a care home that rated other services of it only."""
    assessed = [assessment.get("ratings") or {} for assessment in document.get("assessment") or ()]
    return sum(
        bool(ratings.get("asgRatings")) and not _whole(ratings) and _own(document, _services(ratings)) is None
        for ratings in assessed
    )


def _parts(document: Document) -> Iterator[tuple[int, tuple]]:
    visits = {report.get("linkId"): report.get("firstVisitDate") for report in document.get("reports") or ()}
    gone, part = list(_withdrawn(document)), 0
    current = {} if gone else document.get("currentRatings") or {}
    for report in (*(document.get("historicRatings") or ()), current):
        for service, rated in _of_report(document, report):
            part += 1
            yield from ((part, fact) for fact in _before(document["locationId"], service, report, rated, visits))
    for assessment in document.get("assessment") or ():
        for service, rated in _of_assessment(document, assessment.get("ratings") or {}):
            part += 1
            yield from ((part, fact) for fact in _since(document["locationId"], service, assessment, rated))
    yield from ((part + 1, fact) for fact in gone)


def _of_report(document: Document, report: Document) -> Iterator[tuple[str, Document]]:
    """Yield the location's rating, and each service's, of a report before the Single Assessment Framework."""
    services = [(one.get("name") or UNNAMED, one) for one in report.get("serviceRatings") or ()]
    overall = report.get("overall")
    if overall and (_said(overall) or not services):
        yield OVERALL, overall
    elif (own := _own(document, services) or overall) is not None:
        yield OVERALL, own
    yield from services


def _of_assessment(document: Document, ratings: Document) -> Iterator[tuple[str, Document]]:
    """Yield each service's rating, and the location's, of an assessment under the Single Assessment Framework."""
    services = _services(ratings)
    yield from services
    overall = _whole(ratings)
    own = _own(document, services)
    if not overall and own is not None:
        yield OVERALL, own
    elif overall or not services:
        yield from ((OVERALL, one) for one in overall or _listed(ratings.get("overall")))


def _services(ratings: Document) -> list[tuple[str, Document]]:
    return [(one.get("name") or UNNAMED, one) for one in ratings.get("asgRatings") or ()]


def _listed(overall: Any) -> list[Document]:
    return [overall] if isinstance(overall, dict) else list(overall or ())


def _whole(ratings: Document) -> list[Document]:
    """Overall ratings that say something."""
    return [one for one in _listed(ratings.get("overall")) if _said(one)]


def _said(rated: Document) -> bool:
    """Whether a rating says more than that there is none."""
    return MEANING.get(plain(rated.get("rating") or ""), UNRATED) != UNRATED


def _own(document: Document, services: Sequence[tuple[str, Document]]) -> Document | None:
    """Return what the services say of the location itself; None where none of them may speak for it."""
    speaking = [rated for name, rated in services if document.get("careHome") == "N" or CARE_HOME.search(plain(name))]
    if not speaking and [name for name, _ in services] == [UNNAMED]:
        speaking = [services[0][1]]
    return _agreed(speaking) if len(speaking) > 1 else next(iter(speaking), None)


def _agreed(services: Sequence[Document]) -> Document:
    """Return the rating on which several services agree, of the whole and by key question; else "Not rated"."""
    by_question: dict[str, set[str]] = {}
    for service in services:
        for part in service.get("keyQuestionRatings") or ():
            by_question.setdefault(part.get("name") or "", set()).add(part.get("rating") or "")
    overall = {service.get("rating") or "" for service in services}
    parts = [{"name": name, "rating": _one(ratings)} for name, ratings in by_question.items()]
    return {**services[0], "rating": _one(overall), "keyQuestionRatings": parts}


def _one(ratings: set[str]) -> str:
    return next(iter(ratings)) if len({MEANING.get(plain(one), one) for one in ratings}) == 1 else UNRATED


def _before(home: str, service: str, report: Document, rated: Document, visits: Document) -> Iterator[tuple]:
    """Yield the ratings of one report: a key question may carry its own, earlier report."""
    organisation = rated.get("organisationId") or report.get("organisationId") or home
    whole = {**report, **{key: value for key, value in rated.items() if value is not None}}
    for part in ({**whole, "name": OVERALL}, *(rated.get("keyQuestionRatings") or ())):
        link = part.get("reportLinkId") or whole.get("reportLinkId")
        day = part.get("reportDate") or whole.get("reportDate")
        inherited = (part.get("organisationId") or organisation) != home
        yield home, service, part.get("name"), part.get("rating"), day, visits.get(link or ""), inherited, BEFORE, link


def _since(home: str, service: str, assessment: Document, rated: Document) -> Iterator[tuple]:
    """Yield the ratings that one assessment gave to one service, or to the location."""
    day, plan, visited = (
        assessment.get("assessmentPlanPublishedDateTime"), rated.get("assessmentPlanId"), rated.get("assessmentDate"),
    )  # fmt: skip
    for part in ({"name": OVERALL, "rating": rated.get("rating")}, *(rated.get("keyQuestionRatings") or ())):
        yield home, service, part.get("name"), part.get("rating"), day, visited, False, SINCE, plan


def _withdrawn(document: Document) -> Iterator[tuple]:
    """Yield the end of a rating that was taken back, for every key question it had a rating of."""
    current = document.get("currentRatings")
    if current is None or document.get("assessment") or document.get("registrationStatus") != "Registered":
        return
    overall = current.get("overall") or {}
    if plain(overall.get("rating") or "") not in ("", *UNPUBLISHED) or current.get("serviceRatings"):
        return
    for question, published in _last_rated(document).items():
        day = overall.get("reportDate") or current.get("reportDate") or published
        yield document["locationId"], OVERALL, question, WITHDRAWN, day, None, False, BEFORE, None


def _last_rated(document: Document) -> dict[str, str]:
    """Return the day of the last rating of each key question among earlier reports."""
    last: dict[str, str] = {}
    for report in document.get("historicRatings") or ():
        overall, day = report.get("overall") or {}, report.get("reportDate") or ""
        for part in ({**overall, "name": OVERALL}, *(overall.get("keyQuestionRatings") or ())):
            known = part.get("name") in KEY_QUESTIONS and MEANING.get(plain(part.get("rating") or "")) in RATINGS
            if known and day:
                last[part["name"]] = max(day, last.get(part["name"], ""))
    return last
