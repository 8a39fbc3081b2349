"""Tables of targeting give nobody's exact count away."""

import numpy as np
import pandas as pd

from analysis.tables.targeting import contested, contested_display, pounds, ranked, ranked_display

HOMES = pd.DataFrame(
    {
        "unit": ["a", "b"],
        "name": ["A", "B"],
        "kind": "residential",
        "residents": [22.4, 6.0],
        "expected": [17.9, 12.0],
        "ratio": 0.8,
        "net": [1.0, 2.0],
        "worthwhile": [0.61234, 0.5],
        "chosen": True,
        "qualifies": False,
    }
)
COSTS = {"value": 1000.0, "cost_per_home": 100.0, "cost_per_resident": 10.0}


def test_pounds_of_one_home_come_from_the_counts_as_shown():
    shown = ranked(HOMES, COSTS).set_index("unit")
    assert shown.loc["a", "net_pounds"] == round(1000 * 0.2 * 20 - 100 - 200, -2)
    assert shown.loc["a", ["residents", "expected"]].tolist() == [20, 20]
    assert pd.isna(shown.loc["b", "net_pounds"])
    assert shown.loc["b", "rank"] == 1
    assert "net" not in shown
    assert np.isclose(shown.loc["a", "worthwhile"], 0.61)


def test_what_may_not_be_shown_is_marked():
    laid_out = ranked_display(ranked(HOMES, COSTS)).set_index("Home")
    assert laid_out.loc["B", ["Residents", "Net benefit a year"]].tolist() == ["*", "*"]
    assert laid_out.loc["A", "Net benefit a year"] == "£3,700"


def test_the_contest_is_rounded_before_it_is_handed_out():
    figures = {"homes": 21.4, "promised": 12_345.6, "delivered": -1_499.0, "averted_promised": 17.7}
    figures |= {"averted_delivered": 13.1, "gain": 4_501.0, "gain_low": -600.0, "gain_high": 9_999.0}
    table = pd.DataFrame(
        [{"rule": "targeted", "cuts": 2} | figures, {"rule": "learned", "cuts": 0} | dict.fromkeys(figures, np.nan)]
    )
    shown = contested(table)
    assert shown.loc[0, ["promised", "delivered", "gain"]].tolist() == [12_000, -1_000, 5_000]
    assert shown.loc[0, ["averted_promised", "averted_delivered"]].tolist() == [20, 15]
    assert contested_display(shown)["Promised a year"].tolist() == ["£12,000", "–"]
    assert pounds(-400) == "−£400"
