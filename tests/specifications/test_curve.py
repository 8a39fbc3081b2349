"""Every defensible analysis: each is the answer of the engine asked alone; and the joint test against brute force."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates, overall
from analysis.design import NEVER, Plan
from analysis.errors import AnalysisError
from analysis.matching import comparable
from analysis.simulate import PanelSpec, simulate_panel
from analysis.specifications import curve, joint_test
from analysis.specifications.choices import MODELS, Specification, specifications, within
from analysis.specifications.joint import null_of
from tests.costs import PROOF, draws

SPEC = PanelSpec(n_homes=24, n_months=40, starts=(16, 18, 20, 22, 24), effect=(np.log(0.7),))


@pytest.fixture(scope="module")
def panel_and_design():
    panel, truth = simulate_panel(SPEC, 4)
    return panel, truth.design()


@pytest.fixture(scope="module")
def found(panel_and_design):
    return curve(*panel_and_design)


def test_the_curve_holds_the_answer_itself(found, panel_and_design):
    alone = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(*panel_and_design).tidy().iloc[0]
    plain = found.table.query(
        "matched == 'none' and model == 'every bed-day alike' and error == 'CR2' and comparison == 'not_yet_treated'"
        " and first_month_later == 0 and last_month_earlier == 0 and months_before_left_out == 0"
    )
    assert len(plain) == 1
    names = ["estimate", "conf_low", "conf_high"]
    assert plain[names].iloc[0].tolist() == pytest.approx(alone[names].tolist())


def test_every_analysis_says_what_it_says_alone(panel_and_design, found):
    """Fits are shared between analyses of one window; alone, each is fitted for itself by the engine of an answer."""
    panel, design = panel_and_design
    plain, every = StaggeredRates(leads=0, subgroups=(), permutations=0), [*specifications(panel, design)]
    asked = every if PROOF else every[::5]
    alone = {one: _alone(plain, panel, design, one) for one in asked}
    assert len(found.table) + found.refused == len(every)
    shown = 0
    for row in found.table.to_dict("records"):
        ends = row["first_month_later"], row["last_month_earlier"]
        one = Specification(comparison=row["comparison"], ends=ends, anticipated=row["months_before_left_out"],
                            match=row["matched"], model=row["model"], vcov=row["error"])  # fmt: skip
        if one not in alone:
            continue
        shown += 1
        told = [row[name] for name in ("estimate", "conf_low", "conf_high")]
        assert told == pytest.approx(alone[one], rel=1e-8, nan_ok=True)
    assert shown == sum(told is not None for told in alone.values()) > 10


def _alone(plain, panel, design, one):
    try:
        own = within(panel, design, one)
        if one.match != "none":
            own = comparable(panel, own, Plan(intervention="x", match=one.match))[0]
        told = overall(panel, own, replace(plain, vcov=one.vcov, **dict(MODELS)[one.model]))
    except AnalysisError:
        return None
    return np.exp([told.log_ratio, told.low, told.high]) if np.isfinite(told.log_ratio) else None


def test_the_curve_is_in_order_and_each_analysis_stands_there_once(found):
    assert found.table["estimate"].is_monotonic_increasing
    assert not found.table.drop(columns=["estimate", "conf_low", "conf_high"]).duplicated().any()
    assert len(found.table) >= 100


def test_the_fit_without_effect_is_that_of_regression(panel_and_design):
    panel, _ = panel_and_design
    (n, T), null = panel.counts.shape, null_of(panel.counts.astype(float), panel.exposure)
    X = np.column_stack(
        [pd.get_dummies(np.repeat(np.arange(n), T)), pd.get_dummies(np.tile(np.arange(T), n)).iloc[:, 1:]]
    )
    fit = sm.GLM(
        panel.counts.ravel(), X.astype(float), family=sm.families.Poisson(), offset=np.log(panel.exposure.ravel())
    )
    assert null.fitted.ravel() == pytest.approx(fit.fit(tol=1e-12).mu, rel=1e-6)


def test_the_joint_test_sees_an_effect_and_is_silent_where_homes_cannot_change_places(panel_and_design):
    panel, design = panel_and_design
    everyone = type(design)(intervention="x", start=np.full(24, 20), included=design.included)
    assert np.isnan(joint_test(panel, everyone).p_value)
    strong, truth = simulate_panel(PanelSpec(n_months=60, starts=tuple(range(24, 44)), effect=(np.log(0.5),)), 1)
    assert joint_test(strong, truth.design()).p_value <= 0.01


def test_the_joint_test_does_not_depend_on_the_order_of_homes(panel_and_design):
    panel, design = panel_and_design
    few = joint_test(panel, design, draws=99)
    assert few.analyses == 8 and 0 < few.p_value < 1
    assert joint_test(panel, design, draws=99) == few


def test_of_null_panels_one_in_twenty_is_rejected():
    n, spec = draws(200), PanelSpec(n_homes=20, n_months=48, starts=(20, 22, 24, 26))
    p = []
    for k in range(n):
        panel, truth = simulate_panel(spec, 900 + k)
        assert (truth.start != NEVER).sum() == 4
        p.append(joint_test(panel, truth.design(), draws=99, seed=k).p_value)
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / n)
