"""The weights are those of two independent libraries, and California's are the published ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysyncon import AugSynth, Dataprep
from scipy.optimize import minimize
from synthdid import did_estimate, panel_matrices, sc_estimate, synthdid_estimate
from synthdid.datasets import load_california_prop99

from analysis.areas.weights import ridge_augmented, simplex, two_weights
from tests.costs import draws

PUBLISHED = {"synthetic_did": -15.6, "did": -27.3}
"""Arkhangelsky and others (2021), Table 1: packs per person and year, California after Proposition 99."""


@pytest.fixture(scope="module")
def california():
    frame = load_california_prop99()
    wide = frame.pivot_table("PacksPerCapita", "State", "Year")
    own, others = wide.loc["California"].to_numpy(), wide.drop("California").to_numpy()
    return frame, own, others, wide.columns.to_numpy() < 1989


def test_california_by_synthetic_difference_in_differences_as_published(california):
    _, own, others, before = california
    two = two_weights(others, own, before)
    gap = own - two.omega @ others
    assert round(gap[~before].mean() - two.lam @ gap[before], 1) == PUBLISHED["synthetic_did"]
    equal = own - others.mean(axis=0)
    assert round(equal[~before].mean() - equal[before].mean(), 1) == PUBLISHED["did"]


def test_the_other_library_comes_nearer_to_these_weights_the_longer_it_runs(california):
    """Its Frank–Wolfe steps come near a zero weight and never reach it: the distance falls with their number."""
    frame, own, others, before = california
    setup = panel_matrices(frame)
    two = two_weights(others, own, before)
    gap = own - two.omega @ others
    apart = {}
    for steps in (1_000, 10_000):
        theirs = synthdid_estimate(setup.Y, setup.N0, setup.T0, max_iter=steps, min_decrease=1e-9)
        apart[steps] = max(
            np.abs(two.omega - theirs.weights.omega).max(), np.abs(two.lam - theirs.weights.lambda_).max()
        )
    assert apart[10_000] < apart[1_000] / 4
    assert apart[10_000] < 0.005
    assert gap[~before].mean() - two.lam @ gap[before] == pytest.approx(float(theirs), abs=2e-3)
    assert float(did_estimate(setup.Y, setup.N0, setup.T0)) == pytest.approx(-27.349, abs=1e-3)


def test_california_by_synthetic_control_fits_better_than_the_published_weights(california):
    """The published −19.6 is where Frank–Wolfe steps were stopped; at the optimum it is −19.5, by SciPy's SLSQP too."""
    frame, own, others, before = california
    setup = panel_matrices(frame)
    stopped = sc_estimate(setup.Y, setup.N0, setup.T0)
    assert round(float(stopped), 1) == -19.6
    w, theirs = simplex(others[:, before].T, own[before]), by_slsqp(others[:, before].T / 100, own[before] / 100)

    def missed(weights):
        return np.sqrt(((own - weights @ others)[before] ** 2).mean())

    assert missed(w) <= missed(theirs) + 1e-9 < missed(stopped.weights.omega)
    assert (own - w @ others)[~before].mean() == pytest.approx((own - theirs @ others)[~before].mean(), abs=1e-3)


def by_slsqp(A, b):
    n = A.shape[1]
    found = minimize(
        lambda w: ((A @ w - b) ** 2).sum(), np.full(n, 1 / n), method="SLSQP", bounds=[(0, 1)] * n,
        jac=lambda w: 2 * A.T @ (A @ w - b), options={"ftol": 1e-15, "maxiter": 2_000},
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(n)},
    )  # fmt: skip
    return found.x


@pytest.mark.parametrize("ridge", [0.5, 20.0, 1e9])
def test_ridge_augmentation_is_pysyncons(ridge):
    rng = np.random.default_rng(5)
    n, T, T0 = 9, 30, 20
    Y = 50 + rng.standard_normal((n, 1)) * 5 + np.cumsum(rng.standard_normal((n, T)), axis=1)
    frame = pd.DataFrame(
        {"unit": np.repeat([f"u{i}" for i in range(n)], T), "time": np.tile(np.arange(T), n), "y": Y.ravel()}
    )
    prepared = Dataprep(
        foo=frame, predictors=["y"], predictors_op="mean", dependent="y", unit_variable="unit", time_variable="time",
        treatment_identifier="u0", controls_identifier=[f"u{i}" for i in range(1, n)],
        time_predictors_prior=range(T0), time_optimize_ssr=range(T0),
    )  # fmt: skip
    theirs = AugSynth()
    theirs.fit(prepared, lambda_=ridge, use_covariates=False)
    A, b = Y[1:, :T0].T, Y[0, :T0]
    w = simplex(A, b)
    np.testing.assert_allclose(w, theirs.synw, atol=2e-4)  # theirs is SLSQP at ftol 1e-12
    np.testing.assert_allclose(ridge_augmented(A, b, theirs.synw, ridge), theirs.W, rtol=1e-8, atol=1e-10)
    if ridge == 1e9:
        np.testing.assert_allclose(ridge_augmented(A, b, w, ridge), w, atol=1e-4)


@settings(max_examples=draws(40), deadline=None)
@given(
    seed=st.integers(0, 10_000), m=st.integers(2, 30), n=st.integers(2, 25), eta=st.sampled_from([0.0, 0.01, 3.0]),
    scale=st.sampled_from([1e-4, 1.0, 1e5]),
)  # fmt: skip
def test_no_feasible_direction_is_better(seed, m, n, eta, scale):
    """The optimality conditions of least squares over the simplex (Karush, Kuhn and Tucker), at every scale."""
    rng = np.random.default_rng(seed)
    A, b = scale * rng.standard_normal((m, n)), scale * rng.standard_normal(m)
    eta = eta * scale**2
    w = simplex(A, b, eta)
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1, abs=1e-12)
    slope = A.T @ (A @ w - b) + eta * w
    unit = np.abs(A.T @ A).max() + np.abs(A.T @ b).max()
    assert slope.min() >= slope @ w - 1e-8 * unit


def test_weights_are_a_general_optimisers():
    rng = np.random.default_rng(1)
    A, b = rng.standard_normal((15, 6)), rng.standard_normal(15)
    np.testing.assert_allclose(simplex(A, b), by_slsqp(A, b), atol=1e-6)


def test_an_area_that_is_a_mixture_is_found_and_order_does_not_matter():
    rng = np.random.default_rng(2)
    A, truth = rng.standard_normal((40, 8)), np.array([0.5, 0, 0.3, 0, 0.2, 0, 0, 0])
    w = simplex(A, A @ truth)
    np.testing.assert_allclose(w, truth, atol=1e-9)
    order = rng.permutation(8)
    np.testing.assert_allclose(simplex(A[:, order], A @ truth), truth[order], atol=1e-9)
