"""How long did each rating stand, and what ended it? Cases a person can check, and sums that must come out."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inspections import breaks, inspections_from, period, spells_of
from analysis.sources.schema import RATINGS, UNRATED
from tests.costs import draws

RI = "Requires improvement"
UNTIL = pd.Timestamp("2022-01-01")


def day(text):
    return pd.Timestamp(text)


def ends(found, *columns):
    return [*found.frame.loc[:, list(columns)].itertuples(index=False, name=None)]


def test_a_spell_ends_with_the_next_rating_and_the_last_with_sight(locations, ratings, links):
    said = ("a", "2016-01-01", RI), ("a", "2017-01-10", "Good"), ("a", "2023-01-01", "Outstanding")
    found = spells_of(inspections_from(locations("a"), ratings(*said), links()), until=UNTIL)
    assert ends(found, "rating", "start", "end", "days", "ended", "next_rating")[0] == (
        RI, day("2016-01-01"), day("2017-01-10"), 375, "rated", "Good",
    )  # fmt: skip
    assert ends(found, "rating", "end", "ended")[1:] == [("Good", UNTIL, "in sight no longer")]


def test_sight_ends_some_weeks_before_the_last_report(locations, ratings, links):
    said = ("a", "2016-01-01", RI), ("b", "2020-04-15", "Good", {"visited": "2020-04-01"})
    found = spells_of(inspections_from(locations("a", "b"), ratings(*said), links()))
    assert found.until == day("2020-01-01")
    assert found.frame["home"].tolist() == ["a"]


def test_visits_without_a_rating_leave_it_standing_and_are_counted(locations, ratings, links):
    said = [("a", "2016-01-01", RI), ("a", "2015-06-01", UNRATED[0]), ("b", "2016-01-01", "Good")]
    said += [("a", f"20{year}-01-01", word) for year, word in zip((17, 18, 19), UNRATED, strict=True)]
    said += [("a", "2020-01-01", "Good"), ("a", "2021-01-01", UNRATED[0])]
    found = spells_of(inspections_from(locations("a", "b"), ratings(*said), links()), until=UNTIL)
    assert ends(found, "home", "rating", "next_rating", "unrated_visits")[0] == ("a", RI, "Good", 3)
    assert found.frame["unrated_visits"].tolist() == [3, 1, 0]


CLOSED = {"deregistered": "2018-06-01", "name": "The Elms", "postcode": "AB1 2CD"}


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        (({}, ()), "left"),
        (({}, (("a", "b", "successor", "New Provider"),)), "registered again"),  # joined, but not loaded
        (({"b": {}}, (("b", "a", "predecessor", "Location Move"),)), "registered again"),  # loaded, another building
        (({"b": {}}, (("a", "b", "successor", "New Provider"), ("a", "c", "successor", "New Provider"))),
         "registered again"),  # one became two
        (({"b": {"name": "THE ELMS", "postcode": "ab12cd", "registered": "2018-08-30"}}, ()), "registered again"),
        (({"b": {"name": "The Elms", "postcode": "AB1 2CD", "registered": "2018-09-02"}}, ()), "left"),  # 93 days
        (({"b": {"name": "The Elms", "postcode": "AB1 2CE", "registered": "2018-06-01"}}, ()), "left"),
    ],
)  # fmt: skip
def test_leaving_is_told_apart_from_another_registration(locations, ratings, links, said, ended):
    others, linked = said
    found = inspections_from(locations(a=CLOSED, **others), ratings(("a", "2016-01-01", RI)), links(*linked))
    spells = spells_of(found, until=UNTIL)
    assert ends(spells, "end", "ended") == [(day("2018-06-01"), ended)]
    assert (spells.homes_left, spells.homes_again) == (int(ended == "left"), int(ended != "left"))


def test_a_joined_registration_is_no_end(locations, ratings, links):
    homes = locations(a=CLOSED, b={"registered": "2018-06-01"})
    said = ("a", "2016-01-01", RI), ("b", "2019-01-01", "Good")
    found = spells_of(
        inspections_from(homes, ratings(*said), links(("b", "a", "predecessor", "New Provider"))), until=UNTIL
    )
    assert ends(found, "rating", "ended") == [(RI, "rated"), ("Good", "in sight no longer")]
    assert "No home that left the register is among the files" in found.leaving


def test_a_home_that_leaves_after_sight_is_still_there(locations, ratings, links):
    found = inspections_from(locations(a=CLOSED), ratings(("a", "2016-01-01", RI)), links())
    assert ends(spells_of(found, until=day("2018-01-01")), "ended") == [("in sight no longer",)]


def test_a_rating_after_the_end_stands_and_the_home_leaves_that_day(locations, ratings, links):
    found = spells_of(inspections_from(locations(a=CLOSED), ratings(("a", "2019-01-01", RI)), links()), until=UNTIL)
    assert ends(found, "end", "days", "ended", "late") == [(day("2019-01-01"), 0, "left", True)]


def test_time_of_an_inherited_rating_counts_from_the_registration(locations, ratings, links):
    homes = locations(b={"registered": "2018-06-01"})
    said = ("b", "2016-01-01", RI, {"inherited": True}), ("b", "2019-01-01", "Good")
    found = spells_of(
        inspections_from(homes, ratings(*said), links(("b", "a", "predecessor", "New Provider"))), until=UNTIL
    )
    assert found.frame["seen_from"].tolist() == [day("2018-06-01"), day("2019-01-01")]


def test_since_when_a_latest_rating_was_in_sight_is_not_known(locations, ratings, links):
    said = ("a", "2016-01-01", RI, {"report_id": None}), ("a", "2019-01-01", "Good", {"report_id": None})
    found = spells_of(inspections_from(locations("a"), ratings(*said), links()), until=UNTIL)
    assert found.frame["seen_from"].isna().tolist() == [True, False]
    assert found.timed()["rating"].tolist() == ["Good"]


SAID = st.tuples(
    st.sampled_from("abc"),
    st.dates(min_value=day("2015-01-01").date(), max_value=day("2021-12-01").date()),
    st.sampled_from(RATINGS + UNRATED),
)


@given(said=st.lists(SAID, min_size=1, max_size=15))
@settings(max_examples=draws(25), deadline=None)
def test_the_spells_of_a_home_follow_one_another_without_a_gap(locations, ratings, links, said):
    found = inspections_from(locations("b", "c", a=CLOSED), ratings(*said), links())
    spells = spells_of(found, until=UNTIL).frame
    rated = found.rated()
    assert len(spells) == len(rated)
    for home, own in spells.groupby("home"):
        assert own["start"].tolist()[1:] == own["end"].tolist()[:-1]
        assert own["next_rating"].tolist()[:-1] == own["rating"].tolist()[1:]
        assert own["days"].sum() == (own["end"].iloc[-1] - rated.loc[rated["home"] == home, "date"].min()).days
    assert (spells["days"] >= 0).all()


def test_nothing_rated_is_no_spell(locations, ratings, links):
    found = spells_of(inspections_from(locations("a"), ratings(("a", "2016-01-01", UNRATED[0])), links()))
    assert found.frame.empty
    assert spells_of(inspections_from(locations("a"), ratings(), links())).frame.empty


def test_breaks_and_periods():
    assert breaks()["first"].is_monotonic_increasing
    assert breaks(day("2019-01-01"), day("2020-12-31"))["label"].tolist() == [
        "ratings inherited", "routine inspection paused",
    ]  # fmt: skip
    days = pd.Series(pd.to_datetime(["2020-03-15", "2020-03-16", "2021-06-30", "2021-07-01", "2023-11-21", None]))
    assert period(days).fillna("in the pause").tolist() == [
        "before the pause", "in the pause", "in the pause", "after the pause", "single assessment framework",
        "in the pause",
    ]  # fmt: skip


def test_closures_by_enforcement_are_told_apart_where_a_file_says_so(locations, ratings, links):
    homes = locations(a=CLOSED | {"ended_by": "enforcement"}, b=CLOSED | {"ended_by": "voluntary"}, c=CLOSED)
    said = [(home, "2016-01-01", RI) for home in "abc"]
    found = spells_of(inspections_from(homes, ratings(*said), links()), until=UNTIL)
    assert (found.homes_left, found.homes_enforced) == (3, 1)
    assert found.leaving.startswith("3 rated homes left the register (1 of them by enforcement)")


def test_a_rating_in_force_when_the_list_was_made_is_in_sight_from_then(locations, ratings, links):
    listed = {"report_id": None, "first_listed": "2017-01-01", "last_listed": "2018-01-01"}
    found = spells_of(inspections_from(locations("a"), ratings(("a", "2016-01-01", RI, listed)), links()), until=UNTIL)
    assert ends(found, "seen_from", "end", "ended") == [
        (day("2017-01-01"), day("2018-01-01"), "in sight no longer"),
    ]  # fmt: skip
