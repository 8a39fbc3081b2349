"""A country drawn small is what it says, and the panel made of its records is its truth, row for row."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.panel.events import panel_of_events
from analysis.simulate import england
from analysis.simulate.england import Country, write_england
from analysis.sources import read
from analysis.store import Store

SMALL = Country(homes=90, months=36, seed=3)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country")
    write_england(folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def store(country):
    store = Store.in_memory()
    for name in ("cqc_locations.jsonl.gz", "interventions.csv"):
        store.load(read(name, country / name))
    return store


@pytest.fixture(scope="module")
def panel(country, store, tmp_path_factory):
    return panel_of_events(
        country / "events", country / "stays", store, tmp_path_factory.mktemp("panel") / "panel.parquet"
    )


def test_the_panel_made_of_its_records_is_its_truth_row_for_row(country, panel):
    truth, made = pd.read_parquet(country / "truth"), pd.read_parquet(panel.path)
    made = made.loc[made["exposure"] > 0, list(truth)].reset_index(drop=True)
    ordered = truth.sort_values(["unit", "month"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(made, ordered, check_dtype=False)
    account = panel.account.set_index("what")["rows"]
    assert account["outside"] == account["without_home_person_or_day"] == 0
    assert (account[["later_episodes", "unknown_methods", "repeated", "continued"]] > 50).all()
    assert account["counted"] == truth["count"].sum() + truth["planned"].sum()


def test_homes_registered_anew_are_one_home_and_ratings_come_by_the_door(store, country):
    homes, starts = store.table("locations"), store.table("interventions")
    assert len(homes) > SMALL.homes and homes["location_id"].str.startswith("1-97").any()
    assert pd.read_parquet(country / "truth")["unit"].str.startswith("1-99").all()
    assert 3 <= len(starts) <= 20 and store.table("ratings")["location_id"].nunique() > 60


def test_the_programme_keeps_the_share_it_says(country):
    told = json.loads((country / "truth.json").read_text())["rate_ratio"]
    homes, truth = england.register(SMALL).set_index("location_id"), pd.read_parquet(country / "truth")
    start = homes["start"].reindex(truth["unit"]).to_numpy()
    month = (truth["month"].to_numpy().astype("datetime64[M]") - england.FIRST.astype("datetime64[M]")).astype(int)
    after, own = (start >= 0) & (month >= start), start >= 0
    rate = [truth.loc[some, "count"].sum() / truth.loc[some, "exposure"].sum() for some in (after, own & ~after)]
    error = np.sqrt(sum(1 / truth.loc[some, "count"].sum() for some in (after, own & ~after)))
    assert abs(np.log(rate[0] / rate[1]) - np.log(told)) < 4 * error + 0.1  # and 0.1 for winter and trend


def test_what_is_whole_is_not_written_again_and_the_same_seed_gives_the_same_bytes(country, tmp_path):
    write_england(tmp_path, SMALL)
    names = sorted(path.relative_to(country) for path in country.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert all((country / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)
    (tmp_path / "stays" / "part-000.parquet").unlink()  # as if it had been interrupted
    write_england(tmp_path, SMALL)
    assert all((country / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)
