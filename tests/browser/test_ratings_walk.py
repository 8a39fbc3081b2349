"""Every real council, and all of them, over every choice of the Ratings page in a real browser: nothing reads ill.

`HOMEWARD_WALKED=folder pytest -m bench -n 0 tests/browser/test_ratings_walk.py` also writes down every sentence that
was read, with the choices under which it first stood there, and pictures of the usual page at both widths.
"""

import gzip
import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.inspections import spells_of, stored_inspections
from analysis.sources import read as read_file
from analysis.store import Store
from tests.browser import hands
from tests.browser.pairs import covering, varied
from tests.browser.server import serving
from tests.pages.test_ratings_of_councils import EVERYWHERE, ILL, SOUTH_WEST

pytestmark = [pytest.mark.realdata, pytest.mark.browser, pytest.mark.bench]

LATEST, ISLAND = "cqc_latest_ratings_2021-02.csv", "Isle of Wight"
COUNCILS = ("Torbay", "Plymouth", "Somerset", "Devon", EVERYWHERE, ISLAND)
DAY = pd.Timestamp("2018-04-01")
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
SINCE = ("April 2018", "July 2016", "January 2020")
"""Of the months offered, all others alike: the one of the files, an early and a late one."""
OFF, ON = "off", "on"
LISTS = ("question", "services", "supported", "alongside", "since", "origin", "area", "dated")
IN_A_FOLD = ("models", "doubted", "placebos", "five", "told")
SWITCHES = (*IN_A_FOLD, "all_five")
EVERY_TENTH = 10
"""Of homes, made homecare agencies where there would otherwise be no choice of services; of cells, at 390."""


@pytest.mark.parametrize("council", COUNCILS)
def test_every_choice_of_the_page_reads_well(council, realdata, tmp_path, tab):
    path, homes = stored(council, realdata, tmp_path)
    with serving(HOMEWARD_STORE=str(path)) as address:
        page = tab(width=WIDE["width"], height=WIDE["height"])
        page.goto(f"{address}/ratings")
        hands.still(page)
        book = Book(council)
        book.pictured(page)
        choices = offered(page, homes)
        cells = [*varied(choices), *covering(choices)]
        for number, cell in enumerate(cells):
            page.set_viewport_size(NARROW if number % EVERY_TENTH == EVERY_TENTH - 1 else WIDE)
            set_to(page, cell, homes)
            book.hold(hands.read(page), cell)
            book.written(choices, number + 1)
        assert not book.faults, "\n".join(book.faults)


def stored(council, realdata, folder):
    """Make the council's store: its file, support in half of the homes below Good, training in some and in others.

    The list of homes holds all below Good, so that in small councils none is left to compare with.
    """
    path = folder / "council.duckdb"
    store, file = Store(path), _file(council, realdata, folder)
    store.load(read_file(file.name, file))
    known = stored_inspections(store)
    frame = spells_of(known).frame
    low = frame.loc[(frame["start"] <= DAY) & (frame["end"] > DAY) & (frame["rating"] < "Good"), "home"]
    if low.empty:  # a file of latest ratings holds no day before the last
        low = frame.loc[frame["rating"] < "Good", "home"]
    homes, half = [*low.head(20)], [*low.iloc[::2].head(20)]
    others = [*frame.loc[~frame["home"].isin(low), "home"].unique()[:12]]
    rows = [(home, "support", "2018-04-01", "rated below Good") for home in half]
    rows += [(home, "manager_training", "2018-09-01", "") for home in [*homes[::4], *others]]
    table = pd.DataFrame(rows, columns=["location_id", "intervention", "start", "chosen_by"])
    table.to_csv(folder / "interventions.csv", index=False)
    store.load(read_file("interventions.csv", folder / "interventions.csv"))
    store.close()
    return path, homes


