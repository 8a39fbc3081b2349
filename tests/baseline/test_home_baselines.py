"""Each home's baseline is its lasting level, not last year's luck."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.baseline import baseline_of, days_in, months_without
from analysis.baseline.calendar import fit_calendar
from analysis.baseline.spells import RateSpells, find_spells, noise_of_totals
from analysis.baseline.spread import fit_spread
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.simulate.panels import PanelSpec, simulate_panel

CALM = PanelSpec(n_homes=120, n_months=36, starts=(), shock_sd=0.0)
"""Homes differ for good only, so the gamma–Poisson model holds exactly."""
SPELLS = dataclasses.replace(CALM, shock_sd=0.3)


def first_months(panel, n):
    """The panel as it stood after n months."""
    return Panel(
        units=panel.units, months=panel.months[:n], counts=panel.counts[:, :n], exposure=panel.exposure[:, :n],
        outcome=panel.outcome, exposure_unit=panel.exposure_unit,
    )  # fmt: skip


def test_the_marginal_likelihood_is_statsmodels_negative_binomial():
    panel, _ = simulate_panel(CALM, 3)
    kind = (panel.units["home_type"] == "nursing").to_numpy().astype(int)
    total, expected = panel.counts.sum(1), panel.exposure.sum(1)
    found = fit_spread(total, expected, kind)
    X = np.stack([kind == 0, kind == 1], 1).astype(float)
    start = np.r_[found.log_rate + 0.1, 0.1]
    other = sm.NegativeBinomial(total, X, exposure=expected).fit(start, disp=0, maxiter=500, gtol=1e-10)
    np.testing.assert_allclose(np.r_[found.log_rate, found.variance], other.params, rtol=2e-5)
    assert found.log_likelihood == pytest.approx(other.llf, rel=1e-9)


def test_the_calendar_is_a_poisson_regression_with_a_dummy_for_every_home():
    panel, _ = simulate_panel(dataclasses.replace(SPELLS, n_homes=25, enter_late=0.3, leave_early=0.2), 5)
    found = fit_calendar(panel.counts.astype(float), panel.exposure, panel.months)
    home, month = np.nonzero(panel.exposure)
    number = panel.months.astype(int)[month]
    angle = 2 * np.pi * (number % 12) / 12
    columns = [(number - number.max()) / 12, np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)]
    X = np.c_[np.stack(columns, 1), home[:, None] == np.arange(25)]
    model = sm.GLM(panel.counts[home, month], X, sm.families.Poisson(), exposure=panel.exposure[home, month])
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": home, "use_correction": False}, tol=1e-12)
    np.testing.assert_allclose(found.estimate, fit.params[:5], atol=1e-8)
    np.testing.assert_allclose(found.covariance, fit.cov_params()[:5, :5] * 25 / 24, rtol=1e-5, atol=1e-10)


def test_with_no_spells_the_baseline_is_the_exact_posterior():
    """Brute force: the posterior of one home's multiplier on a fine grid."""
    panel, _ = simulate_panel(CALM, 3)
    base = baseline_of(panel)
    calm = dataclasses.replace(base, spells=RateSpells())
    v, i = base.spread.variance, 7
    theta = np.linspace(1e-4, 6, 60_001)
    mu = base.expected[i]
    log_density = (1 / v - 1) * np.log(theta) - theta / v + base.admissions[i] * np.log(theta) - theta * mu
    density = np.exp(log_density - log_density.max())
    mean = np.sum(theta * density) / density.sum()
    assert mean == pytest.approx((1 / v + base.admissions[i]) / (1 / v + mu), rel=1e-6)
    noise = noise_of_totals(np.full((1, 12), mu / 12), calm.spells, v)
    assert noise == 0


def test_spells_are_told_from_lasting_differences():
    spec = PanelSpec(n_homes=2000, n_months=48, starts=(), shock_sd=0.3, shock_correlation=0.8, home_cv=0.4)
    panel, _ = simulate_panel(spec, 11)
    base = baseline_of(panel)
    spells = base.spells
    assert spells.correlation == pytest.approx(0.8, abs=0.1)
    assert spells.variance == pytest.approx(np.expm1(0.3**2), abs=0.02)
    assert base.spread.variance == pytest.approx(0.4**2, abs=0.02)


def test_spells_are_found_in_few_homes_over_two_years():
    """Moments that take no home effects out said 0.34 here: they took lasting differences for spells."""
    found = []
    for seed in range(40):
        spec = dataclasses.replace(SPELLS, n_homes=30, n_months=24, shock_correlation=0.8)
        found.append(baseline_of(simulate_panel(spec, np.random.SeedSequence([22, seed]))[0]).spells.log_sd)
    assert np.mean(found) == pytest.approx(0.3, abs=0.035)  # three Monte Carlo errors


def test_what_moves_every_home_is_no_home_s_spell():
    panel, truth = simulate_panel(CALM, 4)
    epidemic = np.where(np.arange(36) == 17, truth.untreated, 0)  # as many again in one month
    counts = panel.counts + np.random.default_rng(4).poisson(epidemic)
    assert find_spells(counts, panel.exposure).log_sd < 0.05


