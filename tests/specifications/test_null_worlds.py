"""The joint test of a whole curve in worlds in which nothing was done: a stored table of 1,000 panels each."""

from pathlib import Path

import pandas as pd
import pytest

TABLE = pd.read_csv(Path(__file__).parents[2] / "bench" / "curve.csv").set_index("world")
NOTHING = [name for name in TABLE.index if name != "effect"]


@pytest.mark.parametrize("world", NOTHING)
def test_it_rejects_4_to_6_of_100_where_nothing_was_done(world):
    assert TABLE.loc[world, "worlds"] >= 1000 and 4 <= TABLE.loc[world, "rejects_pct"] <= 6


def test_it_finds_an_effect_of_three_tenths():
    assert len(NOTHING) == 3 and TABLE.loc["effect", "rejects_pct"] > 80
