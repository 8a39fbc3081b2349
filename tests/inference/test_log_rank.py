"""The log-rank test is SciPy's where there is one stratum, and is blind to what differs between strata."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import CensoredData, hypergeom, logrank

from analysis.inference.log_rank import hypergeometric, log_rank


def drawn(seed, n=60):
    rng = np.random.default_rng(seed)
    time = np.ceil(10 * rng.exponential(size=n))  # with ties
    return time, rng.random(n) < 0.7, rng.random(n) < 0.4


def scipys(time, event, own):
    def censored(rows):
        return CensoredData(uncensored=time[rows & event], right=time[rows & ~event])

    return logrank(censored(own), censored(~own))


@pytest.mark.parametrize("seed", range(5))
def test_of_one_stratum_it_is_that_of_scipy(seed):
    time, event, own = drawn(seed)
    found = log_rank(time, event, own, np.zeros(len(time)))
    theirs = scipys(time, event, own)
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-10)
    assert (found.observed - found.expected) / np.sqrt(found.variance) == pytest.approx(theirs.statistic, rel=1e-10)


def test_strata_add_up_and_a_difference_between_them_is_no_difference_between_groups():
    one, other = drawn(1), drawn(2)
    both = [np.concatenate(pair) for pair in zip(one, other, strict=True)]
    found = log_rank(*both, np.repeat([0, 1], 60))
    parts = [log_rank(*part, np.zeros(60)) for part in (one, other)]
    assert found.expected == pytest.approx(sum(part.expected for part in parts))
    assert found.variance == pytest.approx(sum(part.variance for part in parts))
    slow = log_rank(np.concatenate([one[0], 50 * other[0]]), both[1], both[2], np.repeat([0, 1], 60))
    assert slow.p_value == pytest.approx(found.p_value)


def test_where_nothing_can_differ_there_is_no_p_value():
    found = log_rank(np.array([1.0, 2.0]), np.array([True, True]), np.array([True, True]), np.zeros(2))
    assert np.isnan(found.p_value)


def test_of_few_events_the_p_value_is_that_of_a_hypergeometric_number():
    """All come on one day: Fisher's exact test, whose tail is doubled."""
    own = np.arange(12) < 4
    time = np.where([*[True] * 3, False, *[True] * 1, *[False] * 7], 1.0, 2.0)
    found = log_rank(time, time == 1, own, np.zeros(12))
    tail = hypergeom(12, 4, 4).sf(2)
    assert (found.observed, found.exact) == (3, pytest.approx(2 * tail))
    assert found.least == pytest.approx(2 * hypergeom(12, 4, 4).pmf(4))


def test_what_comes_when_no_other_is_left_was_to_be_expected():
    """Two of the first group outlast the others: what comes of them then is in both numbers and moves no p-value."""
    time, own = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, True, True])
    found = log_rank(time, np.ones(4, bool), own, np.zeros(4))
    assert (found.observed, found.expected) == (3, pytest.approx(3 / 4 + 3))


@pytest.mark.parametrize("seed", range(3))
def test_an_exact_p_value_is_the_normal_one_corrected_for_whole_numbers_where_events_are_many(seed):
    found = log_rank(*drawn(seed, n=300), np.zeros(300))
    far = max(abs(found.observed - found.expected) - 0.5, 0)
    assert found.exact == pytest.approx(2 * ndtr(-far / np.sqrt(found.variance)), abs=0.02)


@pytest.mark.parametrize(("at_risk", "own", "events"), [(300, 120, 30), (40, 3, 9), (40, 38, 9), (7, 0, 3), (7, 7, 3)])
def test_chances_of_drawing_are_scipys(at_risk, own, events):
    theirs = hypergeom(at_risk, own, events).pmf(range(events + 1))
    assert hypergeometric(at_risk, own, events) == pytest.approx(theirs, rel=1e-11, abs=1e-300)
