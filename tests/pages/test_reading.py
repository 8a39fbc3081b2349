"""Pages are read aloud: headings go down one level at a time, and no two folds of a page are called the same."""

import json
import re
from collections import Counter
from itertools import pairwise

import pytest

from pages.shared.menu import MENU
from tests.evaluation.test_levels import LEVEL, SPAN, plain, untold
from tests.pages.conftest import frames, texts

SMALL = {"supported": "12", "compared": "12", "before": "6", "after": "6"}
"""A study that is soon simulated."""
ALL = {path: {} for path in MENU} | {
    "pages/ratings.py": {"models": "true", "five": "true", "all_five": "true"},
    "pages/planning.py": {"kind": "In waves, other homes compared"} | SMALL,
    "pages/comparison.py": {"match_on": ["size"]},
}
"""Page to the choices that show the most of it, or show it without hours of work."""


def parts(block):
    """Everything on a page in its order."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from parts(child)
        else:
            yield child


@pytest.mark.parametrize("path", ALL)
def test_headings_skip_no_level_and_folds_have_names_of_their_own(seen, path):
    app = seen(path, query=ALL[path])
    levels = [int(part.proto.tag[1]) for part in parts(app.main) if part.type in ("title", "header", "subheader")]
    assert levels[0] == 1
    assert len(levels) > 2
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    named = Counter(fold.label for fold in app.expander)
    assert set(named.values()) <= {1}, named


MONTH = re.compile(r"\b(19|20)\d\d-(0[1-9]|1[0-2])\b")


@pytest.mark.parametrize("path", ALL)
def test_months_are_said_and_not_written_as_a_program_writes_them(seen, path):
    app = seen(path, query=ALL[path])
    read = [text for text in texts(app) if "sha256" not in text]
    chosen = [option for box in (*app.selectbox, *app.multiselect) for option in box.options]
    cells = [str(cell) for frame in frames(app) for column in frame for cell in frame[column]]
    assert [text for text in (*read, *chosen, *cells) if MONTH.search(text)] == []


FIELDS = ("selectbox", "multiselect", "number_input", "checkbox", "toggle", "slider", "text_input", "text_area")


@pytest.mark.parametrize("path", ALL)
def test_every_field_has_a_name_that_says_by_itself_what_it_asks(seen, path):
    """Whoever moves from field to field by keys hears the name alone: "to" is none, nor is one that is used twice."""
    app = seen(path, query=ALL[path])
    named = Counter(field.label for kind in FIELDS for field in getattr(app, kind))
    assert set(named.values()) <= {1}, named
    assert not [name for name in named if len(name) < 4 and name not in ("From", "To")], named


UNSAID = re.compile(
    r"\bCR[0-3]\b|joint test|alike count|counts? alike|\bworst\b|minus £|nothing will have been learn|\be\+\d"
)
"""Codes, and words that are unfair to homes or untrue, on which a commissioner stumbles."""


@pytest.mark.parametrize("path", ALL)
def test_no_sentence_in_the_reader_s_way_is_a_code_or_calls_homes_the_worst(seen, path):
    """Folds hold what an evaluator asks for, by its name in the field."""
    app = seen(path, query=ALL[path])
    folded = {id(part) for fold in app.expander for part in parts(fold)}
    open_ = [part for part in parts(app.main) if id(part) not in folded]
    said = [part.value for part in open_ if part.type in ("markdown", "caption", "info", "warning", "error")]
    said += [part.proto.body for part in open_ if part.type == "html"]
    said += [fold.label for fold in app.expander]
    said += [str(json.loads(part.proto.spec).get("description")) for part in open_ if part.type == "vega_lite_chart"]
    assert len(said) > 3
    assert [text for text in said if UNSAID.search(text) and "StaggeredRates(" not in text] == []


def test_the_protocol_is_wrapped_for_a_box_that_scrolls_could_not_be_scrolled_by_keys(seen):
    (box,) = seen("pages/admissions.py").code
    assert box.proto.wrap_lines


def test_a_month_in_an_address_of_before_is_still_that_month(address_of):
    app = address_of("pages/what_if.py", {"start0": "2024-04", "end0": "2099-01"})
    assert not app.exception
    assert (app.selectbox(key="start0").value, app.selectbox(key="end0").value) == ("2024-04", "no end")


def test_pounds_are_read_with_their_commas_beside_the_field(visit):
    app = visit("pages/targeting.py", query={"budget": "1250000", "cost_home_from": "9000.5"})
    said = [caption.value for caption in app.caption]
    assert "£1,250,000" in said


WITH_INTERVALS = ("app.py", *(f"pages/{name}.py" for name in
                  ("admissions", "ratings", "areas", "doubts", "what_if", "targeting", "planning")))  # fmt: skip


@pytest.mark.parametrize("path", WITH_INTERVALS)
def test_every_page_that_shows_an_interval_says_its_level(seen, path):
    app = seen(path, query=ALL[path])
    headings = [str(name) for frame in frames(app) for name in frame]
    said = plain(" ".join([*texts(app), *headings]))
    assert not SPAN.search(said) or LEVEL.search(said)
    assert untold([plain(text) for text in texts(app) if "\n" not in text]) == []
