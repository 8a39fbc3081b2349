"""Monthly lists of latest ratings, loaded one after the other: what they show, and what they cannot."""

from functools import cache

import pandas as pd
import pytest

from analysis import words
from analysis.errors import AnalysisError
from analysis.inspections import inspections_from, spells_of, stored_inspections
from analysis.ratings import transitions
from analysis.ratings.records import records
from analysis.sources import read
from analysis.store import Store
from tests.costs import in_the_proof

RI, INADEQUATE = "Requires improvement", "Inadequate"
SOUTH_WEST = "cqc_api_locations_south_west_2021-02.jsonl.gz"


def as_list(ratings: pd.DataFrame, day: pd.Timestamp) -> bytes:
    """The list of a day: what each home holds then. `ratings` have home, published, rating, in time order."""
    held = ratings.loc[ratings["published"] <= day].drop_duplicates("home", keep="last")
    table = pd.DataFrame({"Location ID": held["home"], "Location Name": "House " + held["home"], "Care Home?": "Y"})
    table = table.assign(**{"Service / Population Group": "Overall", "Domain": "Overall"})
    published = held["published"].dt.strftime("%d/%m/%Y")
    return table.assign(**{"Latest Rating": held["rating"].astype(str), "Publication Date": published}).to_csv(
        index=False
    ).encode()  # fmt: skip


def lists(ratings: pd.DataFrame, *days: str | pd.Timestamp) -> Store:
    store = Store.in_memory()
    for day in map(pd.Timestamp, days):
        store.load(read(f"ratings {day:%Y-%m-%d}.csv", as_list(ratings, day)))
    return store


