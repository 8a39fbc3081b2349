"""Charts draw the numbers they are given, name them for those who hear them, and hold nothing else."""

import altair as alt
import numpy as np
import pandas as pd
import pytest

from analysis import charts, tables
from analysis.charts.theme import RATIO_TICKS, SPARSE_TICKS
from analysis.results import AUGMENT, TIDY, Effects
from analysis.tables.columns import read

RATINGS = ["Inadequate", "Requires improvement", "Good", "Outstanding"]


def drawn(chart):
    """Every value that the chart's specification carries, as one frame per data set."""
    return [pd.DataFrame(rows) for rows in chart.to_dict()["datasets"].values()]


def holding(chart, column):
    return next(frame for frame in drawn(chart) if column in frame and len(frame) > 1)


def holding_one(chart, column):
    return next(frame for frame in drawn(chart) if column in frame)


@pytest.fixture
def event_times():
    estimate = np.r_[np.full(6, 1.02), 1.0, np.full(12, 0.8)]
    wide = np.r_[np.full(6, 0.1), 0.0, np.full(12, 0.1)]
    return pd.DataFrame(
        {
            "event_time": np.arange(-7, 12),
            "estimate": estimate,
            "conf_low": estimate - wide,
            "conf_high": estimate + wide,
            "band_low": estimate - 2 * wide,
            "band_high": estimate + 2 * wide,
        }
    )


def test_the_event_study_draws_the_estimates(event_times):
    data = holding(charts.event_study(event_times), "conf_low")
    pd.testing.assert_frame_equal(data[event_times.columns], event_times, check_dtype=False)
    assert (data["period"] == "before the start").tolist() == (event_times["event_time"] < 0).tolist()


def test_before_and_after_differ_by_shape_as_well_as_colour(event_times):
    encoding = charts.event_study(event_times).to_dict()["layer"][2]["encoding"]
    assert encoding["shape"]["scale"]["range"] == ["square", "circle"]
    assert len(set(encoding["color"]["scale"]["range"])) == 2


@pytest.mark.parametrize(("low", "high"), [(0.9, 1.1), (0.5, 0.9), (0.01, 40.0), (1.2, 1.4)])
def test_no_difference_is_always_on_the_axis(event_times, low, high):
    y = charts.event_study(event_times.assign(conf_low=low, conf_high=high)).to_dict()["layer"][1]["encoding"]["y"]
    assert 1 in y["axis"]["values"]
    assert 0.2 <= y["scale"]["domain"][0] < 1 < y["scale"]["domain"][1] <= 5
    assert len(y["axis"]["values"]) <= max(len(RATIO_TICKS), len(SPARSE_TICKS))


def test_a_missing_interval_does_not_break_the_axis(event_times):
    event_times.loc[3, ["conf_low", "conf_high"]] = np.nan
    assert charts.event_study(event_times).to_dict()["layer"][1]["encoding"]["y"]["scale"]["domain"][0] < 1


def test_no_interval_at_all_is_drawn_as_points(event_times):
    chart = charts.event_study(event_times.assign(conf_low=np.nan, conf_high=np.nan, estimate=[0.0] + [0.8] * 18))
    y = chart.to_dict()["layer"][1]["encoding"]["y"]
    assert np.isfinite(y["scale"]["domain"]).all()
    groups = event_times.tail(1).assign(cohort=["A"], told=["20% fewer"], conf_low=np.nan)
    assert "A 0.80 (no interval)" in charts.forest(groups, "cohort", "Starts").to_dict()["description"]


def test_the_band_is_drawn_thinner_behind_the_interval(event_times):
    band, interval = charts.event_study(event_times).to_dict()["layer"][:2]
    assert (band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) == ("band_low", "band_high")
    assert (interval["encoding"]["y"]["field"], interval["encoding"]["y2"]["field"]) == ("conf_low", "conf_high")
    assert band["mark"]["size"] < interval["mark"]["size"]
    assert band["encoding"]["y"]["scale"] == interval["encoding"]["y"]["scale"]


def test_an_interval_without_an_end_runs_off_the_axis(event_times):
    groups = event_times.tail(1).assign(method=["A"], told=["any"], conf_low=0.0, conf_high=np.inf)
    drawn = holding_one(charts.forest(groups, "method", "Methods"), "told")
    assert drawn[["conf_low", "conf_high"]].iloc[0].tolist() == [0.01, 100]


