"""The page hands out the files that the terminal writes of the same protocol: the same bytes."""

import io
import zipfile

from streamlit.elements.widgets.button import ButtonMixin

from analysis import cli
from analysis.sources import read
from analysis.store import Store
from pages.shared.cached import SAMPLE, SAMPLE_FILES

CHOSEN = {"compared": "Only homes that never have it", "from": "March 2018"}


def test_the_answer_s_files_are_the_terminal_s_to_the_byte(visit, tmp_path, monkeypatch):
    offered, plain = {}, ButtonMixin.download_button

    def caught(self, label, data, file_name=None, *rest, **more):
        offered[file_name] = data
        return plain(self, label, data, file_name, *rest, **more)

    monkeypatch.setattr(ButtonMixin, "download_button", caught)
    visit("pages/admissions.py", query=CHOSEN)
    (tmp_path / "protocol.toml").write_text(offered["protocol.toml"], "utf-8")
    store = Store(tmp_path / "county.duckdb")
    for name in reversed(SAMPLE_FILES):
        store.load(read(name, SAMPLE / name))
    told = ["evaluate", str(tmp_path / "protocol.toml"), "--store", str(store.path), "--out", str(tmp_path / "out")]
    assert cli.main(told) == 0
    with zipfile.ZipFile(io.BytesIO(offered["answer.zip"]())) as archive:
        page = {name: archive.read(name) for name in archive.namelist()}
    assert len(page) == 6
    for name, content in page.items():
        assert content == (tmp_path / "out" / name).read_bytes(), name
