"""What is promised of England's size is what was measured: `bench/fetched.py` writes the table."""

import pandas as pd

from tests.house.test_house import ROOT


def measured(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "bench" / name)


def test_what_is_fetched_is_whole_whatever_happens_on_the_way():
    table = measured("fetched.csv").set_index("run")
    assert (table.loc[["killed", "killed again"], "status"] == -9).all()
    assert table.loc["resumed", "digest"] == table.loc["whole", "digest"]
    assert (table.loc[["resumed", "whole"], "documents"] == 14_877).all()
