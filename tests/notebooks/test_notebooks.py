"""Does every notebook run, opened from its folder, is it the pair of its script, and does it hold no logic?"""

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from tests.costs import in_the_proof

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EVERY_RUN = ("what_would_happen_if",)
"""The first question is asked in Python in every run by the README's five lines; the proof runs all notebooks."""
LONGEST_CELL = 10  # lines: notebooks call analysis, they do not hold it


def by_name(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all: each notebook begins in its folder without another's names, but packages are loaded."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}  # this tree's analysis, whatever is installed
    manager, client = start_new_kernel(kernel_name="python3", env=environment, cwd=str(ROOT / "notebooks"))
    client.stop_channels()
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    "path", [path if path.stem in EVERY_RUN else in_the_proof(path, name=path.stem) for path in NOTEBOOKS], ids=by_name
)
def test_notebook_runs(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {path.parent}"))
    NotebookClient(notebook, timeout=120, km=kernel).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.get("name") == "stderr"]
    assert [output for output in shown if "image/svg+xml" in output.get("data", {})]


@pytest.mark.bench
def test_another_protocol_in_the_notebook_is_another_name_in_its_answer(monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "notebooks")
    cells = [cell.source for cell in jupytext.read("from_files_to_answer.py").cells if cell.cell_type == "code"]
    until = next(n for n, source in enumerate(cells) if "words.headline" in source)
    exec("\n".join(cells[: until + 1]).replace("weekly_ward_round.toml", "rapid_response.toml"), {})
    told = capsys.readouterr().out.splitlines()[-1]
    assert "rapid response" in told
    assert "ward round" not in told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_notebook_is_the_pair_of_its_script(path):
    notebook, script = nbformat.read(path, as_version=4), jupytext.read(path.with_suffix(".py"))
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_cells_hold_no_logic(path):
    cells = [cell.source for cell in jupytext.read(path.with_suffix(".py")).cells if cell.cell_type == "code"]
    assert max(len(cell.splitlines()) for cell in cells) <= LONGEST_CELL
    assert not [cell for cell in cells if "def " in cell or "class " in cell]
