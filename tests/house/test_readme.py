"""What the README shows first is run as it stands there."""

import re
import shutil
from pathlib import Path

from analysis.evaluation import evaluate
from analysis.protocol import Protocol

ROOT = Path(__file__).resolve().parents[2]
FIRST_SCREEN = 30
"""Lines of a README that are seen before anybody scrolls."""


def test_the_five_lines_of_python_on_the_first_screen_run_and_print_the_answer(
    sample_store, tmp_path, monkeypatch, capsys
):
    screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:FIRST_SCREEN]
    lines = [line.strip() for line in screen if re.match(r" {4}(from analysis|protocol|print)", line)]
    assert len(lines) == 5
    shutil.copytree(ROOT / "data" / "sample" / "protocols", tmp_path / "county" / "protocols")
    sample_store.copy_to(tmp_path / "county" / "county.duckdb")  # as `homeward sample county` writes it
    monkeypatch.chdir(tmp_path)
    exec("\n".join(lines), {})
    protocol = Protocol.read("county/protocols/weekly_ward_round.toml")
    assert capsys.readouterr().out.rstrip() == str(evaluate(protocol, sample_store).published.tidy())
