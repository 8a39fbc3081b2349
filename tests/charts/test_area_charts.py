"""Charts of one area hold the data they were given, and say it to those who hear it."""

import numpy as np
import pandas as pd
import pytest

from analysis.charts import areas as charts


def layers(chart):
    return chart.to_dict()["layer"]


def test_the_series_starts_its_expectation_at_the_start():
    month = pd.date_range("2017-01-01", periods=6, freq="MS")
    series = pd.concat([
        pd.DataFrame({"month": month, "line": "Here", "value": np.arange(6.0)}),
        pd.DataFrame({"month": month[3:], "line": "expected (synthetic control)", "value": 5.0}),
    ])  # fmt: skip
    chart = charts.area_series(series, month[3], "People")
    assert chart.to_dict()["description"].startswith("Here by month, with the start in April 2017")
    colours = layers(chart)[-1]["encoding"]["color"]["scale"]["domain"]
    assert colours == ["Here", "expected (synthetic control)"]


def rows():
    return pd.DataFrame({
        "method": ["Synthetic control", "Time series alone, Newey–West"], "estimate": [0.6, 0.4],
        "conf_low": [0.3, np.nan], "conf_high": [1.2, np.nan], "own_low": [0.0, 0.3], "own_high": [2.0, np.inf],
    })  # fmt: skip


def test_the_forest_draws_both_intervals_and_an_end_that_is_missing_runs_off_the_chart():
    chart = charts.methods_forest(rows(), "Year 1")
    data = next(iter(chart.to_dict()["datasets"].values()))
    assert data[0]["own_low"] == charts.NEAR_ZERO and data[0]["own_high"] == 2.0
    assert data[1]["own_low"] == 0.3 and data[1]["own_high"] == charts.FAR
    assert [d["estimate"] for d in data] == [0.6, 0.4]
    assert "Time series alone, Newey–West 0.40" in chart.to_dict()["description"]
    assert data[1]["group"].split("|") == ["Time series alone,", "Newey–West"]


def test_the_strip_marks_the_area_and_counts_those_lower():
    data = pd.DataFrame(
        {"method": "m", "name": list("abc"), "treated": [False, True, False], "estimate": [0.01, 0.5, 1.1]}
    )
    chart = charts.placebo_strip(data, "b")
    assert "m 0.50, with 1 of 2 areas lower" in chart.to_dict()["description"]
    drawn = [d for part in chart.to_dict()["datasets"].values() for d in part]
    assert min(d["estimate"] for d in drawn) == charts.OUTLIERS[0]


def test_years_are_shares_of_the_year_before_the_start():
    years = pd.DataFrame({
        "year": [-2, -1, 1], "first_month": pd.to_datetime(["2015-04-01", "2016-04-01", "2017-04-01"]),
        "value": [50.0, 100.0, 60.0], "national": [800.0, 1000.0, 900.0],
    })  # fmt: skip
    told = charts.before_and_after(years, "Here").to_dict()["description"]
    assert "Here 2015/16 50%, 2016/17 100%, 2017/18 60%; all areas together 2015/16 80%" in told


def test_a_change_of_definition_is_a_line_and_is_said():
    shown = pd.DataFrame({
        "period": pd.to_datetime(["2022-04-01", "2023-04-01"]), "value": [600.0, 580.0],
        "definition": ["", "renumbered"],
    })  # fmt: skip
    national = pd.Series([550.0, 540.0], shown["period"])
    chart = charts.yearly_measure(shown, national, "Here", pd.Timestamp("2023-04-01"))
    assert "Definition changed: 2023: renumbered" in chart.to_dict()["description"]
    assert any(d.get("label") == "definition changed" for part in chart.to_dict()["datasets"].values() for d in part)


MONTH = pd.date_range("2017-01-01", periods=6, freq="MS")
START = pd.Timestamp("2017-04-01")
YEARS = pd.DataFrame({
    "year": [-2, -1, 1], "first_month": pd.to_datetime(["2015-04-01", "2016-04-01", "2017-04-01"]),
    "value": [50.0, 100.0, 60.0], "national": [800.0, 1000.0, 900.0],
})  # fmt: skip
BROKEN = pd.DataFrame({
    "period": pd.to_datetime(["2022-04-01", "2023-04-01"]), "value": [600.0, 580.0], "definition": ["", "new"],
})  # fmt: skip
STRIP = pd.DataFrame({"method": "m", "name": list("abc"), "treated": [False, True, False], "estimate": [0.8, 0.5, 1.1]})


@pytest.mark.parametrize(
    ("chart", "column", "values"),
    [
        (
            charts.area_series(pd.DataFrame({"month": MONTH, "line": "Here", "value": 1.5}), START, "People"),
            "value",
            [1.5],
        ),
        (charts.methods_forest(rows(), "Year 1"), "estimate", [0.6, 0.4]),
        (charts.placebo_strip(STRIP, "b"), "estimate", [0.8, 0.5, 1.1]),
        (charts.before_and_after(YEARS, "Here"), "value", [0.5, 1.0, 0.6]),
        (
            charts.yearly_measure(BROKEN, pd.Series([550.0], BROKEN["period"][:1]), "Here", START),
            "value",
            [600.0, 580.0],
        ),
    ],
)
def test_the_first_data_set_of_a_chart_is_its_data_and_not_the_line_of_no_difference(chart, column, values):
    data = next(iter(chart.to_dict()["datasets"].values()))
    assert [row[column] for row in data][: len(values)] == values
    assert chart.to_dict()["data"]["name"] == next(iter(chart.to_dict()["datasets"]))
