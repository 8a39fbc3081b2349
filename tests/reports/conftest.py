"""Reports of the sample, made once, and what stands in each form of them."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.protocol import Protocol
from analysis.reports import evaluation_report, written

PROTOCOLS = Path(__file__).resolve().parents[2] / "data" / "sample" / "protocols"
ASKED = ("weekly_ward_round", "manager_training", "discharge_programme")


@pytest.fixture(scope="session")
def evaluations(sample_store):
    """One evaluation of each question; councils are in a store of their own."""
    from analysis.sources import read  # noqa: PLC0415 - after the threads are set
    from analysis.store import Store  # noqa: PLC0415 - after the threads are set
    from analysis.store.sample import COUNCIL_FILES, SAMPLE  # noqa: PLC0415 - after the threads are set

    councils = Store.in_memory()
    for name in COUNCIL_FILES:
        councils.load(read(name, SAMPLE / name))
    stores = dict.fromkeys(ASKED, sample_store) | {"discharge_programme": councils}
    return {name: evaluate(Protocol.read(PROTOCOLS / f"{name}.toml"), stores[name]) for name in ASKED}


@pytest.fixture(scope="session")
def reports(evaluations):
    return {name: evaluation_report(evaluation, "the sample") for name, evaluation in evaluations.items()}


@pytest.fixture(scope="session")
def files(reports):
    """Name of the protocol to name of the file to its bytes."""
    return {name: written(report) for name, report in reports.items()}


class Page(HTMLParser):
    """What stands in a page: every tag with its attributes, headings, tables, all text."""

    def __init__(self, page: bytes):
        super().__init__()
        self.tags, self.headings, self.tables, self.text = [], [], [], []
        self._open = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("th", "td"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        here = self._open[-1] if self._open else ""
        if here in ("style", "text", "svg", "g"):
            return
        self.text.append(data)
        if here in ("h1", "h2", "h3"):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        if here in ("th", "td"):
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="session")
def pages(files):
    return {name: Page(forms["report.html"]) for name, forms in files.items()}
