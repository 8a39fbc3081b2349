"""Admissions, ratings, one area: the same files each, and the same bytes wherever and however they are carried out."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation, evaluate
from analysis.outcomes import AreaMeasure, Closures, Rate, Ratings, Residents, Stays
from analysis.protocol import CHECKS, KINDS, MODELS, Protocol, always, checks_for
from analysis.questions import QUESTIONS
from analysis.results import TIDY
from analysis.sources import read
from analysis.store import Store
from tests.evaluation.carried_out import PROTOCOLS

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
OTHERS = 70
"""Homes of the sample beside the trained ones: so few that three processes take seconds."""
FILES = ("admissions.csv", "areas.csv", "homes.jsonl", "interventions.csv")
WRITTEN = {"answer.md", "effects.csv", "methods.csv", "diagnostics.csv", "checks.csv", "account.csv", "provenance.json"}
SURROUNDINGS = (
    {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "2", "TZ": "Pacific/Auckland", "LC_ALL": "POSIX"},
    {"PYTHONHASHSEED": "2", "OPENBLAS_NUM_THREADS": "2", "TZ": "America/St_Johns", "LC_ALL": "en_GB.UTF-8"},
)
"""Of processes that must write the same bytes; each loads the files in another order."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Small invented files: 12 homes' admissions, 24 areas, ratings of some of the sample's homes, who had what."""
    rng, here = np.random.default_rng(5), tmp_path_factory.mktemp("small")
    months = pd.period_range("2018-01", periods=24, freq="M").to_timestamp()
    homes = [f"1-1{h:08}" for h in range(12)]
    rows = [(home, month, int(rng.poisson(3)), 900) for home in homes for month in months]
    frame = pd.DataFrame(rows, columns=["location_id", "month", "admissions", "bed_days"])
    frame.to_csv(here / "admissions.csv", index=False, date_format="%Y-%m-%d")
    months = pd.period_range("2013-04", "2018-12", freq="M").to_timestamp()
    rows = [(month, f"E{a:02}", f"Area {a}", int(rng.poisson(300))) for a in range(24) for month in months]
    frame = pd.DataFrame(rows, columns=["month", "area_code", "area_name", "delayed_days_total"])
    frame.to_csv(here / "areas.csv", index=False, date_format="%Y-%m-%d")
    trained = pd.read_csv(SAMPLE / "interventions.csv").query("intervention == 'manager_training'")
    (here / "homes.jsonl").write_text("".join(_some_homes(set(trained["location_id"]))), "utf-8")
    had = [(home, "ward round", "2019-01-01") for home in homes[:5]]
    had += [(home, "training", start) for home, start in trained[["location_id", "start"]].itertuples(index=False)]
    frame = pd.DataFrame(had, columns=["location_id", "intervention", "start"])
    frame.to_csv(here / "interventions.csv", index=False)
    return here


def _some_homes(wanted: set[str]) -> Iterator[str]:
    """Yield the sample's trained homes and the first of the others, one line each."""
    others, text = 0, gzip.decompress((SAMPLE / "cqc_api_locations.jsonl.gz").read_bytes()).decode("utf-8")
    for line in text.splitlines(keepends=True):
        known = json.loads(line)["locationId"] in wanted
        others += not known
        if known or others <= OTHERS:
            yield line


@pytest.fixture(scope="module")
def store(folder) -> Store:
    store = Store.in_memory()
    for name in FILES:
        store.load(read(name, folder / name))
    return store


@pytest.fixture(scope="module")
def carried_out(store) -> dict[str, Evaluation]:
    return {kind: evaluate(Protocol.read(text), store) for kind, text in PROTOCOLS.items()}


@pytest.mark.bench
def test_the_same_bytes_in_every_surrounding(folder, tmp_path):
    told = []
    for n, around in enumerate(SURROUNDINGS):
        order = [*FILES[n:], *FILES[:n]]
        command = [sys.executable, "-m", "tests.evaluation.carried_out", str(folder), str(tmp_path / str(n)), *order]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **around}, capture_output=True, text=True, check=True
        )
        told.append(json.loads(done.stdout))
    assert {name.partition("/")[2] for name in told[0]} == WRITTEN
    assert len(told[0]) == 3 * len(WRITTEN)
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("kind", PROTOCOLS)
def test_every_question_is_answered_doubted_and_accounted_for(carried_out, kind):
    found = carried_out[kind]
    assert list(found.answers) == list(found.protocol.methods)
    assert len(found.checks) == len(found.protocol.checks) > 3
    assert all(check.reading and check.name.endswith("?") for check in found.checks)
    assert list(found.effects.tidy().columns) == ["overall", *TIDY]
    assert found.account()["why"].astype(str).str.len().min() > 5
    assert Protocol.read(found.protocol.to_toml()) == found.protocol
    assert Protocol.read(found.provenance["protocol"]["toml"]) == found.protocol
    assert found.headline


