"""A table of homes by quarter or year: read whole, or refused in words that say why."""

import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.sources import read
from analysis.store import Store

HEAD = "home,period,admissions,bed_days,start\n"
QUARTERS = ("2021 Q1", "2021 Q2", "2021 Q3", "2021 Q4", "2022 Q1", "2022 Q2")


def rows(periods=QUARTERS, homes=("A", "B"), bed_days=2000, start="2021-08-01", admissions=lambda n: 3 + n % 5) -> str:
    lines = [
        f"{home},{period},{admissions(n)},{bed_days},{start if home == 'A' else ''}"
        for home in homes for n, period in enumerate(periods)
    ]  # fmt: skip
    return HEAD + "\n".join(lines) + "\n"


def told(content: str) -> dict[str, str]:
    return {found.fault: str(found) for found in read("homes.csv", content.encode()).findings}


def test_quarters_become_counts_bed_days_and_starts_under_their_first_month():
    reading = read("homes.csv", rows().encode())
    counts, periods = reading.tables["admission_counts"], reading.tables["periods"]
    assert sorted(set(counts["month"].dt.strftime("%Y-%m"))) == [
        "2021-01",
        "2021-04",
        "2021-07",
        "2021-10",
        "2022-01",
        "2022-04",
    ]
    assert periods.to_dict("list") == {"location_id": ["A", "B"], "months": [3, 3]}
    assert len(reading.tables["occupancy"]) == 12 and reading.tables["interventions"]["started"].tolist() == [
        pd.Timestamp("2021-08-01")
    ]
    said = next(str(found) for found in reading.findings if found.fault == "quarters or years")
    assert "2 of them, January to March 2021 to April to June 2022" in said and "is left out of the answer" in said


@pytest.mark.parametrize(("written", "first", "months"), [
    (("2020/21 Q1", "2020/21 Q2"), "2020-04", 3), (("Q1 2020/21", "Q2 2020/21"), "2020-04", 3),
    (("2019/20", "2020/21"), "2019-04", 12), (("2019", "2020"), "2019-01", 12),
])  # fmt: skip
def test_ways_of_writing_periods(written, first, months):
    tables = read("homes.csv", rows(written).encode()).tables
    assert tables["admission_counts"]["month"].min().strftime("%Y-%m") == first
    assert set(tables["periods"]["months"]) == {months}


def test_what_cannot_be_is_refused_or_set_aside_in_words():
    both = rows((*QUARTERS, "2021/22"))
    assert "quarters and years in one table" in told(both)["periods of several lengths"]
    twice = rows() + "A,2021 Q1,9,2000,2021-08-01\n"
    assert "two different rows of one quarter" in told(twice)["contradicting rows"]
    assert "repeated rows" in told(rows() + "A,2021 Q1,3,2000,2021-08-01\n")
    gap = rows().replace("B,2021 Q3,5,2000,\n", "")
    assert "no row for 1 quarter of 1 homes" in told(gap)["absent quarters"]
    residents = rows(bed_days=20, homes=tuple("ABCDEFGH"))
    assert "Load a column of bed-days" in told(residents)["bed-days in another unit"]
    ahead = rows((*QUARTERS, "2090 Q1"))
    assert "a quarter that is not over" in told(ahead)
    assert len(read("homes.csv", ahead.encode()).set_aside) == 2


def test_one_store_counts_homes_by_one_period():
    store = Store.in_memory()
    store.load(read("quarters.csv", rows().encode()))
    months = rows(("2021-01", "2021-02", "2021-03"), homes=("C", "D")).replace("period", "month")
    with pytest.raises(AnalysisError, match="it counts homes by month, and the store holds them by quarter"):
        store.load(read("months.csv", months.encode()))
    other = Store.in_memory()
    other.load(read("months.csv", months.encode()))
    with pytest.raises(AnalysisError, match="it counts homes by quarter, and the store holds them by month"):
        other.load(read("quarters.csv", rows().encode()))
    more = store.load(read("more.csv", rows(homes=("C", "D")).encode()))
    assert more.rows_used == 12 and len(store.table("periods")) == 4
