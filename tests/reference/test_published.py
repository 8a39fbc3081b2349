"""Does everything that serves as a reference reproduce printed numbers, and the engine those it can express?

The engine fits homes × months, so it can express the British doctors (age groups as homes, smokers and non-smokers as
months) and mpdta (cohorts of counties as homes). Ship damage has three sets of effects: it certifies the oracles.
Epilepsy needs generalised estimating equations, which nothing here fits.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from reference_panels import stored

from analysis.admissions.compared.sample import take
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.saturated import fit_saturated

DEATHS = np.array([[2, 32], [12, 104], [28, 206], [28, 186], [31, 102]], float)
PERSON_YEARS = np.array([[18790, 52407], [10673, 43248], [5710, 28612], [2585, 12663], [1462, 5317]], float)
"""British doctors (Doll and Hill): five age groups, non-smokers and smokers."""

EMPLOYMENT = {
    "never": [290055, 276570, 282086, 292701, 301370],
    "2004": [30406, 28808, 28769, 28777, 29442],
    "2006": [68970, 64409, 67625, 72385, 71944],
    "2007": [140755, 136362, 135236, 137036, 136517],
}
"""Teen employment in the counties of each cohort of mpdta, 2003 to 2007: sums, which is all the estimates depend on."""
COUNTIES = {"2004": 20, "2006": 40, "2007": 131}


@pytest.mark.parametrize("source", ["doctors", "ships", "mpdta"])
def test_r_scripts_reproduce_printed_numbers(source):
    table = stored("published").query("source == @source")
    digits = {"doctors": (5e-7, 5e-8), "ships": (5e-4, 5e-4), "mpdta": (5e-6, 5e-5)}[source]
    assert table["estimate"].to_numpy() == pytest.approx(table["published"].to_numpy(), abs=digits[0])
    assert table["se"].to_numpy() == pytest.approx(table["published_se"].to_numpy(), abs=digits[1])


def test_statsmodels_reproduces_ship_damage():
    folder = Path(importlib.util.find_spec("statsmodels").submodule_search_locations[0])
    ships = pd.read_csv(folder / "discrete" / "tests" / "results" / "ships.csv").query("service > 0")
    X = pd.get_dummies(ships["ship"], drop_first=True).join(ships.loc[:, "op_75_79":]).astype(float)
    fit = sm.GLM(ships["accident"], sm.add_constant(X), sm.families.Poisson(), offset=np.log(ships["service"])).fit()
    printed = [-6.406, -0.543, -0.687, -0.076, 0.326, 0.384, 0.697, 0.818, 0.453]
    assert fit.params.to_numpy() == pytest.approx(printed, abs=6e-4)
    assert fit.deviance == pytest.approx(38.695, abs=5e-4)


def fitted(counts, exposure, start):
    return fit_saturated(take(counts, exposure, start, stratum=np.zeros(len(counts), np.int64), never_only=False))


def test_engine_reproduces_british_doctors():
    fit = fitted(DEATHS, PERSON_YEARS, np.full(5, 2))
    ratio = fit.month_rates[1] / fit.month_rates[0]
    information = fit.blocks[0].eliminated()[1, 1]
    assert ratio == pytest.approx(1.425519, abs=5e-7)
    assert ratio / np.sqrt(information) == pytest.approx(0.1530638, abs=5e-8)
    log_factorials = sum(np.log(np.arange(1, int(n) + 1)).sum() for n in DEATHS.ravel())
    log_likelihood = (DEATHS * np.log(fit.fitted) - fit.fitted).sum() - log_factorials
    assert log_likelihood == pytest.approx(-33.600153, abs=5e-7)


@pytest.mark.parametrize("exposure", [1.0, [[1.0], [5.0], [0.2], [3.0]]], ids=["none", "constant in time"])
def test_engine_reproduces_mpdta(exposure):
    """A constant exposure of a home changes nothing: its effect absorbs it."""
    counts = np.array(list(EMPLOYMENT.values()), float)
    start = np.array([5, *(int(cohort) - 2003 for cohort in COUNTIES)])
    fit = fitted(counts, np.ones((4, 5)) * exposure, start)
    cohort, month = np.nonzero(fit.sample.treated_cells)
    cells = contrast(fit, (np.arange(20) == (5 * cohort + month)[:, None]).reshape(-1, 4, 5))
    delta = np.log(cells.observed / cells.expected)
    counties = np.array([COUNTIES[str(int(fit.sample.first[g]) + 2003)] for g in cohort])
    since = month - fit.sample.first[cohort]
    by_event_time = [np.average(delta[since == e], weights=counties[since == e]) for e in range(4)]
    assert by_event_time == pytest.approx([-0.03089, -0.00107, -0.05196, -0.06722], abs=5e-6)
