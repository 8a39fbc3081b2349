"""Better Care Fund metrics and published occupancy come in as areas' measures, or are told why not (invented files)."""

import pandas as pd
import pytest

from analysis.areas import joined
from analysis.areas.observed import areas_of
from analysis.sources import read
from analysis.sources.care_figures import OCCUPIED
from analysis.store import Store
from tests.sources.test_admissions import lines

FUND = lines(
    "HWB code,Health and Wellbeing Board,Metric,Quarter,Planned,Actual,Numerator,Denominator",
    "E06000046,Isle of Wight,Emergency admissions 65+ per 100000,2025/26 Q1,1600,1650.5,700,42411",
    "E06000046,Isle of Wight,Emergency admissions 65+ per 100000,2025/26 Q2,1590,1579.8,670,42411",
    "E06000046,Isle of Wight,Permanent admissions 65+ per 100000,2025/26 Q1,120,[c],,",
)
TRACKED = lines(
    "Date,Upper tier local authority code,Upper tier local authority,Occupied beds,Total beds,Percentage of beds "
    "occupied,Percentage of beds vacant and admittable",
    "14 Jul 2025,E06000046,Isle of Wight,1290,1500,0.86,0.108",
    "14 Aug 2025,E06000046,Isle of Wight,1275,1500,0.85,0.11",
    "14 Jul 2025,E06000045,Southampton,900,1000,0.90,0.07",
)


def test_metrics_of_boards_are_measures_by_quarter_and_what_was_planned_is_not_kept():
    found = read("bcf.csv", FUND)
    assert (found.layout, found.rows_in, found.rows_used) == ("better care fund", 3, 3)
    table = found.tables["area_outcomes"]
    assert table["measure"].unique().tolist() == [
        "Emergency admissions 65+ per 100000 (Better Care Fund)",
        "Permanent admissions 65+ per 100000 (Better Care Fund)",
    ]
    assert set(table["months"]) == {3} and table["period"].iloc[0] == pd.Timestamp("2025-04-01")
    assert table["value"].astype(float).tolist()[:2] == [1650.5, 1579.8]
    assert "suppressed figures" in {finding.fault for finding in found.findings}


def test_occupancy_is_told_in_per_cent_of_beds_by_month():
    found = read("tables.csv", TRACKED)
    assert (found.layout, found.rows_used) == ("capacity tracker, councils", 3)
    store = Store.in_memory()
    store.load(found)
    own = joined(store.table("area_outcomes")).query("area_code == 'E06000046'")
    assert own["value"].astype(float).tolist() == [86.0, 85.0] and set(own["months"]) == {1}
    assert own["numerator"].astype(float).tolist() == [1290, 1275]
    assert areas_of(joined(store.table("area_outcomes")), OCCUPIED).told.unit == "% of beds"


@pytest.mark.parametrize("name, old, new", [
    ("bcf.csv", "Actual", "What came of it"), ("tables.csv", "Percentage of beds occupied", "Fullness"),
    ("tables.csv", "14 Aug 2025", "21 Jul 2025"), ("bcf.csv", "2025/26 Q2", "2025/26 Q1"),
])  # fmt: skip
def test_a_variant_that_is_not_known_is_decided_with_words(name, old, new):
    found = read(name, {"bcf.csv": FUND, "tables.csv": TRACKED}[name].replace(old.encode(), new.encode()))
    assert not found.tables and found.findings[0].do


@pytest.mark.parametrize("periods, column", [
    (("2023 Q1", "2023 Q2"), "period"), (("2023-24 Q1", "2023-24 Q2"), "month"), (("2021", "2022"), "month"),
])  # fmt: skip
def test_counts_of_homes_by_quarter_or_year_alone_are_refused_and_told_what_to_do(periods, column):
    rows = (f"{home},{period},5" for home in ("1-100", "1-101") for period in periods)
    found = read("homes.csv", lines(f"location_id,{column},admissions", *rows))
    (finding,) = found.findings
    assert finding.fault == "quarters or years" and not found.tables
    assert "one table that holds all of it" in finding.do and "monthly figures" in finding.do


def test_totals_among_months_are_still_set_aside():
    months = (f"1-100,2023-{month:02},5,2700" for month in range(1, 13))
    totals = (f"1-100,{period},15,8100" for period in ("2023 Q1", "2023 Q2", "2023 Q3", "2023 Q4", "2023"))
    found = read("homes.csv", lines("location_id,month,admissions,bed_days", *months, *totals))
    assert found.rows_used == 12 and len(found.set_aside) == 5
