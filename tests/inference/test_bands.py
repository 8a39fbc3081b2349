"""Simultaneous bands where the answer is known."""

import numpy as np
import pytest

from analysis.inference.bands import common_level


def test_independent_estimates_need_the_level_of_sidak():
    assert common_level(np.diag([1.0, 4.0, 9.0, 0.1]), 0.95, seed=1) == pytest.approx(0.95**0.25, abs=0.0015)


def test_one_estimate_and_copies_of_it_need_no_widening():
    assert common_level(np.array([[2.0]]), 0.9, seed=1) == pytest.approx(0.9, abs=0.006)
    assert common_level(np.full((5, 5), 3.0), 0.9, seed=1) == pytest.approx(0.9, abs=0.006)


def test_correlated_estimates_lie_between_and_scale_does_not_matter():
    correlation = 0.7 + 0.3 * np.eye(6)
    scale = np.diag([1, 2, 3, 4, 5, 6.0])
    level = common_level(correlation, 0.95, seed=2)
    assert 0.95 < level < 0.95 ** (1 / 6)
    assert common_level(scale @ correlation @ scale, 0.95, seed=2) == pytest.approx(level, abs=1e-12)
