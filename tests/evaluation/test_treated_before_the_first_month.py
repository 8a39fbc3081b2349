"""Homes treated from or before their first month: said so, counted once, and no other start months asked for."""

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.design import NEVER, TREATED_BEFORE, Plan, design_from
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel

MODEL = StaggeredRates(subgroups=(), permutations=99, leads=3)


def spells(panel: Panel, start: np.ndarray, before: str = "2019-06-01") -> pd.DataFrame:
    """Homes by their start; −2 stands for one long before the panel."""
    day = panel.months.astype("datetime64[s]")
    had = start != NEVER
    started = [pd.Timestamp(before) if s == -2 else pd.Timestamp(day[s]) for s in start[had]]
    return pd.DataFrame({"unit": panel.units.index[had], "intervention": "round", "started": started})


def evaluated(panel: Panel, start: np.ndarray) -> Evaluation:
    plan = Plan(intervention="round")
    design = design_from(panel, spells(panel, start), plan)
    protocol = Protocol(plan=plan, checks=())
    effects = MODEL.fit(panel, design)
    name = protocol.methods[0]
    return Evaluation(
        protocol=protocol, observed=panel, shown=panel, spells=spells(panel, start), design=design,
        models={name: MODEL}, answers={name: effects}, unanswered={}, provenance={},
    )  # fmt: skip


@pytest.fixture(scope="module")
def panel() -> Panel:
    return simulate_panel(PanelSpec(n_homes=24, starts=(12,)), 5)[0]


@pytest.fixture(scope="module")
def start() -> np.ndarray:
    """Six treated before or from the first month, and waves in months 10, 16 and 22; nobody never."""
    return np.array([-2, -2, -2, 0, 0, 0] + [10] * 6 + [16] * 6 + [22] * 6)


def ratio(evaluation: Evaluation) -> float:
    tidy = evaluation.effects.tidy()
    return float(tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0])


def test_the_answer_is_that_without_those_homes(panel, start):
    rest = Panel.from_frame(panel.tidy().loc[lambda rows: rows["unit"].isin(panel.units.index[6:])])
    assert ratio(evaluated(panel, start)) == pytest.approx(ratio(evaluated(rest, start[6:])), rel=1e-9)


def test_the_account_counts_them_once_and_by_the_true_cause(panel, start):
    found = evaluated(panel, start)
    account = found.account()
    left = account[account["what"] == "left out"]
    assert left.loc[left["why"] == TREATED_BEFORE, ["homes", "home_months"]].values.tolist() == [[6, 6 * 36]]
    assert not left["why"].str.contains("bed-days").any()
    assert account.loc[account["what"].isin(["used", "left out"]), "home_months"].sum() == (panel.exposure > 0).sum()
    assert any(note.startswith("6 homes left out: treated before the first month") for note in found.effects.notes)
    assert found.effects.diagnostics["dropped"]["reason"].unique().tolist() == [TREATED_BEFORE]


def test_months_without_any_home_left_to_compare_say_that(panel, start):
    notes = " ".join(evaluated(panel, start).effects.notes)
    assert "by then no home was left without it to compare with" in notes
    assert "had any admission to compare with" not in notes


def test_homes_still_to_start_are_counted_as_comparison(panel, start):
    """The waves of months 16 and 22 serve while that of month 10 is treated; the first wave serves nobody."""
    summary = evaluated(panel, start).effects.summary
    assert (summary["n_treated"], summary["n_comparison"], summary["not_yet_treated"]) == (12, 12, 12)
    never = np.where(start == 22, NEVER, start)
    summary = evaluated(panel, never).effects.summary
    assert (summary["n_treated"], summary["n_comparison"], summary["not_yet_treated"]) == (12, 12, 6)
    once = np.where(start > 0, np.where(start == 10, 10, NEVER), start)
    summary = evaluated(panel, once).effects.summary
    assert (summary["n_treated"], summary["n_comparison"], summary["not_yet_treated"]) == (6, 12, 0)


def test_treated_from_the_first_month_is_not_told_to_check_the_start_months(panel, start):
    all_at_once = np.where(start <= 0, start, NEVER)
    with pytest.raises(AnalysisError) as refused:
        evaluated(panel, all_at_once)
    assert "6 homes: treated before the first month" in str(refused.value)
    assert "Add months before the start" in str(refused.value)
    assert "Check the start months" not in str(refused.value)
