"""Shares out of hours, days in hospital and delayed days by home and month: counted by hand, and as may be shown."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import sources
from analysis.errors import AnalysisError
from analysis.outcomes import Stays
from analysis.panel.stays import DAYS, MEASURES, PEOPLE, UNKNOWN, WAITS, stays_panel
from analysis.panel.stays_shown import stays_as_shown
from analysis.questions.rates import told_emergencies
from analysis.simulate.stays import StayWorld, simulate_stays, store_of
from analysis.store import Store

SMALL = StayWorld(homes=14, supported=5, months=30)
BANDS = {"out_of_hours": PEOPLE, "hospital_bed_days": DAYS, "length_of_stay": DAYS, "delayed_days": WAITS}


@pytest.fixture(scope="module")
def tables():
    return simulate_stays(SMALL, 3)


@pytest.fixture(scope="module")
def store(tables):
    return store_of(tables)


def by_hand(tables, measure):
    """Sum up with pandas: home, month, numerator, denominator."""
    stays = tables["hospital_stays"].copy()
    days = pd.DatetimeIndex(stays["admitted"])
    stays["month"] = days.to_period("M").to_timestamp()
    length = (pd.to_datetime(stays["discharged"]) - pd.to_datetime(stays["admitted"])).dt.days
    waited = (pd.to_datetime(stays["discharged"]) - pd.to_datetime(stays["ready"])).dt.days
    late = (stays["minute"] < 8 * 60) | (stays["minute"] >= 18 * 60 + 30) | (days.day_of_week >= 5)
    home = "went_to" if measure == "delayed_days" else "location_id"
    value = {"out_of_hours": late.astype(int), "delayed_days": waited}.get(measure, length)
    return stays.assign(value=value).groupby([home, "month"])["value"].agg(["sum", "size"])


@pytest.mark.parametrize("measure", MEASURES)
def test_sums_are_those_counted_by_hand(tables, store, measure):
    panel, found = stays_panel(store, Stays(measure=measure)), by_hand(tables, measure)
    assert panel.counts.sum() == found["sum"].sum() > 0
    beds = tables["occupancy"].set_index(["location_id", "month"])["bed_days"]
    for home, month in [(0, 0), (3, 7), (13, 29)]:
        key = panel.units.index[home], pd.Timestamp(panel.months[month].astype("datetime64[D]"))
        told = found.loc[key] if key in found.index else pd.Series({"sum": 0, "size": 0})
        assert panel.counts[home, month] == told["sum"]
        over = beds.loc[key] if MEASURES[measure].over == "bed-days" else told["size"]
        assert panel.exposure[home, month] == over


def test_a_window_is_a_part_of_the_whole(store):
    whole, part = stays_panel(store, Stays()), stays_panel(store, Stays(first="2019-06", last="2020-02"))
    assert len(part.months) == 9
    assert np.array_equal(whole.counts[:, 5:14], part.counts)
    shown = [stays_as_shown(p, store, Stays(), told_emergencies(store)) for p in (whole, part)]
    assert np.allclose(shown[0].counts[:, 5:14], shown[1].counts)  # no window moves a band


@pytest.mark.parametrize("measure", ["hospital_bed_days", "delayed_days"])
def test_days_that_lie_in_the_same_bands_are_shown_alike(tables, store, measure):
    outcome, base = Stays(measure=measure), BANDS[measure]
    exact = stays_panel(store, outcome)
    shown = stays_as_shown(exact, store, outcome, told_emergencies(store))
    start = store.let_out("counted_from").set_index("location_id")["month"]
    since = [(exact.months >= np.datetime64(start[home], "M")) for home in exact.units.index]
    room = [n for n, after in enumerate(since) if exact.counts[n, after].sum() % base < base - 1]
    stays = tables["hospital_stays"].copy()
    column = "went_to" if measure == "delayed_days" else "location_id"
    row = stays.loc[stays[column] == exact.units.index[room[0]], "admitted"].idxmax()
    stays.loc[row, "discharged"] += np.timedelta64(1, "D")  # the last stay of a home whose last band is not full
    other = store_of(tables | {"hospital_stays": stays})
    again = stays_panel(other, outcome)
    assert again.counts.sum() == exact.counts.sum() + 1
    told = stays_as_shown(again, other, outcome, told_emergencies(other))
    assert np.array_equal(told.counts, shown.counts) and np.array_equal(told.exposure, shown.exposure)


def test_stays_that_do_not_say_it_take_no_part_and_are_doubted(tables):
    some = tables["hospital_stays"].copy()
    some["minute"] = some["minute"].astype(object).mask(some.index % 4 == 0, None)
    store = store_of(tables | {"hospital_stays": some})
    panel = stays_panel(store, Stays())
    assert panel.exposure.sum() == (some.index % 4 != 0).sum()
    assert panel.facts["fact"].tolist() == [UNKNOWN] and "about 25%" in panel.facts["reading"][0]
    shown = stays_as_shown(panel, store, Stays(), told_emergencies(store)).also[UNKNOWN]
    assert 0.15 < shown.counts.sum() / shown.exposure.sum() < 0.3


@pytest.mark.parametrize("measure", MEASURES)
def test_a_file_without_the_column_is_told_which_to_add(tables, measure):
    store = store_of({name: table for name, table in tables.items() if name != "hospital_stays"})
    with pytest.raises(AnalysisError, match="No file of admissions says") as told:
        stays_panel(store, Stays(measure=measure))
    column = {"out_of_hours": "“hour”", "delayed_days": "“discharge ready date”"}.get(measure, "“discharge date”")
    assert column in str(told.value) and "Add the column" in str(told.value)


def test_stays_that_a_later_file_changes_are_not_told(tables, monkeypatch):
    store = store_of(tables)
    some = tables["hospital_stays"].head(50)
    _later(store, some, monkeypatch)
    with pytest.raises(AnalysisError, match="Make a new store"):
        stays_as_shown(stays_panel(store, Stays()), store, Stays(), told_emergencies(store))


def test_stays_of_later_months_are_added(tables, monkeypatch):
    stays = tables["hospital_stays"]
    early = stays["admitted"] < np.datetime64("2020-06-01")
    first, later = stays[early], stays[~early]
    store = store_of(tables | {"hospital_stays": first})
    before = stays_as_shown(stays_panel(store, Stays()), store, Stays(), told_emergencies(store))
    _later(store, later, monkeypatch)
    after = stays_as_shown(stays_panel(store, Stays()), store, Stays(), told_emergencies(store))
    assert len(after.months) > len(before.months)


def _later(store, stays, monkeypatch):
    """Load more stays a week later."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 - beside the clock it sets

    import analysis.store.store as module  # noqa: PLC0415 - as above

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz or UTC) + timedelta(days=7)

    monkeypatch.setattr(module, "datetime", Later)
    store_of({"hospital_stays": stays}, into=store)


def test_two_registrations_of_one_home_are_added_up(tables):
    text = "location_id,ADMIDATE,ADMIMETH,hour\n1-100000001,2019-01-05,21,10\n1-100000002,2019-01-07,21,20\n"
    store = Store.in_memory()
    store.load(sources.read("a.csv", text.encode()))
    links = pd.DataFrame({"location_id": ["1-100000002"], "related_id": ["1-100000001"], "kind": ["predecessor"],
                          "reason": ["New Provider"]})  # fmt: skip
    store_of({"links": links}, into=store)
    panel = stays_panel(store, Stays())
    assert panel.units.index.tolist() == ["1-100000002"]
    assert (panel.counts.sum(), panel.exposure.sum()) == (2, 2)  # the fifth was a Saturday
    assert replace(panel).outcome == "emergency admissions out of hours"
