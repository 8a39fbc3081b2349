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


@pytest.mark.parametrize("row", AREAS[AREAS["done"] == "nothing"].to_dict("records"), ids=lambda row: row["data"])
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


@pytest.mark.parametrize("row", AREAS[AREAS["done"] != "nothing"].to_dict("records"),
                         ids=lambda row: f"{row['data']}, {row['done']}")  # fmt: skip
def test_of_areas_with_a_true_fall_some_are_said_to_have_fallen_and_next_to_none_to_have_risen(row):
    """A fall by 30% is seen in 14 of 50 councils, the sample's and real ones; by half in 38 and in 34."""
    assert row["councils"] >= 45 and row["made_it_worse"] <= 1
    assert row["helped"] >= {"30% fewer": 0.2, "50% fewer": 0.5}[row["done"]] * row["councils"]
