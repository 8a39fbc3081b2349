"""A store made before places were kept is read as it is, and takes them with the next load; no digest moves."""

import duckdb
import pandas as pd

from analysis.store import Store
from tests.store.readings import frame, reading

LOCATIONS = frame("locations", {"location_id": "1-1", "name": "Elms"}, {"location_id": "1-2", "name": "Oaks"})
PLACES = pd.DataFrame({"location_id": ["1-1"], "latitude": [50.72], "longitude": [-3.51]})


def earlier(path) -> Store:
    """Make a store as earlier versions did."""
    store = Store(path)
    store.load(reading("homes.csv", locations=LOCATIONS))
    with duckdb.connect(path) as connection:
        connection.execute("DROP TABLE places")
        connection.execute("DELETE FROM contents WHERE \"table\" = 'places'")
    return Store(path)


def test_an_earlier_store_is_read_copied_and_completed(tmp_path):
    store = earlier(tmp_path / "old.duckdb")
    assert store.table("places").empty and list(store.table("places")) == ["location_id", "latitude", "longitude"]
    assert len(store.table("locations")) == 2 and len(Store.copied(tmp_path / "old.duckdb").table("locations")) == 2
    before = store.digest()
    copied = Store.copied(tmp_path / "old.duckdb")
    for each in (store, copied):
        each.load(reading("places.csv", places=PLACES))
        assert each.table("places").to_dict("list") == {
            "location_id": ["1-1"],
            "latitude": [50.72],
            "longitude": [-3.51],
        }
        assert each.digest() == before  # locks and records made before hold: no answer rests on places
    assert Store(tmp_path / "old.duckdb").table("places").shape == (1, 3)


def test_a_later_file_moves_a_home(tmp_path):
    store = Store(tmp_path / "new.duckdb")
    store.load(reading("places.csv", places=PLACES))
    report = store.load(reading("again.csv", places=PLACES.assign(latitude=51.0)))
    assert store.table("places")["latitude"].tolist() == [51.0] and report.tables["changed"].sum() == 1
