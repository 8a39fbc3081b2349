"""Effects drawn towards one another: a published table, other software, and numerical integration in the test."""

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import halfnorm, norm
from statsmodels.stats.meta_analysis import combine_effects

from analysis.inference.pooling import pooled
from analysis.inference.shrinkage import Shrinkage, given_tau, shrunken

SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2
MEDIANS = (10, 8, 7, 8, 5, 6, 10, 8)
"""Gelman and others (2013), table 5.3, from 200 draws: posterior medians of the eight schools, A to H."""


@pytest.fixture(scope="module")
def schools():
    return shrunken(*SCHOOLS, Shrinkage(lowest=2, scale=np.inf, seed=1))


def test_eight_schools_are_those_of_the_book(schools):
    assert schools.mean == pytest.approx(MEDIANS, abs=1.6)  # means of skewed posteriors, against 200 draws' medians
    assert (schools.low[0], schools.high[0]) == pytest.approx((-2, 31), abs=1.0)  # school A


def test_given_tau_it_is_the_random_effects_mean_of_statsmodels():
    y, v = SCHOOLS[0] / 20, SCHOOLS[1] / 1600  # schools that differ, so that τ² is above zero
    theirs = combine_effects(y, v, method_re="iterated")
    tau2 = pooled(y, v).tau2
    assert tau2 > 0 and tau2 == pytest.approx(float(theirs.tau2), rel=1e-4)
    mean, variance, centre, of_centre = given_tau(y, v, tau2)
    assert centre == pytest.approx(theirs.mean_effect_re, rel=1e-4)
    assert np.sqrt(of_centre) == pytest.approx(theirs.sd_eff_w_re, rel=1e-4)
    # the posterior of the joint normal, by its matrix: θ and μ given y
    n = len(y)
    precision = np.zeros((n + 1, n + 1))
    precision[:n, :n] = np.diag(1 / v + 1 / tau2)
    precision[:n, n] = precision[n, :n] = -1 / tau2
    precision[n, n] = n / tau2
    V = np.linalg.inv(precision)
    assert (V @ np.append(y / v, 0))[:n] == pytest.approx(mean, rel=1e-9)
    assert np.diag(V)[:n] == pytest.approx(variance, rel=1e-9)


def test_integrated_over_tau_it_is_numerical_integration():
    y, v, scale = np.array([-0.5, -0.1, 0.0, -0.3, -0.9, 0.2]), np.array([0.02, 0.05, 0.1, 0.04, 0.03, 0.2]), 0.3

    def weight(tau):
        _, _, centre, of_centre = given_tau(y, v, tau**2)
        density = np.sqrt(of_centre) * norm.pdf(y, centre, np.sqrt(v + tau**2)).prod()
        return density * halfnorm.pdf(tau, scale=scale)

    total = integrate.quad(weight, 0, 2)[0]
    found = shrunken(y, v, Shrinkage(lowest=1, scale=scale, seed=1))
    for i in range(len(y)):
        mean = integrate.quad(lambda t, i=i: weight(t) * given_tau(y, v, t**2)[0][i], 0, 2)[0] / total
        assert found.mean[i] == pytest.approx(mean, abs=1e-4)

        def below(t, i=i):
            m, s2, *_ = given_tau(y, v, t**2)
            return weight(t) * norm.cdf(found.low[i], m[i], np.sqrt(s2[i]))

        assert integrate.quad(below, 0, 2)[0] / total == pytest.approx(0.025, abs=2e-4)
    assert found.among_lowest.sum() == pytest.approx(1)
    assert found.among_lowest.argmax() == 4


def test_what_all_share_widens_and_orders_nothing(schools):
    wide = shrunken(*SCHOOLS, Shrinkage(lowest=2, scale=np.inf, shared=25.0, seed=1))
    assert (wide.high - wide.low > schools.high - schools.low).all()
    assert wide.among_lowest == pytest.approx(schools.among_lowest) and wide.mean == pytest.approx(schools.mean)


def test_effects_that_do_not_differ_are_as_likely_as_one_another():
    found = shrunken(np.full(10, -0.2), np.full(10, 0.04), Shrinkage(lowest=2, scale=0.3, seed=1))
    assert found.mean == pytest.approx(-0.2) and found.among_lowest == pytest.approx(0.2, abs=0.03)
