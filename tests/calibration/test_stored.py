"""What calibration predicts is what fresh homes show, of a design known for bad and of a good one: a stored table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

TABLE = pd.read_csv(Path(__file__).parents[2] / "bench" / "calibrated.csv")


@pytest.mark.parametrize("row", TABLE.to_dict("records"), ids=lambda row: row["design"].partition(":")[0])
def test_the_coverage_predicted_is_that_of_homes_nobody_has_seen(row):
    error = np.hypot(row["fresh_error"], row["predicted_error"])
    assert row["panels"] >= 400 and abs(row["fresh_pct"] - row["predicted_pct"]) <= 2 * error
    assert abs(row["mean_points"]) <= 2 * row["mean_error"]


def test_the_bad_one_is_bad_and_the_good_one_good():
    bad, good = TABLE["fresh_pct"]
    assert bad < 85 and good > 92