def history(*said: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(said, columns=["home", "published", "rating"])
    return frame.assign(published=pd.to_datetime(frame["published"])).sort_values(["published", "home"])


HISTORY = history(
    ("1-1", "2018-01-01", RI), ("1-1", "2018-06-01", RI), ("1-1", "2019-02-01", "Good"),
    ("1-2", "2018-02-01", "Good"), ("1-9", "2019-03-01", "Good"), ("1-9", "2018-03-01", "Good"),
)  # fmt: skip


def moves(found) -> list[tuple]:
    return [*transitions(found).pairs[["home", "from_rating", "to_rating"]].itertuples(index=False, name=None)]


def test_lists_close_together_are_a_history():
    fresh = [(f"1-8{n}", day, "Good") for n, day in enumerate(("2018-06-28", "2018-09-28", "2018-12-28"))]
    whole = pd.concat([HISTORY, history(*fresh)]).sort_values(
        "published", kind="stable"
    )  # a list is as old as its last
    found = stored_inspections(lists(whole, "2018-03-01", "2018-06-30", "2018-09-30", "2018-12-30", "2019-03-01"))
    assert moves(found) == [("1-1", RI, RI), ("1-1", RI, "Good"), ("1-9", "Good", "Good")]
    first, last = found.frame.iloc[0][["first_listed", "last_listed"]]
    assert (first, last) == (pd.Timestamp("2018-03-01"), pd.Timestamp("2018-03-01"))


def test_lists_far_apart_make_no_pair_and_say_what_would():
    found = stored_inspections(lists(HISTORY, "2018-03-01", "2019-03-01"))
    moved = transitions(found)
    assert (len(moved.pairs), moved.unseen) == (0, 2)  # "Requires improvement to Good" in one step never happened
    said = words.lists_of_latest(0, moved.listed, moved.unseen)
    assert said.startswith("2 pairs of ratings cannot be used") and "API documents" in said
    counted = found.ledger.set_index("reason")["rows"]
    assert counted["after a gap between lists of latest ratings, in which others may have gone unseen"] == 2


def test_the_order_in_which_lists_are_loaded_does_not_matter():
    days = "2018-03-01", "2018-06-30", "2018-12-30", "2019-03-01"
    assert lists(HISTORY, *days).digest() == lists(HISTORY, *days[::-1]).digest()


def test_a_list_loaded_again_changes_no_value():
    store = lists(HISTORY, "2018-03-01", "2018-06-30")
    told = store.report(2).tables.set_index("table")
    assert (told.loc["ratings", "repeated"], told.loc["ratings", "changed"]) == (2, 0)


def test_a_rating_is_in_sight_from_the_first_list_and_until_the_last():
    store = lists(HISTORY, "2018-03-01", "2018-06-30")
    spells = spells_of(stored_inspections(store), until=pd.Timestamp("2020-01-01")).frame.set_index("home")
    assert spells.loc["1-2", ["seen_from", "end", "ended"]].tolist() == [
        pd.Timestamp("2018-03-01"), pd.Timestamp("2018-06-01"), "in sight no longer",
    ]  # fmt: skip


def test_with_one_list_the_remedy_is_earlier_ratings():
    found = stored_inspections(lists(HISTORY, "2019-03-01"))
    started = pd.Series(pd.Timestamp("2018-09-01"), index=["1-1", "1-2"])
    with pytest.raises(AnalysisError) as refused:
        records(found, spells_of(found), started)
    assert "2 supported homes, 2 of them with a rating, 2 with one only" in str(refused.value)
    assert "Load earlier ratings" in str(refused.value)
    assert "load earlier ratings" in words.one_list(transitions(found).homes_rated)


DEACTIVATED = pd.DataFrame({
    "Location ID": ["1-2", "1-7"], "Location Name": ["House 1-2", "Closed House"], "Care home?": "Y",
    "Location HSCA End Date": ["01/11/2018", "01/10/2018"], "Location Status": ["Deregistered (E)", "Deregistered (V)"],
    "Location Latest Overall Rating": ["Good", INADEQUATE], "Publication Date": ["01/02/2018", "01/04/2018"],
})  # fmt: skip


def test_homes_known_only_as_gone_enter_no_time_and_are_not_counted_among_those_that_left():
    store = lists(HISTORY, "2018-03-01", "2018-06-30", "2018-12-30", "2019-03-01")
    store.load(read("deactivated.csv", DEACTIVATED.to_csv(index=False).encode()))
    spells = spells_of(stored_inspections(store), until=pd.Timestamp("2019-03-01"))
    assert (spells.homes_left, spells.homes_enforced, spells.homes_left_untimed) == (1, 1, 1)
    left = spells.timed().set_index("home")
    assert left.loc["1-2", ["seen_from", "end", "ended"]].tolist() == [
        pd.Timestamp("2018-03-01"), pd.Timestamp("2018-11-01"), "left",
    ]  # fmt: skip
    assert "1-7" not in left.index
    assert spells.leaving == (
        "1 rated homes left the register (1 of them by enforcement); leaving is counted as an end of its own. Of 1 "
        "more homes that ended, only the rating they ended with is known, or it came after the end; they enter no time."
    )


@pytest.fixture(scope="module")
def listed(south_west):
    """The real list of a day, read once for every run of lists it is in."""
    return cache(lambda day: read(f"ratings {day:%Y-%m-%d}.csv", as_list(south_west[0], day)))


@pytest.fixture(scope="module")
def south_west(realdata):
    """Every rating of the South West by publication, and every pair of them."""
    tables = read(SOUTH_WEST, realdata / SOUTH_WEST).tables
    whole = inspections_from(tables["locations"], tables["ratings"], tables["links"])
    ratings = whole.rated()[["home", "published", "rating"]].sort_values(["published", "home"], kind="stable")
    return ratings, transitions(whole, dates="published").pairs


def better(pairs: pd.DataFrame) -> float:
    low = pairs.loc[pairs["from_rating"] < "Good", "moved"]
    return float((low == "better").mean())


LAST = ("2021-02-20", "2019-12-20")
APART = [(1, 5), (1, 11), (2, 11), (3, 11), (4, 11), (6, 8), (12, 2), (12, 3), (24, 2), (24, 3)]
FIRST = {(LAST[0], 1, 5), (LAST[1], 12, 2), (LAST[0], 24, 3)}
"""Lists, months apart, that every run loads: whole histories, answers within three points, and refusals."""
LISTS = [(last, *apart) for last in LAST for apart in APART]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("last", "months", "number"),
    [case if case in FIRST else in_the_proof(*case, name="-".join(map(str, case))) for case in LISTS],
)
def test_the_base_rate_of_real_lists_is_within_three_points_of_the_truth_or_refused(
    south_west, listed, last, months, number
):
    every, store = south_west[1], Store.in_memory()
    days = [pd.Timestamp(last) - pd.DateOffset(months=months * back) for back in range(number)][::-1]
    for day in days:
        store.load(listed(day))
    found = transitions(stored_inspections(store), dates="published")
    if months > 6:
        assert found.pairs.empty and found.unseen > 100
        return
    truth = better(every.loc[(every["to_date"] > days[0]) & (every["to_date"] <= days[-1])])
    assert abs(better(found.pairs) - truth) < 0.03
    if months == 1:
        assert better(found.pairs) == truth
