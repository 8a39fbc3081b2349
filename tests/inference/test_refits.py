"""Batched refits against one fit of the saturated model after another."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions.compared.sample import take
from analysis.admissions.engine.saturated import fit_saturated
from analysis.inference import left_out
from analysis.inference.left_out import refit_without_each
from analysis.inference.refits import SaturatedFit, refit
from analysis.inference.resampling import (
    drawn_with_replacement,
    jackknife_variance,
    leave_one_out,
    percentiles,
    sign_p_value,
)
from tests.admissions.conftest import small_panel


def sample_of(never_only, **spec):
    panel, design = small_panel(n=30, starts=(4, 4, 5, 5, 5, 7, 8, 8, 9), missing=0.1, **spec)
    start = np.where(design.start < 0, panel.counts.shape[1], design.start)
    return take(panel.counts, panel.exposure, start, stratum=np.zeros(30, int), never_only=never_only)


def model_of(sample, fit):
    return SaturatedFit(
        counts=sample.counts,
        fitted=fit.fitted,
        counterfactual=np.where(sample.treated, fit.counterfactual, 0),
        rows=tuple(g.rows for g in sample.cohorts),
        first=tuple(g.first for g in sample.cohorts),
        informs=tuple(g.informs for g in sample.cohorts),
    )


def one_by_one(sample, weights):
    """Weights on homes are weights on their counts: home effects take up the rest."""
    found = []
    for w in weights.T:
        counts = sample.counts * w[:, None]
        fit = fit_saturated(replace(sample, counts=counts))
        found.append(np.log(counts[sample.treated].sum()) - np.log(fit.counterfactual[sample.treated].sum()))
    return np.array(found)


@pytest.mark.parametrize("rate", [3.0, 40.0])
@pytest.mark.parametrize("never_only", [False, True])
def test_refits_of_all_draws_at_once_are_those_of_one_after_another(never_only, rate):
    sample = sample_of(never_only, rate=rate)
    model = model_of(sample, fit_saturated(sample))
    cohort = np.repeat(np.arange(len(model.rows)), [rows.stop - rows.start for rows in model.rows])
    homes = np.arange(len(sample.homes))
    for weights in (leave_one_out(homes), drawn_with_replacement(homes, cohort, 60, seed=1)):
        ours = refit(model, weights)
        np.testing.assert_allclose(ours, one_by_one(sample, weights), rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("never_only", [False, True])
def test_each_home_left_out_by_expansion_is_the_refit(never_only, kind, monkeypatch):
    sample = sample_of(never_only, rate=20.0)
    model = model_of(sample, fit_saturated(sample))
    monkeypatch.setattr("analysis.inference.left_out.MANY", 0 if kind is np.float32 else 1_000)
    expected = one_by_one(sample, leave_one_out(np.arange(len(sample.homes))))
    precision = 1e-9 if kind is np.float64 else 1e-7  # of moves of 0.01: these homes are no small part of the whole
    np.testing.assert_allclose(refit_without_each(model), expected, rtol=0, atol=precision)


@pytest.mark.parametrize("never_only", [False, True])
def test_other_cohorts_may_be_expanded_where_no_home_moves_a_month_far(never_only, monkeypatch):
    """Homes enough for the expansion to be used for most of them; whatever is left to refits is one already."""
    n, T = 1_200, 12
    rng = np.random.default_rng(5)
    start = np.repeat([4, 5, 8, T], (50, 250, 300, 600))
    exposure = rng.uniform(400, 1200, (n, 1)) * rng.uniform(0.8, 1.2, (n, T)) * (rng.random((n, T)) < 0.9)
    counts = rng.poisson(0.02 * exposure * rng.gamma(6, 1 / 6, (n, 1)))
    sample = take(counts, exposure, start, stratum=np.zeros(n, int), never_only=never_only)
    model, some = model_of(sample, fit_saturated(sample)), np.arange(0, len(sample.homes), 40)
    refitted = []
    monkeypatch.setattr(left_out, "refit", lambda *args: refitted.append(args[1].shape[1]) or refit(*args))
    found = refit_without_each(model)
    assert sum(refitted) < n / 2
    expected = one_by_one(sample, leave_one_out(np.arange(len(sample.homes)))[:, some])
    np.testing.assert_allclose(found[some], expected, rtol=0, atol=1e-8 * np.std(found) * np.sqrt(n))


def test_a_draw_in_which_a_month_has_no_events_has_no_estimate():
    sample = sample_of(False)
    weights = np.ones((len(sample.homes), 2))
    weights[sample.counts[:, 3] > 0, 1] = 0
    found = refit(model_of(sample, fit_saturated(sample)), weights)
    assert np.isfinite(found).tolist() == [True, False]


def test_jackknife_of_a_mean_is_its_variance():
    x = np.random.default_rng(0).normal(size=12)
    left_out = np.array([np.delete(x, i).mean() for i in range(12)])
    assert jackknife_variance(left_out, x.mean()) == pytest.approx(x.var(ddof=1) / 12)


def test_clusters_leave_and_return_together_and_within_their_stratum():
    cluster, stratum = np.array([3, 3, 1, 7, 7, 2]), np.array([0, 0, 0, 1, 1, 1])
    assert leave_one_out(cluster).sum() == 6 * 4 - 6
    times = drawn_with_replacement(cluster, stratum, 500, seed=2)
    assert (times[0] == times[1]).all()
    assert (times[3] == times[4]).all()
    assert (times[0] + times[2] == 2).all()
    assert (times[3] + times[5] == 2).all()
    assert times.mean(axis=1) == pytest.approx(1, abs=0.15)


def test_percentiles_and_sides_of_known_draws():
    draws = np.append(np.linspace(-1, 3, 401), np.nan)
    assert percentiles(draws, 0.9) == pytest.approx((-0.8, 2.8))
    assert sign_p_value(draws) == pytest.approx(2 * 102 / 402)
