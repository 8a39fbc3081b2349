"""CQC's API documents, before and since the Single Assessment Framework."""

import gzip
import json

import pandas as pd
import pytest

from analysis import sources
from analysis.sources.schema import RATINGS, TABLES

FIVE = ("Safe", "Well-led", "Caring", "Responsive", "Effective")  # the order of the API, not of the schema


def questions(rating: str, **other: str) -> list[dict]:
    return [{"name": name, "rating": other.get(name, rating)} for name in FIVE]


def document(**more) -> dict:
    return {
        "locationId": "1-1", "providerId": "1-9", "name": "Elms", "registrationStatus": "Registered", "careHome": "Y",
        "numberOfBeds": 28, "registrationDate": "2013-11-04", "dormancy": "N", "region": "South West",
        "localAuthority": "Devon", "postalCode": "EX1 1AA",
        "gacServiceTypes": [{"name": "Nursing homes", "description": "Care home service with nursing"}],
        "specialisms": [{"name": "Dementia"}, {"name": "Caring for adults over 65 yrs"}],
        "regulatedActivities": [{"contacts": [{"personGivenName": "Jo", "personFamilyName": "Person"}]}],
        **more,
    }  # fmt: skip


CURRENT = {
    "overall": {"rating": "Good", "reportDate": "2020-05-06", "reportLinkId": "b", "keyQuestionRatings": [
        {"name": name, "rating": "Good", "reportDate": "2020-05-06", "reportLinkId": "b"} for name in FIVE
    ]},
    "reportDate": "2020-05-06",
}  # fmt: skip
OLD = {
    "reportLinkId": "a",
    "reportDate": "2017-07-20",
    "overall": {"rating": "Requires improvement", "keyQuestionRatings": questions("Good", Safe="Inadequate")},
}
REPORTS = [{"linkId": "a", "firstVisitDate": "2017-05-15"}, {"linkId": "b", "firstVisitDate": "2020-01-17"}]


def read(*documents: dict):
    reading = sources.read("locations.json", json.dumps(documents).encode())
    assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped
    return reading


def overall(reading) -> list[list]:
    ratings = reading.tables["ratings"]
    own = ratings[(ratings["service"] == "Overall") & (ratings["key_question"] == "Overall")]
    return own[["rating", "published", "visited"]].astype("str").to_numpy().tolist()


def test_who_the_home_is():
    reading = read(document())
    (home,) = reading.tables["locations"].to_dict("records")
    assert (home["location_id"], home["beds"], home["care_home"]) == ("1-1", 28, True)
    assert (home["nursing"], home["residential"], home["older_people"], home["dementia"]) == (True, False, True, True)
    assert home["registered"] == pd.Timestamp(2013, 11, 4) and pd.isna(home["deregistered"])
    assert "Person" not in str(reading)


def test_current_and_historic_ratings_are_joined_to_their_visits_by_link():
    reading = read(document(currentRatings=CURRENT, historicRatings=[OLD], reports=REPORTS))
    assert overall(reading) == [
        ["Requires improvement", "2017-07-20", "2017-05-15"],
        ["Good", "2020-05-06", "2020-01-17"],
    ]
    ratings = reading.tables["ratings"]
    assert list(ratings.columns) == list(TABLES["ratings"]) and len(ratings) == 12
    safe = ratings[ratings["key_question"] == "Safe"]
    assert list(safe["rating"]) == ["Inadequate", "Good"]  # by name, whatever its place
    assert set(ratings["regime"]) == {"key lines of enquiry"}


def test_of_two_ratings_on_one_day_the_current_one_counts_then_the_later_historic_one():
    same = OLD | {"reportDate": "2020-05-06"}
    assert overall(read(document(currentRatings=CURRENT, historicRatings=[same], reports=REPORTS)))[0][0] == "Good"
    first, second = OLD, OLD | {"overall": {"rating": "Inadequate"}, "reportLinkId": "c"}
    reading = read(document(historicRatings=[first, second], reports=REPORTS))
    assert [rating for rating, *_ in overall(reading)] == ["Inadequate"]
    assert "repeated ratings" in {finding.fault for finding in reading.findings}


def test_a_report_of_an_earlier_registration_is_inherited():
    reading = read(document(historicRatings=[OLD | {"organisationId": "1-0"}], reports=REPORTS))
    assert reading.tables["ratings"]["inherited"].all()
    assert "inherited rating" in {finding.fault for finding in reading.findings}


ASSESSMENT = {
    "assessmentPlanPublishedDateTime": "2025-03-04T09:30:00Z",
    "ratings": {
        "asgRatings": [
            {"assessmentPlanId": "p1", "assessmentDate": "2025-01-15T00:00:00", "name": "Residential homes",
             "rating": "Good",
             "keyQuestionRatings": [{"name": "Safe", "rating": "Requires improvement", "percentageScore": 58}]},
        ]
    },
}  # fmt: skip


