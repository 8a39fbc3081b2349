"""Reports of the sample, made once, and what stands in each form of them."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from analysis.reports import evaluation_report, written
from tests.costs import PROOF, in_the_proof

ASKED = ["weekly_ward_round", *(in_the_proof(name, name=name) for name in ("manager_training", "discharge_programme"))]
"""One protocol for each question: the first is reported in every run, all of them in the proof."""
FEW = ("how_chosen", "parallel_before", "few_clusters", "other_homes", "missing_months", "comings_and_goings")
"""Doubts that every run's report examines, some with a picture; in the proof all."""


class Made(dict):
    """What is made of a protocol when it is first asked for, by the protocol's name."""

    def __init__(self, make: Callable[[str], Any]):
        super().__init__()
        self.make = make

    def __missing__(self, name: str) -> Any:
        self[name] = self.make(name)
        return self[name]


@pytest.fixture(scope="session")
def evaluations(shipped):
    """One evaluation of each question."""

    def examined(name):
        found = shipped(name)
        if PROOF or name != ASKED[0]:
            return found
        return replace(found, protocol=replace(found.protocol, checks=FEW))

    return Made(examined)


@pytest.fixture(scope="session")
def reports(evaluations):
    return Made(lambda name: evaluation_report(evaluations[name], "the sample"))


@pytest.fixture(scope="session")
def files(reports):
    """Name of the protocol to name of the file to its bytes."""
    return Made(lambda name: written(reports[name]))


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
    return Made(lambda name: Page(files[name]["report.html"]))
