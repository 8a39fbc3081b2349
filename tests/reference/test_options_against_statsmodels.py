"""Every option that changes what is estimated, against statsmodels with all dummy variables written out.

Estimates to 1e-8; CR1 (factor m / (m − 1)), CR2 with its degrees of freedom, dense and by definition, and CR3 by a
regression without each cluster, to 1e-6.
"""

from dataclasses import replace

import numpy as np
import pytest
from explicit import corrected, dummies, glm, saturated
from option_cases import cases, with_another, written_out
from scipy.stats import t

from analysis.admissions import StaggeredRates
from analysis.design import FAR_AHEAD
from tests.costs import one_in

EXACT, ERRORS = 1e-8, 1e-6
CASES = {case.name: case for case in cases()}


@pytest.mark.parametrize("name", CASES)
def test_the_engine_gives_what_statsmodels_gives(name):
    case = CASES[name]
    theirs, ours = case.theirs(), case.ours()
    assert ours["log_ratio"] == pytest.approx(theirs["log_ratio"], abs=EXACT)
    assert ours["error"] == pytest.approx(theirs["cr2"], rel=ERRORS)
    assert ours["df"] == pytest.approx(theirs["df"], rel=ERRORS)
    assert case.ours("CR1")["error"] == pytest.approx(theirs["cr1"], rel=ERRORS)


@pytest.mark.parametrize("name", one_in(3, (name for name in CASES if "dose" not in name)))
def test_cr3_is_the_spread_of_regressions_without_each_cluster(name):
    case = CASES[name]
    theirs = [
        saturated(case.rows.without(c), None if case.weight is None else case.weight[case.rows.cluster != c])
        for c in np.unique(case.rows.cluster)
    ]
    whole, m = case.theirs()["log_ratio"], len(theirs)
    expected = np.sqrt((m - 1) / m * sum((each["log_ratio"] - whole) ** 2 for each in theirs))
    model = StaggeredRates(leads=0, subgroups=(), permutations=0, also=("CR3",), **case.options)
    table = model.fit(case.panel, case.design).diagnostics["methods"].set_index("method")
    assert table.loc["CR3", "std_error"] == pytest.approx(expected, rel=ERRORS)


def test_what_the_other_intervention_did():
    """Its effect, with the limits of its CR2 error, from the same regression."""
    case = CASES["by default"]
    panel, (design, began) = case.panel, with_another(case.design)
    rows, home, month = written_out(panel, design, np.where(began < FAR_AHEAD, began, 0))
    other = (month >= began[home]).astype(float)[:, None]
    X = np.hstack([rows.level, rows.base, dummies(rows.cell, drop=1), other])
    fit = glm(X, rows.y, rows.exposure)
    omega = X @ np.linalg.inv(X.T @ (X * fit.mu[:, None]))[:, -1]
    theirs = corrected(replace(rows, base=np.hstack([rows.base, other])), omega)
    found = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(panel, design).diagnostics["others"].iloc[0]
    assert np.log(found["rate_ratio"]) == pytest.approx(fit.params[-1], abs=EXACT)
    assert found["df"] == pytest.approx(theirs["df"], rel=ERRORS)
    half = np.log(found["conf_high"] / found["rate_ratio"])
    assert half == pytest.approx(t.ppf(0.975, theirs["df"]) * theirs["cr2"], rel=ERRORS)
