"""Bed-days, from snapshots or as counted."""

from decimal import Decimal

from analysis.sources import read
from analysis.sources.schema import TABLES
from tests.sources.test_admissions import lines


def test_snapshots_become_the_mean_times_the_days_of_the_month():
    found = read("x.csv", lines("cqcid,usedbeds,maxcapacity,lastupdatedutc", "1-1,30,40,2023-02-01 09:00:00",
                                "1-1,31,40,2023-02-14 09:00:00", "1-1,31,40,2023-02-20 09:00:00",
                                "1-1,40,40,2023-03-01 09:00:00"))  # fmt: skip
    occupancy = found.tables["occupancy"]
    assert list(occupancy) == list(TABLES["occupancy"])
    # (30 + 31 + 31) / 3 * 28 = 858.666...
    assert occupancy["bed_days"].tolist() == [Decimal("858.67"), Decimal("1240.00")]
    assert set(occupancy["basis"]) == {"capacity tracker"}


def test_a_snapshot_late_in_summer_belongs_to_the_london_month():
    found = read("x.csv", lines("cqcid,usedbeds,lastupdatedutc", "1-1,30,2023-06-30 23:30:00"))
    assert found.tables["occupancy"]["month"].dt.month.tolist() == [7]


def test_resident_days_stay_exact():
    found = read("x.csv", lines("home,month,resident days", "1-1,2023-01-01,841.25", "1-1,2023-02-01,700"))
    assert found.tables["occupancy"]["bed_days"].tolist() == [Decimal("841.25"), Decimal("700")]
    assert set(found.tables["occupancy"]["basis"]) == {"resident days"}
