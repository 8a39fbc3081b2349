"""What the table of the doubts says, and a few of its worlds made again."""

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.protocol import checks_for

BENCH = Path(__file__).parents[2] / "bench"
HIT = {
    "outlasting": 80, "stood out": 90, "earlier starts": 80, "other homes": 80, "leave one out": 80,
    "drifting apart": 60, "parallel before": 50, "looked at until": 60, "other programmes": 60, "one area left out": 70,
}  # fmt: skip
"""Percent of worlds in which a doubt is to speak where it should, where ten homes or more were chosen; `USUAL` for one
that is not named. A drift of 2% a month is told from chance in two of three: else the reader is left to judge."""
TOLD = {"without_exposure"}
"""Told beside an answer, and never a concern."""
QUESTIONS = {"rates": "admissions", "ratings": "ratings", "area measure": "one area"}
USUAL = 80
FEWEST_WORLDS = 25
MANY = 10
UNSEEN = 10
"""Percent of worlds in which it may say that there is no concern where there is one, however few homes were chosen.
With five homes and spells of sd .3 it speaks in 69.5% only, and cannot say in 21.5%."""
RARE_EVERYWHERE = {"other homes": 30}
"""Where the usual error claims an effect of three homes, chance was sometimes as rare as it says: no false programme
shows as much either, and nothing can tell that it was chance."""
FALSE_ALARM = 10


sys.path.append(str(BENCH))  # what the script takes from beside it


def loaded(name):
    given = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert given and given.loader
    module = importlib.util.module_from_spec(given)
    sys.modules[given.name] = module
    given.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bench():
    return loaded("doubts")


@pytest.mark.parametrize(("kind", "question"), QUESTIONS.items())
def test_every_doubt_is_counted_where_it_is_true_and_where_it_is_not(kind, question):
    table = pd.read_csv(BENCH / "doubts.csv").query("question == @question")
    for name in set(checks_for(kind)) - TOLD:
        rows = table[table["doubt"] == name.replace("_", " ")]
        assert set(rows["speaks"]) == {"yes", "no"}, name


def test_the_table_counts_hits_and_false_alarms():
    table = pd.read_csv(BENCH / "doubts.csv")
    assert (table["worlds"] >= FEWEST_WORLDS).all()
    for row in table.to_dict("records"):
        if row["speaks"] == "yes":
            few = row["question"] == "admissions" and row["treated"] < MANY
            assert row["concern_pct"] >= HIT.get(row["doubt"], USUAL) or few, row
            assert row["no_concern_pct"] <= RARE_EVERYWHERE.get(row["doubt"], UNSEEN), row
        else:
            assert row["concern_pct"] <= FALSE_ALARM, row


def test_some_worlds_come_out_as_the_table_says(bench):
    seen = {}
    for world in bench.worlds():
        if world.doubt in {"outlasting", "stood out"} and world.spec.n_homes == 80:
            seen.setdefault((world.doubt, world.speaks), world)
    assert len(seen) == 4
    for (_, speaks), world in seen.items():
        said = [bench.examine(world, bench.SEED + seed, fitted=False)[0].passed is False for seed in range(6)]
        assert sum(said) >= 4 if speaks else sum(said) <= 2


@pytest.mark.parametrize("place", [0, 2])
def test_some_areas_come_out_as_the_table_says(place):
    areas = loaded("area_doubts")
    for doubt, speaks in areas.WORLDS[place].doubts.items():
        assert (areas.examined(place, 0)[doubt] is False) is speaks, doubt


def test_a_sequence_is_wrong_at_any_of_36_looks_in_at_most_one_county_of_twenty():
    table = pd.read_csv(BENCH / "looks.csv")
    found = table.groupby("treated")[["wrong", "wrong_usual"]].mean()
    assert (found["wrong"] <= 0.05).all()
    assert (found["wrong_usual"] > 0.15).all()


def test_a_declared_bad_year_that_is_left_out_leaves_no_fall_and_the_size_promised():
    table = pd.read_csv(BENCH / "declared.csv").query("years == 1")
    assert (table["bias_points"].abs() < 1).all()
    assert table["rejected_pct"].between(4, 6).all()
    assert (table["kept_bias_points"] < -5).all()
