"""The power of a joint test, against draws from what is tested."""

import numpy as np
import pytest
from scipy.stats import chi2

from analysis.inference.pretrend_power import power


def test_it_is_how_often_draws_are_rejected():
    rng = np.random.default_rng(1)
    root = np.tril(rng.normal(size=(4, 4))) + 2 * np.eye(4)
    V, drift = root @ root.T, np.array([0.0, 1.0, 2.0, 3.0])
    draws = drift + rng.standard_normal((200_000, 4)) @ root.T
    W = np.einsum("ni,ij,nj->n", draws, np.linalg.inv(V), draws)
    rejected = chi2.sf(W, 4) < 0.05
    assert power(drift, V) == pytest.approx(rejected.mean(), abs=0.004)


def test_without_a_drift_it_is_the_level():
    assert power(np.zeros(3), np.eye(3), 0.05) == pytest.approx(0.05, abs=1e-9)
