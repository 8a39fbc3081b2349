"""Pages are opened as a visitor opens them who was sent the address: in a session of their own, through app.py."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import Evaluation, evaluate
from analysis.protocol import Protocol
from pages.shared import answer, steps

ROOT = Path(__file__).resolve().parents[2]


def texts(app):
    """Everything a page says in words; tables are `frames`."""
    said = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success]
    laid = [element.proto.body for element in app.main.get("html")]
    return [element.value for element in said] + [as_read(body) for body in laid if "<table>" not in body]


def as_read(html):
    """Take the words out of what is laid out with tags."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL)).split())


CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>")
WHOLE = re.compile(r"-?\d{1,3}(,\d{3})*")


def frames(app):
    """Every table of a page in order: those that are searched, and those that are read, their whole numbers as such."""
    return [table for part in _parts(app.main) if (table := _table(part)) is not None]


def _parts(block):
    for child in block.children.values():
        yield from _parts(child) if hasattr(child, "children") else (child,)


def _table(part):
    if part.type == "dataframe":
        return part.value
    return laid_out(part.proto.body) if part.type == "html" and "<table>" in part.proto.body else None


def laid_out(html):
    """Take a table out of what is laid out with tags."""
    head, *rows = ([unescape(cell) for cell in CELL.findall(row)] for row in re.findall(r"<tr>(.*?)</tr>", html))
    table = pd.DataFrame(rows, columns=head)
    whole = [name for name in table if table[name].map(lambda cell: bool(WHOLE.fullmatch(cell))).all()]
    return table.assign(**{name: table[name].str.replace(",", "").astype(int) for name in whole})


def drawn(app):
    """Every data set behind the page's charts."""
    sets = [data for chart in app.get("vega_lite_chart") for data in chart.proto.datasets]
    return [pa.ipc.open_stream(data.data.data).read_pandas() for data in sets]


def refused(app, key, value):
    """What a page says is wrong once a number is written into its field; the next run has the number before again."""
    field = app.number_input(key=key)
    before = field.value
    field.set_value(value).run()
    assert not app.exception
    app.number_input(key=key).set_value(before)
    return [error.value.replace("\\", "").replace("\u2060", "") for error in app.error]  # without escapes and joiners


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Curves over other plans are simulated less often than on the page, the plan itself as there."""
    whole = steps.simulated

    def few(data, studies, ratios, sims, *, name):
        return whole(data, studies, ratios, sims if name == "Your plan" else 40, name=name)

    monkeypatch.setattr(steps, "simulated", few)  # curves alone are thinner; `test_power` holds simulations
    monkeypatch.setattr(answer, "while_read", lambda work: None)  # a click not made: beside a test it takes its time


@pytest.fixture(scope="session")
def components():
    """What AppTest finds out about installed packages: half a second of work, the same for every app."""
    return {}


@pytest.fixture
def visit(monkeypatch, components):
    """Open a page in a new session; a path such as "pages/data.py"."""
    monkeypatch.delenv("HOMEWARD_STORE", raising=False)

    def page(path="app.py", session=None, query=None):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        vars(app).update(components)
        for name, value in (session or {}).items():
            app.session_state[name] = value
        for name, value in (query or {}).items():
            app.query_params[name] = value
        if path != "app.py":
            app.switch_page(path)
        app.run()
        components.update({name: value for name, value in vars(app).items() if name == "_bidi_component_manager"})
        assert not app.exception
        return app

    return page


@pytest.fixture(scope="session")
def drawn_once():
    """Pages as they open, by their path and the choices in their address."""
    return {}


@pytest.fixture
def seen(visit, drawn_once):
    """Open a page that is only read: once for all tests that do."""

    def page(path="app.py", query=None):
        asked = path, repr(query or {})
        if asked not in drawn_once:
            drawn_once[asked] = visit(path, query=query)
        return drawn_once[asked]

    return page


@pytest.fixture
def address_of(monkeypatch, components):
    """Open a page by an address with choices in it, in a new session; the page may say what is wrong with them."""
    monkeypatch.delenv("HOMEWARD_STORE", raising=False)

    def page(path, choices):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        vars(app).update(components)
        app.query_params.update(choices)
        app.switch_page(path)
        return app.run()

    return page


@pytest.fixture(scope="session")
def evaluated(sample_store):
    """Carry a protocol out on the sample, each once."""

    @cache
    def once(text: str) -> Evaluation:
        return evaluate(Protocol.read(text), sample_store)

    return lambda protocol: once(protocol.to_toml())
