"""How long every defensible analysis takes, of the sample and of a country: a stored table."""

from pathlib import Path

import pandas as pd
import pytest

TABLE = pd.read_csv(Path(__file__).parents[2] / "bench" / "curve_speed.csv")
ENGLAND = TABLE[TABLE["data"] == "England"]


def test_of_the_sample_they_take_seconds():
    (row,) = TABLE[TABLE["data"] == "sample"].to_dict("records")
    assert row["for_200"] < 10


@pytest.mark.parametrize("row", ENGLAND.to_dict("records"), ids=lambda row: f"{row['workers']} workers")
def test_of_a_country_two_hundred_take_two_processors_less_than_a_minute(row):
    """Two processors have 120 seconds of a processor in a minute, of which this leaves a part to whatever else runs."""
    assert (row["homes"], row["months"]) == (15_000, 120)
    assert row["analyses"] >= 200 and row["for_200"] < 100
    assert row["peak_gb"] < 4 and abs(row["median"] - 0.85) < 0.01
