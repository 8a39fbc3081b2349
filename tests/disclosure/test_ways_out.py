"""Every way out of a store stands in one table, with what it is worked out from and the test that attacks it.

A new page, command or figure that is not in `bench/ways_out.csv` fails here: whoever adds it says what it lets out, and
attacks it.
"""

from functools import cache
from itertools import islice

import pandas as pd
import pytest

from analysis.cli import command_line
from analysis.figures import comparison, weighed
from analysis.figures.figure import Source
from analysis.specifications import choices
from tests.disclosure.test_twins import asked_of, drawn, panel_of, twins
from tests.house.test_house import ROOT

__all__ = ["drawn"]
NO_WAY_OUT = {"__init__", "figure", "level", "markdown", "of_plans", "period", "plans", "ready"}
"""Modules of `analysis.figures` that say how figures are made, and show none of their own."""
COUNTING = (
    "analysis.panel",
    "analysis.evaluation",
    "analysis.baseline",
    "analysis.plans",
    "material(",
    'table("admission',
)


@cache
def table():
    return pd.read_csv(ROOT / "bench" / "ways_out.csv", dtype=str, keep_default_na=False)


def ways(kind):
    return sorted(table().loc[table()["kind"] == kind, "way"])


def test_every_page_command_and_figure_stands_in_the_table():
    assert ways("page") == ["app.py", *sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))]
    [commands] = [action.choices for action in command_line()._actions if action.choices]
    assert ways("command") == sorted(commands)
    figures = {path.stem for path in (ROOT / "analysis" / "figures").glob("*.py")}
    assert ways("figures") == sorted(figures - NO_WAY_OUT)


def test_each_says_what_it_lets_out_and_names_a_test_that_is_there():
    assert (table() != "").all(axis=None)
    for test in set(table()["attack"]):
        file, _, name = test.partition("::")
        assert (ROOT / file).exists(), test
        assert f"def {name}(" in (ROOT / file).read_text("utf-8") if name else True, test


def test_the_table_of_attacks_has_none_recovered_with_the_rule_and_some_wherever_a_part_of_it_is_off():
    told = (ROOT / "bench" / "attacks.md").read_text("utf-8").split("# What each attack gave before")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in told.splitlines() if line[:1] == "|"]
    found = pd.DataFrame(rows[2:], columns=rows[0]).astype(dict.fromkeys(rows[0][3:], int))
    on = found["rule"] == "on"
    assert on.sum() >= 7 and (found.loc[on, "counts tried"] >= 120).all()
    assert not found.loc[on, ["known exactly", "to fewer than 5 numbers"]].any(axis=None)
    assert (found.loc[~on, "to fewer than 5 numbers"] > 0).all()
    assert found.groupby("in")["rule"].agg(lambda rules: {"on"} < set(rules)).all()


@pytest.mark.parametrize(
    "file", ["pages/evidence.py", "analysis/figures/evidence.py", "analysis/figures/base_rates.py"]
)
def test_what_reads_no_admissions_cannot_tell_of_them(file):
    said = (ROOT / file).read_text("utf-8")
    assert not [part for part in COUNTING if part in said]


# What Comparison and Verdict show is worked out from the bands alone.


def told(panel, spells, curve):
    evaluation, source = (
        asked_of(panel, spells, {"checks": ["how_chosen", "stood_out", "outlasting"]}),
        Source(origin=""),
    )
    made = [*islice(comparison.figures(evaluation, source), 3 if curve else 2), comparison.unmeasured(evaluation)]
    made += weighed.figures(evaluation, evaluation.checks)
    for figure in made:
        yield figure.title, figure.headline, figure.sentence, figure.notes, figure.warning
        yield [table.csv(source) for table in figure.tables], figure.chart and figure.chart.to_json()


@pytest.mark.parametrize(
    "curve", [False, pytest.param(True, marks=pytest.mark.bench)], ids=["without the curve", "with the curve"]
)
def test_comparison_and_verdict_of_homes_in_the_same_bands_are_the_same(drawn, monkeypatch, curve):
    monkeypatch.setattr(choices, "ENDS", choices.ENDS[:2])
    monkeypatch.setattr(choices, "ANTICIPATED", (0,))
    panel, spells = drawn
    given = list(told(panel, spells, curve))
    counts = list(twins(panel, spells))[-1]
    assert list(told(panel_of(counts, panel.exposure), spells, curve)) == given
    assert len(given) > 8
