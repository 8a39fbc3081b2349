"""The null distribution of negative controls against closed forms and a grid."""

import numpy as np
import pytest

from analysis.inference.empirical_null import empirical_null


def test_one_control_is_its_own_null():
    assert empirical_null(np.array([0.2]), np.array([0.1])) == (pytest.approx(0.2), 0.0)


def test_equal_errors_have_a_closed_form():
    b = np.array([-0.3, 0.1, 0.4, 0.6, -0.1])
    mean, spread = empirical_null(b, np.full(5, 0.1))
    assert mean == pytest.approx(b.mean(), abs=1e-6)
    assert spread**2 == pytest.approx(b.var() - 0.01, rel=1e-5)


def test_controls_that_scatter_no_more_than_chance_have_no_spread():
    mean, spread = empirical_null(np.array([0.01, -0.02, 0.03]), np.array([0.1, 0.2, 0.3]))
    assert spread == 0.0
    assert mean == pytest.approx(np.average([0.01, -0.02, 0.03], weights=[100, 25, 100 / 9]))


def test_unequal_errors_against_a_grid():
    rng = np.random.default_rng(4)
    s = rng.uniform(0.05, 0.4, 30)
    b = 0.15 + rng.normal(0, np.sqrt(0.04 + s**2))
    mean, spread = empirical_null(b, s)
    mu, sigma = np.meshgrid(np.linspace(0, 0.4, 401), np.linspace(0, 0.5, 501), indexing="ij")
    v = sigma[..., None] ** 2 + s**2
    surprise = (np.log(v) + (b - mu[..., None]) ** 2 / v).sum(axis=-1)
    at = np.unravel_index(surprise.argmin(), surprise.shape)
    assert (mean, spread) == (pytest.approx(mu[at], abs=1e-3), pytest.approx(sigma[at], abs=1e-3))
