"""Of hundreds of worlds of stays the interval holds the truth as often as it says, and seldom speaks of nothing."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.costs import in_the_proof

BENCH = Path(__file__).parents[2] / "bench"
sys.path.insert(0, str(BENCH))

MEASURES = ("out_of_hours", "hospital_bed_days", "length_of_stay", "delayed_days")
FEWEST_WORLDS = 300
LUCK = 0.025
"""Two standard errors of a share of 95% among 300 worlds."""
FEW_TOLD = 100
"""Worlds told below which a share of them says little; delays of small homes are seldom told."""


@pytest.fixture(scope="module")
def table():
    from stays import summed  # noqa: PLC0415 - bench is on the path from here on

    return summed(pd.read_csv(BENCH / "stays.csv"))


def test_every_measure_is_counted_in_worlds_enough(table):
    own = table.xs("own", level="counts")
    assert (own["n"] >= FEWEST_WORLDS).all()
    assert set(own.index.get_level_values("measure")) == set(MEASURES)


def test_of_the_sums_themselves_93_to_97_intervals_of_100_hold_the_truth(table):
    own = table.xs("own", level="counts")
    assert own["holds"].between(0.93 - LUCK / 2, 0.97 + LUCK / 2).all(), own["holds"]
    nothing = own.xs("nothing done", level="world")
    assert (nothing[["less", "more"]] <= 0.05).all(axis=None)


def test_as_they_may_be_shown_intervals_hold_as_often_and_nothing_is_seldom_called_something(table):
    shown = table.xs("shown", level="counts")
    shown = shown[shown["n"] >= FEW_TOLD]
    assert (shown["holds"] >= 0.93 - LUCK / 2).all(), shown["holds"]
    nothing = shown.xs("nothing done", level="world")
    assert (nothing[["less", "more"]] <= 0.05).all(axis=None)


@pytest.mark.parametrize(
    ("world", "seed"),
    [
        ("a fifth fewer, shorter, and less often out of hours", 7),
        in_the_proof("nothing done", 3, name="nothing done"),
    ],
)
def test_a_world_is_counted_anew_and_gives_the_stored_row(world, seed):
    from stays import run  # noqa: PLC0415 - as above

    stored = pd.read_csv(BENCH / "stays.csv")
    again = pd.DataFrame(run(world, seed))
    then = stored[(stored["world"] == world) & (stored["seed"] == seed)].reset_index(drop=True)
    assert np.allclose(again[["estimate", "low", "high"]], then[["estimate", "low", "high"]], atol=2e-4)
    assert again["told"].tolist() == then["told"].tolist()
