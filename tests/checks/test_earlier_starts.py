"""False starts, in a world in which homes parted before the true one and in worlds in which they did not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.earlier_starts import earlier_starts
from analysis.design import NEVER
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=80, n_months=48, starts=(30,) * 20, effect=(-0.4,))


def examined(panel, design):
    return earlier_starts(on(panel, design, MODEL, MODEL.fit(panel, design)))


def test_a_false_start_is_a_fit_to_months_before_the_true_one():
    panel, truth = simulate_panel(SPEC, 1)
    table = examined(panel, truth.design()).table.set_index("months_earlier")
    cut = replace(
        panel, months=panel.months[:30], counts=panel.counts[:, :30], exposure=panel.exposure[:, :30], digest=""
    )
    design = truth.design()
    for months in (12, 6):
        false = replace(
            design, start=np.where(design.start == NEVER, NEVER, 30 - months), included=design.included[:, :30]
        )
        tidy = MODEL.fit(cut, false).tidy()
        row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
        assert table.loc[months, "estimate"] == pytest.approx(row["estimate"], rel=1e-6)
    assert 18 not in table.index  # twelve months before it are fewer than the eighteen after


def test_an_effect_is_no_concern_if_it_begins_at_the_start():
    check = examined(*_with(0, 0.0))
    assert check.passed is True
    assert "nothing had been done" in check.reading


def test_homes_that_changed_a_year_early_are_a_concern():
    check = examined(*_with(0, -0.5))
    assert check.passed is False
    assert "is more than chance" in check.reading


def _with(seed: int, early: float):
    panel, truth = simulate_panel(SPEC, seed)
    month = np.arange(48)
    changed = (truth.start != NEVER)[:, None] & (month >= 18) & (month < 30)
    counts = np.random.default_rng(seed).binomial(panel.counts, np.where(changed, np.exp(early), 1.0))
    return replace(panel, counts=counts, digest=""), truth.design()


def test_too_few_months_before_is_said():
    panel, truth = simulate_panel(replace(SPEC, starts=(8,) * 20), 1)
    check = examined(panel, truth.design())
    assert check.passed is None
    assert check.reading.startswith("No false start can be asked about")
