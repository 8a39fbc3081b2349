"""Names in files are text, whatever they contain: on every page, in every download, in a written answer, at a terminal.

What is looked for is what would act: raw markup in a place that Markdown reads. Options of lists, tables, charts and
text fields show text as it stands.
"""

import csv
import io
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from analysis import sources
from analysis.cli import main
from analysis.sources import escaped
from analysis.store import Store
from pages.shared.own_files import OWN
from pages.shared.showing import as_text
from tests.costs import in_the_proof

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
SIGNS = ("www.evil.example", ":material/home:", ":smile:", "$x^2$", "`code`", "[x](http://evil.example)", "<b>bold</b>",
         "![y](http://evil.example/i.png)", "https://evil.example", "me@evil.example", "~~gone~~", "**loud**",
         ":red[alarm]")  # fmt: skip
HOSTILE = "Elm " + " ".join(SIGNS)
ALSO = "=HYPERLINK(\u202e\x1b[31m) "
"""What a spreadsheet would run, what turns the direction of writing, and what colours a terminal."""
PAGES = ["app.py", *(f"pages/{name}.py" for name in
         ("admissions", "ratings", "areas", "what_if", "targeting", "planning", "data"))]  # fmt: skip
EVERY_RUN = ("pages/data.py",)
READ_AS_MARKDOWN = ("markdown", "caption", "header", "subheader", "title", "info", "warning", "error", "success")


def hostile(name: str) -> bytes:
    """Give a file of the sample with names of homes, providers, councils and interventions that act."""
    told = (SAMPLE / name).read_text(encoding="utf-8").replace("weekly_ward_round", f"weekly round {HOSTILE}")
    rows = list(csv.reader(io.StringIO(told)))
    named = [k for k, head in enumerate(rows[0]) if head in NAMED]
    for row in rows[1:]:
        for k in named:
            row[k] = f"{ALSO}{HOSTILE} {row[k]}"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


NAMED = ("Location Name", "Provider Name", "Location Local Authority", "area_name", "Geographical Description")
FILES = ("cqc_latest_ratings.csv", "delayed_transfers.csv", "permanent_admissions.csv", "emergency_admissions.csv",
         "resident_days.csv", "interventions.csv")  # fmt: skip


def loaded(store):
    """Load files with hostile names."""
    for name in FILES:
        store.load(sources.read(name, hostile(name)))
    return store


@pytest.fixture(scope="module")
def own():
    return {OWN: loaded(Store.in_memory())}


def acting(text: str) -> list[str]:
    return [sign for sign in SIGNS if sign in text]


@pytest.mark.parametrize("page", [page if page in EVERY_RUN else in_the_proof(page, name=page) for page in PAGES])
def test_no_page_makes_anything_of_a_name(page, own, visit):
    app = visit(page, own)
    said = [element.value for kind in READ_AS_MARKDOWN for element in getattr(app, kind)]
    labels = [element.label for kind in LABELLED for element in getattr(app, kind) if element.label]
    labels += [block.proto.expandable.label for block in app.get("expandable")] + [tab.label for tab in app.tabs]
    helps = [element.proto.help for kind in LABELLED for element in getattr(app, kind) if element.proto.help]
    for words in (*said, *labels, *helps):
        assert not acting(words), words
        assert "\u202e" not in words and "\x1b" not in words
    html = "".join(element.proto.body for element in app.main.get("html"))
    assert "<b>" not in html and "\x1b" not in html


LABELLED = (
    "selectbox",
    "multiselect",
    "radio",
    "checkbox",
    "button",
    "text_input",
    "number_input",
    "text_area",
    "metric",
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("write", [escaped, as_text])
def test_markdown_makes_text_of_what_is_written(sign, write):
    """Read by another program: nothing but text comes of it, and what is read is what was meant."""
    words = f"Elm {sign} House"
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(write(words))
    assert not re.search(r"<(?!/?p>)", html), html
    read = re.sub(r"</?p>", "", html).strip().replace("\u2060", "")
    assert read.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&") == words
    assert not acting(write(words))


@pytest.mark.bench
def test_a_written_answer_and_downloads_hold_names_as_text(tmp_path, capsys):
    store = loaded(Store(tmp_path / "hostile.duckdb")).path
    (tmp_path / "p.toml").write_text(f"[intervention]\nname = '''weekly round {HOSTILE}'''\n", encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "p.toml"), "--store", str(store), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err and "\u202e" not in told.out + told.err
    answer = (tmp_path / "out" / "answer.md").read_text(encoding="utf-8")
    assert "Elm" in answer
    assert not acting(answer)
    for path in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)
            assert not any("\x1b" in cell or "\u202e" in cell for cell in row)
