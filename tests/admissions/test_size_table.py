"""Is what the size table counts what the model says, and what the usual software says?"""

import numpy as np
import pandas as pd
import pytest
import size
import statsmodels.api as sm
from usual import usual

from analysis.admissions import StaggeredRates, overall
from analysis.simulate import simulate_panel


def simulated(cell: size.Cell, number: int = 0):
    starts, panel = np.random.SeedSequence(cell.seed(number)).spawn(2)
    return simulate_panel(cell.spec(np.random.default_rng(starts)), panel)


@pytest.mark.parametrize("words", ["5/20/staggered/0.3/0.7", "3/20/common", "2/10"])
def test_the_table_counts_what_the_model_says(words):
    panel, truth = simulated(size.cell_from(words))
    effects = StaggeredRates(leads=0, subgroups=(), permutations=199, seed=size.SEED).fit(panel, truth.design())
    told = effects.tidy().iloc[0]
    said = overall(panel, truth.design(), StaggeredRates(seed=size.SEED), permutations=199)
    np.testing.assert_allclose(
        np.exp([said.log_ratio, said.low, said.high]), told[["estimate", "conf_low", "conf_high"]].astype(float)
    )
    assert said.p_value == pytest.approx(told["p_value"])


def test_the_usual_errors_are_those_of_a_poisson_regression():
    panel, truth = simulated(size.Cell(treated=4, homes=12))
    frame = panel.tidy()
    homes, months = (pd.get_dummies(frame[name].astype(str), dtype=float) for name in ("unit", "month"))
    X = homes.join(months.iloc[:, 1:])
    X["treated"] = truth.treated[panel.exposure > 0].astype(float)
    model = sm.GLM(frame["count"], X, family=sm.families.Poisson(), offset=np.log(frame["exposure"]))
    plain, clustered = model.fit(tol=1e-12), model.fit(tol=1e-12, cov_type="cluster", cov_kwds={
        "groups": frame["unit"].factorize()[0], "use_correction": False, "df_correction": False})  # fmt: skip
    found = usual(panel.counts, panel.exposure, truth.treated.astype(float))
    assert found.beta == pytest.approx(plain.params["treated"], abs=1e-8)
    assert found.model == pytest.approx(plain.bse["treated"], rel=1e-8)
    assert found.clustered == pytest.approx(clustered.bse["treated"] * np.sqrt(12 / 11), rel=1e-8)
