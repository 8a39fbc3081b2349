"""What the first visitor asks is worked out before, and nothing is worked out that nobody asked for of a store."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis import evaluation
from analysis.protocol import brief
from analysis.sources import read
from analysis.sources.schema import TABLES
from analysis.store import Store, disk_cache
from analysis.store import sample as sample_files
from pages.shared import answer, cached, plans, turns, warm
from pages.shared.turns import Answers

FIRST = """
import sys
from analysis.protocol import brief
from pages.shared import answer, cached, overview
data = cached.shared()
protocol = brief(cached.interventions(data)["intervention"].iloc[0])
answer.first_figure(data, protocol), cached.homes(data), cached.months_counted(data)
print(bool(answer.weighed_already(data, protocol.plan).call), [slow for slow in SLOW if slow in sys.modules])
""".replace("SLOW", repr(["scipy", "altair", "analysis.evaluation", "analysis.admissions"]))
"""The first page of a start at which all of it was kept; and what it need not wait for, a second and more."""


@pytest.fixture
def starts(monkeypatch, tmp_path):
    """Start the server anew: what was worked out before is gone but for what was kept."""
    monkeypatch.delenv("HOMEWARD_STORE", raising=False)
    monkeypatch.setenv(disk_cache.FOLDER, str(tmp_path / "kept"))
    monkeypatch.setattr(warm, "beforehand", turns.working)
    monkeypatch.setattr(turns, "_here", SimpleNamespace())

    def start():
        monkeypatch.setattr(cached, "_SHARED", Answers(3))
        warm.begin()
        return cached.shared()

    return start


def test_the_first_answers_stand_ready_and_what_was_kept_is_what_would_be_worked_out_anew(starts, monkeypatch):
    first = starts()
    assert not first.earlier
    protocol = brief(cached.interventions(first)["intervention"].iloc[0])
    held = {asked[-1] for asked in first.answers._held}  # type: ignore[index]
    for asked in (("evaluation", protocol.to_toml(), ""), ("baseline and draws",)):
        assert asked in held
    monkeypatch.setattr(evaluation, "carry_out_ready", None)  # a call would fail
    monkeypatch.setattr(sample_files, "read", None)
    second = starts()
    assert second.digest == first.digest
    for name in TABLES:
        pd.testing.assert_frame_equal(second.store.table(name), first.store.table(name))
    assert brief(cached.interventions(second)["intervention"].iloc[0]) == protocol
    held, again = cached.evaluation(first, protocol), cached.evaluation(second, protocol)
    pd.testing.assert_frame_equal(again.published.tidy(), held.published.tidy())
    assert again.files() == held.files()
    drawn = [answer.figures(data, protocol) for data in (first, second)]
    assert len(drawn[0]) > 5
    for one, other in zip(*drawn, strict=True):
        assert repr(one.figure) == repr(other.figure)
        assert (one.drawing and one.drawing.spec) == (other.drawing and other.drawing.spec)
        assert [each.csv for each in one.listings] == [each.csv for each in other.listings]
    np.testing.assert_array_equal(plans.ready(second).levels, plans.ready(first).levels)
    assert (
        subprocess.run([sys.executable, "-c", FIRST], check=True, capture_output=True, text=True).stdout == "True []\n"
    )


def test_a_changed_line_a_changed_file_and_a_damaged_one_are_worked_out_anew(starts, monkeypatch, tmp_path):
    sample = [sample_files.SAMPLE / name for name in sample_files.SAMPLE_FILES]
    disk_cache.keep(sample, Store.in_memory(), {"asked": "answered"})
    assert disk_cache.taken(sample) is not None
    code = tmp_path / "code"
    for room in ("analysis", "pages"):
        (code / room).mkdir(parents=True)
    monkeypatch.setattr(disk_cache, "ROOT", code)
    assert disk_cache.taken(sample) is None  # of other code
    disk_cache.keep(sample, Store.in_memory(), {"asked": "answered", "cannot be kept": 1})
    assert disk_cache.taken(sample)[1].keys() == {"asked", "cannot be kept"}  # type: ignore[index]
    other = [*sample[:-1], tmp_path / sample[-1].name]
    other[-1].write_bytes(sample[-1].read_bytes() + b"\n")
    assert disk_cache.taken(other) is None
    (code / "analysis" / "more.py").write_text("1")
    assert disk_cache.taken(sample) is None
    disk_cache.keep(sample, Store.in_memory(), {"asked": "anew"})
    (place,) = (tmp_path / "kept" / "cqc_api_locations.jsonl").iterdir()  # that of the code before is gone
    (place / disk_cache.ANSWERS).write_bytes(b"half")
    assert disk_cache.taken(sample) is None


def test_what_cannot_be_kept_or_may_not_be_is_no_error(starts, monkeypatch, tmp_path):
    files = [sample_files.SAMPLE / "resident_days.csv"]
    disk_cache.keep(files, Store.in_memory(), {"asked": lambda: 1, "also": 2})
    assert disk_cache.taken(files)[1].keys() == {"also"}  # type: ignore[index]
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(disk_cache.FOLDER, str(tmp_path / "file"))
    disk_cache.keep(files, Store.in_memory(), {})
    assert disk_cache.taken(files) is None
    monkeypatch.setenv(disk_cache.FOLDER, "")
    disk_cache.keep(files, Store.in_memory(), {})
    assert disk_cache.taken(files) is None


def test_of_an_opened_store_nothing_is_worked_out_unasked(monkeypatch, tmp_path):
    Store(tmp_path / "own.duckdb").load(read("resident_days.csv", sample_files.SAMPLE / "resident_days.csv"))
    monkeypatch.setenv("HOMEWARD_STORE", str(tmp_path / "own.duckdb"))
    monkeypatch.setattr(warm, "beforehand", lambda work: work())
    warm.begin()
    assert not cached.shared().answers._held
