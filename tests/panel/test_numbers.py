"""Counts are whole, exposure ends, and the first of a month is in it, whoever wrote the table."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.panel import Panel
from tests.costs import draws

MONTHS = pd.date_range("2023-01-01", periods=3, freq="MS")


def frame(counts, exposure=(900.0, 800.0, 700.0), month=MONTHS) -> pd.DataFrame:
    return pd.DataFrame({"unit": "1-1", "month": month, "count": counts, "exposure": exposure})


def by_parquet(table: pd.DataFrame, folder) -> Panel:
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), folder / "panel.parquet")
    return Panel.from_parquet(folder / "panel.parquet")


def both(table: pd.DataFrame, folder) -> list[Panel]:
    return [Panel.from_frame(table), by_parquet(table, folder)]


@pytest.mark.parametrize("odd", [0.9, 2.5, np.inf, 1e300, 2.0**60, 2.99999])
def test_what_is_no_whole_number_is_refused_with_its_place(odd, tmp_path):
    for make in (Panel.from_frame, lambda table: by_parquet(table, tmp_path)):
        with pytest.raises(AnalysisError, match=r"whole numbers.*1-1, 2023-02"):
            make(frame([1.0, odd, 2.0]))


@pytest.mark.parametrize(("odd", "do"), [(np.inf, "Mend it"), (1e300, "Mend it"), (2.5, "not rates or averages")])
def test_what_is_too_large_for_a_count_is_not_called_a_rate(odd, do):
    with pytest.raises(AnalysisError, match=do):
        Panel.from_frame(frame([1.0, odd, 2.0]))


@pytest.mark.parametrize("odd", [-1.0, -np.inf])
def test_less_than_nothing_is_refused(odd, tmp_path):
    for make in (Panel.from_frame, lambda table: by_parquet(table, tmp_path)):
        with pytest.raises(AnalysisError, match="cannot be negative"):
            make(frame([1.0, odd, 2.0]))


def test_a_hair_from_a_whole_number_is_that_number_and_is_said(tmp_path):
    for panel in both(frame([2.9999999, 3.0, 4.0000001]), tmp_path):
        assert panel.counts.tolist() == [[3, 3, 4]]
        assert panel.facts[["homes", "home_months"]].to_numpy().tolist() == [[1, 2]]


def test_exposure_without_end_is_refused(tmp_path):
    for make in (Panel.from_frame, lambda table: by_parquet(table, tmp_path)):
        with pytest.raises(AnalysisError, match=r"infinity \(1-1, 2023-03\)"):
            make(frame([1, 2, 3], (900.0, 800.0, np.inf)))


@pytest.mark.parametrize("odd", [["1", "two", "3"], [1, "two", 3], [1 + 2j, 2, 3], MONTHS])
def test_text_is_refused_in_words(odd):
    with pytest.raises(AnalysisError, match="must be numbers"):
        Panel.from_frame(frame(odd))


def test_decimals_and_missing_counts_are_taken(tmp_path):
    exact = frame([1, 2, 3], (Decimal("900.50"), Decimal(800), Decimal(700)))
    for panel in both(exact, tmp_path):
        assert panel.exposure.tolist() == [[900.5, 800, 700]]
    for missing in (frame([1, None, 3]), frame(pd.array([1, None, 3], dtype="Int64"))):
        for panel in both(missing, tmp_path):
            assert panel.counts.tolist() == [[1, 0, 3]] and panel.exposure[0, 1] == 0


@settings(max_examples=draws(500), deadline=None)
@given(
    st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    st.lists(st.floats(-9e-7, 9e-7), min_size=3, max_size=3),
)
def test_counts_come_back_as_they_were(counts, off):
    given_ = [max(count + hair, 0.0) for count, hair in zip(counts, off, strict=True)]
    assert Panel.from_frame(frame(given_)).counts.tolist() == [counts]


@settings(max_examples=draws(500), deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_float_is_a_count_or_is_refused(value):
    try:
        panel = Panel.from_frame(frame([1.0, value, 2.0]))
    except AnalysisError:
        return
    assert np.isnan(value) or abs(panel.counts[0, 1] - value) <= 1e-6


ZONES = ["Europe/Paris", "Europe/London", "America/New_York", "Asia/Tokyo", "UTC"]


@pytest.mark.parametrize("zone", ZONES)
def test_midnight_of_its_own_zone_is_that_date(zone, tmp_path):
    for month in (MONTHS.tz_localize(zone), [f"{date:%Y-%m-%d}T00:00:00+01:00" for date in MONTHS]):
        for panel in both(frame([1, 2, 3], month=month), tmp_path):
            assert panel.months.astype(str).tolist() == ["2023-01", "2023-02", "2023-03"]


def test_zones_may_differ_within_a_column():
    paris = [datetime(2023, month, 1, tzinfo=ZoneInfo("Europe/Paris")) for month in (3, 4, 5)]
    fixed = [datetime(2023, 3, 1, tzinfo=timezone(timedelta(hours=hours))) for hours in (1, -5)]
    assert Panel.from_frame(frame([1, 2, 3], month=paris)).months.astype(str).tolist() == [
        "2023-03",
        "2023-04",
        "2023-05",
    ]
    index = Panel.from_frame(frame([1, 2, 3])).month_index(fixed)
    assert index.tolist() == [2, 2]
