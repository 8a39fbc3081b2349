"""Where homes are chosen by rate and size, comparisons are biased, and matched or weighted ones hold the truth."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

TABLE = pd.read_csv(Path(__file__).parents[2] / "bench" / "matched.csv")


@pytest.mark.parametrize(
    "row", TABLE.to_dict("records"), ids=lambda row: f"{row['homes']} {row['ratio']} {row['match']}"
)
def test_unmatched_is_biased_and_matched_is_centred_and_holds_the_truth(row):
    assert row["worlds"] >= 400 and row["refused"] == 0
    if row["match"] == "none":
        assert row["bias_pct"] < -10 and row["coverage_pct"] < 75
        return
    error = 100 * np.sqrt(0.95 * 0.05 / row["worlds"])
    assert abs(row["bias_pct"]) < 2  # of 14 unmatched; what is left are pairs that are near and not the same
    assert 93 - error <= row["coverage_pct"] <= 97 + error
