"""The house rules that a machine can hold: style, types, layers, and what may never be committed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
TEXT = {".py", ".md", ".toml", ".txt", ".ipynb", ".yml", ".json", ""}
LONGEST_MODULE = 400  # lines; past this a noun is missing


def run(*command: str) -> str:
    """Run a tool of this environment in the project's root; its output if it succeeded, else fail with it."""
    tool = shutil.which(command[0], path=str(Path(sys.executable).parent)) or command[0]
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("lint-imports",),
        pytest.param(("pyright",), marks=(pytest.mark.bench, pytest.mark.types)),  # 40 s: in `make check` and the proof
    ],
    ids=" ".join,
)
def test_lint(command):
    run(*command)


def committed() -> list[Path]:
    """Every text file git tracks, or, outside a checkout, every file that is not generated."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    paths = [ROOT / name for name in listed] or [p for p in ROOT.rglob("*") if ".venv" not in p.parts]
    return [
        p for p in paths if p.suffix in {".py", ".md", ".toml", ".txt", ".ipynb", ".yml", ".json", ""} and p.is_file()
    ]


def test_constraints_name_no_host():
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


def test_no_lock_file_that_records_hosts():
    banned = {"uv.lock", "pylock.toml", "poetry.lock", "package-lock.json"}
    assert not [p for p in committed() if p.name in banned]


def test_nothing_names_a_folder_of_one_machine():
    own = str(ROOT.parent) + "/"
    assert not [p for p in committed() if own in p.read_text("utf-8", errors="ignore")]


def test_only_pages_know_streamlit():
    users = [
        p
        for p in (ROOT / "analysis").rglob("*.py")
        if re.search(r"^\s*(import|from) streamlit", p.read_text("utf-8"), re.M)
    ]
    assert users == []


def test_a_day_is_written_as_every_system_writes_it():
    """`%-d` is known to Linux and macOS only: on Windows every sentence with a day ended in an error."""
    users = [path for path in [*MODULES, *(ROOT / "pages").rglob("*.py")] if "%-" in path.read_text("utf-8")]
    assert users == []


def test_modules_stay_short():
    lines = {p.name: len(p.read_text("utf-8").splitlines()) for p in MODULES}
    assert not {name: n for name, n in lines.items() if n > LONGEST_MODULE}
