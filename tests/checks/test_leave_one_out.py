"""Leaving one out: against fits made without it, where one home carries the answer and where none does."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.leaving import leaving
from analysis.checks.leave_one_out import leave_one_out
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=40, n_months=36, starts=(18,) * 6 + (22,) * 6, shock_sd=0.1)


def ratio(panel: Panel, design: Design) -> float:
    tidy = MODEL.fit(panel, design).tidy()
    return float(tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0])


def without(panel: Panel, design: Design, out: np.ndarray) -> float:
    return ratio(panel, replace(design, included=design.included & ~out[:, None]))


def examined(panel: Panel, design: Design, effects: Effects | None = None):
    return leave_one_out(on(panel, design, MODEL, effects or MODEL.fit(panel, design)))


def carried(seed: int) -> tuple[Panel, Design]:
    """A panel in which one large home with the intervention loses nine tenths of its admissions, and no other any."""
    panel, truth = simulate_panel(SPEC, seed)
    home = int(np.flatnonzero(truth.start != NEVER)[0])
    exposure, after = panel.exposure.copy(), np.arange(36) >= truth.start[home]
    exposure[home] *= 15 * exposure.mean() / exposure[home].mean()
    rate = panel.counts.sum() / panel.exposure.sum()
    counts = panel.counts.copy()
    counts[home] = np.random.default_rng(seed).poisson(2 * rate * exposure[home] * np.where(after, 0.1, 1.0))
    return replace(panel, counts=counts, exposure=exposure, digest=""), truth.design()


def test_what_is_told_are_fits_without_each_and_the_furthest_of_all():
    panel, truth = simulate_panel(SPEC, 4)
    design = truth.design()
    table = examined(panel, design).table.query("left_out == 'home'")
    homes = np.arange(40)
    every = np.array([without(panel, design, homes == home) for home in homes])
    assert table["estimate"].min() == pytest.approx(every.min(), abs=0.0051)
    assert table["estimate"].max() == pytest.approx(every.max(), abs=0.0051)


def test_a_start_left_out_is_a_fit_without_its_homes():
    panel, truth = simulate_panel(SPEC, 4)
    design = truth.design()
    table = examined(panel, design).table.query("left_out == 'start'").set_index("which")["estimate"]
    for start in (18, 22):
        assert table[f"{pd.Timestamp(panel.months[start]):%B %Y}"] == pytest.approx(
            without(panel, design, design.start == start), abs=0.0051
        )


@pytest.mark.bench
def test_first_order_finds_who_moves_the_answer():
    panel, truth = simulate_panel(SPEC, 6)
    fit = leaving(MODEL, panel, truth.design())
    exact = np.array([np.log(ratio(panel, truth.design()) / fit.without(np.arange(40) == home)) for home in range(40)])
    assert np.corrcoef(exact, fit.moved)[0, 1] > 0.9  # sorts them; what is told is fitted


def test_one_home_that_carries_the_answer_is_a_concern():
    check = examined(*carried(1))
    assert check.passed is False
    assert "the answer rests on it" in check.reading


@pytest.mark.parametrize("effect", [0.0, -0.4])
def test_an_answer_of_many_homes_is_none(effect):
    panel, truth = simulate_panel(replace(SPEC, effect=(effect,)), 2)
    check = examined(panel, truth.design())
    assert check.passed is True
    assert "does not hang on one of them" in check.reading


def test_one_home_with_the_intervention_says_so():
    panel, truth = simulate_panel(replace(SPEC, starts=(18,)), 2)
    check = examined(panel, truth.design())
    assert check.passed is None
    assert check.reading.startswith("Only one home")


def test_where_all_start_in_the_end_those_not_yet_are_compared():
    panel, truth = simulate_panel(PanelSpec(n_homes=12, n_months=36, starts=tuple(range(12, 36, 2))), 2)
    assert examined(panel, truth.design()).table["estimate"].notna().any()
