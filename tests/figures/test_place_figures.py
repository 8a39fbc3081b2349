"""Maps: of the county points within a line, of a country hexagons; nothing on them counts people or names a tile."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import HES
from analysis.evaluation import evaluate
from analysis.figures import places
from analysis.figures.figure import Source
from analysis.inspections import stored_inspections
from analysis.protocol import brief
from analysis.simulate.documents import api_documents
from analysis.simulate.england import Country, register
from analysis.simulate.inspections import Timetable, inspect_homes
from analysis.sources import read
from analysis.store import Store
from tests.store.readings import frame, reading

SOURCE = Source(origin="The sample.")
COUNTRY = Country(homes=400)


@pytest.fixture(scope="module")
def country():
    """A country of homes with their ratings, and nothing else."""
    homes = register(COUNTRY).assign(observed_earlier=False, reregistered=pd.NaT)
    seeds = [np.random.SeedSequence([1, k]) for k in range(len(homes))]
    inspections = inspect_homes(seeds, [Timetable(until=COUNTRY.until)] * len(homes)).assign(closes=None)
    lines = "\n".join(map(json.dumps, api_documents(homes, inspections)))
    store = Store.in_memory()
    store.load(read("locations.jsonl", lines.encode()))
    return store


@pytest.fixture(scope="module")
def asked(sample_store):
    """Give the answer about an intervention, worked out once."""
    return cache(lambda intervention: evaluate(brief(intervention), sample_store))


@pytest.fixture
def evaluation(asked):
    return asked("rapid_response")


def rows(figure) -> pd.DataFrame:
    """What is drawn, the largest set of rows."""
    spec = figure.chart.to_dict()  # held against the schema of charts
    assert "url" not in json.dumps({name: part for name, part in spec.items() if name != "datasets"}).replace(
        "$schema", ""
    )
    return pd.DataFrame(max(spec["datasets"].values(), key=len))


def test_the_county_is_points_within_a_line(sample_store):
    rated = stored_inspections(sample_store)
    figure = places.below_good(rated, sample_store, SOURCE, seed=1)
    drawn, table = rows(figure), figure.tables[0].tidy
    standing = rated.homes.index[rated.homes["deregistered"].isna()]
    assert set(table["home"]) == set(standing) and len(drawn) == len(standing) <= places.MOST_POINTS
    latest = rated.latest().set_index("home")["rating"].astype(str).reindex(table["home"])
    assert (table["rating"].fillna("none").to_numpy() == latest.fillna("none").to_numpy()).all()
    below = int(latest.isin(["Inadequate", "Requires improvement"]).sum())
    assert figure.sentence.startswith(f"{below} of {latest.notna().sum()} rated homes on the map")
    assert (drawn["kind"] == "Below Good").sum() == below
    assert "invented" in figure.caption and "no boundary of a council" in figure.caption
    assert figure.chart.to_dict()["description"] == figure.sentence


def test_a_country_is_hexagons_and_every_home_is_in_one(country):
    rated = stored_inspections(country)
    figure = places.below_good(rated, country, SOURCE, seed=1)
    drawn, table = rows(figure), figure.tables[0].tidy
    assert table["homes"].sum() == COUNTRY.homes and len(drawn) == len(table)
    latest = rated.latest()["rating"]
    assert table["rated"].sum() == len(latest) and table["below"].sum() == (latest < "Good").sum()
    assert (table["share"].isna() == (table["rated"] < places.FEWEST_RATED)).all()
    assert set(drawn) == {"east", "north", "share", "told"}  # and nothing that a browser could show beside it
    assert "km from side to side" in figure.caption


@pytest.mark.parametrize("intervention", ["rapid_response", "weekly_ward_round"])
def test_homes_with_it_and_compared_are_those_of_the_answer(intervention, asked, sample_store):
    evaluation = asked(intervention)
    figure = places.neighbours(evaluation, sample_store, SOURCE)
    table, summary = figure.tables[0].tidy, evaluation.published.summary
    kinds = table["kind"].value_counts()
    assert (
        kinds["With it"] == summary["n_treated"]
        and kinds["Compared"] == summary["n_comparison"] - summary["not_yet_treated"]
    )
    own, other = (table.loc[table["kind"] == kind, ["east", "north"]].to_numpy() for kind in ("With it", "Compared"))
    apart = np.hypot(*(other[:, None] - own[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.abs(table.loc[table["kind"] == "Compared", "nearest"] - apart).max() < 0.03
    assert f"{(apart <= 5).sum()} (" in figure.notes[0]


def test_nothing_on_a_map_counts_people(evaluation, sample_store, country):
    """Every number in table and picture is a place, a distance or a count of homes: no admission can be worked back."""
    made = [
        places.neighbours(evaluation, sample_store, SOURCE),
        places.below_good(stored_inspections(country), country, SOURCE, seed=1),
        places.below_good(stored_inspections(sample_store), sample_store, SOURCE, seed=1),
    ]
    of_homes = {
        "home",
        "name",
        "area_name",
        "east",
        "north",
        "kind",
        "nearest",
        "rating",
        "homes",
        "rated",
        "below",
        "share",
    }
    for figure in made:
        assert set(figure.tables[0].tidy) <= of_homes and set(rows(figure)) <= of_homes | {"told"}
        assert "Admissions are not mapped" in " ".join(figure.notes) and str(HES) not in figure.caption


def test_admissions_moved_from_home_to_home_move_nothing_on_the_map(sample_store, evaluation):
    """What can be worked back: another world of admissions among the same homes gives the same picture, to the byte."""
    figure = places.neighbours(evaluation, sample_store, SOURCE)
    other = replace(evaluation, shown=replace(evaluation.shown, counts=evaluation.shown.counts[:, ::-1].copy()))
    again = places.neighbours(other, sample_store, SOURCE)
    assert again.tables[0].csv(SOURCE) == figure.tables[0].csv(SOURCE) and again.sentence == figure.sentence


def test_without_places_it_says_what_to_load(evaluation):
    store = Store.in_memory()
    store.load(reading("homes.csv", locations=frame("locations", {"location_id": "1-1", "name": "Elms"})))
    for figure in (
        places.neighbours(evaluation, store, SOURCE),
        places.below_good(stored_inspections(store), store, SOURCE, 1),
    ):
        assert figure.chart is None and "load one of them on the Data page" in figure.sentence


@pytest.mark.realdata
def test_the_south_west_is_where_it_is(realdata):
    store, path = Store.in_memory(), realdata / "cqc_api_locations_south_west_2021-02.jsonl.gz"
    store.load(read(path.name, path))
    figure = places.below_good(stored_inspections(store), store, SOURCE, seed=1)
    table = figure.tables[0].tidy
    assert "invented" not in figure.caption and table["homes"].sum() == 728
    far = table.groupby("area_name")["east"].mean()
    assert far["Plymouth"] < far["Torbay"] < far["Somerset"] and far["Devon"] < far["Somerset"]
