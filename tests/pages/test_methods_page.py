"""Every method is told whole; what is said of the proofs is what their tables hold."""

import pandas as pd
import pytest

from analysis.charts.sketches import SKETCHES
from analysis.figures import methods, proof
from analysis.sources.proofs import BENCH
from analysis.words.methods import METHODS
from analysis.words.terms import TERMS, terms_in
from pages.shared.menu import MENU
from tests.pages.conftest import frames


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_told_whole(name):
    told = METHODS[name]
    assert f"pages/{told.page}.py" in MENU
    assert told.supposes and told.not_when and told.formula and told.source
    first, supposes, not_when = methods.about(told)
    assert first.sentence.startswith(told.asks)
    assert first.chart.to_dict()["description"].endswith(".")
    assert supposes.notes == told.supposes and not_when.notes == told.not_when
    assert told.sketch in SKETCHES


def test_what_is_said_of_the_proofs_is_in_their_tables(seen):
    shown = next(frame for frame in frames(seen("pages/methods.py")) if "Ought to be" in frame)
    size = pd.read_csv(BENCH / "size.csv")["covers_pct"]
    row = shown.set_index("Table").loc["bench/size.csv"]
    assert row["Found in"] == f"{size.min():.3g}% to {size.max():.3g}%"
    assert row["Worlds or settings"] == size.notna().sum()
    told = next(iter(figure for figure in proof.figures() if figure.title.startswith("What was wrong")))
    rows = sum(len(pd.read_csv(file)) for file in (BENCH / "mended").glob("*.csv"))
    assert told.sentence.startswith(f"{rows:,} faults")


def test_doubts_that_miss_are_named_with_how_often_each_speaks():
    """Brute force from the stored table, and a table made up in which one doubt misses and another comforts."""
    table = pd.read_csv(BENCH / "doubts.csv")
    told = next(figure for figure in proof.figures() if figure.title == "How often each doubt speaks")
    rows = told.tables[0].tidy.set_index(["question", "doubt"])
    assert len(rows) == len(table[["question", "doubt"]].drop_duplicates())
    for (question, doubt), row in rows.iterrows():
        part = table[(table["question"] == question) & (table["doubt"] == doubt) & (table["speaks"] == "yes")]
        assert row["concern"].startswith(f"{part['concern_pct'].min():.3g}%")
    made_up = pd.DataFrame({
        "question": "ratings", "doubt": ["misses", "comforts", "speaks", "speaks"], "worlds": 25,
        "speaks": ["yes", "yes", "yes", "no"], "concern_pct": [60.0, 84.0, 99.0, 6.0], "error_pct": 8.0,
        "no_concern_pct": [4.0, 16.0, 0.0, 90.0],
    })  # fmt: skip
    silent, comforted, few = proof.doubts(made_up).notes
    assert "misses (ratings)" in silent and "comforts" not in silent
    assert "comforts (ratings)" in comforted and "misses" not in comforted
    assert "none speaks in more than 6%" in proof.doubts(made_up).sentence and "(25)" in few


def test_a_word_is_explained_where_it_is_used_first():
    said = "20% fewer (95% interval: 10% to 29%) per bed-day."
    assert [*terms_in(said)] == ["95% interval", "bed-day"]
    assert [*terms_in(said, known=["bed-day"])] == ["95% interval"]
    assert all(meaning.endswith(".") for meaning in TERMS.values())


def test_a_page_explains_a_word_once(seen):
    folds = [html.proto.body for html in seen("pages/admissions.py").main.get("html") if "hw-terms" in html.proto.body]
    asked = [term for fold in folds for term in TERMS if f"<strong>{term[:1].upper()}{term[1:]}.</strong>" in fold]
    assert len(asked) == len(set(asked)) >= 2
