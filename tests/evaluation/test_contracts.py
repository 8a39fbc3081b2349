"""What whoever shows an answer may ask for is declared once, is there where it is said to be, and may be missing."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.figures.admissions import figures, source
from analysis.inspections import stored_inspections
from analysis.outcomes import Ratings
from analysis.protocol import Protocol
from analysis.ratings import ObservedExpected
from analysis.ratings.supported import intervention_starts, other_starts
from analysis.results import DIAGNOSTICS, Effects
from tests.areas.test_placebos import MODELS as AREA_MODELS
from tests.areas.test_placebos import drawn

ROOT = Path(__file__).parents[2]
SHOW = ("analysis/words", "analysis/tables", "analysis/charts", "analysis/figures", "analysis/checks", "pages")
DECLARED = {diagnostic.name: diagnostic for diagnostic in DIAGNOSTICS}
ASKED = re.compile(r"""diagnostics?(?:\.get)?[\[(]["'](\w+)["']""")


def test_every_diagnostic_that_is_shown_is_declared():
    asked = {
        name for folder in SHOW for path in (ROOT / folder).rglob("*.py") for name in ASKED.findall(path.read_text())
    }
    assert asked
    assert asked <= set(DECLARED)


def filled(model: str) -> set[str]:
    return {name for name, diagnostic in DECLARED.items() if model in diagnostic.filled_by}


def holds(effects: Effects, model: str) -> None:
    """Say that a model fills what is declared of it, with the columns that may be relied on."""
    for name in filled(model):
        found = effects.diagnostics.get(name)
        if found is None:  # of a method of several that this one is not
            continue
        assert set(DECLARED[name].columns) <= {*map(str, found.columns)} or found.empty, name


@pytest.fixture(scope="module")
def ward_round(sample_store):
    text = 'checks = []\n[intervention]\nname = "weekly_ward_round"\n[model]\npermutations = 19\n'
    return evaluate(Protocol.read(text), sample_store)


def test_the_models_fill_what_is_declared_of_them(ward_round, shipped):
    holds(ward_round.effects, "StaggeredRates")
    assert filled("StaggeredRates") <= set(ward_round.effects.diagnostics)
    found = shipped("manager_training")
    names = {"observed_expected": "ObservedExpected", "next_rating": "NextRating", "multi_state": "MultiState"}
    for method, effects in found.answers.items():
        holds(effects, names[method])
    panel, design, _ = drawn()
    for model in AREA_MODELS[:2]:
        holds(model.fit(panel, design), type(model).__name__)


def test_a_diagnostic_that_is_not_there_is_a_frame_without_rows():
    bare = Effects(tables={}, summary={}, cells=pd.DataFrame())
    for name, diagnostic in DECLARED.items():
        assert list(bare.diagnostic(name).columns) == list(diagnostic.columns)
        assert bare.diagnostic(name).empty
    assert bare.tidy("cohort").empty


@pytest.mark.bench
def test_no_model_that_leaves_a_diagnostic_out_makes_a_page_fail(ward_round):
    """Each left out in turn: what is shown of it is not shown, and nothing else is missing."""
    given = ward_round.answers["staggered_rates"]
    whole = [figure.title for figure in figures(ward_round, source(ward_round, "x"))]
    for name in [*filled("StaggeredRates"), "all of them"]:
        left = {} if name == "all of them" else {k: v for k, v in given.diagnostics.items() if k != name}
        found = replace(ward_round, answers={"staggered_rates": replace(given, diagnostics=left)})
        shown = [figure.title for figure in figures(found, source(found, "x"))]
        assert set(shown) <= set(whole)
        assert shown[0] == "The answer"


def test_what_counts_alike_is_a_field_and_exposure_carries_its_unit(ward_round):
    effects = ward_round.published
    assert (effects.average, effects.exposure_unit) == ("exposure", "bed-days")
    assert all("estimand" not in path.read_text() for path in (ROOT / "analysis" / "words").glob("*.py"))


def test_the_door_finds_of_ratings_what_the_page_does(sample_store):
    """The same comparison asked for as the Ratings page asks: each number."""
    plan = Plan(intervention="manager_training")
    protocol = Protocol(plan=plan, outcome=Ratings(), methods=("observed_expected",), checks=())
    found = evaluate(protocol, sample_store).published
    started, others = (which(sample_store, "manager_training") for which in (intervention_starts, other_starts))
    asked = ObservedExpected().fit(stored_inspections(sample_store), started, others)
    for by in ("overall", "subgroup"):
        pd.testing.assert_frame_equal(found.tidy(by), asked.tidy(by))
    assert found.notes == asked.notes
