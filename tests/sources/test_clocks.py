"""The first of a month stays in its month, in whatever zone a program wrote it, and starts with it."""

import io
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources import Reading, read
from tests.costs import draws, one_in

HEADER = "location_id,month,admissions,bed_days,start_month\n"
ZONES = ["Europe/Paris", "Europe/London", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC"]


def table(*months: str, start: str = "", say: dict[str, str] | None = None) -> Reading:
    rows = "".join(f"1-1,{month},{3 * place},900,{start}\n" for place, month in enumerate(months))
    return read("table.csv", (HEADER + rows).encode(), say)


def months(reading: Reading) -> list[str]:
    return reading.tables["admission_counts"]["month"].dt.strftime("%Y-%m-%d").tolist()


@pytest.mark.parametrize("zone", one_in(3, ZONES))
def test_parquet_months_and_starts_with_a_zone_do_not_shift(zone):
    month = pd.date_range("2023-03-01", periods=3, freq="MS", tz=zone)  # summer time begins in between
    frame = {"location_id": "1-1", "month": month, "admissions": [1, 2, 3], "bed_days": 900, "start_month": month[1]}
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(pd.DataFrame(frame)), out)
    found = read("table.parquet", out.getvalue())
    assert months(found) == ["2023-03-01", "2023-04-01", "2023-05-01"]
    assert found.tables["interventions"]["started"].tolist() == [pd.Timestamp("2023-04-01")]


@settings(max_examples=draws(100), deadline=None)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)),
    st.integers(-14 * 4, 14 * 4),
    st.sampled_from(["T", " "]),
)
def test_midnight_of_its_own_offset_is_that_date(moment, quarters, between):
    zone = timezone(timedelta(minutes=15 * quarters))
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=zone)
    found = table(first.isoformat(between), start=first.isoformat(between))
    assert months(found) == [f"{first:%Y-%m-%d}"]
    assert found.tables["interventions"]["started"].dt.strftime("%Y-%m-%d").tolist() == [f"{first:%Y-%m-%d}"]


@settings(max_examples=draws(100), deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)))
def test_another_time_of_day_is_the_day_that_london_had(moment):
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    london = utc.astimezone(ZoneInfo("Europe/London"))
    expected = utc if utc.hour == utc.minute == utc.second == 0 else london
    file = f"home_id,admission_date,admimeth\n1-1,{utc:%Y-%m-%dT%H:%M:%SZ},21\n"
    admitted = read("x.csv", file.encode()).tables["admission_events"]["admitted"]
    assert admitted.dt.strftime("%Y-%m-%d").tolist() == [f"{expected:%Y-%m-%d}"]


LATE = (("2022-12-31T23:00:00Z", "2023-01-31T23:00:00Z"), ("2022-03-31 23:00:00", "2022-04-30 22:00:00"))


@pytest.mark.parametrize("given_", LATE)
def test_months_that_all_begin_in_the_hours_before_are_asked_about(given_):
    [asked] = table(*given_).questions
    assert asked.question == "late hours"
    shifted = months(table(*given_, say={"late hours": "next month"}))
    stayed = months(table(*given_, say={"late hours": "month as written"}))
    assert [date[5:7] for date in shifted] == [f"{int(date[5:7]) % 12 + 1:02d}" for date in stayed]


def test_times_of_day_that_are_no_midnights_are_as_written():
    assert months(table("2022-03-03 23:30:00", "2022-04-30 09:00:00")) == ["2022-03-01", "2022-04-01"]
