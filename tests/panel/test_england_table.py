"""What is promised of England's size is what was measured: `bench/england.py` and `bench/fetched.py` write the tables."""

import pandas as pd
import pytest

from tests.house.test_house import ROOT


def measured(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "bench" / name)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_twenty_million_records_become_the_true_panel(engine):
    rows = measured("england.csv").query("what == @engine")
    assert len(rows) and (rows["apart"] == 0).all() and (rows["rows"] > 1_700_000).all()


def test_duckdb_needs_less_than_four_gigabytes_and_a_third_of_the_time_of_pandas():
    table = measured("england.csv")
    ours, theirs = (table[table["what"] == what].set_index("run") for what in ("duckdb", "pandas"))
    assert (ours["peak_gb"] < 4).all() and (theirs["apart"] == 0).all()
    assert (theirs["processor"] >= 3 * ours["processor"]).all()


def test_what_is_fetched_is_whole_whatever_happens_on_the_way():
    table = measured("fetched.csv").set_index("run")
    assert (table.loc[["killed", "killed again"], "status"] == -9).all()
    assert table.loc["resumed", "digest"] == table.loc["whole", "digest"]
    assert (table.loc[["resumed", "whole"], "documents"] == 14_877).all()
