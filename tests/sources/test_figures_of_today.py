"""Fingertips and A&E come in as they are published, and every real file at hand is decided with words."""

from decimal import Decimal

import pandas as pd
import pytest

from analysis.areas import joined
from analysis.areas.observed import areas_of
from analysis.sources import read
from analysis.sources.emergency_departments import ADMITTED, ATTENDANCES, OVER_FOUR_HOURS
from analysis.store import Store
from tests.sources.test_admissions import lines

FINGERTIPS = "Indicator ID,Indicator Name,Parent Code,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
FINGERTIPS += "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Value note,Time period range"


def test_fingertips_gives_areas_by_year_and_quarter_with_what_stands_behind():
    found = read("indicators.data.csv", lines(
        FINGERTIPS,
        "1,Emergency admissions due to falls,E92000001,E06000046,Isle of Wight,UA,Persons,65+ yrs,,,2016/17,2100.5,1,2,"
        "820,39038,,1y",
        "1,Emergency admissions due to falls,E92000001,E06000046,Isle of Wight,UA,Female,65+ yrs,,,2016/17,2300.1,1,2,"
        "480,20868,,1y",
        "1,Emergency admissions due to falls,E92000001,E92000001,England,UA,Persons,65+ yrs,Deprivation,Most deprived,"
        "2016/17,2500,1,2,9,9,,1y",
        "2,Deaths in care homes,E92000001,E06000046,Isle of Wight,UA,Persons,All ages,,,2016/17 Q2,24.1,1,2,96,398,,1q",
        "3,Mortality,E92000001,E06000046,Isle of Wight,UA,Persons,All ages,,,2014 - 16,24.1,1,2,96,398,,3y",
    ))  # fmt: skip
    table = found.tables["area_outcomes"]
    assert (found.layout, found.rows_in, found.rows_used, found.rows_dropped) == ("fingertips", 5, 3, 2)
    assert table["measure"].tolist() == [
        "Emergency admissions due to falls, 65+ yrs", "Emergency admissions due to falls, Female, 65+ yrs",
        "Deaths in care homes",
    ]  # fmt: skip
    assert table["months"].tolist() == [12, 12, 3] and table["period"].iloc[2] == pd.Timestamp("2016-07-01")
    assert table.loc[0, ["value", "numerator", "denominator"]].tolist() == [Decimal("2100.5"), 820, 39038]
    assert {finding.fault for finding in found.findings} == {"rows of a category", "several years pooled"}


SITREP = "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,A&E attendances Type 2,"
SITREP += (
    "A&E attendances Other A&E Department,A&E attendances Booked Appointments Type 1,Attendances over 4hrs Type 1,"
)
SITREP += "Attendances over 4hrs Type 2,Emergency admissions via A&E - Type 1,Other emergency admissions"


def test_the_monthly_sitrep_is_added_up_over_types_of_department():
    found = read("x.csv", lines(
        SITREP, "MSitAE-APRIL-2026,R1F,NHS ENGLAND,Isle of Wight,4000,100,900,50,1000,0,1200,700",
        "MSitAE-APRIL-2026,TOTAL,,,1,1,1,1,1,1,1,1",
    ))  # fmt: skip
    table = found.tables["area_outcomes"].set_index("measure")
    assert found.layout == "a&e sitrep" and set(table["area_code"]) == {"R1F"}
    assert table.loc[ATTENDANCES, "value"] == 5_000 and table.loc[ADMITTED, "value"] == 1_200
    assert table.loc[OVER_FOUR_HOURS, ["value", "numerator", "denominator"]].tolist() == [20, 1_000, 5_000]


@pytest.mark.realdata
def test_real_attendances_are_those_of_the_file_and_a_trust_s_rate_is_told_by_the_day(realdata):
    name = "nhse_ae_attendances_trust_month.csv"
    found = read(name, realdata / name)
    assert found.layout == "a&e by trust and month" and found.rows_used + found.rows_dropped == found.rows_in == 12_765
    raw = pd.read_csv(realdata / name, parse_dates=["period"])
    by_hand = raw[raw["org_code"] == "R1F"].groupby("period")[["attendances", "breaches", "admissions"]].sum()
    store = Store.in_memory()
    store.load(found)
    outcomes = joined(store.table("area_outcomes"))
    own = outcomes[outcomes["area_code"] == "R1F"].set_index(["measure", "period"])
    assert own.loc[ATTENDANCES, "value"].astype(float).tolist() == by_hand["attendances"].tolist()
    assert own.loc[OVER_FOUR_HOURS, "numerator"].astype(float).tolist() == by_hand["breaches"].tolist()
    assert own.loc[ADMITTED, "value"].astype(float).tolist() == by_hand["admissions"].tolist()
    assert areas_of(outcomes, ATTENDANCES).told.unit == "Attendances on an average day"
    assert areas_of(outcomes, OVER_FOUR_HOURS).told.unit == "% of attendances"


@pytest.mark.realdata
def test_every_real_file_is_decided_with_words(realdata):
    for path in sorted(realdata.iterdir()):
        found = read(path.name, path)
        if path.name == "README.md":
            assert not found.tables and found.findings[0].do
        else:
            assert found.tables, path.name
            assert found.rows_used + len(found.set_aside) + found.rows_dropped == found.rows_in
