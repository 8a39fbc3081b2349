"""False programmes among homes that never started, against fits to such draws; and an interval that is too narrow."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.elsewhere import elsewhere
from analysis.checks.other_homes import other_homes
from analysis.design import NEVER
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=60, n_months=36, starts=(18,) * 12)


def examined(panel, design, model=MODEL):
    return other_homes(on(panel, design, model, model.fit(panel, design)))


@pytest.mark.bench
def test_false_answers_scatter_as_fits_to_homes_drawn_by_lot():
    """60 programmes drawn anew and fitted in full: the same spread, to what so few draws can tell."""
    panel, truth = simulate_panel(SPEC, 1)
    design = truth.design()
    found = elsewhere(MODEL, panel, design, 1)
    assert found is not None
    assert (found.homes, found.drawn) == (48, 12)
    rng, never, logs = np.random.default_rng(2), np.flatnonzero(design.start == NEVER), []
    for _ in range(60):
        start = np.full(60, NEVER)
        start[rng.choice(never, 12, replace=False)] = 18
        only = design.included & (design.start == NEVER)[:, None]
        tidy = replace(MODEL, vcov="CR1").fit(panel, replace(design, start=start, included=only)).tidy()
        logs.append(np.log(tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0]))
    assert np.std(found.effects) == pytest.approx(
        np.std(logs) * np.sqrt((1 / 12 + 1 / 48) / (1 / 12 + 1 / 36)), rel=0.3
    )


def test_a_large_effect_is_found_nowhere_else():
    panel, truth = simulate_panel(replace(SPEC, effect=(-0.5,)), 3)
    check = examined(panel, truth.design())
    assert check.passed is True
    assert "comes up in fewer than 1 of 100" in check.reading


def test_an_interval_too_narrow_for_two_or_three_homes_is_a_concern():
    """The usual error with three homes rejects a true null 26 times in 100: of what it says, chance gives most."""
    narrow, spoke, concern = replace(MODEL, vcov="CR1"), 0, 0
    for seed in range(30):
        panel, truth = simulate_panel(replace(SPEC, starts=(18,) * 3), seed)
        check = examined(panel, truth.design(), narrow)
        spoke, concern = spoke + (check.passed is not None), concern + (check.passed is False)
    assert spoke >= 3
    assert concern / spoke > 0.5


def test_too_few_other_homes_is_said():
    panel, truth = simulate_panel(replace(SPEC, n_homes=14), 3)
    check = examined(panel, truth.design())
    assert check.passed is None
    assert check.reading.startswith("Fewer than 8 homes")
