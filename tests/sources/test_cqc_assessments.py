"""Whose rating is it? Assessments of today, in small invented documents: one rule a case."""

import json

import pandas as pd
import pytest

from analysis import sources
from analysis.inspections import inspections_from, spells_of
from analysis.ratings import transitions
from analysis.sources.schema import TABLES

FIVE = ("Safe", "Effective", "Caring", "Responsive", "Well-led")
CARE, AGENCY, NURSING = "Residential homes", "Homecare agencies", "Nursing homes"
RI, INADEQUATE = "Requires improvement", "Inadequate"


def questions(rating, *names):
    return [{"name": name, "rating": rating} for name in names or FIVE]


def report(rating, day, **more):
    return {
        "reportDate": day,
        "reportLinkId": day,
        "overall": {"rating": rating, "keyQuestionRatings": questions(rating)},
        **more,
    }


def current(rating, day, link=None):
    return {
        "overall": {
            "rating": rating,
            "reportDate": day,
            "reportLinkId": link or day,
            "keyQuestionRatings": questions(rating),
        },
        "reportDate": day,
    }


def service(name, rating, visited="2024-04-20", **more):
    return {
        "assessmentPlanId": "p",
        "name": name,
        "rating": rating,
        "assessmentDate": visited,
        "keyQuestionRatings": questions(rating),
        **more,
    }


def assessment(*services, day="2024-06-10", **more):
    return {"assessmentPlanPublishedDateTime": f"{day}T09:00:00Z", "ratings": {"asgRatings": [*services], **more}}


def home(number="1-5", **more):
    return {
        "locationId": number,
        "providerId": "1-1",
        "name": f"Home {number}",
        "registrationStatus": "Registered",
        "careHome": "Y",
        "type": "Social Care Org",
        "registrationDate": "2012-01-01",
        "postalCode": "AA1 1AA",
        "gacServiceTypes": [{"name": CARE, "description": "Care home service without nursing"}],
        "currentRatings": current(RI, "2022-05-01"),
        "historicRatings": [report("Good", "2019-03-01")],
        **more,
    }


def read(*documents, say=None):
    return sources.read("locations.json", json.dumps(documents).encode(), say)


def known(*documents, say=None, **how):
    tables = read(*documents, say=say).tables
    return inspections_from(
        *(tables.get(n, pd.DataFrame(columns=list(TABLES[n]))) for n in ("locations", "ratings", "links")), **how
    )


def told(found, key_question="Overall"):
    """Every inspection of the home, with its rating or what was said instead."""
    rows = found.frame.loc[found.frame["key_question"] == key_question]
    return rows["rating"].astype("object").where(rows["rating"].notna(), rows["unrated"]).tolist()


def faults(reading):
    return {finding.fault for finding in reading.findings}


@pytest.mark.parametrize(
    ("assessed", "ends"),
    [
        ([assessment(service(CARE, "Good"))], "Good"),
        ([assessment(service(CARE, INADEQUATE), service(AGENCY, "Good"))], INADEQUATE),
        ([assessment(service(AGENCY, "Good"), service("Care Homes", INADEQUATE))], INADEQUATE),
        (
            [assessment(service(CARE, INADEQUATE), service(AGENCY, "Good"), overall=[{"rating": "Not Rated"}])],
            INADEQUATE,
        ),
        ([assessment(service(CARE, "Good"), service(NURSING, "Good"))], "Good"),
        ([assessment(service(CARE, "Good"), service(NURSING, INADEQUATE))], "Not rated"),  # inspected, and no rating
        (
            [assessment(service(CARE, INADEQUATE), overall=[{"rating": "Good"}])],
            "Good",
        ),  # the location's own goes first
        ([assessment(service(CARE, None))], "Not rated"),
        ([assessment(service(CARE, "Evidence requirements fully scored"))], "Not rated"),
        (
            [assessment(service(CARE, INADEQUATE)), assessment(service(AGENCY, "Good", None), day="2024-07-15")],
            INADEQUATE,
        ),
        (
            [
                assessment(service(CARE, INADEQUATE)),
                assessment(service(AGENCY, "Good", "2024-10-01"), day="2024-11-15"),
            ],
            INADEQUATE,
        ),
    ],
)
def test_the_care_home_service_rates_the_home(assessed, ends):
    assert told(known(home(assessment=assessed))) == ["Good", RI, ends]


