"""What the verdict says in worlds whose truth is known: a stored table, counted again."""

from pathlib import Path

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

BENCH = Path(__file__).parents[2] / "bench"
WORLDS = pd.read_csv(BENCH / "verdicts.csv", keep_default_na=False)


@pytest.mark.parametrize("row", WORLDS.to_dict("records"), ids=WORLDS["world"])
def test_the_right_thing_is_said_in_nine_of_ten_panels(row):
    said = {call: int(n) for n, _, call in (part.partition(" ") for part in row["said"].split("; "))}
    right = sum(said.get(call, 0) for call in row["right"].split("; "))
    assert sum(said.values()) == row["panels"] >= 200
    assert row["right_pct"] == pytest.approx(100 * right / row["panels"], abs=0.06) and row["right_pct"] >= 90


def test_all_eight_worlds_are_there():
    assert WORLDS["world"].tolist() == [
        "real effect", "none", "selection", "trend", "two homes", "spill-over", "exposure artefact", "mixed",
    ]  # fmt: skip


def test_a_plan_that_was_locked_is_seldom_flattered_and_one_that_was_not_often_is():
    table = pd.read_csv(BENCH / "flatterer.csv", keep_default_na=False)
    asked = table[table["unlocked"] != ""]
    assert table["world"].tolist() == list(range(500)) and len(asked) >= 200
    assert (table["locked"] == "helped").mean() <= 0.065
    low, high = proportion_confint((asked["unlocked"] == "helped").sum(), len(asked), method="wilson")
    assert low > 0.45 and high < 0.75  # 133 of 200: 66%, 60 to 73
