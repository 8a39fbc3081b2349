"""What a person at a terminal sees, and the exit status a script sees."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.sources import LAYOUTS, NO_PEOPLE
from analysis.store import Store

WRITTEN = {"answer.md", "effects.csv", "methods.csv", "diagnostics.csv", "checks.csv", "account.csv", "provenance.json"}
READY = pd.DataFrame(
    [
        (f"1-10{h:07}", f"Home {h}", f"2020-{m:02}-01", (h * m) % 4, 600 + h, "2020-07-01" if h < 4 else "")
        for h in range(10)
        for m in range(1, 13)
    ],
    columns=["location_id", "name", "month", "admissions", "bed_days", "start_month"],
)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    READY.to_csv("ready.csv", index=False)
    return tmp_path


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_load_says_what_it_did_and_again_changes_nothing(here, capsys):
    status, out, err = run(capsys, "load", "ready.csv", "--store", "s.duckdb")
    assert (status, err) == (0, "")
    assert "ready.csv: loaded as" in out
    assert "120 rows in = 120 used + 0 set aside + 0 dropped" in out
    before = hashlib.sha256((here / "s.duckdb").read_bytes()).hexdigest()
    status, out, _ = run(capsys, "load", "ready.csv", "--store", "s.duckdb")
    assert status == 0
    assert "already loaded" in out
    assert hashlib.sha256((here / "s.duckdb").read_bytes()).hexdigest() == before


def test_a_refused_file_exits_2_and_leaves_the_store_as_it_was(here, capsys):
    run(capsys, "load", "ready.csv", "--store", "s.duckdb")
    before = (here / "s.duckdb").read_bytes()
    (here / "bad.csv").write_text("colour,weight\nred,3\n")
    status, out, err = run(capsys, "load", "bad.csv", "--store", "s.duckdb")
    assert (status, out) == (2, "")
    assert "bad.csv was not loaded" in err
    assert "Traceback" not in err
    assert (here / "s.duckdb").read_bytes() == before
    assert sorted(p.name for p in here.iterdir()) == ["bad.csv", "ready.csv", "s.duckdb"]


def test_of_several_files_the_good_ones_are_loaded(here, capsys):
    (here / "bad.csv").write_text("colour,weight\nred,3\n")
    status, out, err = run(capsys, "load", "ready.csv", "bad.csv", "--store", "s.duckdb")
    assert status == 2
    assert "ready.csv: loaded as" in out
    assert "1 of 2 files were not loaded; the others are." in err


@pytest.mark.bench
def test_the_order_of_files_does_not_matter(here, capsys):
    READY.assign(admissions=READY["admissions"] + 1).to_csv("also.csv", index=False)
    digests = []
    for n, files in enumerate((["ready.csv", "also.csv"], ["also.csv", "ready.csv"])):
        status, *_ = run(capsys, "load", *files, "--store", f"{n}.duckdb")
        assert status == 0
        digests.append(run(capsys, "ledger", "--store", f"{n}.duckdb")[1])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["load", "nowhere.csv", "--store", "s.duckdb"], "a file is not there. Found: nowhere.csv"),
        (["load", "ready.csv", "--store", "s.duckdb", "--say", "dates"], "KEY=OPTION"),
        (["ledger", "--store", "none.duckdb"], "there is no store here"),
        (["evaluate", "none.toml", "--store", "none.duckdb", "--out", "o"], "There is no file at none.toml"),
    ],
)
def test_what_the_reader_can_put_right_exits_2_in_words(here, capsys, arguments, says):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert says in err


def test_a_bug_keeps_its_traceback_and_exits_1(here):
    code = "import analysis.store.store as s; s._write = None; from analysis.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, "load", "ready.csv", "--store", "s.duckdb"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_evaluate_writes_the_same_bytes_twice(here, capsys):
    run(capsys, "load", "ready.csv", "--store", "s.duckdb")
    names = _interventions(here)
    (here / "p.toml").write_text(f'[intervention]\nname = "{names[0]}"\n[model]\npermutations = 99\n')
    answers = []
    for out in ("one", "two"):
        status, said, err = run(capsys, "evaluate", "p.toml", "--store", "s.duckdb", "--out", out)
        assert (status, err) == (0, "")
        assert "rate ratio" in said
        answers.append({path.name: path.read_bytes() for path in (here / out).iterdir()})
    assert set(answers[0]) == WRITTEN
    assert answers[0] == answers[1]
    effects = pd.read_csv(here / "one" / "effects.csv")
    assert list(effects.columns[:4]) == ["by", "group", "term", "estimate"]


def _interventions(here: Path) -> list[str]:
    return sorted(set(Store(here / "s.duckdb").table("interventions")["intervention"]))


@pytest.mark.bench
def test_sample_can_be_evaluated_as_its_help_says(here, capsys):
    status, out, _ = run(capsys, "sample", "county")
    assert status == 0
    assert (here / "county" / "county.duckdb").exists()
    assert (here / "county" / "protocols" / "weekly_ward_round.toml").exists()
    assert "wrote" in out


def test_sources_lists_every_layout(capsys):
    status, out, _ = run(capsys, "sources")
    assert status == 0
    assert all(layout.title in out for layout in LAYOUTS)
    assert NO_PEOPLE in out  # the Data page says the same (tests/pages)


@pytest.mark.parametrize("command", [[], ["load"], ["evaluate"], ["sources"], ["sample"], ["app"], ["ledger"]])
def test_help_is_there_and_quick(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert "usage: homeward" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("analysis.cli", ("numpy", "pandas", "duckdb")),
        ("analysis.evaluation", ("streamlit", "altair", "statsmodels", "sklearn")),
    ],
)
def test_what_takes_long_is_imported_where_it_is_used(module, heavy):
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
