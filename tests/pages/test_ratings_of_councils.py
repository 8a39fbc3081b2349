"""Every real council, and all of them, over every choice of the Ratings page: no error, and nothing that reads ill."""

import gzip
import json
import re
from itertools import cycle

import pandas as pd
import pytest

from analysis.inspections import spells_of, stored_inspections
from analysis.ratings import ORIGINS
from analysis.sources import read
from analysis.sources.schema import KEY_QUESTIONS
from analysis.store import Store
from tests.costs import PROOF, in_the_proof
from tests.pages.conftest import texts

pytestmark = pytest.mark.realdata

SOUTH_WEST = "cqc_api_locations_south_west_2021-02.jsonl.gz"
EVERYWHERE = "all"
LARGE = ("Devon", "Somerset", "Plymouth", EVERYWHERE)
"""Walked by `make proof`: minutes, of which the smallest council, walked by every run, takes seconds."""
DAY = pd.Timestamp("2018-04-01")
SWITCHES = ("placebos", "five", "models", "doubted", "told", "all_five", "closures", "items")
ILL = re.compile(
    r"\b(nan|inf|NaT|NaN)\b|\bNone\b(?! of)|<NA>|"
    r"−0(\.0+)?\b(?![.\d])|\b1 (homes|others|pairs|inspections|quarters|councils)\b"
    r"|\b(is|are) (1|0) homes\b|  +\S| ,|\.\.|\(\)|\b(homes|home) home\b"
)
"""What no sentence may hold: values that are none, a zero with a sign, one of many, words run together."""


@pytest.fixture(scope="module", params=["Torbay", *(in_the_proof(name, name=name) for name in LARGE)])
def council(request, realdata, tmp_path_factory):
    """One council's store: its path, its name, twenty homes below Good, and what else can be chosen."""
    folder = tmp_path_factory.mktemp("council")
    with gzip.open(realdata / SOUTH_WEST, "rt", encoding="utf-8") as lines:
        own = [line for line in lines if request.param in (EVERYWHERE, json.loads(line)["localAuthority"])]
    (folder / "council.jsonl").write_text("".join(own), encoding="utf-8")
    store = Store(folder / "council.duckdb")
    store.load(read("council.jsonl", folder / "council.jsonl"))
    known = stored_inspections(store)
    frame = spells_of(known).frame
    low = frame.loc[(frame["start"] <= DAY) & (frame["end"] > DAY) & (frame["rating"] < "Good"), "home"]
    store.close()
    areas = ["All areas", *sorted(known.homes["area_name"].dropna().unique())]
    return folder / "council.duckdb", "\n".join(low.head(20)), areas


@pytest.mark.bench
def test_every_choice_of_the_page_is_answered_or_refused_in_words(council, visit, monkeypatch):
    path, homes, areas = council
    monkeypatch.setenv("HOMEWARD_STORE", str(path))
    app = visit("pages/ratings.py", query={"supported": "A list of homes", "homes": homes, "since": "2018-04"})
    origins, dates, of = cycle(["Below Good", *ORIGINS]), cycle(["exposure", "published"]), cycle(areas)
    asked = [*KEY_QUESTIONS, "Overall"] if PROOF else [*KEY_QUESTIONS[::3], "Overall"]
    for number, question in enumerate(asked):
        app.selectbox(key="question").set_value(question)
        app.selectbox(key="origin").set_value(next(origins))
        app.selectbox(key="area").set_value(next(of))
        app.selectbox(key="dated").set_value(next(dates))
        for switch in SWITCHES:  # one more on at every step; the last has them all
            shown = [toggle.key for toggle in app.toggle]
            if switch in shown and (number == len(asked) - 1 or SWITCHES.index(switch) == number):
                app.toggle(key=switch).set_value(True)
        app.run(timeout=300)
        _read(app)
    app.run(timeout=300)  # what the last switches brought with them
    _read(app)
    assert all(toggle.value for toggle in app.toggle)
    assert {"all_five"} <= {toggle.key for toggle in app.toggle}


def _read(app):
    assert not app.exception, [fault.value for fault in app.exception]
    for text in texts(app):
        plain = re.sub(r"<[^>]+>|\\", "", text)
        for line in plain.splitlines():
            fault = ILL.search(line.lstrip("- ").rstrip())
            assert fault is None, f"{fault}: {line}"