def test_the_forest_writes_each_estimate(event_times):
    groups = event_times.tail(2).assign(cohort=["April 2020", "May 2021"], told=["20% fewer", "20% fewer still"])
    chart = charts.forest(groups, "cohort", "Starting dates")
    assert holding(chart, "told")["group"].tolist() == ["April 2020", "May 2021"]
    assert chart.to_dict()["description"] == (
        "Starting dates, rate ratios with intervals, where 1 is no difference: "
        "April 2020 0.80 (0.70 to 0.90); May 2021 0.80 (0.70 to 0.90)."
    )


def effects(per_month, homes=2):
    """Treated homes with the same count in every month of two years, and a comparison home."""
    months = pd.period_range("2020-01", periods=24, freq="M").to_timestamp()
    frames = [
        pd.DataFrame({"unit": f"h{i}", "month": months, "event_time": np.arange(24.0) - 12, "observed": per_month,
                      "fitted": per_month, "counterfactual": per_month * 1.25, "weight": 1.0}) for i in range(homes)
    ]  # fmt: skip
    comparison = frames[0].assign(unit="c", event_time=np.nan, observed=1000)
    return Effects(tables={}, summary={}, cells=pd.concat([*frames, comparison])[list(AUGMENT)])


def test_observed_counts_are_those_of_treated_homes_as_they_may_be_shown():
    shown = tables.observed(effects(4))
    assert shown["observed"].tolist() == [25] * 8  # 2 homes × 3 months × 4 = 24
    assert shown["counterfactual"].tolist() == [30] * 8
    assert shown["homes"].tolist() == [2] * 8


def test_a_small_count_is_nowhere_in_the_chart():
    made = effects(1)
    shown = tables.observed(made)
    chart = charts.observed(shown, tables.starts(made), "emergency admissions")
    held = holding(chart, "count") if shown["counterfactual"].notna().any() else pd.DataFrame({"count": []})
    assert not held["count"].isin([6, 7.5]).any()
    assert "too small to show: 8" in chart.to_dict()["description"]
    assert read(shown, tables.OBSERVED)["Observed"].tolist() == ["*"] * 8


def test_the_starts_are_marked():
    assert tables.starts(effects(4)).to_dict("records") == [{"quarter": pd.Timestamp("2021-01-01"), "label": "start"}]
    later = effects(4).cells
    later.loc[later["unit"] == "h1", "event_time"] -= 3
    assert tables.starts(Effects(tables={}, summary={}, cells=later))["label"].tolist() == [
        "first homes start",
        "last homes start",
    ]


def test_transitions_say_count_and_share_and_leave_an_empty_row_unsaid():
    matrix = pd.DataFrame([[8, 20, 11, 0], [21, 160, 230, 3], [0, 0, 0, 0], [0, 2, 9, 19]], RATINGS, RATINGS)
    chart = charts.transitions(matrix)
    cells = holding(chart, "told").set_index(["from", "to"])
    assert cells.loc[("Inadequate", "Requires improvement"), "told"] == "51%\n20"
    assert cells.loc[("Good", "Good"), "told"] == "–"
    assert "from Inadequate: 21% Inadequate, 51% Requires improvement" in chart.to_dict()["description"]


def test_shares_carry_n():
    table = pd.DataFrame(
        {"year": [2016, 2017], "share": [0.55, 0.46], "n": [94, 80], "conf_low": [0.4, 0.3], "conf_high": [0.6, 0.5]}
    )
    chart = charts.shares(table, "year", "Better than before")
    assert "2016 55% (40% to 60%, n 94)" in chart.to_dict()["description"]


def test_coverage_counts_homes():
    months = pd.period_range("2020-01", periods=3, freq="M").to_timestamp()
    frame = pd.DataFrame({"source": "Admissions", "month": months, "homes": [3, 5, 4]})
    chart = charts.coverage(frame)
    assert chart.to_dict()["description"] == (
        "Homes with data by month: Admissions from January 2020 to March 2020, 3 to 5 homes a month."
    )


def test_every_chart_has_the_house_look(event_times):
    assert alt.theme.active == "homeward"
    assert charts.event_study(event_times).to_dict()["config"]["font"].startswith("Arial")


# --- tables and downloads ------------------------------------------------------------------------------------------


def found(by, rows):
    terms = ["rate_ratio", "rate_difference_per_1000_bed_days", "admissions_averted"]
    frames = [
        pd.DataFrame({by: group, "term": terms, "estimate": middle, "conf_low": low, "conf_high": high})
        for group, middle, low, high in rows
    ]
    return Effects(tables={by: pd.concat(frames).reindex(columns=[by, *TIDY])}, summary={}, cells=pd.DataFrame())


