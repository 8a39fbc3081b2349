"""Two groupings at once, where the answer is known."""

import numpy as np
import pytest

from analysis.inference.two_way import two_way


def by(labels, contributions):
    return np.bincount(np.unique(labels, return_inverse=True)[1], contributions)[None]


def test_pairs_that_share_either_group_are_counted_once():
    rng = np.random.default_rng(0)
    provider, area, e = rng.integers(0, 6, 40), rng.integers(0, 5, 40), rng.normal(0.4, 1, 40)
    shared = (provider[:, None] == provider) | (area[:, None] == area)
    V = two_way(by(provider, e), by(area, e), by(provider * 5 + area, e))
    assert V[0, 0] == pytest.approx(e @ shared @ e)


def test_one_grouping_inside_the_other_is_the_wider_one():
    e = np.random.default_rng(1).normal(size=12)
    area, provider = np.arange(12) // 4, np.arange(12) // 2
    V = two_way(by(provider, e), by(area, e), by(provider, e))
    assert V[0, 0] >= (by(area, e) ** 2).sum() - 1e-12


def test_the_variance_never_falls_below_that_of_one_grouping():
    e = np.array([1.0, -1.0, -1.0, 1.0])
    rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert two_way(by(rows, e), by(columns, e), by(np.arange(4), e))[0, 0] == 0
