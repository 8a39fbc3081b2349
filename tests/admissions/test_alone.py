"""Homes put together to find the months: the same fit and the same weights as one cohort after the other."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.groups import by_label, everything, per_home
from analysis.admissions.engine.alone import fit_alone, stand_alone
from analysis.admissions.engine.contrasts import contrast, home_month_weights
from analysis.admissions.engine.estimate import fit_both
from analysis.admissions.engine.saturated import fit_saturated
from analysis.simulate import PanelSpec, simulate_panel

SPARSE = {"residential_rate": 0.15, "home_cv": 1.2}
"""Months, and homes before their start, without any admission among them."""


@pytest.fixture(params=[("not_yet_treated", {}, 0), ("never_treated", {}, 4), ("not_yet_treated", SPARSE, 4)])
def sample(request):
    comparison, rates, leads = request.param
    starts = tuple(np.repeat([10, 12, 15], 10))
    spec = PanelSpec(n_homes=60, n_months=30, starts=starts, enter_late=0.3, leave_early=0.3, **rates)
    panel, truth = simulate_panel(spec, 5)
    setting = StaggeredRates(average="home").setting(panel, replace(truth.design(), comparison=comparison))
    return setting, setting.sample(leads=leads)


def test_the_fit_and_what_moves_it_are_those_of_one_cohort_after_the_other(sample):
    setting, sample = sample
    alone = stand_alone(sample)
    assert 10 < alone.sum() < len(alone)
    treated = sample.treated_cells
    marks = np.concatenate([everything(treated).marks, by_label(setting.cohort_time(sample), treated).marks])
    marks = per_home(sample, marks)
    one, together = fit_saturated(sample), fit_alone(sample, alone)
    for name in ("fitted", "counterfactual", "expected"):
        assert getattr(together, name) == pytest.approx(getattr(one, name), rel=1e-8, abs=1e-9)
    slow, fast = contrast(one, marks), contrast(together, marks)
    seen = slow.observed > 0
    assert fast.expected == pytest.approx(slow.expected, rel=1e-9)
    used = sample.bed_days > 0
    assert (fast.weights * used)[seen] == pytest.approx((slow.weights * used)[seen], rel=1e-8, abs=1e-9)
    assert home_month_weights(together, fast) == pytest.approx(home_month_weights(one, slow), rel=1e-8, abs=1e-9)


def test_the_noise_of_another_average_is_taken_where_homes_and_months_are_the_same_and_only_there():
    panel, truth = simulate_panel(PanelSpec(n_homes=40, n_months=30, starts=(12, 12, 15, 15, 18), home_cv=0.2), 3)
    design = truth.design()
    settings = [StaggeredRates(average=average).setting(panel, design) for average in ("bed_day", "home")]
    (plain, own), (singly, other) = [(setting, setting.sample()) for setting in settings]
    known = fit_both(plain, own, "CR2")
    shared, anew = fit_both(singly, other, "CR2", like=known.noise), fit_both(singly, other, "CR2")
    assert shared.corrected[0].residuals is known.corrected[0].residuals
    assert shared.corrected[0].residuals == pytest.approx(anew.corrected[0].residuals, abs=1e-8)
    assert shared.reference.regressor.shape == anew.reference.regressor.shape
    fewer = StaggeredRates().setting(panel, replace(design, included=np.arange(40)[:, None] + np.zeros((1, 30)) > 0))
    assert fit_both(fewer, fewer.sample(), "CR2", like=known.noise).corrected[0].residuals.shape[0] == 39
