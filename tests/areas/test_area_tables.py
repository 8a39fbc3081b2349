"""What stands in the tables of an area is what the methods found, and people are protected."""

import numpy as np
import pandas as pd

from analysis.areas import SyntheticControl
from analysis.areas.persistence import by_year
from analysis.results import limit
from analysis.tables import areas as tables
from analysis.tables.columns import read
from tests.areas.test_placebos import drawn


def test_counts_of_people_and_rates_made_of_them_are_protected():
    years = pd.DataFrame({
        "period": pd.to_datetime(["2016-04-01", "2017-04-01", "2018-04-01"]), "value": [831.2, 12.8, 600.0],
        "numerator": [323.0, 5.0, np.nan], "denominator": [38_861.0, 39_062.0, np.nan],
        "definition": ["", "", "renumbered"],
    })  # fmt: skip
    shown = tables.yearly(years)
    assert shown["numerator"].tolist()[:1] == [325] and shown["numerator"].isna().tolist() == [False, True, True]
    assert shown["value"].isna().tolist() == [False, True, False]
    text = read(shown, tables.yearly_columns(years))
    assert text["Numerator (people)"].tolist() == ["325", "*", "not given"]
    assert text["Value"].tolist() == ["831.2", "*", "600.0"]
    assert text["Year"].tolist() == ["2016/17", "2017/18", "2018/19"]


def test_the_table_of_methods_is_what_was_found():
    panel, design, _ = drawn()
    years = by_year({"Synthetic control": SyntheticControl().fit(panel, design)})
    shown = read(tables.with_coverage(years, {"Synthetic control": "93% to 95%"}), tables.METHODS)
    first = years[years["year"] == 1].iloc[0]
    row = shown[shown["When"] == "Year 1"].iloc[0]
    assert row["Rate ratio"] == f"{first['estimate']:.2f}"
    assert row["95% interval by ranking"] == f"{first['low']:.2f} to {first['high']:.2f}"
    assert row["Place among areas"] == f"{first['rank']} of {first['areas'] + 1}"
    assert row["Its own held the truth in simulations"] == "93% to 95%"


def test_intervals_with_one_end_or_none_are_told():
    assert tables.interval(0.0, 2.0) == "up to 2.00"
    assert tables.interval(0.5, np.inf) == "0.50 or more"
    assert tables.interval(0.0, np.inf) == "no limit"
    assert tables.interval(np.nan, np.nan) == "no interval"


def test_a_ratio_is_never_rounded_onto_no_difference():
    assert [limit(r) for r in (0.5, 0.996, 1.0, 1.00004)] == ["0.50", "0.996", "1.00", "1.00004"]


def test_the_series_is_the_panel_s_and_others_are_brought_to_its_scale():
    panel, design, treated = drawn()
    shown = tables.series(SyntheticControl().fit(panel, design), "Here")
    own = shown[shown["line"] == "Here"]["value"].to_numpy()
    np.testing.assert_allclose(own, panel.counts[treated] / panel.exposure[treated])
    others = shown[shown["line"].str.startswith("all")].set_index("month")["value"].to_numpy()
    assert np.isclose(others[:36].mean(), own[:36].mean())
    assert (shown[shown["line"].str.startswith("expected")]["month"] >= "2016-10-01").all()
