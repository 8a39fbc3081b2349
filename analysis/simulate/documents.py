"""How does CQC's API describe the county's homes?

One document per registration, in the layout of the syndication API (``/locations/{id}``): ratings of the old framework
in ``currentRatings`` and ``historicRatings``, assessments of the new one in ``assessment[].ratings.asgRatings``, where
the overall rating of social care is not filled. A home registered anew begins a new document without the old history.
"""

from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from analysis.simulate.register import AREA, REGION

FIVE = ("Safe", "Well-led", "Caring", "Responsive", "Effective")
"""Key questions in the order of the API."""
PERCENTAGE = {"Inadequate": 33, "Requires Improvement": 54, "Good": 75, "Outstanding": 92}
"""A score in the middle of each band of the Single Assessment Framework."""
OLD, NEW = "old", "new"


def api_documents(homes: pd.DataFrame, inspections: pd.DataFrame) -> list[dict]:
    """Describe every registration.

    Parameters
    ----------
    homes : DataFrame
        See `register`, with ``closed``.
    inspections : DataFrame
        See `inspect_homes`.

    Returns
    -------
    list of dict
        One document per registration that was observed, present ones first.
    """
    described = homes.to_dict("records")
    histories = [inspections.loc[inspections["home"] == home] for home in homes.index]
    pairs = list(zip(described, histories, strict=True))
    return [_present(*pair) for pair in pairs] + [_earlier(*pair) for pair in pairs if pair[0]["observed_earlier"]]


def _present(home: dict, inspections: pd.DataFrame) -> dict:
    registration = {"id": home["location_id"], "from": home["first_registered"], "until": home["closed"], "links": []}
    if pd.isna(home["reregistered"]):
        return _document(home, registration, inspections)
    registration |= {"from": home["reregistered"], "links": [_link(home["earlier_id"], home, "HSCA Predecessor")]}
    return _document(home, registration, inspections.loc[inspections["published"] >= home["reregistered"]])


def _earlier(home: dict, inspections: pd.DataFrame) -> dict:
    registration = {
        "id": home["earlier_id"],
        "from": home["first_registered"],
        "until": home["reregistered"],
        "links": [_link(home["location_id"], home, "HSCA Successor")],
    }
    return _document(home, registration, inspections.loc[inspections["published"] < home["reregistered"]])


def _link(related: str, home: dict, kind: str) -> dict:
    return {"relatedLocationId": related, "relatedLocationName": home["name"], "type": kind, "reason": home["reason"]}


def _document(home: dict, registration: dict, inspections: pd.DataFrame) -> dict:
    ended = pd.notna(registration["until"])
    status = {
        "registrationStatus": "Deregistered" if ended else "Registered",
        "registrationDate": _day(registration["from"]),
    }
    if ended:
        status["deregistrationDate"] = _day(registration["until"])
    identity = {
        "locationId": registration["id"],
        "providerId": home["provider_id"],
        "organisationType": "Location",
        "type": "Social Care Org",
        "name": home["name"],
    }
    links = {"relationships": registration["links"]}
    return identity | status | _place(home) | links | _services(home) | _ratings(registration["id"], inspections)


def _place(home: dict) -> dict:
    return {
        "dormancy": "N",
        "numberOfBeds": home["beds"],
        "postalAddressTownCity": home["town"],
        "postalAddressCounty": AREA,
        "region": REGION,
        "postalCode": home["postcode"],
        "onspdLatitude": home["latitude"],
        "onspdLongitude": home["longitude"],
        "careHome": "Y",
        "inspectionDirectorate": "Adult social care",
        "localAuthority": AREA,
    }


def _services(home: dict) -> dict:
    nursing = {"name": "Nursing homes", "description": "Care home service with nursing"}
    residential = {"name": "Residential homes", "description": "Care home service without nursing"}
    served = {
        "Caring for adults over 65 yrs": home["older_people"],
        "Caring for adults under 65 yrs": not home["older_people"],
        "Dementia": home["dementia"],
    }
    return {
        "gacServiceTypes": [nursing if home["nursing"] else residential],
        "inspectionCategories": [{"code": "S1", "primary": "true", "name": "Residential social care"}],
        "specialisms": [{"name": name} for name, yes in served.items() if yes],
    }


def _ratings(location: str, inspections: pd.DataFrame) -> dict:
    """Everything published about one registration, newest first."""
    newest = list(inspections.sort_values("published", ascending=False).to_dict("records"))
    old = [row for row in newest if row["framework"] == OLD]
    current = next((row for row in old if row["Overall"] != "Inspected but not rated"), None)
    found: dict = {"currentRatings": _current(location, current)} if current else {}
    found["historicRatings"] = [_historic(location, row) for row in old if row is not current]
    found["reports"] = [_report(location, row) for row in newest]
    if newest:
        found |= {"lastInspection": {"date": _day(newest[0]["visited"])}}
        found |= {"lastReport": {"publicationDate": _day(newest[0]["published"])}}
    assessed = [_assessment(location, row) for row in newest if row["framework"] == NEW]
    return found | ({"assessment": assessed} if assessed else {})


def _current(location: str, row: dict) -> dict:
    where = {"reportDate": _day(row["published"]), "reportLinkId": _report_id(location, row)}
    answers = [{"name": name, "rating": row[name], **where} for name in FIVE]
    overall = {"rating": row["Overall"], **where, "keyQuestionRatings": answers}
    return {"overall": overall, "reportDate": where["reportDate"]}


def _historic(location: str, row: dict) -> dict:
    answers = [{"name": name, "rating": row[name]} for name in FIVE if pd.notna(row[name])]
    return {
        "reportLinkId": _report_id(location, row),
        "reportDate": _day(row["published"]),
        "overall": {"rating": row["Overall"], "keyQuestionRatings": answers},
    }


def _report(location: str, row: dict) -> dict:
    link = _report_id(location, row)
    return {
        "linkId": link,
        "reportDate": _day(row["published"]),
        "reportUri": f"/reports/{link}",
        "firstVisitDate": _day(row["visited"]),
        "reportType": "Location",
    }


def _assessment(location: str, row: dict) -> dict:
    """One assessment under the new framework, in the API's own capitals ("Requires Improvement")."""
    words = {name: row[name].replace("improvement", "Improvement") for name in ("Overall", *FIVE)}
    answers = [
        {"name": name, "rating": words[name], "status": "Current", "percentageScore": PERCENTAGE[words[name]]}
        for name in FIVE
    ]
    rating = {
        "assessmentPlanId": _report_id(location, row),
        "title": "Care home service (synthetic)",
        "assessmentDate": _day(row["visited"]),
        "assessmentPlanStatus": "Active",
        "name": "Care home service (synthetic)",
        "rating": words["Overall"],
        "status": "Current",
        "keyQuestionRatings": answers,
    }
    published = f"{_day(row['published'])}T00:00:00Z"
    return {"assessmentPlanPublishedDateTime": published, "ratings": {"asgRatings": [rating]}}


def _report_id(location: str, row: dict) -> str:
    return str(uuid5(NAMESPACE_URL, f"{location}/{_day(row['published'])}"))


def _day(date) -> str:
    return f"{date:%Y-%m-%d}"
