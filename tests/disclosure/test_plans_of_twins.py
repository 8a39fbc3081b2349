"""What plans say of homes in the same bands is the same, to the byte, whatever is planned (brute force).

Two stores whose counts differ in most months, each home's cumulative count in the same band at the end of every month:
a scenario and an offer are carried out on both at a terminal, which writes what the pages show; a study knows of a
store what `noise_of` gives. What every run asks of such twins is in `test_monitoring_of_twins`.
"""

from dataclasses import fields

import numpy as np
import pytest

from analysis import sources
from analysis.cli import main
from analysis.plans.appraising import stored_known
from analysis.plans.past import stored_past
from analysis.plans.studies import noise_of
from analysis.simulate import texts
from analysis.store import Store
from tests.disclosure.test_refreshes import file_of, starts_of
from tests.disclosure.test_twins import at_the_edge

HOMES, MONTHS = 24, 48
STARTS = ["2024-07-01"] * 3 + ["2024-10-01"] * 3


def counts():
    rng = np.random.default_rng(8)
    return rng.poisson(rng.gamma(4, 0.8, (HOMES, 1)) * np.ones(MONTHS))


def twin(given, edge):
    found = np.zeros_like(given)
    for row, a in enumerate(np.repeat([30, 33, 30], [3, 3, HOMES - 6])):
        found[row, a:] = at_the_edge(given[row, a:], edge)
        found[row, :a] = at_the_edge(given[row, :a][::-1], edge)[::-1]
    return found


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    given, paths = counts(), []
    for k, one in enumerate((given, twin(given, 4), given + (given > 2))):
        folder = tmp_path_factory.mktemp(f"store{k}")
        paths.append(folder / "homes.duckdb")
        store = Store(paths[-1])
        store.load(sources.read("counts.csv", file_of(one)))
        store.load(sources.read("starts.csv", starts_of(STARTS)))
    assert (twin(given, 4) != given).mean() > 0.5
    return paths


SCENARIO, OFFER = (text.replace("2024-04", "2026-04") for text in (texts.SCENARIO, texts.TARGETING))
PLANS = {
    "project": SCENARIO.replace("most = 40", "most = 8"),
    "project, the worst": SCENARIO.replace("most = 40", "most = 8").replace("by lot", "highest rate last year"),
    "monitor, one home": 'kind = "home"\nlast = 48\n',
    "monitor, who qualifies": 'kind = "worklist"\nafter = 6\n[[entry]]\nkind = "admissions"\ntimes = 1.2\n',
    "target": OFFER.replace('every = "council"', 'every = ""').replace("homes_per_lead = 7", "homes_per_lead = 2"),
}


def told(verb, plan, store, folder):
    file = folder / "plan.toml"
    file.write_text(plan, encoding="utf-8")
    assert main([verb.split(",")[0], str(file), "--store", str(store), "--out", str(folder / "out")]) == 0
    return {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir())}


@pytest.mark.bench
@pytest.mark.parametrize("verb", PLANS)
def test_plans_on_homes_in_the_same_bands_are_the_same_bytes_and_on_others_are_not(verb, stores, tmp_path_factory):
    given, same, other = (told(verb, PLANS[verb], store, tmp_path_factory.mktemp("out")) for store in stores)
    assert [name for name in given if same[name] != given[name]] == []
    assert any(other[name] != given[name] for name in given)


@pytest.mark.bench
def test_a_study_is_planned_on_the_same_noise(stores):
    given, same, other = (noise_of(stored_past(Store(store))) for store in stores)
    for field in fields(given):
        np.testing.assert_array_equal(getattr(same, field.name), getattr(given, field.name))
    assert (other.rate != given.rate).any()


@pytest.mark.bench
def test_a_claim_hears_of_a_store_only_what_is_shown(stores):
    given, same, other = (stored_known(Store(store), "homes").monthly for store in stores)
    np.testing.assert_array_equal(given.to_numpy(), same.to_numpy())
    assert (given["events"] != other["events"]).any()
