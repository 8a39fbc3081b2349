"""The joint test of the months before the start."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import chi2

from analysis.admissions.uncertainty import pretrend
from analysis.admissions.uncertainty.pretrend import sign_test


def test_every_pattern_of_signs_is_tried_where_there_are_few():
    scores = np.random.default_rng(1).standard_t(3, (2, 9))
    inverse = np.linalg.inv(scores @ scores.T)
    patterns = [scores @ np.array(signs) for signs in product((-1, 1), repeat=9)]
    every = np.array([total @ inverse @ total for total in patterns])
    W, p_value = sign_test(scores, seed=0)
    observed = scores.sum(axis=1) @ inverse @ scores.sum(axis=1)
    assert pytest.approx(observed) == W
    assert p_value == pytest.approx((1 + (every >= observed - 1e-9).sum()) / (1 + len(every)))


def test_it_keeps_its_size_though_one_cluster_outweighs_the_others():
    rng = np.random.default_rng(2)
    weight = np.array([6.0, 3.0, *np.ones(18)])
    p_values = [sign_test(rng.standard_t(4, (3, 20)) * weight, seed)[1] for seed in range(400)]
    assert np.mean(np.array(p_values) < 0.2) == pytest.approx(0.2, abs=0.07)  # three and a half standard errors
    assert np.mean(np.array(p_values) < 0.05) < 0.09


def test_with_many_clusters_signs_and_chi_squared_agree(monkeypatch):
    scores = np.random.default_rng(3).normal(0.04, 1, (3, 1_500))
    W, drawn = sign_test(scores, seed=0)
    monkeypatch.setattr(pretrend, "MANY", 0)
    assert sign_test(scores, seed=0) == pytest.approx((W, chi2.sf(W, 3)))
    assert drawn == pytest.approx(chi2.sf(W, 3), abs=0.02)