def test_the_day_of_an_assessment_is_the_visit():
    found = known(home(assessment=[assessment(service(CARE, "Good"))]))
    assert found.latest()["date"].tolist() == [pd.Timestamp("2024-04-20")]


def test_a_homecare_agency_assessed_alone_leaves_the_homes_rating_and_is_said():
    document = home(assessment=[assessment(service(AGENCY, INADEQUATE))])
    assert told(known(document)) == ["Good", RI]
    assert "another service of the home" in faults(read(document))


def test_key_questions_that_were_not_assessed_keep_what_they_had():
    two = service(CARE, RI, keyQuestionRatings=questions(INADEQUATE, "Safe") + questions(RI, "Well-led"))
    found = known(home(assessment=[assessment(two)]))
    assert told(found, "Safe")[-1] == INADEQUATE
    assert told(found, "Caring") == ["Good", RI]


def test_services_of_other_kinds_count_where_they_are_asked_for():
    agency = home("1-6", careHome="N", assessment=[assessment(service(AGENCY, INADEQUATE))])
    dentist = home("1-7", careHome="N", type="Primary Dental Care")
    reading = read(home(), agency, dentist)
    assert {"other services", "other social care"} <= faults(reading)
    assert set(known(home(), agency, dentist).frame["home"]) == {"1-5"}
    both = known(home(), agency, dentist, services="any")
    assert set(both.homes.index) == {"1-5", "1-6"}
    assert told(known(agency, services="any")) == ["Good", RI, INADEQUATE]


def test_a_current_rating_that_repeats_an_assessment_is_one_inspection():
    for day in ("2024-06-10", "2024-06-12"):
        repeated = home(
            currentRatings=current("Good", day),
            historicRatings=[report(RI, "2022-05-01")],
            assessment=[assessment(service(CARE, "Good"))],
        )
        assert told(known(repeated)) == [RI, "Good"]


def close(first, second, *, reports=()):
    """Two reports 45 days apart, the later one current."""
    return home(
        currentRatings=current(second, "2022-06-15", "c"),
        reports=[*reports],
        historicRatings=[report(first, "2022-05-01", reportLinkId="b"), report("Good", "2020-01-01")],
    )


@pytest.mark.parametrize(
    ("visits", "uncertain"),
    [
        ({"b": "2022-03-20", "c": "2022-05-20"}, 0),
        ({}, 1),
        ({"b": "2022-03-20"}, 1),  # the current rating stands, whichever report names its visit
    ],
)
def test_two_reports_close_together_are_two_inspections_and_what_is_not_sure_is_counted(visits, uncertain):
    reports = [{"linkId": link, "firstVisitDate": day} for link, day in visits.items()]
    found = known(close(INADEQUATE, "Good", reports=reports))
    assert told(found) == ["Good", INADEQUATE, "Good"]
    assert found.latest()["rating"].tolist() == ["Good"]
    counted = found.ledger.set_index("reason")["rows"]
    assert counted[
        "within 60 days of the report before and without a visit day of its own, counted as an inspection"
    ] == (6 * uncertain)


def test_three_reports_close_together_lose_none_without_a_word():
    three = home(
        currentRatings=current(RI, "2022-08-15"),
        historicRatings=[report(RI, "2022-06-29"), report(INADEQUATE, "2022-05-01"), report("Good", "2020-01-01")],
    )
    found = known(three)
    assert told(found) == ["Good", INADEQUATE, RI, RI]
    assert transitions(found).left_out == 2  # the pairs 59 and 47 days apart


OLD = {"organisationId": "1-0"}


def pairs(found):
    moves = transitions(found, dates="published").pairs
    return sorted(zip(moves["home"], moves["from_date"].dt.year, moves["to_date"].dt.year, strict=True))


