"""What the first visitor asks is worked out before, and nothing is worked out that nobody asked for of a store."""

from analysis.sources import read
from analysis.store import Store
from pages.shared import cached, choices, warm
from pages.shared.turns import Answers


def test_the_first_answers_of_the_sample_stand_ready(monkeypatch):
    monkeypatch.delenv("HOMEWARD_STORE", raising=False)
    monkeypatch.setattr(cached, "_SHARED", Answers(3))
    monkeypatch.setattr(warm, "beforehand", lambda work: work())
    warm.begin()
    data = cached.shared()
    protocol = choices.first_protocol(cached.interventions(data))
    held = {asked[-1] for asked in data.answers._held}  # type: ignore[index]
    for asked in (("evaluation", protocol.to_toml()), ("baseline and draws",)):
        assert asked in held


def test_of_an_opened_store_nothing_is_worked_out_unasked(monkeypatch, tmp_path):
    Store(tmp_path / "own.duckdb").load(read("resident_days.csv", cached.SAMPLE / "resident_days.csv"))
    monkeypatch.setenv("HOMEWARD_STORE", str(tmp_path / "own.duckdb"))
    monkeypatch.setattr(warm, "beforehand", lambda work: work())
    warm.begin()
    assert not cached.shared().answers._held
