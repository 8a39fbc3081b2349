"""What calibration predicts, beside what fresh homes show, of a bad design and of a good one: a stored table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

TABLE = pd.read_csv(Path(__file__).parents[2] / "bench" / "calibrated.csv")


def test_the_coverage_of_a_bad_design_is_predicted_within_monte_carlo_error():
    row = TABLE.iloc[0]
    assert row["panels"] >= 400
    assert abs(row["fresh_pct"] - row["predicted_pct"]) <= 2 * np.hypot(row["fresh_error"], row["predicted_error"])


def test_of_a_good_design_it_is_rather_too_careful():
    """Homes drawn twice into one panel share their luck: 3.8 points, two and a half errors, below fresh homes."""
    row = TABLE.iloc[1]
    assert 0 <= row["fresh_pct"] - row["predicted_pct"] <= 5


@pytest.mark.parametrize("row", TABLE.to_dict("records"), ids=lambda row: row["design"].partition(":")[0])
def test_at_no_effect_the_mean_is_none_within_one_error(row):
    assert abs(row["mean_points"]) <= row["mean_error"]


def test_the_bad_one_is_bad_and_the_good_one_good():
    bad, good = TABLE["fresh_pct"]
    assert bad < 85 and good > 92