def registered_later(number, reason, rating_day):
    return home(
        number,
        registrationDate="2019-07-01",
        currentRatings=current("Good", rating_day),
        historicRatings=[report(RI, "2018-02-01", **OLD), report("Good", "2016-03-01", **OLD)],
        relationships=[{"relatedLocationId": "1-0", "type": "HSCA Predecessor", "reason": reason}],
    )


PREDECESSOR = home(
    "1-0",
    registrationStatus="Deregistered",
    deregistrationDate="2019-06-30",
    currentRatings=current(RI, "2018-02-01"),
    historicRatings=[report("Good", "2016-03-01")],
)


def test_a_home_that_moved_and_carries_its_history_gives_each_pair_once():
    moved = registered_later("1-2", "Location Move", "2021-08-01")
    assert pairs(known(PREDECESSOR, moved)) == [("1-0", 2016, 2018), ("1-2", 2018, 2021)]
    assert pairs(known(moved)) == [("1-2", 2016, 2018), ("1-2", 2018, 2021)]


def test_a_registration_that_became_two_gives_each_pair_once():
    one, two = (registered_later(f"1-{n}", "New Provider", f"2021-0{7 + n}-01") for n in (1, 2))
    once = [("1-1", 2018, 2021), ("1-2", 2018, 2021)]
    assert pairs(known(PREDECESSOR, one, two)) == [("1-0", 2016, 2018), *once]
    assert pairs(known(one, two)) == [("1-1", 2016, 2018), *once]  # the old one is not loaded: told by the first
    counted = known(PREDECESSOR, one, two).ledger.set_index("reason")["rows"]
    assert counted["a copy of what another home of the family was given"] == 12
    assert "12 are copies" in known(PREDECESSOR, one, two).told_apart


def test_a_key_question_given_twice_is_asked_about():
    twice = service(CARE, "Good", keyQuestionRatings=[*questions("Good"), {"name": "Safe", "rating": RI}])
    document = home(assessment=[assessment(twice)])
    (asked,) = read(document).questions
    assert (asked.question, asked.rows) == ("key question twice", 1)
    assert "Safe of 1-5 given as Good and as Requires improvement" in asked.found
    for answer, rating in (("first in the file", ["Good"]), ("last in the file", [RI]), ("leave out", [])):
        found = known(document, say={"key question twice": answer})
        assert told(found, "Safe") == ["Good", RI, *rating]
        assert told(found) == ["Good", RI, "Good"]
    alike = service(CARE, "Good", keyQuestionRatings=[*questions("Good"), *questions("Good", "Safe")])
    assert not read(home(assessment=[assessment(alike)])).questions


def test_a_rating_that_was_withdrawn_ends():
    taken, other = home(currentRatings={}), home("1-6")
    stated = home("1-7", currentRatings={"overall": {"rating": "No published rating", "reportDate": "2021-03-01"}})
    found = known(taken, other, stated, home("1-8", historicRatings=[], currentRatings=current("Good", "2024-06-01")))
    assert told(found)[:2] == ["Good", "Withdrawn"]
    spells = spells_of(found).frame.set_index("home")
    assert spells.loc["1-5", ["days", "ended"]].tolist() == [0, "in sight no longer"]
    assert spells.loc["1-7", "end"] == pd.Timestamp("2021-03-01")
    assert spells.loc["1-6", "ended"].tolist() == ["rated", "in sight no longer"]
    assert set(found.latest()["home"]) == {"1-6", "1-8"}
    assert "rating withdrawn" in faults(read(taken))
    superseded = home(currentRatings={}, assessment=[assessment(service(CARE, "Good"))])
    assert told(known(superseded)) == ["Good", "Good"]


def test_a_registration_day_in_the_future_is_remarked_and_left_blank():
    reading = read(home(registrationDate="2999-01-01"))
    assert "registered in the future" in faults(reading)
    assert reading.tables["locations"]["registered"].isna().all()
    assert not known(home(registrationDate="2999-01-01")).frame["inherited"].any()
