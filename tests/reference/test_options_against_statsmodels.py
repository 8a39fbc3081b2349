"""Every option that changes what is estimated, against statsmodels with all dummy variables written out.

Estimates to 1e-8; CR1 (factor m / (m − 1)) and CR2 with its degrees of freedom, dense and by definition, to 1e-6.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from explicit import Rows, corrected, dummies, glm, one_effect, saturated
from scipy.stats import t

from analysis.admissions import StaggeredRates
from analysis.design import FAR_AHEAD, NEVER
from tests.admissions.conftest import small_panel

EXACT, ERRORS = 1e-8, 1e-6


@pytest.fixture
def panel_and_design():
    """Twenty homes, home-months missing, some homes of one start; every treated cohort-month has admissions."""
    return small_panel(seed=11, starts=(5, 5, 5, 5, 8, 8, 8, 8), n=20, missing=0.05, rate=20.0)


def told(panel, design, **options):
    """The overall rate ratio as the engine gives it: log, error, degrees of freedom."""
    effects = StaggeredRates(leads=0, subgroups=(), permutations=0, **options).fit(panel, design)
    row = effects.tidy().iloc[0]
    df = effects.diagnostics["degrees_of_freedom"]["df"][0]
    return np.log(row["estimate"]), row["std_error"] / row["estimate"], df


def agree(panel, design, rows, weight=None, **options):
    theirs = saturated(rows, weight)
    log, error, df = told(panel, design, **options)
    assert log == pytest.approx(theirs["log_ratio"], abs=EXACT)
    assert error == pytest.approx(theirs["cr2"], rel=ERRORS)
    assert df == pytest.approx(theirs["df"], rel=ERRORS)
    assert told(panel, design, vcov="CR1", **options)[1] == pytest.approx(theirs["cr1"], rel=ERRORS)


def rows_of(panel, design, *, kind=None):
    """Home and month dummies, one cell per start and month (and kind)."""
    home, month = np.nonzero((panel.exposure > 0) & design.included)
    start = design.start[home]
    on = (start != NEVER) & (month >= start)
    kind = np.zeros(len(panel.counts), int) if kind is None else kind
    return Rows(
        y=panel.counts[home, month].astype(float),
        exposure=panel.exposure[home, month],
        cluster=home,
        level=dummies(home),
        base=dummies(month, drop=1),
        cell=np.where(on, 1 + month + 100 * (start + 1) + 10_000 * kind[home], 0),
        regressor=on.astype(float),
    ), home, month  # fmt: skip


def test_cohort_effects(panel_and_design):
    panel, design = panel_and_design
    rows, home, _ = rows_of(panel, design)
    agree(panel, design, replace(rows, level=dummies(design.start[home])), effects="cohort")


@pytest.mark.parametrize("cluster", ["home", "provider"])
def test_every_home_counting_alike(panel_and_design, cluster):
    panel, design = panel_and_design
    panel = replace(panel, digest="", units=panel.units.assign(provider=[f"P{i // 2}" for i in range(20)]))
    rows, home, month = rows_of(panel, design)
    on = rows.cell > 0
    days = pd.Series(rows.exposure * on).groupby(home).transform("sum").to_numpy()
    rows = replace(rows, cell=np.where(on, 1 + 100 * (home + 1) + month, 0))  # an effect for each home and month
    if cluster == "provider":
        rows = replace(rows, cluster=home // 2)
    theirs = saturated(rows, np.where(on, 1 / np.maximum(days, 1), 0))
    log, error, _ = told(panel, design, average="home", vcov="CR1", cluster=cluster)
    assert log == pytest.approx(theirs["log_ratio"], abs=EXACT)
    assert error == pytest.approx(theirs["cr1"], rel=ERRORS)


def test_every_home_counting_alike_with_corrected_errors():
    panel, design = small_panel(seed=11, starts=(8, 8, 8, 9, 9), n=14, missing=0.0, rate=80.0)
    rows, home, month = rows_of(panel, design)
    on = rows.cell > 0
    days = pd.Series(rows.exposure * on).groupby(home).transform("sum").to_numpy()
    rows = replace(rows, cell=np.where(on, 1 + 100 * (home + 1) + month, 0))
    agree(panel, design, rows, np.where(on, 1 / np.maximum(days, 1), 0), average="home")


@pytest.mark.parametrize("comparison", ["home_type", "size"])
def test_months_of_their_own_in_every_kind_of_home(panel_and_design, comparison):
    panel, design = panel_and_design
    beds = np.where(np.arange(20) % 3 == 0, 8, 30)
    panel = replace(panel, digest="", units=panel.units.assign(beds=beds))
    kind = (panel.units["home_type"] == "nursing").to_numpy() if comparison == "home_type" else beds > 10
    rows, home, month = rows_of(panel, design, kind=kind.astype(int))
    months = [dummies(np.where(kind[home] == k, month, 0), drop=1) for k in (False, True)]
    agree(panel, design, replace(rows, base=np.hstack(months)), month_effects_by=(comparison,))


def with_another(panel, design):
    """Another intervention in eight homes: before, with, and without the one under study."""
    began = np.full(20, FAR_AHEAD)
    began[[0, 1, 4, 5]] = [2, 7, 3, 9]
    began[[10, 11, 12, 13]] = [4, 4, 6, 8]
    return replace(design, others={"training": began}), began


def test_net_of_another_intervention(panel_and_design):
    panel, design = panel_and_design
    design, began = with_another(panel, design)
    rows, home, month = rows_of(panel, design, kind=np.where(began < FAR_AHEAD, began, 0))
    other = (month >= began[home]).astype(float)
    rows = replace(rows, base=np.hstack([rows.base, other[:, None]]))
    agree(panel, design, rows)


def test_what_the_other_intervention_did(panel_and_design):
    panel, design = panel_and_design
    design, began = with_another(panel, design)
    rows, home, month = rows_of(panel, design, kind=np.where(began < FAR_AHEAD, began, 0))
    other = (month >= began[home]).astype(float)
    X = np.hstack([rows.level, rows.base, dummies(rows.cell, drop=1), other[:, None]])
    fit = glm(X, rows.y, rows.exposure)
    omega = X @ np.linalg.inv(X.T @ (X * fit.mu[:, None]))[:, -1]
    theirs = corrected(replace(rows, base=np.hstack([rows.base, other[:, None]])), omega)
    found = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(panel, design).diagnostics["others"].iloc[0]
    assert np.log(found["rate_ratio"]) == pytest.approx(fit.params[-1], abs=EXACT)
    assert found["df"] == pytest.approx(theirs["df"], rel=ERRORS)
    half = np.log(found["conf_high"] / found["rate_ratio"])
    assert half == pytest.approx(t.ppf(0.975, theirs["df"]) * theirs["cr2"], rel=ERRORS)


def test_one_unit_more(panel_and_design):
    panel, design = panel_and_design
    dose = np.full(20, np.nan)
    dose[:8] = [1, 2, 2, 4, 1, 3, 0.5, 5]
    rows, home, _ = rows_of(panel, design)
    theirs = one_effect(replace(rows, regressor=rows.regressor * np.nan_to_num(dose)[home]))
    for vcov in ("CR2", "CR1"):
        effects = StaggeredRates(leads=0, subgroups=(), permutations=0, dose="log-linear", vcov=vcov).fit(
            panel, replace(design, dose=dose)
        )
        row = effects.tidy("dose").iloc[0]
        assert np.log(row["estimate"]) == pytest.approx(theirs["effect"], abs=EXACT)
        assert row["std_error"] / row["estimate"] == pytest.approx(theirs[vcov.lower()], rel=ERRORS)
    corrected = StaggeredRates(leads=0, subgroups=(), permutations=0, dose="log-linear").fit(
        panel, replace(design, dose=dose)
    )
    assert corrected.diagnostics["dose"]["df"][0] == pytest.approx(theirs["df"], rel=ERRORS)
