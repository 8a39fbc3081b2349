"""What stands in the cells of a store, by pandas and by hand."""

import numpy as np
import pytest

from analysis.outcomes import Rate
from analysis.panel import build_panel
from analysis.panel.by_registration import ALONE, counts_by_registration
from analysis.panel.cells import cells_of
from analysis.registrations import stored_registrations
from analysis.store import Store
from analysis.store.contents import coverage, months_counted
from tests.panel.test_build import ADMISSIONS, COUNTS, STAYS, random_county, store_of
from tests.store.readings import events, frame, occupancy


@pytest.mark.parametrize("seed", range(3))
def test_single_admissions_and_bed_days_by_pandas(seed):
    county = random_county(seed)
    cells = cells_of(store_of(**county), "avoidable_admissions", ALONE)
    rows = county["admission_events"].assign(month=lambda d: d["admitted"].dt.to_period("M"))
    shape = (list(cells.names), cells.months.astype(str))
    of = {name: rows.loc[some].groupby(["location_id", "month"]).size().unstack() for name, some in (
        ("n", rows["emergency"] & rows["avoidable"]), ("planned", ~rows["emergency"]), ("any", rows["admitted"].notna())
    )}  # fmt: skip
    any_row = of["any"].reindex(index=shape[0], columns=shape[1]).notna().to_numpy()
    for name, found in (("n", cells.counted), ("planned", cells.planned)):
        counted = of[name].reindex(index=shape[0], columns=shape[1]).fillna(0).to_numpy()
        np.testing.assert_array_equal(found, np.where(any_row, counted, np.nan))
    stays = county["occupancy"].assign(month=lambda d: d["month"].dt.to_period("M"))
    days = stays.pivot_table(index="location_id", columns="month", values="bed_days", aggfunc="sum")
    np.testing.assert_array_equal(cells.bed_days, days.reindex(index=shape[0], columns=shape[1]).to_numpy())


def test_monthly_counts_known_hidden_and_absent():
    cells = cells_of(store_of(admission_counts=COUNTS, admission_events=ADMISSIONS), "emergency_admissions", ALONE)
    assert cells.months.astype(str).tolist() == [f"2020-0{month}" for month in range(1, 6)]
    np.testing.assert_array_equal(cells.known, [[4, np.nan, 1, np.nan, np.nan], [np.nan, 1, 0, np.nan, 2]])
    assert cells.suppressed.tolist() == [[False, True, False, False, False], [False] * 5]
    assert cells.none.tolist() == [[False] * 5, [True] + [False] * 4]  # covered to March, and no count stands there


def test_the_mean_of_bed_days_is_the_same_in_whatever_order_they_lie():
    days = [0.1, 1000.07, 0.2, 33.33, 512.01, 7.7]
    rows = [("a", f"2020-{month:02}-01", value) for month, value in enumerate(days, 1)]
    taken = events(*(("a", f"2020-{month:02}-03") for month in range(1, 8)))
    found = [
        counts_by_registration(store, "emergency_admissions", stored_registrations(store)).days
        for order in (rows, rows[::-1])
        if (
            store := store_of(
                admission_events=taken, **{f"occupancy{'_' * k}": occupancy(each) for k, each in enumerate(order)}
            )
        )
    ]
    assert found[0].tolist() == found[1].tolist()
    assert found[0][0, :6].tolist() == days
    assert found[0][0, 6] == 155341 / 100 / 182 * 31  # July: of what is known, by the day


def test_months_that_are_counted_are_those_covered():
    store = store_of(admission_events=ADMISSIONS, admission_counts=COUNTS, occupancy=STAYS)
    seen = coverage(store)
    months = seen.loc[seen["source"].str.contains("dmission"), "month"]
    assert months_counted(store) == sorted({f"{month:%Y-%m}" for month in months})
    assert months_counted(Store.in_memory()) == []


def test_homes_that_only_occupancy_names_are_in_no_registration():
    homes = frame("locations", {"location_id": "a"}, {"location_id": "c"})
    store = store_of(locations=homes, admission_events=ADMISSIONS, occupancy=STAYS)
    found = counts_by_registration(store, "emergency_admissions", stored_registrations(store))
    assert found.registrations.tolist() == build_panel(store, Rate()).units.index.tolist() == ["a", "b"]
