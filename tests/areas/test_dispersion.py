"""Dispersion and quasi-Poisson intervals of one series are statsmodels'; what is said of them, and where nothing is."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from scipy.stats import t as student

from analysis.areas.case import Case
from analysis.areas.dispersion import IN_A_ROW, POISSON, QUASI, scatter
from analysis.areas.interrupted import InterruptedTimeSeries, comparators
from analysis.areas.segmented import segments, waves
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.figures.figure import Source
from analysis.figures.scatter import of_home
from analysis.panel import Panel
from analysis.panel.dense import LikelyCounts
from analysis.simulate import PanelSpec, simulate_panel
from analysis.words import scatter as words

N, T, START = 60, 72, 48


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(5)
    exposure = np.full((N, T), 30.0) * rng.uniform(0.9, 1.1, (N, T))
    mean = 4 * exposure * np.exp(0.1 * np.sin(2 * np.pi * np.arange(T) / 12) + 0.003 * np.arange(T))
    counts = rng.poisson(mean * rng.gamma(50, 1 / 50, (N, T)))  # a variance of 1 + 120/50 times the mean
    units = pd.DataFrame({"name": [f"Area {i}" for i in range(N)]}, index=pd.Index([f"A{i:02}" for i in range(N)],
                                                                                    name="unit"))  # fmt: skip
    panel = Panel(units=units, months=np.datetime64("2015-01", "M") + np.arange(T), counts=counts, exposure=exposure,
                  outcome="delayed days", exposure_unit="days")  # fmt: skip
    design = Design(intervention="x", start=np.where(np.arange(N) == 3, START, NEVER),
                    included=np.ones((N, T), bool))  # fmt: skip
    return panel, design, Case.of(panel, design)


@pytest.mark.parametrize("by_others", [False, True])
def test_it_is_statsmodels(made, by_others):
    _, _, case = made
    found = scatter(case, by_others=by_others)
    time = np.arange(T) - START
    season = () if by_others else waves(case.months.astype(int) % 12, 2)
    X = segments(time, season, trend=not by_others, slope=not by_others).X
    exposure = (comparators(case) if by_others else case.exposure)[3]
    model = sm.GLM(case.counts[3], X, family=sm.families.Poisson(), offset=np.log(exposure))
    fits = {POISSON: model.fit(tol=1e-12), QUASI: model.fit(tol=1e-12, scale="X2")}
    left = T - X.shape[1]
    assert found.left == left and found.dispersion == pytest.approx(fits[QUASI].scale, rel=1e-9)
    after, effect = time >= 0, np.arange(X.shape[1]) >= X.shape[1] - (1 if by_others else 2)
    limits = {POISSON: norm.ppf(0.975), QUASI: student.ppf(0.975, left)}
    for how, fit in fits.items():
        mu1, mu0 = (exposure * np.exp(x @ fit.params) for x in (X, X * ~effect))
        gradient = (mu1[after] @ X[after]) / mu1[after].sum() - (mu0[after] @ (X * ~effect)[after]) / mu0[after].sum()
        log, error = np.log(mu1[after].sum() / mu0[after].sum()), np.sqrt(gradient @ fit.cov_params() @ gradient)
        row = found.table.set_index("how").loc[how]
        assert np.log([row["conf_low"], row["conf_high"]]) == pytest.approx(
            log + limits[how] * error * np.array([-1, 1]), rel=1e-8
        )


def test_the_interval_of_neighbours_alike_is_that_of_the_method_on_the_page(made):
    panel, design, case = made
    row = scatter(case).table.set_index("how").loc[IN_A_ROW]
    own = InterruptedTimeSeries().fit(panel, design).diagnostics["intervals"].iloc[0]
    assert row[["conf_low", "conf_high"]].tolist() == pytest.approx([own["own_low"], own["own_high"]])
    assert (row["alarms"], row["others"]) == (own["false_alarms"], N - 1)


def test_where_months_scatter_poisson_cries_wolf_and_quasi_poisson_does_not(made):
    found = scatter(made[2])
    alarms = found.table.set_index("how")["alarms"]
    assert 2 < found.dispersion < 6 and alarms[QUASI] <= 6 < alarms[POISSON]
    said = words.scattered(found.dispersion, "Area 3", "72 months")
    assert f"{found.dispersion:.1f} times as much" in said and "too narrow" in said
    assert "Of 59 other areas" in words.worth(found.table, "areas")
    assert "no more about their course" in words.scattered(0.9, "Area 3", "72 months")


def test_a_series_too_short_is_refused_in_words(made):
    panel, design, _ = made
    short = replace(design, included=np.broadcast_to((np.arange(T) >= 42) & (np.arange(T) < 55), (N, T)))
    with pytest.raises(AnalysisError, match="too short for its trend and season"):
        scatter(Case.of(panel, short))


def one_home(rate: float):
    panel, truth = simulate_panel(PanelSpec(n_homes=30, n_months=36, starts=(18,), residential_rate=rate), 3)
    shown = replace(panel, likely=LikelyCounts(panel.counts, panel.counts), unseen=np.zeros(panel.counts.shape, bool))
    return SimpleNamespace(shown=shown, design=truth.design())


def test_one_home_has_a_series_of_its_own_where_enough_admissions_lie_behind():
    source = Source(origin="Invented.")
    [told] = of_home(one_home(3.0), source)
    assert "36 months" in told.sentence and "Of 29 other homes" in " ".join((told.warning, *told.notes))
    assert [*told.tables[0].tidy["how"]] == [POISSON, QUASI, IN_A_ROW]
    [few] = of_home(one_home(0.02), source)
    assert "too few admissions" in few.sentence and not few.tables
