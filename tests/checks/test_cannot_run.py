"""A doubt that cannot be examined says so and why: none is silently absent, whatever the data hold."""

import gzip
import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.checks.negative_control import NOTHING
from analysis.evaluation import evaluate
from analysis.protocol import CHECKS, Protocol, always
from analysis.sources import read
from analysis.store import Store

REGISTER = Path(__file__).parents[2] / "data" / "sample" / "cqc_api_locations.jsonl.gz"
RATES = 'subgroups = []\n[intervention]\nname = "ward round"\n[model]\npermutations = 0\n'
AREA = '[intervention]\nname = "programme"\n[outcome]\nkind = "area measure"\narea = "E00"\nstart = "{}"\n'


def loaded(folder, **tables):
    """Load tables as files."""
    store = Store.in_memory()
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        pd.DataFrame(table).to_csv(path, index=False, date_format="%Y-%m-%d")
        store.load(read(path.name, path))
    return store


def counts(homes, months, first="2018-01", mean=30):
    rng = np.random.default_rng(3)
    days = pd.period_range(first, periods=months, freq="M").to_timestamp()
    rows = [(f"1-1{h:08}", day, int(rng.poisson(mean)), 9_000) for h in range(homes) for day in days]
    return pd.DataFrame(rows, columns=["location_id", "month", "admissions", "bed_days"])


def given(homes, start):
    return {"location_id": [f"1-1{h:08}" for h in range(homes)], "intervention": "ward round", "start": start}


def examined(protocol, store, kind="rates"):
    """Examine every doubt of the kind, by its name; and hold that all are there, each with something to say."""
    found = evaluate(Protocol.read(protocol), store).checks
    named = {import_module(CHECKS[name].partition(":")[0]).NAME: name for name in always(kind)}
    assert {check.name for check in found} == set(named)
    for check in found:
        assert check.reading.rstrip().endswith((".", "?")) and len(check.reading) > 40, check.name
        assert "nan" not in check.reading.casefold().split(), check.reading
    return {named[check.name]: check for check in found}


@pytest.fixture(scope="module")
def no_earlier_years(tmp_path_factory):
    """12 homes, of which four have the intervention from the second month on; no other count."""
    folder = tmp_path_factory.mktemp("early")
    return examined(RATES, loaded(folder, admissions=counts(12, 18), interventions=given(4, "2018-02-01")))


@pytest.fixture(scope="module")
def two_homes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    return examined(RATES, loaded(folder, admissions=counts(2, 30), interventions=given(1, "2019-07-01")))


RATED = '[intervention]\nname = "training"\n[outcome]\nkind = "ratings"\n'
NOTHING_SAID = ("looked_at_until", "other_programmes", "inspected_otherwise", "earlier_programmes", "left_the_register")
"""Doubts about ratings that count homes: of two supported ones nothing may be called no concern."""


@pytest.fixture(scope="module")
def two_rated(tmp_path_factory):
    """The sample's first 30 homes with ratings, of which two were supported."""
    folder = tmp_path_factory.mktemp("rated")
    lines = gzip.decompress(REGISTER.read_bytes()).decode("utf-8").splitlines(keepends=True)
    rated = [line for line in lines if json.loads(line).get("historicRatings")][:30]
    (folder / "homes.jsonl").write_text("".join(rated), "utf-8")
    store = Store.in_memory()
    store.load(read("homes.jsonl", folder / "homes.jsonl"))
    two = {"location_id": [json.loads(line)["locationId"] for line in rated[:2]], "intervention": "training"}
    path = folder / "interventions.csv"
    pd.DataFrame(two | {"start": "2019-04-01"}).to_csv(path, index=False)
    store.load(read(path.name, path))
    return examined(RATED, store, "ratings")


@pytest.mark.parametrize("name", NOTHING_SAID)
def test_of_two_supported_homes_no_doubt_about_ratings_is_called_no_concern_that_needs_many(two_rated, name):
    assert two_rated[name].passed is not True, two_rated[name].reading
    assert two_rated["few_supported"].passed is False


BEFORE = ("parallel_before", "drifting_apart", "earlier_starts")


@pytest.mark.parametrize("name", BEFORE)
def test_without_earlier_months_what_looks_back_says_that_it_cannot(no_earlier_years, name):
    assert no_earlier_years[name].passed is None, no_earlier_years[name].reading


def test_without_a_second_count_that_is_said(no_earlier_years):
    assert (no_earlier_years["negative_control"].passed, no_earlier_years["negative_control"].reading) == (
        None,
        NOTHING,
    )


def test_with_two_homes_no_doubt_is_called_no_concern_that_needs_an_interval(two_homes):
    assert two_homes["few_clusters"].passed is False
    for name in (*BEFORE, "every_month", "other_homes", "windows", "stood_out"):
        assert two_homes[name].passed is not True, two_homes[name].reading


def test_one_is_told_as_one(two_homes):
    """One home, one month: "1 months were estimated, so nothing shows how far chance goes, so the data cannot say"."""
    assert two_homes["parallel_before"].reading.startswith("1 month before the start was estimated, but fewer than")
    assert two_homes["parallel_before"].reading.endswith(": the data cannot say whether homes ran alike.")
    assert two_homes["drifting_apart"].reading.endswith("of those with the intervention 1 has.")


def test_of_an_area_with_few_others_and_few_months_before_every_doubt_is_told(tmp_path):
    rng = np.random.default_rng(4)
    days = pd.period_range("2015-04", periods=44, freq="M").to_timestamp()
    rows = [(day, f"E{a:02}", f"Area {a}", int(rng.poisson(300))) for a in range(4) for day in days]
    table = pd.DataFrame(rows, columns=["month", "area_code", "area_name", "delayed_days_total"])
    found = examined(AREA.format("2017-05"), loaded(tmp_path, areas=table), "area measure")
    for name in ("more_than_chance", "other_months_before"):
        assert found[name].passed is None and "too few" in found[name].reading.casefold()


def test_what_hardly_varies_has_not_moved_however_narrow_its_interval(no_earlier_years):
    """Bed-days of these homes are the same in every month, so their interval is as narrow as rounding."""
    assert no_earlier_years["occupancy_moved"].passed is True


def test_one_month_before_a_start_is_no_year_before(no_earlier_years):
    found = no_earlier_years["stood_out"]
    assert found.passed is None and "no more than 1 month before" in found.reading


def test_where_nothing_is_left_without_the_winters_that_is_no_comfort(no_earlier_years):
    assert "cannot say whether one of these makes the answer" in no_earlier_years["national_events"].reading
