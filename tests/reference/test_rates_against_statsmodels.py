"""Does the engine give what statsmodels gives, run live, on panels drawn anew?

Explicit dummies for every home, month and treated cell; offset log bed-days; clustered by home. statsmodels multiplies
by G / (G - 1) · (N - 1) / (N - K), counting every dummy in K; the engine by G / (G - 1). The factor is taken out. Homes
without a month before their start, or without any admission, say nothing and are left out on both sides.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.simulate import PanelSpec, simulate_panel

SPECS = {
    "as designed": PanelSpec(n_homes=24, n_months=16, starts=(6, 6, 6, 9, 9, 11), effect=(-0.2, -0.3)),
    "homes come and go": PanelSpec(
        n_homes=24,
        n_months=16,
        starts=(6, 6, 6, 9, 9, 11),
        effect=(-0.3,),
        exposure_fall=0.3,
        enter_late=0.2,
        leave_early=0.3,
    ),
    "small homes": PanelSpec(n_homes=30, n_months=12, starts=(5,) * 4 + (8,) * 4, median_beds=12, shock_sd=0.6),
}


def by_statsmodels(panel, start):
    """Overall log rate ratio and its clustered error."""
    home, month = np.nonzero(panel.exposure)
    y, offset = panel.counts[home, month], np.log(panel.exposure[home, month])
    before = (start[home] < 0) | (month < start[home])
    alive = np.isin(home, np.unique(home[before])) & np.isin(home, np.unique(home[y > 0]))
    home, month, y, offset = home[alive], month[alive], y[alive], offset[alive]
    treated = (start[home] >= 0) & (month >= start[home])
    cell = pd.Series(np.where(treated, 100 * (start[home] + 1) + month, 0))
    has_events = cell.map(pd.Series(y).groupby(cell).sum()).to_numpy() > 0
    base = pd.get_dummies(pd.DataFrame({"home": home.astype(str), "month": month.astype(str)}), dtype=float)
    base = base.drop(columns="month_0").to_numpy()
    own = pd.get_dummies(cell[has_events], dtype=float).drop(columns=0).to_numpy()
    X = np.c_[base[has_events], own]
    model = sm.GLM(y[has_events], X, sm.families.Poisson(), offset=offset[has_events])
    fit = model.fit(tol=1e-13, tol_criterion="params", cov_type="cluster", cov_kwds={"groups": home[has_events]})
    without = np.exp(base @ fit.params[: base.shape[1]] + offset) * treated
    mean = fit.fittedvalues * treated[has_events]
    gradient = X.T @ mean / mean.sum() - np.r_[base.T @ without, np.zeros(own.shape[1])] / without.sum()
    N, K = X.shape
    error = np.sqrt(gradient @ fit.cov_params() @ gradient / ((N - 1) / (N - K)))
    return np.log(mean.sum() / without.sum()), error


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SPECS)
def test_saturated_fit_with_offset(name, seed):
    panel, truth = simulate_panel(SPECS[name], seed)
    found = StaggeredRates(vcov="CR1", permutations=19).fit(panel, truth.design()).tables["overall"].iloc[0]
    estimate, error = by_statsmodels(panel, truth.start)
    assert np.log(found["estimate"]) == pytest.approx(estimate, abs=1e-8)
    assert found["std_error"] / found["estimate"] == pytest.approx(error, rel=1e-6)
