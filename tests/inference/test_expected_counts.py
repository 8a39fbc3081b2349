"""Are counts beside their expectation what SciPy's distributions, and a simulation, give?"""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import beta, betabinom, binom, poisson_binom

from analysis.inference.expected_counts import Assumed, chance_of_more, compared, distribution, off_the_edge, posterior

M, K, N = np.array([5, 9, 2]), np.array([20, 11, 40]), np.array([50, 37, 55])


def test_known_rates_give_scipys_poisson_binomial():
    theirs = poisson_binom(np.repeat(K / N, M)).pmf(np.arange(M.sum() + 1))
    np.testing.assert_allclose(distribution(M, off_the_edge(K, N), 0.0), theirs, atol=1e-12)


@pytest.mark.parametrize("log_odds", [-0.9, 0.6, 11.0, -11.0])
def test_an_odds_ratio_moves_known_rates_as_scipy_does(log_odds):
    """Where chances are taken from those at 1, and where they are worked out anew."""
    many = 20 * M
    odds = K / (N - K) * np.exp(log_odds)
    theirs = poisson_binom(np.repeat(odds / (1 + odds), many)).pmf(np.arange(many.sum() + 1))
    np.testing.assert_allclose(distribution(many, off_the_edge(K, N), log_odds), theirs, atol=1e-12)


def test_estimated_rates_give_scipys_beta_binomial():
    """The mixture is by 64 nodes, so it is near and not equal: the farthest chance is off by 0.0003."""
    theirs = np.ones(1)
    for m, k, n in zip(M, K, N, strict=True):
        theirs = np.convolve(theirs, betabinom(m, k + 0.5, n - k + 0.5).pmf(np.arange(m + 1)))
    np.testing.assert_allclose(distribution(M, posterior(K, N), 0.0), theirs, atol=3e-4)


def test_under_an_effect_counts_are_as_drawn():
    rng, draws, log_odds = np.random.default_rng(1), 200_000, 0.8
    p = beta(K + 0.5, N - K + 0.5).rvs((draws, 3), random_state=rng)
    odds = p / (1 - p) * np.exp(log_odds)
    counts = rng.binomial(M, odds / (1 + odds)).sum(axis=1)
    seen = np.bincount(counts, minlength=M.sum() + 1) / draws
    np.testing.assert_allclose(distribution(M, posterior(K, N), log_odds), seen, atol=0.003)


@pytest.mark.parametrize("observed", [1, 5, 10, 15])
def test_one_stratum_with_a_known_rate_is_the_mid_p_interval_of_a_proportion(observed):
    m, k, n = np.array([16]), np.array([60]), np.array([100])
    found = compared(m, observed, k, n, Assumed(exact=True))

    def below(p):
        return binom.cdf(observed - 1, 16, p) + binom.pmf(observed, 16, p) / 2

    low, high = (brentq(lambda p, at=at: below(p) - at, 1e-9, 1 - 1e-9) for at in (0.975, 0.025))
    assert (found.low, found.high) == pytest.approx((16 * low, 16 * high), abs=1e-6)
    side = min(below(0.6), 1 - below(0.6))
    assert found.p_value == pytest.approx(min(1, 2 * side), abs=1e-9)
    assert (found.observed, found.expected) == (observed, pytest.approx(9.6))


def test_the_interval_lies_above_what_was_expected_just_where_chance_is_small():
    for observed in range(M.sum() + 1):
        found = compared(M, observed, K, N)
        assert (found.low > found.expected) == (chance_of_more(M, observed, posterior(K, N)) < 0.025)


def test_everybody_or_nobody_has_a_limit_on_one_side_only():
    nobody, everybody = compared(M, 0, K, N), compared(M, int(M.sum()), K, N)
    assert (nobody.low, everybody.high) == (0, M.sum())
    assert nobody.high < nobody.expected < everybody.low


def test_rates_of_none_and_all_are_not_taken_for_certain():
    found = compared(np.array([4]), 1, np.array([0]), np.array([12]))
    assert found.expected == 0
    assert 0 < found.low < 1 < found.high < 4
    assert compared(np.array([4]), 3, np.array([12]), np.array([12])).low < 4
    assert compared(np.array([4]), 3, np.array([12]), np.array([12]), Assumed(exact=True)).high <= 4


def test_fewer_others_make_a_wider_interval():
    few, many = compared(M, 10, K // 5, N // 5), compared(M, 10, K * 5, N * 5)
    assert few.high - few.low > many.high - many.low
    known_ = compared(M, 10, K * 1000, N * 1000)
    exact = compared(M, 10, K, N, Assumed(exact=True))
    assert (known_.low, known_.high) == pytest.approx((exact.low, exact.high), abs=0.01)
