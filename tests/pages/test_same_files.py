"""The page hands out the files that the terminal writes of the same protocol: the same bytes."""

import io
import zipfile

import pytest
from streamlit.elements.widgets.button import ButtonMixin

from analysis import cli
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import figures_of, in_words, source_of
from analysis.inspections import stored_inspections
from analysis.protocol import Protocol
from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import SAMPLE, SAMPLE_FILES
from tests.pages.conftest import frames
from tests.plans.test_plans import in_words_too

CHOSEN = {"compared": "Only homes that never have it", "from": "March 2018"}


ALL_ON = dict.fromkeys(("placebos", "five", "models", "told"), "true")


@pytest.fixture
def offered(monkeypatch):
    """What stands behind the buttons for downloads, by file name."""
    files, plain = {}, ButtonMixin.download_button

    def caught(self, label, data, file_name=None, *rest, **more):
        files[file_name] = data
        return plain(self, label, data, file_name, *rest, **more)

    monkeypatch.setattr(ButtonMixin, "download_button", caught)
    return files


def carried_out(offered, folder, names, *more):
    """Evaluate the page's protocol at the terminal, files loaded in another order; the folder, and the page's ZIP."""
    (folder / "protocol.toml").write_text(offered["protocol.toml"], "utf-8")
    store = Store(folder / "county.duckdb")
    for name in reversed(names):
        store.load(read(name, SAMPLE / name))
    for path in more:
        store.load(read(path.name, path))
    told = ["evaluate", str(folder / "protocol.toml"), "--store", str(store.path), "--out", str(folder / "out")]
    assert cli.main(told) == 0
    with zipfile.ZipFile(io.BytesIO(offered["answer.zip"]())) as archive:
        return folder / "out", {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.bench
def test_the_answer_s_files_are_the_terminal_s_to_the_byte(visit, tmp_path, offered):
    visit("pages/admissions.py", query=CHOSEN)
    the_same_bytes(*carried_out(offered, tmp_path, SAMPLE_FILES))


def the_same_bytes(out, files):
    assert len(files) == 6
    for name, content in files.items():
        assert content == (out / name).read_bytes(), name


@pytest.mark.bench
def test_ratings_are_the_same_on_the_page_at_the_terminal_and_in_a_notebook(visit, tmp_path, offered, sample_store):
    app = visit("pages/ratings.py", query=ALL_ON)
    out, files = carried_out(offered, tmp_path, SAMPLE_FILES)
    the_same_bytes(out, files)
    in_words_too(app, out)
    evaluation = evaluate(Protocol.read(tmp_path / "protocol.toml"), sample_store)
    shown = [*figures_of(evaluation, source_of(evaluation, "county.duckdb"))]
    assert in_words(evaluation, "county.duckdb") == (out / "answer.md").read_text("utf-8")
    on_page = frames(app)
    for table in (table for figure in shown for table in figure.tables):
        assert any(
            list(frame.columns) == list(table.shown.columns) and len(frame) == len(table.shown) for frame in on_page
        )


@pytest.mark.bench
def test_a_pasted_list_is_repeated_with_the_file_of_its_homes(visit, tmp_path, offered, sample_store):
    known = stored_inspections(sample_store)
    day = known.frame["date"].median().replace(day=1).normalize()
    homes = known.frame.loc[(known.frame["date"] < day) & (known.frame["rating"] < "Good"), "home"].unique()[:12]
    visit(
        "pages/ratings.py", query={"supported": "A list of homes", "homes": "\n".join(homes), "since": f"{day:%Y-%m}"}
    )
    with zipfile.ZipFile(io.BytesIO(offered["answer.zip"]())) as archive:
        (tmp_path / "supported_homes.csv").write_bytes(archive.read("supported_homes.csv"))
    out, files = carried_out(offered, tmp_path, SAMPLE_FILES, tmp_path / "supported_homes.csv")
    for name in ("effects.csv", "methods.csv", "account.csv", "checks.csv"):
        assert files[name] == (out / name).read_bytes(), name
