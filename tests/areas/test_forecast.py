"""What is expected of an area's months to come holds what comes, as often as it says."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.areas.forecast import FEWEST_MONTHS, forecast
from analysis.errors import AnalysisError
from tests.costs import in_the_proof

FIRST = np.datetime64("2015-04", "M")


def series(rng, months, rho=0.6, sd=0.25, trend=-0.05):
    """Delayed days over days of an area with trend, season and AR(1) errors, drawn without a line of the code tried."""
    error = np.empty(months)
    error[0] = sd * rng.standard_normal()
    for t in range(1, months):
        error[t] = rho * error[t - 1] + sd * np.sqrt(1 - rho**2) * rng.standard_normal()
    t = np.arange(months)
    rate = np.exp(np.log(25) + trend * t / 12 + 0.1 * np.cos(2 * np.pi * (t + 3) / 12) + error)
    return rng.poisson(rate * 30.4).astype(float), np.full(months, 30.4)


@pytest.mark.parametrize(
    ("rho", "seen"), [in_the_proof(0.3, 60, name="hardly alike"), (0.7, 60), in_the_proof(0.85, 96, name="long")]
)
def test_the_interval_holds_the_next_two_years_about_as_often_as_it_says(rho, seen):
    """300 futures: by chance alone 95% shows as 91.5% to 97.7% in 99 of 100 runs; over-careful is allowed for."""
    rng, held, ahead = np.random.default_rng(20261126), 0, 24
    for _ in range(300):
        counts, days = series(rng, seen + ahead, rho)
        months = FIRST + np.arange(seen + ahead)
        drawn = forecast(counts[:seen], days[:seen], months[:seen], rng, 400).rates(months[seen:], rng)
        low, high = np.quantile((drawn * 30.4).sum(0), [0.025, 0.975])
        held += low <= counts[seen:].sum() <= high
    assert 0.915 <= held / 300 <= 0.99


def test_of_a_long_series_it_is_statsmodels_forecast():
    """Of 125 years little is unknown but the errors to come: SARIMAX with these regressors takes all else as known."""
    rng = np.random.default_rng(5)
    counts, days = series(rng, 1512)
    months = FIRST + np.arange(1512)
    number = months.astype(int)
    angle = 2 * np.pi * (number % 12) / 12
    X = np.column_stack(
        [np.ones(1512), np.arange(1512) / 12, *(f(h * angle) for h in (1, 2) for f in (np.sin, np.cos))]
    )
    z = np.log((counts + 0.5) / days)
    told = sm.tsa.SARIMAX(z[:1500], X[:1500], order=(1, 0, 0)).fit(disp=0).get_forecast(12, exog=X[1500:])
    drawn = np.log(forecast(counts[:1500], days[:1500], months[:1500], rng, 20_000).rates(months[1500:], rng))
    np.testing.assert_allclose(drawn.mean(1), told.predicted_mean, atol=0.01)
    np.testing.assert_allclose(drawn.std(1), told.se_mean, rtol=0.03)


def test_months_not_reported_take_no_part():
    rng = np.random.default_rng(8)
    counts, days = series(rng, 80)
    months, gone = FIRST + np.arange(80), slice(30, 36)
    days[gone] = 0.0
    counts[gone] = 1e9
    assert forecast(counts, days, months, rng).rates(FIRST + 80 + np.arange(3), rng).max() < 1e3


def test_too_few_months_are_refused():
    counts, days = series(np.random.default_rng(1), FEWEST_MONTHS - 1)
    with pytest.raises(AnalysisError, match="too few months"):
        forecast(counts, days, FIRST + np.arange(len(days)), np.random.default_rng(1))
