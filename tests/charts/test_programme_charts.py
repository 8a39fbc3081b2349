"""Do charts of ratings carry the numbers they were given, and say them?"""

import pandas as pd
import pytest

from analysis import charts
from analysis.inspections import breaks


def datasets(chart):
    return [*chart.to_dict()["datasets"].values()]


def described(chart):
    return chart.to_dict()["description"]


def test_over_expected_draws_every_group_and_says_it():
    told = ["12 of 17; 7.8 expected", "0 of 4; 0.2 expected"]
    ends = {"conf_low": [1.03, 0.0], "conf_high": [1.91, 12.0]}
    rows = pd.DataFrame({"group": ["All", "Good"], "estimate": [1.55, 0.0], **ends, "told": told})
    chart = charts.over_expected(rows)
    assert any(row.get("estimate") == 1.55 for data in datasets(chart) for row in data)
    assert "All 1.55 (1.03 to 1.91; 12 of 17; 7.8 expected)" in described(chart)
    nothing = charts.over_expected(rows.assign(estimate=float("nan")))
    assert "where 1 is as expected" in described(nothing)


def test_curves_draw_both_groups():
    rows = [(who, years, share, share, share, 0.0, 0.0, 0.0) for who in ("supported homes", "homes like them")
            for years, share in ((0.0, 0.0), (1.0, 0.5))]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["who", "years", "better", "better_low", "better_high", "left", "left_low", "left_high"]
    )
    assert "homes like them 50% rated better and 0% left by year 1.0" in described(charts.better_since(frame))


def test_changes_of_the_rules_are_marked_by_year():
    ends = {"conf_low": [0.3] * 3, "conf_high": [0.8] * 3}
    years = pd.DataFrame({"year": [2018, 2019, 2020], "share": [0.6, 0.5, 0.4], "n": [10, 20, 30], **ends})
    chart = charts.by_year(years, breaks(pd.Timestamp("2018-01-01"), pd.Timestamp("2020-12-31")), "Better")
    marks = [row for data in datasets(chart) for row in data if "number" in row]
    assert {row["number"] for row in marks} == {"1", "2"}
    assert min(row["first"] for row in marks) == pytest.approx(2019.25, abs=0.01)
    assert max(row["last"] for row in marks) == 2021  # cut at the end of the axis
    assert "routine inspection paused from March 2020" in described(chart)


def test_question_shares_are_said():
    shares = pd.DataFrame([{"question": "Safe", "share": 0.6, "n": 471, "conf_low": 0.55, "conf_high": 0.64,
                            "all_low": 0.54, "all_high": 0.66}])  # fmt: skip
    assert "Safe 60% (55% to 64%, n 471)" in described(charts.question_shares(shares))