def _file(council, realdata, folder):
    if council == ISLAND:
        rows = pd.read_csv(realdata / LATEST, dtype=str)
        rows = rows.loc[rows["Location Local Authority"] == ISLAND]
        rows.loc[rows["Location ID"].isin(rows["Location ID"].unique()[::EVERY_TENTH]), "Care Home?"] = "N"
        rows.to_csv(folder / "island.csv", index=False)
        return folder / "island.csv"
    with gzip.open(realdata / SOUTH_WEST, "rt", encoding="utf-8") as lines:
        own = [json.loads(line) for line in lines]
    own = [home for home in own if council in (EVERYWHERE, home["localAuthority"])]
    if council == COUNCILS[0]:
        own = [home | ({"careHome": "N"} if n % EVERY_TENTH == 0 else {}) for n, home in enumerate(own)]
    (folder / "council.jsonl").write_text("\n".join(map(json.dumps, own)), encoding="utf-8")
    return folder / "council.jsonl"


def offered(page, homes):
    """Give every choice of the page with its values, the usual one first."""
    hands.choose(page, "supported", "A list of homes")
    hands.write(page, "homes", "\n".join(homes))
    found = {key: hands.options(page, key) for key in LISTS}
    found["since"] = [month for month in SINCE if found["since"] and hands.offers(page, "since", month)]
    found["area"] = [*found["area"][:3], *found["area"][-1:]] if len(found["area"]) > 3 else found["area"]
    found["supported"].sort(key=lambda name: name != "support")
    lists = {key: [*dict.fromkeys(values)] for key, values in found.items() if values}
    return lists | {key: [OFF, ON] for key in SWITCHES}


def set_to(page, cell, homes):
    """Make the page's choices those of a cell; those that are not asked under the others are passed over."""
    hands.unfold(page, "Other methods")
    for key in ("services", "question", "supported"):
        if key in cell and page.locator(f".st-key-{key}").count():
            hands.choose(page, key, cell[key])
    if page.locator(".st-key-homes").count() and not page.locator(".st-key-homes textarea").input_value():
        hands.write(page, "homes", "\n".join(homes))
    for key in LISTS[3:]:
        if key in cell and page.locator(f".st-key-{key}").count():
            hands.choose(page, key, cell[key])
    for key in SWITCHES:
        if page.locator(f".st-key-{key}").count():
            hands.switch(page, key, cell[key] == ON)


class Book:
    """What was read: each sentence with the choices under which it first stood there, and what is wrong with any."""

    def __init__(self, council):
        self.council, self.said, self.faults = council, {}, []
        walked = os.environ.get("HOMEWARD_WALKED")
        self.folder = Path(walked) if walked else None

    def hold(self, seen, cell):
        """Hold what was read under a cell against what no page may say."""
        choices = ", ".join(f"{name} {value}" for name, value in cell.items())
        if seen["faults"]:
            self.faults.append(f"an error under {choices}")
        if seen["wide"] > 0:
            self.faults.append(f"{seen['wide']} pixels too wide under {choices}")
        for line in [*seen["words"], *seen["pictures"], *seen["rows"]]:
            plain = line.strip()
            if plain and plain not in self.said:
                self.said[plain] = choices
                if fault := ILL.search(re.sub(r"^- ", "", plain.replace(" |  | ", " | ").removesuffix(" |"))):
                    self.faults.append(f"{fault}: {plain} (under {choices})")

    def pictured(self, page):
        """Keep pictures of the usual page at both widths."""
        if self.folder is None:
            return
        self.folder.mkdir(exist_ok=True, parents=True)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size | {"height": 9000})
            hands.still(page)
            page.wait_for_timeout(1500)
            page.screenshot(path=str(self.folder / f"{self.council} {size['width']}.png"))
        page.set_viewport_size(WIDE)

    def written(self, choices, cells):
        """Write it all down."""
        if self.folder is None:
            return
        told = [f"{name}: {len(values)} ({', '.join(values)})" for name, values in choices.items()]
        lines = [
            f"{self.council}: {cells} pages",
            *told,
            "",
            *(f"{line}   [{under}]" for line, under in self.said.items()),
        ]
        (self.folder / f"{self.council}.txt").write_text("\n".join(lines), encoding="utf-8")
