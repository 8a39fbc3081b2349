"""What the verdict says of ratings and of areas where nothing was done: stored tables, counted again."""

from pathlib import Path

import pandas as pd
import pytest

BENCH = Path(__file__).parents[2] / "bench"
RATINGS = pd.read_csv(BENCH / "rating_verdicts.csv").set_index("world")
REAL = pd.read_csv(BENCH / "rating_verdicts_real.csv")
AREAS = pd.read_csv(BENCH / "area_calls.csv")
MOST = 0.05
"""Of councils in which nothing was done, at most so many may be told of a change, either way."""


@pytest.mark.parametrize("world", RATINGS.index)
def test_of_ratings_the_right_thing_is_said_in_nine_of_ten_counties(world):
    row = RATINGS.loc[world]
    said = {call: int(n) for n, _, call in (part.partition(" ") for part in row["said"].split("; "))}
    assert sum(said.values()) == row["panels"] >= 200 and row["right_pct"] >= 90
    assert (said.get("helped", 0) == 0) == ("nothing" in world)


NULL = AREAS[(AREAS["done"] == "nothing") & (AREAS["data"] != "ascof")]


@pytest.mark.parametrize("row", NULL.to_dict("records"), ids=lambda row: f"{row['data']}, {row['measure']}")
def test_of_areas_in_which_nothing_was_done_few_are_said_to_have_fallen_or_risen(row):
    announced = row["helped"] + row["made_it_worse"]
    assert row["councils"] >= 100 and announced <= MOST * row["councils"]


def test_of_real_councils_in_which_nothing_was_done_few_are_called_helped_whatever_the_key_question():
    """Four councils, up to five key questions, 20 sham programmes by lot each: one verdict in 27 is "helped"."""
    said = REAL.loc[:, "helped":].sum()
    assert said.sum() == REAL["panels"].sum() >= 380
    assert REAL["council"].nunique() == 4 and REAL["key_question"].nunique() == 5
    assert said["helped"] <= MOST * said.sum() and said["made_it_worse"] <= MOST * said.sum()
    assert (REAL["helped"] <= 0.15 * REAL["panels"]).all()


SAID = {
    ("real", "delayed days, total"): (14, 34), ("real", "delayed days, NHS"): (7, 24),
    ("real", "delayed days, both"): (3, 3), ("real", "delayed days, social care"): (2, 6),
    ("sample", "delayed days, total"): (14, 38), ("sample", "delayed days, NHS"): (17, 42),
    ("sample", "delayed days, both"): (15, 41), ("sample", "delayed days, social care"): (9, 36),
}  # fmt: skip
"""Of 50 councils with a true fall, by 30% and by half: of how many it is said. Of small parts of the real count next to
never: the page says of each how large a fall would have been found."""


@pytest.mark.parametrize(("data", "measure"), SAID)
def test_of_areas_with_a_true_fall_some_are_said_to_have_fallen_and_next_to_none_to_have_risen(data, measure):
    rows = (
        AREAS[(AREAS["data"] == data) & (AREAS["measure"] == measure)].set_index("done").loc[["30% fewer", "50% fewer"]]
    )
    assert tuple(rows["helped"]) == SAID[data, measure]
    assert (rows["councils"] == 50).all() and (rows["made_it_worse"] <= 1).all()


def test_of_every_measure_and_of_too_few_councils_something_is_counted():
    counted = AREAS[AREAS["data"] != "ascof"].groupby(["data", "measure"])["done"].nunique()
    assert set(counted.index) == set(SAID) and (counted == 3).all()
    few = AREAS[AREAS["data"] == "ascof"]
    assert len(few) == 3 and (few["cannot_tell"] + few["refused_in_words"] == few["councils"]).all()


def test_of_all_delayed_days_a_fall_by_half_is_mostly_said():
    """A fall by 30% is seen in 14 of 50 councils, the sample's and real ones; by half in 38 and in 34."""
    whole = AREAS[AREAS["measure"] == "delayed days, total"]
    for done, least in (("30% fewer", 0.2), ("50% fewer", 0.5)):
        rows = whole[whole["done"] == done]
        assert len(rows) == 2 and (rows["helped"] >= least * rows["councils"]).all()
