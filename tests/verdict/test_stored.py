"""What the verdict says in worlds whose truth is known, and what a flatterer gets: stored tables, counted again."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.verdict.rules import FLATTERED

BENCH = Path(__file__).parents[2] / "bench"
WORLDS = pd.read_csv(BENCH / "verdicts.csv", keep_default_na=False)
FLATTERER = pd.read_csv(BENCH / "flatterer.csv", keep_default_na=False)


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


def test_a_locked_plan_flatters_seldom_and_what_is_said_of_an_unlocked_one_is_what_was_counted():
    asked = FLATTERER[FLATTERER["unlocked"] != ""]
    share = (FLATTERER["locked"] == "helped").mean(), (asked["unlocked"] == "helped").mean()
    assert FLATTERER["world"].tolist() == list(range(len(FLATTERER))) and len(FLATTERER) >= 500
    assert share[0] <= 0.065
    assert (FLATTERED.worlds, FLATTERED.searched) == (len(FLATTERER), len(asked))
    assert (FLATTERED.locked, FLATTERED.unlocked) == pytest.approx(share, abs=0.005)