def answered(**diagnostics):
    """An answer with what a careful reader asks for."""
    overall = found("overall", [("all treated homes", [0.8, -0.4, 140.0], [0.7, -0.6, 75.0], [0.9, -0.1, 210.0])])
    return Effects(
        tables=overall.tables, summary={}, cells=effects(4, homes=1).cells,
        diagnostics={name: pd.DataFrame(table) for name, table in diagnostics.items()},
    )  # fmt: skip


def test_the_weight_of_a_start_does_not_give_its_count_away():
    starts = pd.to_datetime(["2020-01-01", "2020-07-01", "2021-01-01"])
    shown = tables.by_start(answered(cohorts={"cohort": starts, "homes": [3, 4, 1], "expected": [61.2, 38.4, 3.1]}))
    assert shown["homes"].tolist() == [3, 4, 1]
    assert shown["weight_percent"].tolist()[:2] == [57.0, 38.0]  # 60 and 40 of 105
    assert read(shown, tables.groups("cohort", "Start"))["Weight in the answer"].tolist() == ["57%", "38%", "*"]


def test_methods_stand_around_one_estimate():
    made = answered(methods={
        "method": ["CR2", "randomisation", "wild score"], "default": [True, False, False],
        "df": [25.74, np.nan, np.nan],
        "conf_low": [0.7177, np.nan, 0.15], "conf_high": [0.9025, np.nan, np.inf], "p_value": [0.0006, 0.677, 0.001],
    })  # fmt: skip
    assert tables.methods(made)["estimate"].tolist() == [0.8] * 3
    assert read(tables.methods(made), tables.METHODS).to_dict("list") == {
        "Method": ["CR2 (default)", "randomisation", "wild score"],
        "Rate ratio, 95% interval": ["0.72 to 0.90", "no interval", "0.15 or more"],
        "p": ["< 0.001", "0.677", "0.001"],
        "Degrees of freedom": ["25.7", "–", "–"],
    }


def test_homes_that_carry_the_answer_have_shares_and_no_counts():
    names = pd.Series({"h0": "Elm House", "c": "Ash Court"})
    shown = tables.carriers(answered(leverage={"unit": ["h0", "c"], "share": [0.6061, 0.3939]}), names)
    assert shown.columns.tolist() == ["unit", "name", "had_it", "share_percent"]
    assert read(shown, tables.CARRIERS).to_dict("records") == [
        {"Home": "Elm House", "Had the intervention": "yes", "Share of the uncertainty": "61%"},
        {"Home": "Ash Court", "Had the intervention": "no", "Share of the uncertainty": "39%"},
    ]


APRIL = (pd.Timestamp("2020-04-01"), [0.78, -0.4321, 141.9], [0.69, -0.6, 76.4], [0.88, np.nan, 212.4])


def test_every_estimate_stands_with_its_interval():
    overall = found("overall", [("all treated homes", *APRIL[1:])])
    told = read(tables.published(overall), tables.OVERALL).set_index("What is estimated")["Estimate (95% interval)"]
    assert told.to_dict() == {
        "Rate ratio": "0.78 (0.69 to 0.88)",
        "Difference per 1,000 bed-days": "−0.432 (no interval)",
        "Admissions averted": "140 (75 to 210)",
    }


def test_the_rate_ratio_handed_out_is_the_model_s():
    overall = found("overall", [("all treated homes", *APRIL[1:])])
    ratio = tables.published(overall).iloc[0]
    assert ratio[["estimate", "conf_low", "conf_high"]].tolist() == [0.78, 0.69, 0.88]


def test_a_group_has_only_its_rate_ratio_for_the_rest_would_give_its_count_away():
    shown = tables.published(found("cohort", [APRIL]), "cohort")
    assert shown["term"].tolist() == ["rate_ratio"]
    assert read(shown, tables.groups("cohort", "Start")).to_dict("records") == [
        {"Start": "April 2020", "Rate ratio (95% interval)": "0.78 (0.69 to 0.88)"}
    ]


def test_events_averted_are_left_out_where_few_were_observed():
    few = found("overall", [("all treated homes", [0.2, -1.0, 12.0], [0.1, -1.2, 9.0], [0.4, -0.5, 13.5])])
    assert tables.published(few)["term"].tolist() == ["rate_ratio"]  # 3 observed, 15 expected


def test_a_download_opens_in_excel_runs_nothing_and_keeps_its_provenance():
    written = tables.csv(pd.DataFrame({"home": ["=cmd()", "Émile"], "n": [-1, 2]}), {"data": "abc", "protocol": "def"})
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").splitlines() == ["home,n,data,protocol", "'=cmd(),-1,abc,def", "Émile,2,abc,def"]
