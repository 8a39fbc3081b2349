"""What councils report, on the published files."""

from decimal import Decimal

import pandas as pd
import pytest

from analysis.sources import read
from analysis.sources.schema import TABLES
from tests.sources.test_admissions import lines


@pytest.mark.realdata
def test_delayed_transfers_of_the_isle_of_wight(realdata):
    name = "delayed_transfers_la_month.csv"
    found = read(name, realdata / name)
    assert (found.layout, found.rows_in, found.rows_used, found.findings) == ("delayed transfers", 16039, 16039, ())
    table = found.tables["area_outcomes"]
    island = table[table["area_code"] == "E06000046"]
    year = island[island["period"].between("2016-04-01", "2017-03-01")].groupby("measure")["value"].sum()
    assert year["delayed days, total"] == Decimal(5176) and year["delayed days, social care"] == Decimal(3188)
    february = table[(table["period"] == "2017-02-01") & (table["measure"] == "delayed days, total")]
    assert february["value"].sum() == Decimal(185_732)


@pytest.mark.realdata
def test_permanent_admissions_of_ascof(realdata):
    name = "ascof_permanent_admissions_65plus.csv"
    found = read(name, realdata / name)
    assert (found.layout, found.rows_in, found.rows_used) == ("ascof", 170, 170)
    england = found.tables["area_outcomes"].query("area_name == 'England'").set_index("period")["value"]
    assert england[pd.Timestamp("2016-04-01")] == Decimal("610.7")


def test_open_data_stands_numerator_denominator_and_outcome_side_by_side():
    found = read("x.csv", lines(
        "Geographical Description,ONS Code,ASCOF Measure Code,Measure Group Description,Measure Type,Measure Value",
        "Isle of Wight,E06000046,2A(2),Total,Numerator,320", "Isle of Wight,E06000046,2A(2),Total,Denominator,38500",
        "Isle of Wight,E06000046,2A(2),Total,Outcome,831.2", "Isle of Wight,E06000046,2A(2),Female,Outcome,[c]",
    ), {"year": "2016/17"})  # fmt: skip
    table = found.tables["area_outcomes"]
    assert list(table) == list(TABLES["area_outcomes"])
    assert table["measure"].tolist() == ["ASCOF 2A(2)", "ASCOF 2A(2), Female"]
    assert table.loc[0, ["value", "numerator", "denominator"]].tolist() == [
        Decimal("831.2"),
        Decimal(320),
        Decimal(38500),
    ]
    assert pd.isna(table.loc[1, "value"]) and set(table["period"]) == {pd.Timestamp("2016-04-01")}
    assert (found.rows_in, found.rows_used) == (4, 4)
