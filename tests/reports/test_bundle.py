"""What is handed on does it again, to the byte, from nothing but the bundle; and output checkers can read it."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.handing_on import forms_in, verb_of
from analysis.simulate.texts import WATCHING, WORKLIST
from tests.costs import in_the_proof
from tests.disclosure.test_plans_of_twins import SCENARIO
from tests.disclosure.test_refreshes import file_of, starts_of

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = 'subgroups = []\nchecks = ["few_clusters", "how_chosen"]\n[intervention]\nname = "ward round"\n'


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from analysis import sources  # noqa: PLC0415 - after the threads are set
    from analysis.store import Store  # noqa: PLC0415 - after the threads are set
    from tests.disclosure.test_plans_of_twins import STARTS, counts  # noqa: PLC0415 - as above

    path = tmp_path_factory.mktemp("held") / "homes.duckdb"
    held = Store(path)
    held.load(sources.read("counts.csv", file_of(counts())))
    held.load(sources.read("starts.csv", starts_of(STARTS)))
    return path


def reported(asked, store, folder, *more):
    file = folder / "asked.toml"
    file.write_text(asked, encoding="utf-8")
    assert main(["report", str(file), "--store", str(store), "--out", str(folder / "out"), *more]) == 0
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def run(folder, *more):
    clean = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "rerun.py", *more], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


@pytest.mark.bench
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(PROTOCOL, id="protocol"),
        in_the_proof(SCENARIO.replace("most = 40", "most = 8"), name="scenario"),
    ],
)
def test_the_bundle_does_it_again_to_the_byte(asked, store, tmp_path):
    written = reported(asked, store, tmp_path, "--as", "html", "--with-data")
    assert set(written) == {"report.html", "bundle.zip"}
    zipfile.ZipFile(io.BytesIO(written["bundle.zip"])).extractall(tmp_path / "elsewhere")
    again = run(tmp_path / "elsewhere")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("The same, to the byte")
    other = tmp_path / "elsewhere" / "answer" / "answer.md"
    other.write_bytes(other.read_bytes() + b"more")
    parted = run(tmp_path / "elsewhere")
    assert parted.returncode == 1
    assert parted.stderr == "Not the same: answer.md\n"


def test_output_checkers_find_every_file_and_its_digest_and_no_data_unless_asked_for(store, tmp_path):
    held = zipfile.ZipFile(io.BytesIO(reported(PROTOCOL, store, tmp_path, "--as", "html", "--bundle")["bundle.zip"]))
    names = set(held.namelist())
    assert not any(name.startswith("data/") for name in names)
    results = json.loads(held.read("answer/results.json"))
    assert set(results) == {"version", "results"}
    listed = set()
    for uid, record in results["results"].items():
        assert [*record] == ["uid", "status", "type", "properties", "files", "outcome", "command", "summary",
                             "timestamp", "comments", "exception"]  # fmt: skip
        assert (record["uid"], record["status"]) == (uid, "review")
        listed |= {file["name"] for file in record["files"]}
    answer = {name.removeprefix("answer/") for name in names if name.startswith("answer/")}
    files = {name for name in answer if not name.startswith("checksums/")}
    assert files == listed | {"results.json"}
    for name in files:
        digest = hashlib.sha256(held.read(f"answer/{name}")).hexdigest()
        assert held.read(f"answer/checksums/{name}.txt").decode() == digest
    assert {"protocol.toml", "rerun.py", "versions.txt", "README.txt", "report/report.pdf"} <= names
    assert "pandas==" in held.read("versions.txt").decode()


def test_what_is_neither_protocol_nor_plan_is_said_in_words(tmp_path):
    plans = ((SCENARIO, "project"), (WATCHING, "monitor"), (WORKLIST, "monitor"), ('kind = "ratings"\n', "plan"))
    for text, verb in ((PROTOCOL, "evaluate"), *plans):
        (tmp_path / "one.toml").write_text(text, encoding="utf-8")
        assert verb_of(tmp_path / "one.toml") == verb
    (tmp_path / "one.toml").write_text("colour = 1\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match="neither a protocol nor a plan"):
        verb_of(tmp_path / "one.toml")
    assert forms_in(" pdf,HTML,pdf") == ("pdf", "html")
    with pytest.raises(AnalysisError, match=r"odt.*html, docx, pdf"):
        forms_in("html,odt")
