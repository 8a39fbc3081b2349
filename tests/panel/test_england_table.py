"""What is promised of England's size is what was measured, by `bench/england.py` and `bench/fetched.py`."""

import pandas as pd

from tests.house.test_house import ROOT


def measured(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "bench" / name)


def test_twenty_million_records_become_the_true_panel_whoever_counts():
    table = measured("england.csv")
    assert {"duckdb", "pandas", "spark"} <= set(table["what"])
    assert (table["apart"] == 0).all() and (table["rows"] == 1_800_000).all()


def test_duckdb_needs_under_two_gigabytes_and_less_than_half_of_what_pandas_takes():
    table = measured("england.csv")
    ours, theirs = (table[table["what"] == what].set_index("run") for what in ("duckdb", "pandas"))
    assert (ours["peak_gb"] < 2).all()
    assert (theirs["processor"] > 2 * ours["processor"]).all() and (theirs["seconds"] > 2 * ours["seconds"]).all()


def test_what_is_fetched_is_whole_whatever_happens_on_the_way():
    table = measured("fetched.csv").set_index("run")
    assert (table.loc[["killed", "killed again"], "status"] == -9).all()
    assert table.loc["resumed", "digest"] == table.loc["whole", "digest"]
    assert (table.loc[["resumed", "whole"], "documents"] == 14_877).all()
