"""A county of a few homes of which little is known but admissions and bed-days: every page has something to say.

What cannot be said there is said to be so; no page is an error, and none is nothing but one.
"""

import numpy as np
import pytest

from analysis.sources import read
from analysis.store import Store
from pages.shared.cached import OWN
from pages.shared.menu import MENU
from tests.costs import in_the_proof
from tests.pages.conftest import frames, texts

COUNTIES = [(3, 1, 5.0), in_the_proof(12, 5, 2.0, name="twelve"), in_the_proof(8, 1, 9.0, name="one with it"),
            in_the_proof(30, 15, 0.4, name="rare")]  # fmt: skip
"""Homes, how many of them had it, and admissions a month."""
MAY_NOT_LOCK = {"pages/plan.py"}
"""Asks for two years before the start, and says so as it says whatever is wrong with a plan."""


@pytest.fixture
def county(tmp_path):
    def made(homes, treated, rate):
        draw, rows = np.random.default_rng(1), ["location_id,name,month,admissions,bed_days,start_month"]
        for home in range(homes):
            level, start = rate * draw.lognormal(0, 0.5), f"{2019 + home % 2}-0{1 + home % 3}" if home < treated else ""
            rows += [
                f"1-1000{home:04d},Home {home},{month},{draw.poisson(level)},{600 + 30 * home},{start}"
                for month in np.arange("2018-01", "2021-01", dtype="datetime64[M]").astype(str)
            ]
        file = tmp_path / "ready.csv"
        file.write_text("\n".join(rows) + "\n", "utf-8")
        store = Store.in_memory()
        store.load(read(file.name, file))
        return store

    return made


@pytest.mark.parametrize(("homes", "treated", "rate"), COUNTIES)
def test_every_page_has_something_to_say(visit, county, homes, treated, rate):
    store = county(homes, treated, rate)
    for path in MENU:
        app = visit(path, {OWN: store})
        assert path in MAY_NOT_LOCK or not [error.value for error in app.error], path
        assert len(" ".join(texts(app))) > 200, path
        assert app.get("vega_lite_chart") or app.metric or app.info or app.error or frames(app), path