def test_of_areas_used_and_left_out_are_all_that_was_observed(carried_out):
    found = carried_out["area"]
    assert found.account()["area_months"].sum() == (found.observed.panel.exposure > 0).sum()


def test_of_ratings_supported_homes_used_and_left_out_are_all_that_were_supported(carried_out):
    account = carried_out["ratings"].account()
    supported = account.loc[account["why"].str.contains("supported homes"), "homes"].sum()
    assert supported == carried_out["ratings"].design.started.size > 15


def test_every_check_says_what_it_may_be_asked_and_each_question_has_its_own(carried_out):
    assert set().union(*(checks_for(kind) for kind in KINDS)) == set(CHECKS)
    assert set(KINDS.values()) == set(QUESTIONS) == {Rate, Ratings, Closures, AreaMeasure, Residents, Stays}
    assert set(MODELS) == set(KINDS)
    assert "parallel_before" in always("rates") and "parallel_before" not in always("ratings")
    assert "methods_agree" in always("ratings") and "methods_agree" in always("area measure")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[outcome]\nkind = "rating"\n', '[outcome] kind: found "rating"; expected "rates" or "ratings" or "closures"'),
        ('[outcome]\nkind = "ratings"\nkey_question = "Kind"\n', '[outcome] key_question: found "Kind"'),
        ('[outcome]\nkind = "ratings"\ncount = "x"\n', 'belongs to a protocol with [outcome] kind = "rates"'),
        ('[outcome]\nkind = "area measure"\n', "[outcome] area: missing"),
        ('[outcome]\nkind = "area measure"\narea = "E1"\nstart = "2017"\n', "[outcome] start: found"),
        ('[outcome]\nkey_question = "Safe"\n', 'belongs to a protocol with [outcome] kind = "ratings"'),
        ('[outcome]\nkind = "ratings"\n[model]\nname = "staggered_rates"\n', '[model] name: found "staggered_rates"'),
    ],
)  # fmt: skip
def test_what_one_question_does_not_know_is_told(text, says):
    with pytest.raises(AnalysisError) as told:
        Protocol.read('[intervention]\nname = "x"\n' + text)
    assert says in str(told.value)


def test_a_check_of_another_question_is_refused_in_words():
    with pytest.raises(AnalysisError, match="checks: found"):
        Protocol.read('checks = ["parallel_before"]\n[intervention]\nname = "x"\n[outcome]\nkind = "ratings"\n')


def test_two_leaders_are_one_too_many():
    text = 'methods = ["next_rating", "multi_state"]\n[intervention]\nname = "x"\n[outcome]\nkind = "ratings"\n'
    assert Protocol.read(text).methods == ("next_rating", "multi_state")
    with pytest.raises(AnalysisError, match="expected the first of methods"):
        Protocol.read(text + '[model]\nname = "multi_state"\n')


def test_a_protocol_written_before_there_were_three_questions_still_reads_and_has_its_digest():
    """As `to_toml` wrote it then; its SHA-256 stands in answers that were handed on."""
    then = (
        'title = "w and emergency admissions"\nsubgroups = ["home_type"]\nchecks = ["few_clusters"]\nseed = 20261122\n'
        '\n[intervention]\nname = "w"\n\n[outcome]\ncount = "emergency_admissions"\nexposure = "bed_days"\n'
        '\n[window]\nleave_out = []\nanticipation = 0\nselection = "leave out"\n'
        '\n[comparison]\nhomes = "not_yet_treated"\nothers = "leave out"\n\n[model]\nname = "staggered_rates"\n'
    )
    assert Protocol.read(then).to_toml() == then


def test_no_method_can_answer_is_told_with_every_reason(store):
    text = PROTOCOLS["ratings"].replace("training", "ward round")
    with pytest.raises(AnalysisError, match="No method can answer") as told:
        evaluate(Protocol.read(text), store)
    assert ".." not in str(told.value)


@pytest.mark.bench
@pytest.mark.realdata
def test_the_isle_of_wight_from_the_terminal(realdata, tmp_path, capsys):
    """Every figure of the published file that the Areas page shows, without the page."""
    (tmp_path / "island.toml").write_text(
        '[intervention]\nname = "manager training"\n[outcome]\nkind = "area measure"\narea = "E06000046"\n'
        'start = "2017-04"\nmeasure = "delayed days, total"\nclaimed = 0.55\n'
    )
    where, out = str(tmp_path / "s.duckdb"), tmp_path / "out"
    assert main(["load", str(realdata / "delayed_transfers_la_month.csv"), "--store", where]) == 0
    assert main(["evaluate", str(tmp_path / "island.toml"), "--store", where, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Whether delayed days in Isle of Wight changed from April 2017 on cannot be told from what happens" in said
    assert {path.name for path in out.iterdir()} == WRITTEN
    methods = pd.read_csv(out / "methods.csv")
    first = methods[methods["year"] == 1]
    assert len(first) == 8 and (first["estimate"] < 0.75).all()
    assert (first["areas"] == 147).all() and first["rank"].min() == 15
    assert "47%" in (out / "answer.md").read_text("utf-8")
