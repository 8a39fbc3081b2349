"""What the verdict says in worlds whose truth is known: a stored table, counted again."""

import sys
from pathlib import Path

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.words.asks import LOCKED_FIRST

BENCH = Path(__file__).parents[2] / "bench"
WORLDS = pd.read_csv(BENCH / "verdicts.csv", keep_default_na=False)


@pytest.mark.parametrize("row", WORLDS.to_dict("records"), ids=WORLDS["world"])
def test_the_right_thing_is_said_in_nine_of_ten_panels(row):
    said = {call: int(n) for n, _, call in (part.partition(" ") for part in row["said"].split("; "))}
    right = sum(said.get(call, 0) for call in row["right"].split("; "))
    assert sum(said.values()) == row["panels"] >= 200
    assert row["right_pct"] == pytest.approx(100 * right / row["panels"], abs=0.06) and row["right_pct"] >= 90


def test_all_worlds_are_there():
    assert WORLDS["world"].tolist() == [
        "real effect", "none", "selection", "trend", "two homes", "spill-over", "exposure artefact", "mixed",
        "real effect, by quarter", "none, by quarter", "selection, by quarter", "trend, by quarter",
    ]  # fmt: skip


def test_a_plan_that_was_locked_is_seldom_flattered_and_one_that_was_not_often_is():
    table = pd.read_csv(BENCH / "flatterer.csv", keep_default_na=False)
    assert table["world"].tolist() == list(range(500)) and set(table["unlocked"]) == {"helped", "not helped"}
    locked, unlocked = ((table[name] == "helped").sum() for name in ("locked", "unlocked"))
    assert locked == 9 and locked / 500 <= 0.065
    low, high = proportion_confint(unlocked, 500, method="wilson")
    assert (unlocked, round(100 * low, 1), round(100 * high, 1)) == (337, 63.2, 71.4)
    assert (locked, unlocked, 500) == LOCKED_FIRST  # what the Plan page tells


def test_a_world_of_the_flatterers_table_is_found_again(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCH), *sys.path])
    import flatterer  # noqa: PLC0415 - stands in bench

    table = pd.read_csv(BENCH / "flatterer.csv", keep_default_na=False)
    row = table[table["tries"] == table["tries"].min()].iloc[-1]
    assert flatterer.unlocked((row["world"], row["locked"], "", 0, "")) == tuple(row)