def test_the_season_is_the_calendar_s_without_its_trend():
    panel, _ = simulate_panel(dataclasses.replace(CALM, n_homes=400, winter=0.12, trend=0.3), 6)
    calendar = baseline_of(panel).calendar
    year = np.arange(12).astype("datetime64[M]")
    flat = calendar.multiplier(year) * np.exp(-calendar.trend[0] * np.arange(12) / 12)
    np.testing.assert_allclose(calendar.season, flat / flat.mean(), rtol=1e-12)
    assert calendar.season[0] == pytest.approx(1.12, abs=0.03)


def test_shrinking_is_right_out_of_sample_where_last_year_is_not():
    """The worst tenth of homes in month 24, over 20 panels: what was predicted for the year after, over what came."""
    shrunk, naive, came = 0.0, 0.0, 0.0
    for seed in range(20):
        panel, truth = simulate_panel(SPELLS, np.random.SeedSequence([20, seed]))
        seen, after = first_months(panel, 24), slice(24, 36)
        last_year = panel.counts[:, 12:24].sum(1) / panel.exposure[:, 12:24].sum(1)
        worst = np.argsort(-last_year)[:12]
        predicted = baseline_of(seen).expected_by_month(panel.months[after]).sum(1)
        shrunk += predicted[worst].sum()
        naive += (last_year[:, None] * panel.exposure[:, after]).sum(1)[worst].sum()
        came += truth.untreated[worst, after].sum()
    assert abs(shrunk / came - 1) < 0.05
    assert naive / came > 1.15


def test_a_home_s_interval_holds_its_true_level():
    """Of 2,400 homes, the 90% interval of the lasting multiplier holds it nine times in ten."""
    inside = []
    for seed in range(12):
        spec = dataclasses.replace(CALM, n_homes=200)
        panel, truth = simulate_panel(spec, np.random.SeedSequence([21, seed]))
        base = baseline_of(panel)
        level = truth.untreated.sum(1) / (panel.exposure @ base.calendar.multiplier(panel.months)) / base.kind_rate
        low, high = np.quantile(base.draws(np.random.default_rng(seed), 1000), [0.05, 0.95], axis=1)
        inside.append((low <= level) & (level <= high))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.025)


def test_the_draws_have_the_mean_and_spread_of_the_gamma(county_baseline):
    drawn = county_baseline.draws(np.random.default_rng(1), 4000)
    z = (drawn.mean(1) - county_baseline.multiplier) / np.sqrt(county_baseline.shape / county_baseline.rate**2 / 4000)
    assert np.abs(z).max() < 4.5
    assert np.mean(z**2) == pytest.approx(1, abs=0.35)


def test_the_order_of_homes_and_the_unit_of_exposure_do_not_matter():
    panel, _ = simulate_panel(SPELLS, 9)
    base, order = baseline_of(panel), np.random.default_rng(0).permutation(120)
    moved = Panel(
        units=panel.units.iloc[order], months=panel.months, counts=panel.counts[order],
        exposure=1000 * panel.exposure[order], outcome=panel.outcome, exposure_unit="bed-days",
    )  # fmt: skip
    other = baseline_of(moved)
    np.testing.assert_allclose(other.multiplier, base.multiplier[order], rtol=1e-5)
    np.testing.assert_allclose(other.per_day(), base.per_day()[order], rtol=1e-5)


def test_only_months_before_any_intervention_count(county):
    panel, spells = county.panel(), county.spells()
    without = months_without(panel, spells)
    supported = spells.iloc[0]
    row = panel.units.index.get_loc(supported["unit"])
    at = int(panel.month_index([supported["started"]])[0])
    assert without[row, :at].all()
    assert not without[row, at:].any()
    never = ~panel.units.index.isin(spells["unit"])
    assert without[never].all()


def test_closed_homes_have_no_future(county, county_baseline):
    closed = county.panel().exposure[:, -3:].sum(1) == 0
    assert closed.any()
    assert (county_baseline.open == ~closed).all()
    assert (county_baseline.expected_by_month(np.array(["2024-01"], "datetime64[M]"))[closed] == 0).all()


def test_short_panels_have_no_trend_and_a_kind_with_few_events_no_rate_of_its_own():
    panel, _ = simulate_panel(dataclasses.replace(SPELLS, n_months=10), 2)
    assert baseline_of(panel).calendar.terms == ()
    rare = panel.units.assign(home_type=["nursing", *["residential"] * 119])
    one = Panel(
        units=rare, months=panel.months, counts=panel.counts, exposure=panel.exposure,
        outcome=panel.outcome, exposure_unit="bed-days",
    )  # fmt: skip
    assert len(set(baseline_of(one).kind_rate)) == 1


def test_too_little_to_learn_from_is_told_in_words():
    frame = pd.DataFrame({"unit": ["a", "b"], "month": "2023-01-01", "count": [1, 0], "exposure": [900, 900]})
    with pytest.raises(AnalysisError, match="too few"):
        baseline_of(Panel.from_frame(frame))


def test_days_in():
    assert days_in(np.array(["2024-02", "2023-02", "2023-12"], "datetime64[M]")).tolist() == [29, 28, 31]
