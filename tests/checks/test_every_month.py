"""Looking every month: each look is a fit of the panel as it then was; a strong effect stops, none goes on."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.every_month import every_month
from analysis.design import NEVER
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=60, n_months=30, starts=(18,) * 10 + (21,) * 5)


def examined(panel, design):
    return every_month(on(panel, design, MODEL, MODEL.fit(panel, design)))


def test_a_look_is_a_fit_of_the_panel_as_it_was():
    panel, truth = simulate_panel(SPEC, 1)
    design = truth.design()
    table = examined(panel, design).table.set_index("last_month")
    assert len(table) == 12
    for end in (19, 24, 30):
        cut = replace(
            panel, months=panel.months[:end], counts=panel.counts[:, :end], exposure=panel.exposure[:, :end], digest=""
        )
        then = replace(
            design, start=np.where(design.start < end, design.start, NEVER), included=design.included[:, :end]
        )
        row = MODEL.fit(cut, then).tidy().query(f"term == '{RATE_RATIO}'").iloc[0]
        found = table.loc[panel.months[end - 1].astype("datetime64[s]")]
        assert [found["estimate"], found["one_look_low"], found["one_look_high"]] == pytest.approx(
            [row["estimate"], row["conf_low"], row["conf_high"]], abs=0.0051
        )
        assert found["conf_low"] < found["one_look_low"] and found["one_look_high"] < found["conf_high"]


def test_a_strong_effect_stops_the_looking():
    panel, truth = simulate_panel(replace(SPEC, effect=(-0.9,), shock_sd=0.1), 2)
    check = examined(panel, truth.design())
    assert check.passed is True
    assert check.reading.startswith("Stop: there is an effect")


def test_nothing_done_goes_on():
    panel, truth = simulate_panel(SPEC, 3)
    check = examined(panel, truth.design())
    assert check.passed is None
    assert check.reading.startswith("Go on")


def test_too_few_homes_is_said():
    panel, truth = simulate_panel(replace(SPEC, starts=(18,)), 3)
    assert examined(panel, truth.design()).reading.startswith("At no look had enough homes started")
