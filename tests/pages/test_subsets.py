"""Every page, with any of the sample's files loaded and the others not, opens or says what it needs."""

from functools import cache
from itertools import combinations, product

import pytest

from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import SAMPLE
from pages.shared.cached import OWN
from pages.shared.menu import MENU
from tests.costs import in_the_proof
from tests.pages.conftest import frames, texts

FILES = (
    "cqc_api_locations.jsonl.gz", "cqc_latest_ratings.csv", "emergency_admissions.csv", "resident_days.csv",
    "interventions.csv", "delayed_transfers.csv", "permanent_admissions.csv",
)  # fmt: skip

WHERE = ((0, 2, 4), (1, 2, 3), (0, 1, 2), (0, 3, 4), (1, 3, 4), (0, 1, 4), (2, 3, 4))
"""In which of five subsets each file is: any two are both in one, and admissions, bed-days and interventions never all
three, because a page with all it needs is every other test's."""
ALL_PAIRS = [(), *(tuple(name for name, rows in zip(FILES, WHERE, strict=True) if row in rows) for row in range(5))]
"""Six subsets in which any two files are both there, both missing, and each there without the other."""


@cache
def reading(name):
    return read(name, SAMPLE / name)


def opens_every_page(visit, files):
    store = Store.in_memory()
    for name in files:
        store.load(reading(name))
    for path in MENU:
        app = visit(path, {OWN: store})  # itself fails on a traceback
        assert app.title
        said = " ".join(texts(app))
        assert "**Synthetic data.**" not in said
        assert app.get("vega_lite_chart") or app.metric or app.info or app.error or frames(app), path


@pytest.mark.parametrize(
    "files", [files if n == 0 else in_the_proof(files, name=f"{n}") for n, files in enumerate(ALL_PAIRS)]
)
def test_every_page_opens_or_says_what_it_needs_with_any_two_files(visit, files):
    opens_every_page(visit, files)


@pytest.mark.bench
@pytest.mark.parametrize("there", list(product((True, False), repeat=len(FILES))))
def test_every_page_opens_or_says_what_it_needs_with_every_subset_of_files(visit, there):
    opens_every_page(visit, [name for name, wanted in zip(FILES, there, strict=True) if wanted])


def test_the_six_subsets_hold_every_pair():
    for one, two in combinations(FILES, 2):
        assert len({(one in files, two in files) for files in ALL_PAIRS}) == 4
