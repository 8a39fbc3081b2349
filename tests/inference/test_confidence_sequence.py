"""An interval that may be looked at at every step: against its own formula, the usual one, and simulated walks."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.inference.confidence_sequence import half_width


def test_it_is_robbins_boundary():
    """|S| ≤ √((V + ρ) log((V + ρ)/(ρ α²))), written for θ̂ = S / V."""
    error, spread, alpha = np.array([0.3, 0.1, 0.02]), 0.25, 0.05
    V, rho = error**-2, spread**-2
    S = np.sqrt((V + rho) * np.log((V + rho) / (rho * alpha**2)))
    assert half_width(error, np.full(3, np.inf), spread, alpha) == pytest.approx(S / V, rel=1e-6)


def test_it_is_wider_than_for_one_look_and_wider_with_few_clusters():
    error = np.array([0.2, 0.1, 0.05])
    plain, few = (half_width(error, np.full(3, df), 0.22) for df in (np.inf, 6.0))
    assert (plain > norm.ppf(0.975) * error).all()
    assert (few > plain).all()


def test_walks_leave_it_at_any_look_in_at_most_5_of_100_and_the_usual_interval_far_more_often():
    rng = np.random.default_rng(1)
    V = np.cumsum(np.full(36, 4.0))
    estimate = np.cumsum(2.0 * rng.standard_normal((4000, 36)), axis=1) / V
    error = 1 / np.sqrt(V)
    half = half_width(error, np.full(36, np.inf), 0.22)
    assert (np.abs(estimate) > half).any(axis=1).mean() <= 0.05
    assert (np.abs(estimate) > 1.96 * error).any(axis=1).mean() > 0.2
