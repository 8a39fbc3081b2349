"""Tables of targeting give nobody's exact count away."""

import numpy as np
import pandas as pd

from analysis.tables.columns import read
from analysis.tables.targeting import CONTESTED, contested, homes, pounds
from analysis.tables.targeting import HOMES as AS_READ

HOMES = pd.DataFrame(
    {
        "unit": ["b", "a"],
        "name": ["B", "A"],
        "kind": "residential",
        "residents": [6.0, 22.4],
        "expected": [12.0, 17.9],
        "low": [6.0, 8.95],
        "high": [20.0, 35.8],
        "worthwhile": [0.5, 0.61234],
        "chosen": True,
        "qualifies": False,
        "already": [True, False],
    }
)


def test_rates_of_one_home_come_from_the_counts_as_shown_and_carry_their_interval():
    shown = homes(HOMES).set_index("unit")
    assert shown.loc["a", ["residents", "expected", "rate", "rate_low", "rate_high"]].tolist() == [20, 20, 100, 50, 200]
    assert shown.loc["b", ["rate", "rate_low", "rate_high"]].isna().all()
    assert np.isclose(shown.loc["a", "worthwhile"], 0.61)


def test_homes_stand_by_name_without_a_rank_or_pounds():
    laid_out = read(homes(HOMES), AS_READ)
    assert laid_out["Home"].tolist() == ["A", "B"]
    assert not laid_out.astype(str).apply(lambda column: column.str.contains("£")).any(axis=None)
    assert not {"Rank", "Net benefit a year"} & set(laid_out)
    rate = "Admissions expected for every 100 residents a year (95% interval)"
    assert laid_out.set_index("Home")[rate].tolist() == ["100 (50 to 200)", "*"]
    assert laid_out["Has had an intervention"].tolist() == ["no", "yes"]


def test_the_contest_is_rounded_before_it_is_handed_out():
    figures = {"homes": 21.4, "promised": 12_345.6, "delivered": -1_499.0, "averted_promised": 17.7}
    figures |= {"averted_delivered": 13.1, "gain": 4_501.0, "gain_low": -600.0, "gain_high": 9_999.0}
    figures |= {"delivered_low": -2_499.0, "delivered_high": 700.0}
    table = pd.DataFrame(
        [{"rule": "targeted", "cuts": 2} | figures, {"rule": "learned", "cuts": 0} | dict.fromkeys(figures, np.nan)]
    )
    shown = contested(table)
    assert shown.loc[0, ["promised", "delivered", "gain"]].tolist() == [12_000, -1_000, 5_000]
    assert shown.loc[0, ["averted_promised", "averted_delivered"]].tolist() == [20, 15]
    laid_out = read(shown, CONTESTED)
    assert laid_out["Promised a year"].tolist() == ["£12,000", "–"]
    assert laid_out["Delivered a year (95% interval)"].tolist() == ["−£1,000 (−£2,000 to £1,000)", "–"]
    assert pounds(-400) == "−£400"
