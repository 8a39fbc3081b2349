"""What the verdict says of ratings and of areas where nothing was done: stored tables, counted again."""

from pathlib import Path

import pandas as pd
import pytest

BENCH = Path(__file__).parents[2] / "bench"
RATINGS = pd.read_csv(BENCH / "rating_verdicts.csv").set_index("world")
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
