"""Killed, locked, damaged, full: all of a file or nothing of it, and a sentence instead of a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.store import Store
from tests.costs import draws, one_in
from tests.store.readings import occupancy, reading

SMALL = reading("small.csv", occupancy=occupancy(("a", "2020-10-01", 300.25)))
N = 120_000
BIG = reading(
    "big.csv",
    admission_events=pd.DataFrame(
        {
            "location_id": np.char.add("1-", (np.arange(N) % 997).astype(str)),
            "admitted": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(N) % 900, unit="D"),
            "emergency": True,
            "avoidable": np.arange(N) % 5 == 0,
        }
    ),
)


WITH_FORKS = pytest.mark.skipif(os.name == "nt", reason="a process is divided in two as Linux and macOS do it")


def load_in_a_child(path: Path) -> int:
    """Start loading the big file in a process of its own; its id."""
    child = os.fork()
    if child == 0:
        Store(path).load(BIG)
        os._exit(0)
    return child


def kill_after(path: Path, seconds: float) -> None:
    child = load_in_a_child(path)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.bench
@WITH_FORKS
def test_killed_at_twenty_moments_of_a_load(tmp_path):
    began = time.perf_counter()
    os.waitpid(load_in_a_child(tmp_path / "whole.duckdb"), 0)
    whole = time.perf_counter() - began
    outcomes, moments = [], draws(20)
    for moment, share in enumerate(np.linspace(0.02, 1.1, moments)):
        store = Store(tmp_path / f"{moment}.duckdb")
        if moment % 2:
            store.load(SMALL)
        kill_after(store.path, whole * share)
        outcomes.append(_held(store) if store.path.exists() else "no store yet")
        store.load(BIG)  # the load can simply be run again
        assert len(store.table("admission_events")) == N
    assert set(outcomes) <= {"no store yet", "nothing", "all"}
    assert outcomes.count("nothing") >= moments / 4  # the moments do fall inside the load


def _held(store: Store) -> str:
    files = set(store.ledger()["file"])
    rows = len(store.table("admission_events"))
    assert rows == (N if "big.csv" in files else 0)
    return "all" if rows else "nothing"


def test_used_by_another_program(tmp_path):
    path = tmp_path / "county.duckdb"
    Store(path).load(SMALL)
    hold = f"import duckdb, time; c = duckdb.connect({str(path)!r}); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for act in (Store(path).ledger, lambda: Store(path).load(BIG)):
            with pytest.raises(AnalysisError, match=rf"another program is using the store.*process {other.pid}"):
                act()
        other.kill()


@WITH_FORKS
def test_a_running_reader_does_not_shut_a_load_out(tmp_path):
    app = Store(tmp_path / "county.duckdb")
    app.load(SMALL)
    app.table("occupancy")
    assert os.waitpid(load_in_a_child(app.path), 0)[1] == 0
    assert len(app.table("admission_events")) == N


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("location_id,month\n"), "this file is not a store"),
        (lambda path: path.write_bytes(b""), "this file is not a store"),
        (lambda path: duckdb.connect(path).execute("CREATE TABLE mine (a INTEGER)").close(), "but not a store"),
        (lambda path: path.mkdir(), r"county\.duckdb"),
        (lambda path: None, "there is no store here"),
    ],
)
def test_what_is_not_a_store_is_told_so(tmp_path, make, says):
    make(tmp_path / "county.duckdb")
    with pytest.raises(AnalysisError, match=says):
        Store(tmp_path / "county.duckdb").ledger()


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(AnalysisError, match="folder of the store does not exist"):
        Store(tmp_path / "nowhere" / "county.duckdb").load(SMALL)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> bytes:
    store = Store(tmp_path_factory.mktemp("loaded") / "county.duckdb")
    store.load(BIG)
    return store.path.read_bytes()


@pytest.mark.parametrize("trial", one_in(3, range(10)))
def test_a_flipped_bit_or_a_cut_is_never_a_silent_other_number(tmp_path, loaded, trial):
    path = tmp_path / "county.duckdb"
    path.write_bytes(loaded)
    right = Store(path).digest()
    at = int(np.random.default_rng(trial).integers(len(loaded)))
    harmed = bytearray(loaded)
    harmed[at] ^= 1 << trial % 8
    path.write_bytes(harmed if trial % 2 else loaded[:at])
    try:
        assert Store(path).digest() == right  # a bit in a block that holds nothing
    except AnalysisError as said:
        assert "damaged" in str(said) or "not a store" in str(said) or "another version" in str(said)


def test_a_log_cut_short_is_noticed(tmp_path):
    """DuckDB itself opens such a file without a word, the last rows missing."""
    path = tmp_path / "county.duckdb"
    Store(path).load(SMALL)
    rows = "INSERT INTO occupancy SELECT * FROM occupancy"
    count = "UPDATE contents SET rows = 2 WHERE \"table\" = 'occupancy'"
    script = f"""
import duckdb, os
c = duckdb.connect({str(path)!r})
c.execute("SET wal_autocheckpoint = '1TB'")
c.execute("{count.replace('"', chr(92) + '"')}")
c.execute("{rows}")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    log = path.with_name(path.name + ".wal")
    assert len(Store(path).table("occupancy")) == 2
    log.write_bytes(log.read_bytes()[:-40])
    with pytest.raises(AnalysisError, match=r"does not hold what its ledger says.*occupancy 1 rows instead of 2"):
        Store(path).table("occupancy")


@WITH_FORKS
def test_a_full_disk_is_told_and_loses_nothing(tmp_path):
    import resource  # noqa: PLC0415 - not on Windows

    store = Store(tmp_path / "county.duckdb")
    store.load(SMALL)
    before = store.digest()
    room = store.path.stat().st_size + 100_000
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            store.load(BIG)
        except AnalysisError as said:
            os._exit(7 if "disk is full" in str(said) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert store.digest() == before
