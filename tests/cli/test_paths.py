"""Whatever path is given, a sentence or the work, never a traceback; and an answer is written whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.paths import write_whole
from analysis.store import Store
from tests.cli.test_cli import READY, WRITTEN, run
from tests.costs import draws

LONG = "x" * 300
CONTENT = {f"{name}.csv": name.encode() * 1000 for name in "abcde"}


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A folder with a table, a store of it, a protocol, and things in the way; tests work on copies."""
    folder = tmp_path_factory.mktemp("made")
    READY.to_csv(folder / "ready.csv", index=False)
    assert main(["load", str(folder / "ready.csv"), "--store", str(folder / "s.duckdb")]) == 0
    name = Store(folder / "s.duckdb").table("interventions")["intervention"].iloc[0]
    (folder / "p.toml").write_text(f'[intervention]\nname = "{name}"\n[model]\npermutations = 99\n')
    (folder / "empty").mkdir()
    (folder / "a_file").write_text("text")
    (folder / "others").mkdir()
    (folder / "others" / "diary.txt").write_text("mine")
    return folder


@pytest.fixture
def here(made, tmp_path, monkeypatch) -> Path:
    copy = shutil.copytree(made, tmp_path / "copy")
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.parametrize(
    "store", ["ready.csv", "empty", ":memory:", LONG, "nul\0.duckdb", "a_file/s.duckdb", "nowhere/s.duckdb", "gone", ""]
)
@pytest.mark.parametrize("verb", ["load", "evaluate", "ledger", "app"])
def test_every_store_that_cannot_be_is_a_sentence(here, capsys, verb, store):
    capsys.readouterr()
    if verb == "load" and store == "gone":
        store = "s.duckdb/gone"  # a load makes a store that is not there
    between = {"load": ["ready.csv"], "evaluate": ["p.toml"], "ledger": [], "app": []}[verb]
    out = ["--out", "answer"] if verb == "evaluate" else []
    status, _, err = run(capsys, verb, *between, "--store", store, *out)
    assert status == 2
    assert "Traceback" not in err
    assert len(err.splitlines()[0]) > 20
    assert "\0" not in err
    assert not Path("answer").exists()


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("a_file", "a file"),
        ("a_file/below", "is a file, not a folder"),
        ("others", "holds other things"),
        (LONG, "longer than this computer allows"),
        ("nul\0", "cannot hold these characters"),
    ],
)
def test_every_folder_that_cannot_be_written_is_a_sentence(here, capsys, out, says):
    capsys.readouterr()
    status, _, err = run(capsys, "evaluate", "p.toml", "--store", "s.duckdb", "--out", out)
    assert status == 2
    assert says in err
    assert Path("others/diary.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told_before_an_answer_is_worked_out(here, capsys, monkeypatch):
    monkeypatch.setattr("analysis.evaluation.evaluate", lambda *_: pytest.fail("worked out for nothing"))
    assert main(["evaluate", "p.toml", "--store", "s.duckdb", "--out", "a_file"]) == 2
    assert main(["evaluate", "p.toml", "--store", "s.duckdb", "--out", LONG]) == 2
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert main(["evaluate", "p.toml", "--store", "s.duckdb", "--out", "new/one"]) == 2
    assert "does not let you read or write there" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["a_file", "a_file/below", LONG, "nul\0"])
def test_a_sample_that_cannot_be_written_is_a_sentence(here, capsys, folder):
    capsys.readouterr()
    status, _, err = run(capsys, "sample", folder)
    assert status == 2
    assert err.strip()


@pytest.mark.parametrize("protocol", ["", LONG, "nul\0", "empty", "a_file/p.toml", "s.duckdb"])
def test_a_protocol_that_cannot_be_read_is_a_sentence(here, capsys, protocol):
    capsys.readouterr()
    status, _, err = run(capsys, "evaluate", protocol, "--store", "s.duckdb", "--out", "answer")
    assert status == 2
    assert err.strip()


def test_a_store_of_an_earlier_version_is_told_as_one(here, capsys):
    with duckdb.connect("s.duckdb") as connection:
        connection.execute("ALTER TABLE locations DROP COLUMN beds")
    capsys.readouterr()
    status, _, err = run(capsys, "ledger", "--store", "s.duckdb")
    assert status == 2
    assert "another version of Homeward" in err
    assert "beds" in err


def test_an_earlier_answer_is_replaced_and_nothing_is_left_beside(here, capsys):
    for _ in range(2):
        assert run(capsys, "evaluate", "p.toml", "--store", "s.duckdb", "--out", "answer")[0] == 0
    assert {path.name for path in Path("answer").iterdir()} == WRITTEN
    assert [path.name for path in here.iterdir() if path.name.startswith("answer")] == ["answer"]


@pytest.mark.skipif(os.name == "nt", reason="no such limit")
def test_a_full_disk_leaves_the_earlier_answer(tmp_path):
    write_whole(tmp_path / "answer", CONTENT)
    code = (
        "import resource, signal, sys; from pathlib import Path; from analysis.paths import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "write_whole(Path(sys.argv[1]), {n + '.csv': b'new' * 1000 for n in 'abcde'})"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "answer")], capture_output=True, check=False)
    assert done.returncode != 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "answer").iterdir()} == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_kill_at_any_moment_leaves_one_whole_answer(tmp_path):
    folder = tmp_path / "answer"
    code = (
        "import sys; from pathlib import Path; from analysis.paths import write_whole\n"
        "print('ready', flush=True)\n"
        "for k in range(10**6): write_whole(Path(sys.argv[1]), {n + '.csv': str(k).encode() * 500 for n in 'abcde'})"
    )
    write_whole(folder, CONTENT)
    for trial in range(draws(20)):
        with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(0.005 + 0.003 * trial)
            running.send_signal(signal.SIGKILL)
        stands = [folder] if folder.exists() else [*tmp_path.glob("answer.*.old")]
        (whole,) = stands
        written = {path.name: path.read_bytes() for path in whole.iterdir()}
        assert set(written) == set(CONTENT)
        assert (
            len({text[:1] + text[-1:] + len(text).to_bytes(4) for text in written.values()}) == 1 or written == CONTENT
        )
    write_whole(folder, CONTENT)
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT


PATHS = st.text(st.characters(codec="utf-8") | st.sampled_from("/\\.\0:*?~\n\x1b"), min_size=1, max_size=320)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATHS)
def test_any_text_as_a_path_is_written_or_refused_in_words(tmp_path, text):
    folder = tmp_path / text.replace("..", "__").lstrip("/\\~")
    try:
        written = write_whole(folder, {"a.csv": b"1"})
    except AnalysisError as error:
        assert "\x1b" not in str(error)
        assert "\0" not in str(error)
    else:
        assert written[0].read_bytes() == b"1"
