"""What the intervention could not have changed: unmoved, moved, too few to tell, and not there at all."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.negative_control import LEFT, NOTHING, left_of, negative_control
from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.outcomes import Rate
from analysis.panel import build_panel
from analysis.panel.build import PLANNED
from analysis.protocol import Protocol
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=80, n_months=48, starts=(24,) * 25, effect=(-0.35,), shock_sd=0.1)


def with_control(spec, seed, moved=0.0, share=0.5):
    """Draw another count at a share of the rate, which the intervention moves by a log rate ratio."""
    panel, truth = simulate_panel(spec, seed)
    after = np.arange(spec.n_months) >= truth.start[:, None]
    mean = share * truth.untreated * np.exp(moved * after)
    other = replace(panel, counts=np.random.default_rng(seed).poisson(mean), outcome=PLANNED, digest="")
    return replace(panel, also={PLANNED: other}), truth.design()


def examined(panel, design):
    return negative_control(on(panel, design, MODEL, MODEL.fit(panel, design)))


def test_another_count_that_did_not_move_is_no_concern_and_is_a_fit_of_its_own():
    panel, design = with_control(SPEC, 1)
    check = examined(panel, design)
    assert check.passed is True
    row = MODEL.fit(panel.also[PLANNED], design).tidy().query(f"term == '{RATE_RATIO}'").iloc[0]
    told = check.table.set_index("what").loc[PLANNED]
    assert told.to_numpy() == pytest.approx(row[["estimate", "conf_low", "conf_high"]].to_numpy(float), rel=1e-9)


def test_another_count_that_moved_is_a_concern_and_is_taken_from_the_answer():
    panel, design = with_control(replace(SPEC, effect=(0.0,)), 2, moved=-0.4)
    panel = replace(panel, counts=panel.also[PLANNED].counts, digest="")  # the same error is in both
    check = examined(panel, design)
    assert check.passed is False
    assert check.table.set_index("what").loc[LEFT, "estimate"] == 1.0
    assert "which one such count cannot prove" in check.reading


def test_too_few_to_see_as_much_as_the_answer_says_so():
    check = examined(*with_control(SPEC, 1, share=0.01))
    assert check.passed is None
    assert "would go unseen" in check.reading


def test_without_a_second_count_it_says_so():
    panel, truth = simulate_panel(SPEC, 1)
    check = examined(panel, truth.design())
    assert (check.passed, check.reading) == (None, NOTHING)


def test_several_counts_calibrate_the_answer():
    """The mean of three that are equally well known is taken away, and how they scatter is added to the error."""
    controls = [(r, r / 1.2, r * 1.2, 0.1) for r in (0.8, 0.9, 1.1)]
    left = left_of((0.7, 0.6, 0.8, 0.01), controls)
    assert left[0] == pytest.approx(round(0.7 / np.prod([0.8, 0.9, 1.1]) ** (1 / 3), 2))
    assert left[2] / left[0] > 0.8 / 0.7


def test_planned_admissions_of_a_store_are_counted_by_home_and_month_and_its_page_says_they_are_few(sample_store):
    also = build_panel(sample_store, Rate()).also[PLANNED]
    events = sample_store.table("admission_events")
    assert also.counts.sum() == (~events["emergency"].astype(bool)).sum() > 1000
    protocol = Protocol(plan=Plan(intervention="weekly_ward_round"), checks=("negative_control",))
    (check,) = evaluate(protocol, sample_store).checks
    assert check.passed is None
    assert "in bands of five" in check.reading
