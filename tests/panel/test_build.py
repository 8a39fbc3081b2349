"""From events to matrices: a table typed by hand, and pandas' brute force."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import build_panel
from analysis.store import Store
from tests.store.readings import events, frame, occupancy, reading


def store_of(**tables) -> Store:
    store = Store.in_memory()
    for name, table in tables.items():
        store.load(reading(f"{name}.csv", **{name.rstrip("_"): table}))
    return store


STAYS = occupancy(*((home, f"2020-{month:02}-01", 100 + month) for home in "abc" for month in (1, 2, 3, 4)))
ADMISSIONS = events(("a", "2020-01-05"), ("a", "2020-01-05"), ("a", "2020-03-31"), ("b", "2020-02-29"))


def test_a_hand_written_county():
    homes = frame(
        "locations",
        {"location_id": "a", "name": "Elm", "nursing": True, "residential": True, "beds": 3, "area_name": "Devon"},
        {"location_id": "b", "name": "Oak", "nursing": False, "residential": True, "beds": 30},
    )
    panel = build_panel(store_of(locations=homes, admission_events=ADMISSIONS, occupancy=STAYS))
    assert list(panel.units.index) == ["a", "b"]
    assert panel.units[["name", "home_type", "beds", "area"]].astype(object).values.tolist()[0] == [
        "Elm",
        "nursing",
        3,
        "Devon",
    ]
    assert list(panel.months.astype(str)) == ["2020-01", "2020-02", "2020-03"]  # April is covered by no file
    assert panel.counts.tolist() == [[2, 0, 1], [0, 1, 0]]
    assert panel.exposure.tolist() == [[101, 102, 103], [101, 102, 103]]
    assert panel.facts.set_index("fact")[["homes", "home_months"]].T.to_dict("list") == {
        "counted from one row per admission": [2, 6],
        "homes without any admission row": [1, 4],
        "months without admissions": [2, 2],
        "more bed-days than beds": [1, 3],
    }


def test_homes_that_no_cqc_file_knows_are_told_once_one_was_loaded():
    known = frame("locations", {"location_id": "a", "region": "South West"})
    told = build_panel(store_of(locations=known, admission_events=ADMISSIONS, occupancy=STAYS)).facts.set_index("fact")
    assert told.loc["homes no CQC file knows", ["homes", "home_months"]].tolist() == [1, 3]
    alone = build_panel(store_of(admission_events=ADMISSIONS, occupancy=STAYS)).facts
    assert "homes no CQC file knows" not in set(alone["fact"])


COUNTS = frame(
    "admission_counts",
    {"location_id": "a", "month": "2020-01-01", "admissions": 4, "avoidable": 1},
    {"location_id": "a", "month": "2020-02-01", "at_least": 1, "at_most": 7},
    {"location_id": "b", "month": "2020-03-01", "admissions": 0, "avoidable": 0},
    {"location_id": "b", "month": "2020-05-01", "admissions": 2, "avoidable": 0},
)


def test_monthly_counts_are_never_filled_up_with_zeros():
    panel = build_panel(store_of(admission_counts=COUNTS, occupancy=STAYS))
    assert panel.counts.tolist() == [[4, 0, 0], [0, 0, 0]]
    assert panel.exposure.tolist() == [[101, 0, 0], [0, 0, 103]]
    assert panel.facts.set_index("fact")["home_months"].to_dict() == {
        "homes without any admission row": 4,
        "months without admissions": 5,
        "suppressed counts": 1,
        "months without bed-days": 1,
    }


def test_a_monthly_count_counts_before_single_admissions():
    panel = build_panel(store_of(admission_counts=COUNTS, admission_events=ADMISSIONS, occupancy=STAYS))
    assert panel.counts.tolist() == [[4, 0, 1], [0, 1, 0]]
    assert panel.exposure.tolist() == [[101, 0, 103], [101, 102, 103]]


def test_avoidable_admissions_are_emergencies_too():
    rows = events(("a", "2020-01-05"), ("a", "2020-01-06"), ("a", "2020-02-07"))
    rows["avoidable"], rows["emergency"] = [True, False, True], [True, True, False]
    panel = build_panel(store_of(admission_events=rows, occupancy=STAYS), Rate(count="avoidable_admissions"))
    assert panel.counts.tolist() == [[1, 0]]
    assert panel.outcome == "potentially avoidable emergency admissions"


def test_registrations_of_one_home_are_one_row():
    again = {"location_id": "b", "related_id": "a", "kind": "predecessor", "reason": "New Provider"}
    panel = build_panel(store_of(admission_events=ADMISSIONS, occupancy=STAYS, links=frame("links", again)))
    assert list(panel.units.index) == ["b"]
    assert panel.counts.tolist() == [[2, 1, 1]]
    assert panel.exposure.tolist() == [[202, 204, 206]]


def test_beds_stand_in_where_occupancy_was_declared_and_the_home_was_open():
    home = {"location_id": "a", "beds": 10, "registered": "2020-01-15", "deregistered": "2020-04-10"}
    rows = events(("a", "2020-01-20"), ("a", "2020-04-02"))
    tables = {"locations": frame("locations", home), "admission_events": rows, "occupancy": STAYS.iloc[2:3]}
    panel = build_panel(store_of(**tables), Rate(occupancy=0.5))
    assert list(panel.months.astype(str)) == ["2020-02", "2020-03"]
    assert panel.exposure.tolist() == [[10 * 29 * 0.5, 103]]
    assert "bed-days from registered beds" in set(panel.facts["fact"])


def test_a_window_cuts():
    store = store_of(admission_events=ADMISSIONS, occupancy=STAYS)
    panel = build_panel(store, Rate(first="2020-02", last="2020-03"))
    assert list(panel.months.astype(str)) == ["2020-02", "2020-03"]
    assert panel.counts.tolist() == [[0, 1], [1, 0]]


def test_no_admissions_and_bed_days_together_is_no_panel():
    with pytest.raises(
        AnalysisError, match=r"3 home-months with admissions, 12 home-months with bed-days.*occupancy ="
    ):
        rows = events(*((home, "2019-01-05") for home in "abc"))
        build_panel(store_of(admission_events=rows, occupancy=STAYS))
    with pytest.raises(AnalysisError, match="empty window or store"):
        build_panel(Store.in_memory())


def random_county(seed: int) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    homes = np.char.add("h", rng.permutation(40).astype(str))
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 700, 3_000), unit="D")
    rows = pd.DataFrame(
        {
            "location_id": rng.choice(homes, 3_000),
            "admitted": days,
            "emergency": rng.random(3_000) < 0.8,
            "avoidable": rng.random(3_000) < 0.4,
        }
    )
    stays = pd.DataFrame([(h, m) for h in homes for m in pd.date_range("2020-11-01", periods=30, freq="MS")])
    stays = stays.set_axis(["location_id", "month"], axis=1).assign(basis="resident days")
    stays["bed_days"] = np.round(rng.uniform(100, 2000, len(stays)), 2)
    return {"admission_events": rows, "occupancy": stays.sample(frac=0.9, random_state=seed)}


@pytest.mark.parametrize("seed", range(3))
def test_pandas_counts_the_same(seed):
    county = random_county(seed)
    panel = build_panel(store_of(**county))
    rows = county["admission_events"].assign(month=lambda d: d["admitted"].dt.to_period("M").dt.to_timestamp())
    n = rows[rows["emergency"]].groupby(["location_id", "month"]).size().rename("n")
    inside = county["occupancy"][county["occupancy"]["month"].between(rows["month"].min(), rows["month"].max())]
    merged = inside.join(n, on=["location_id", "month"]).fillna({"n": 0}).sort_values(["location_id", "month"])
    tidy = panel.tidy()
    assert tidy["unit"].tolist() == merged["location_id"].tolist()
    assert tidy["month"].tolist() == merged["month"].tolist()
    assert tidy["count"].tolist() == merged["n"].tolist()
    assert tidy["exposure"].tolist() == merged["bed_days"].tolist()


def test_the_order_of_files_and_rows_does_not_matter():
    county = random_county(7)
    shuffled = {name: table.sample(frac=1, random_state=1) for name, table in reversed(county.items())}
    assert build_panel(store_of(**county)).digest == build_panel(store_of(**shuffled)).digest


def test_one_file_or_two_make_the_same_panel():
    county = random_county(8)
    rows = county["admission_events"]
    early = rows["admitted"] < "2021-10-01"
    halves = store_of(admission_events=rows[early], admission_events_=rows[~early], occupancy=county["occupancy"])
    assert build_panel(halves).digest == build_panel(store_of(**county)).digest


def test_how_many_months_had_no_admission_is_not_told():
    """Of a month in which no home had none, each would be known to have had one or more."""
    more = pd.concat([ADMISSIONS, events(("a", "2020-02-10"), ("b", "2020-01-10"), ("b", "2020-03-10"))])
    facts = [build_panel(store_of(admission_events=one, occupancy=STAYS)).facts for one in (ADMISSIONS, more)]
    pd.testing.assert_frame_equal(*facts)