def test_an_assessment_of_the_only_service_rates_the_location_too():
    reading = read(document(currentRatings=CURRENT, assessment=[ASSESSMENT], reports=REPORTS))
    assert overall(reading)[-1] == ["Good", "2025-03-04", "2025-01-15"]
    since = reading.tables["ratings"].query("regime == 'single assessment framework'")
    assert sorted(zip(since["service"], since["key_question"], since["rating"], strict=True)) == [
        ("Overall", "Overall", "Good"),
        ("Overall", "Safe", "Requires improvement"),
        ("Residential homes", "Overall", "Good"),
        ("Residential homes", "Safe", "Requires improvement"),
    ]
    assert set(since["report_id"]) == {"p1"}


def test_care_home_services_that_disagree_are_an_inspection_without_a_rating_unless_it_is_said():
    asg = ASSESSMENT["ratings"]["asgRatings"][0]
    two = {**ASSESSMENT, "ratings": {"asgRatings": [asg, asg | {"name": "Nursing homes", "rating": "Inadequate"}]}}
    assert overall(read(document(assessment=[two]))) == [["Not rated", "2025-03-04", "2025-01-15"]]
    said = {
        **two,
        "ratings": two["ratings"] | {"overall": [{"rating": "Requires improvement", "assessmentDate": "2025-01-15"}]},
    }
    assert [rating for rating, *_ in overall(read(document(assessment=[said])))] == ["Requires improvement"]


def test_services_within_a_location_keep_their_own_ratings():
    service = {"name": "Supported living", "rating": "Outstanding", "reportDate": "2020-05-06", "reportLinkId": "b"}
    current = CURRENT | {"serviceRatings": [service | {"keyQuestionRatings": questions("Good")}]}
    ratings = read(document(currentRatings=current, reports=REPORTS)).tables["ratings"]
    assert ratings.query("service == 'Supported living' and key_question == 'Overall'")["rating"].tolist() == [
        "Outstanding"
    ]


def test_predecessors_become_links():
    related = [
        {
            "relatedLocationId": "1-0",
            "relatedLocationName": "Elms",
            "type": "HSCA Predecessor",
            "reason": "New Provider",
        }
    ]
    (link,) = read(document(relationships=related)).tables["links"].to_dict("records")
    assert link == {"location_id": "1-1", "related_id": "1-0", "kind": "predecessor", "reason": "New Provider"}


def test_other_services_repeats_and_documents_without_an_id_are_accounted_for():
    documents = (
        document(),
        document(locationId="1-2", careHome="N"),
        document(name="New Elms"),
        document(locationId=None),
    )
    reading = read(*documents)
    assert (reading.rows_in, reading.rows_used, reading.rows_dropped, len(reading.set_aside)) == (4, 1, 2, 1)
    assert list(reading.tables["locations"]["name"]) == ["New Elms"]


def test_words_days_and_questions_nobody_knows_are_left_out_and_counted():
    odd = [OLD | {"overall": {"rating": "Fine"}}, OLD | {"reportDate": None}, OLD | {"reportDate": "2999-01-01"}]
    reading = read(document(historicRatings=odd))
    counts = {finding.fault: finding.rows for finding in reading.findings}
    assert counts["unusable ratings"] == 1 + 6 and counts["future dates"] == 6
    assert "ratings" not in reading.tables and len(reading.tables["locations"]) == 1


@pytest.mark.realdata
def test_the_real_file_gives_every_home_and_every_rating(realdata):
    path = realdata / "cqc_api_locations_south_west_2021-02.jsonl.gz"
    reading = sources.read(path.name, path)
    assert reading.rows_in == reading.rows_used == 728 == len(reading.tables["locations"])
    ratings = reading.tables["ratings"]
    own = ratings[(ratings["service"] == "Overall") & (ratings["key_question"] == "Overall")]
    assert own["location_id"].nunique() == 714
    assert own.loc[own["rating"].isin(RATINGS), "location_id"].nunique() == 712  # two were only ever "not rated"
    assert (own["rating"] == "Inspected but not rated").sum() == 83
    assert len(reading.tables["links"]) == 194 and set(reading.tables["links"]["kind"]) == {"predecessor"}
    with gzip.open(path) as lines:
        documents = [json.loads(line) for line in lines]
    brute = {
        (one["locationId"], report["reportDate"])
        for one in documents
        for report in (*one.get("historicRatings", ()), one.get("currentRatings", {}).get("overall", {}))
        if report
    }
    assert set(zip(own["location_id"], own["published"].dt.strftime("%Y-%m-%d"), strict=True)) == brute
