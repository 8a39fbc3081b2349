"""Which ratings make up a history, and when was each inspection? Every rule on a case small enough to see."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inspections import Inspections, inspections_from
from analysis.sources.schema import RATINGS, UNRATED
from tests.costs import draws

RI = "Requires improvement"
NEW = "New Provider"
SOURCE = {"report_id": None, "regime": None}  # a list of latest ratings names no report


def counts(inspections: Inspections) -> dict[str, int]:
    """Ledger without its zeros."""
    named = {row.reason or row.outcome: row.rows for row in inspections.ledger.itertuples()}
    return {reason: rows for reason, rows in named.items() if rows}


def history(inspections: Inspections, *columns: str) -> list:
    rows = inspections.frame[list(columns)].itertuples(index=False, name=None)
    return [row[0] if len(columns) == 1 else row for row in rows]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_exposure_is_the_visit_where_known_and_the_publication_otherwise(locations, ratings, links):
    found = inspections_from(
        locations("a"),
        ratings(("a", "2017-03-01", RI, {"visited": "2017-01-10"}), ("a", "2018-03-01", "Good")),
        links(),
    )
    assert history(found, "date", "date_basis") == [
        (day("2017-01-10"), "visit"),
        (day("2018-03-01"), "publication"),
    ]
    assert found.dating.startswith("1 of 2 ratings (50.0%) are dated by the visit")
    visited = ratings(("a", "2017-03-01", RI, {"visited": "2017-01-10"}))
    assert inspections_from(locations("a"), visited, links()).dating == "Every rating is dated by the visit."


def test_predecessors_ratings_come_first_under_the_newest_name(locations, ratings, links):
    found = inspections_from(
        locations("b"),
        ratings(("b", "2019-01-01", "Good"), ("a", "2016-01-01", RI)),
        links(("b", "a", "predecessor", NEW)),
    )
    assert history(found, "home", "location_id", "rating") == [("b", "a", RI), ("b", "b", "Good")]
    assert found.homes["earlier"].to_dict() == {"b": "joined"}


def test_inherited_copy_and_original_are_one_inspection(locations, ratings, links):
    copy, original = {"inherited": True}, {"visited": "2015-12-01"}
    found = inspections_from(
        locations("b"),
        ratings(("b", "2016-01-01", RI, copy), ("a", "2016-01-01", RI, original)),
        links(("b", "a", "predecessor", NEW)),
    )
    assert history(found, "location_id", "date_basis") == [("a", "visit")]
    assert counts(found) == {"read": 2, "a second report published on the same day": 1, "used": 1}


def test_rating_older_than_its_registration_is_marked_as_inherited(locations, ratings, links):
    found = inspections_from(
        locations(b={"registered": "2018-06-01"}),
        ratings(("b", "2016-01-01", RI), ("b", "2019-01-01", "Good")),
        links(("b", "a", "predecessor", NEW)),
    )
    assert history(found, "inherited") == [True, False]
    assert counts(found)["published before the registration began, marked as inherited"] == 1
    assert found.homes["earlier"].to_dict() == {"b": "inherited"}
    assert "1 of 1 homes (100%) name an earlier registration" in found.earlier


def test_missing_earlier_history_is_said(locations, ratings, links):
    found = inspections_from(locations("a", "b"), ratings(), links(("b", "gone", "predecessor", NEW)))
    assert found.homes["earlier"].to_dict() == {"a": "none named", "b": "missing"}
    assert "1 of 2 homes (50%)" in found.earlier
    assert "missing for 1" in found.earlier


@pytest.mark.parametrize(
    ("pair", "stands"),
    [
        (((RI, {"visited": "2018-01-10"}), ("Good", {"visited": "2017-09-01"})), RI),  # the later visit
        ((("Good", {"visited": "2018-01-10"}), ("Inspected but not rated", {"visited": "2018-02-10"})), "Good"),
        ((("Good", {}), ("Inadequate", {})), "Inadequate"),  # nothing tells them apart: the lower
        ((("Good", {}), (RI, {"visited": "2018-01-10"})), RI),
    ],
)
def test_two_reports_of_one_day(locations, ratings, links, pair, stands):
    for order in (pair, pair[::-1]):
        said = [("a", "2018-03-01", rating, more) for rating, more in order]
        found = inspections_from(locations("a"), ratings(*said), links())
        assert history(found, "rating") == [stands]
        assert counts(found)["a second report published on the same day"] == 1


def test_same_day_on_other_key_questions_is_another_matter(locations, ratings, links):
    said = [("a", "2018-03-01", "Good", {"key_question": question}) for question in ("Well-led", "Overall", "Safe")]
    found = inspections_from(locations("a"), ratings(*said), links())
    assert history(found, "key_question") == ["Overall", "Safe", "Well-led"]


def test_visit_published_again_is_one_inspection_and_the_later_publication_stands(locations, ratings, links):
    visit = {"visited": "2018-01-10"}
    found = inspections_from(
        locations("a"), ratings(("a", "2018-03-01", RI, visit), ("a", "2018-04-01", "Good", visit)), links()
    )
    assert history(found, "rating", "published") == [("Good", day("2018-04-01"))]
    assert counts(found)["the same inspection published again"] == 1


@pytest.mark.parametrize(
    ("again", "reports"),
    [
        ({"published": "2021-01-28"}, ["2021-01-12"]),  # another source dates the report otherwise: the visit stands
        ({"published": "2021-03-13"}, ["2021-01-12"]),  # sixty days
        ({"published": "2021-03-14"}, ["2021-01-12", "2021-03-14"]),  # sixty-one
        ({"published": "2021-01-28", "visited": "2021-01-20"}, ["2021-01-12", "2021-01-28"]),  # a visit of its own
    ],
)
def test_a_report_without_a_visit_soon_after_another_is_that_report(locations, ratings, links, again, reports):
    said = ("a", "2021-01-12", "Inadequate", {"visited": "2020-11-27"}), ("a", None, "Inadequate", SOURCE | again)
    found = inspections_from(locations("a"), ratings(*said), links())
    assert history(found, "published") == [day(published) for published in reports]


def test_publications_a_day_apart_of_two_visits_are_two_inspections(locations, ratings, links):
    said = ("a", "2016-11-22", RI, {"visited": "2016-05-07"}), ("a", "2016-11-23", RI, {"visited": "2016-09-21"})
    assert len(inspections_from(locations("a"), ratings(*said), links()).frame) == 2


@pytest.mark.parametrize(
    ("dates", "basis"),
    [
        (("2018-03-02", "2016-01-01"), "publication"),  # after its own publication
        (("2016-12-01", "2017-02-01"), "publication"),  # over a year, and another report in between
        (("2016-12-01", "2016-11-01"), "visit"),  # over a year, and nothing in between
        (("2017-12-01", "2018-01-01"), "visit"),  # a report in between, but months only
    ],
)
def test_which_visit_dates_are_believed(locations, ratings, links, dates, basis):
    visited, before = dates
    said = ("a", before, "Good"), ("a", "2018-03-01", RI, {"visited": visited})
    found = inspections_from(locations("a"), ratings(*said), links())
    last = found.frame[found.frame["rating"] == RI].iloc[0]
    assert last["date_basis"] == basis
    assert pd.isna(last["visited"]) == (basis == "publication")
    assert counts(found).get("visit date not believed, dated by publication", 0) == (basis == "publication")


def test_a_visit_without_a_rating_is_kept_apart(locations, ratings, links):
    said = ("a", "2018-03-01", "Good"), ("a", "2020-11-01", "Inspected but not rated")
    found = inspections_from(locations("a"), ratings(*said), links())
    assert found.frame["rating"].isna().tolist() == [False, True]
    assert found.frame["unrated"].fillna("").tolist() == ["", "Inspected but not rated"]
    assert found.latest()["rating"].tolist() == ["Good"]
    assert found.frame["rating"].cat.ordered
    assert tuple(found.frame["rating"].cat.categories) == RATINGS


def test_a_service_is_not_the_home(locations, ratings, links):
    said = ("a", "2024-03-01", "Good"), ("a", "2024-03-01", RI, {"service": "Homecare agencies"}), ("a", None, "Good")
    found = inspections_from(locations("a"), ratings(*said), links())
    assert history(found, "rating") == ["Good"]
    assert counts(found)["of one service, not of the home"] == 1
    assert counts(found)["without a publication date"] == 1


def test_only_care_homes_of_the_directory(locations, ratings, links):
    found = inspections_from(
        locations("a", dentist={"care_home": False}, own_table={"care_home": None}),
        ratings(*((place, "2018-03-01", "Good") for place in ("a", "dentist", "own_table", "unknown"))),
        links(),
    )
    assert history(found, "home") == ["a", "own_table"]
    assert found.homes.index.tolist() == ["a", "own_table"]
    assert counts(found) == {
        "read": 4, "used": 2,
        "of a place that is not in the directory loaded": 1, "of a place that is not a care home": 1,
    }  # fmt: skip


def test_homes_are_described_by_their_newest_registration(locations, ratings, links):
    found = inspections_from(
        locations(
            a={"beds": 20, "registered": "2010-10-01", "deregistered": "2018-06-01"},
            b={"beds": 30, "registered": "2018-06-01", "nursing": True},
            c={"residential": False},
        ),
        ratings(),
        links(("b", "a", "predecessor", NEW)),
    )
    assert found.homes["beds"].tolist()[0] == 30
    assert found.homes["home_type"].fillna("").to_dict() == {"b": "nursing", "c": ""}
    assert found.homes.loc["b", "registered"] == day("2010-10-01")
    assert pd.isna(found.homes.loc["b", "deregistered"])
    assert found.dating == "No home has a rating."


SAID = st.tuples(
    st.sampled_from("abc"),
    st.dates(min_value=day("2015-01-01").date(), max_value=day("2015-03-01").date()),
    st.sampled_from(RATINGS + UNRATED),
    st.fixed_dictionaries(
        {
            "visited": st.none() | st.dates(min_value=day("2013-06-01").date(), max_value=day("2015-03-01").date()),
            "key_question": st.sampled_from(["Overall", "Safe"]),
            "inherited": st.booleans(),
        }
    ),
)


@given(said=st.lists(SAID, max_size=12), random=st.randoms())
@settings(max_examples=draws(25), deadline=None)
def test_rows_add_up_and_neither_order_nor_names_matter(locations, ratings, links, said, random):
    homes = locations("c", b={"registered": "2015-02-01"})
    tables = homes, ratings(*said), links(("b", "a", "predecessor", NEW))
    found = inspections_from(*tables)
    ledger = found.ledger.groupby("outcome")["rows"].sum()
    assert ledger["read"] == len(said) == ledger["used"] + ledger["left out"]
    assert len(found.frame) == ledger["used"]
    shuffled = [frame.iloc[random.sample(range(len(frame)), len(frame))] for frame in tables]
    assert inspections_from(*shuffled).digest == found.digest
    names = {"a": "zeta", "b": "alpha", "c": "beta"}
    renamed = inspections_from(*(frame.replace(names) for frame in tables))
    assert renamed.frame.drop(columns=["home", "location_id"]).value_counts(dropna=False).to_dict() == (
        found.frame.drop(columns=["home", "location_id"]).value_counts(dropna=False).to_dict()
    )
