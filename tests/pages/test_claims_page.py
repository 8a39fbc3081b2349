"""A claim is typed, and what it is worth is shown beside what is missing; what cannot be is said beside the field."""

import time

import pytest

from analysis import written
from analysis.claims import Claim, appraise
from analysis.sources.evidence import written_beside
from analysis.words import claims as words
from tests.pages.conftest import frames, texts

PAGE = "pages/claims.py"


def field(app, label):
    return next(one for one in (*app.text_input, *app.selectbox) if one.label == label)


def test_a_claim_never_seen_is_typed_and_weighed(visit):
    app = visit(PAGE)
    field(app, "Kind of claim").select("Fewer admissions, in one home or several").run()
    began = time.perf_counter()
    for label, text in (("Per cent fewer (more: −)", "45%"), ("Beds of these homes", "62")):
        field(app, label).input(text).run()
    assert time.perf_counter() - began < 100  # the machine's part of two minutes, on a busy one
    said = " ".join(texts(app))
    assert "45% fewer" in said
    assert "What is left of it" in said
    assert "What it does not say" in [head.value for head in app.header]
    asked = next(frame for frame in frames(app) if "Ask" in frame)["Ask"].tolist()
    assert "How many admissions were there before, and after?" in asked
    assert "How many beds, or residents, do these homes have?" not in asked


@pytest.mark.parametrize(
    ("label", "text", "told"),
    [
        ("Per cent that improved", "163", "Found 163; expected a percentage"),
        ("How many improved", "a few", 'Found "a few"; expected a whole number'),
        ("After: last month", "soon", "expected a month, year first, such as 2019-01."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(visit, label, text, told):
    app = visit(PAGE)
    field(app, label).input(text).run()
    assert any(told in error.value.replace("\\", "") for error in app.error)
    assert not app.exception
    assert not app.header  # no appraisal of what cannot be


def test_more_improved_than_inspected(visit):
    app = visit(PAGE)
    field(app, "How many improved").input("9").run()
    field(app, "Of how many inspected again").input("8").run()
    assert ["more than there were" in error.value for error in app.error] == [True]


@pytest.mark.parametrize("name", written_beside("claims"))
def test_the_headline_claims_are_shown_from_start_to_end(visit, name):
    claim = written.from_text(Claim, written_beside("claims")[name])
    app = visit(PAGE, query={"claim": claim.title})
    said = " ".join(texts(app)).replace("\\", "")
    assert claim.quote in said
    assert words.established(appraise(claim)) in said
    assert words.not_established(appraise(claim)) in said


def test_invented_homes_are_not_heard(visit):
    app = visit(PAGE, query={"claim": title(next(iter(written_beside("claims").values())))})
    table = next(one for one in frames(app) if "Which services" in one)
    assert "The files loaded" not in table["Source"].tolist()


def title(text):
    return written.from_text(Claim, text).title
