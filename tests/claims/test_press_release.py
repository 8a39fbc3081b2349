"""What is left of a headline holds the truth as often as it says, and errs at most half as far."""

from pathlib import Path

import pandas as pd
import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(BENCH / "press_release.csv").set_index(["world", "kind"])


def test_in_a_thousand_counties_the_interval_holds_the_truth_and_the_error_is_at_most_half(table):
    found = table.loc[("as the evidence", "both")]
    assert found["counties"] == 1000
    assert 0.93 <= found["left_holds"] <= 0.97
    assert found["headline_holds"] < found["left_holds"]
    assert found["of_error"] <= 0.5


def test_where_the_appraisal_is_wrong_about_the_world_it_still_errs_less(table):
    both = table.xs("both", level="kind")
    assert (both["counties"] == 1000).all()
    assert (both["of_error"] <= 0.5).all()
    assert (both["left_holds"] >= 0.93).all()  # where effects do not differ it holds more often: it allows for that
    assert (both["headline_holds"] < both["left_holds"]).all()


def test_real_pairs_are_counted_as_they_were_written_down():
    frozen, judged = (pd.read_csv(BENCH / name) for name in ("claim_pairs.csv", "press_release_pairs.csv"))
    assert judged["key"].tolist() == frozen["key"].tolist()
    assert judged["controlled"].tolist() == frozen["controlled"].tolist()
    assert judged["nearer"].sum() == 4
    assert judged["holds"].sum() == 5
