"""The score bootstrap against one dense projection and one loop."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.inference.randomisation import statistics as by_assignment
from analysis.inference.wild import contributions, multipliers, score_p_value, statistics
from tests.inference.test_randomisation import null_of


@pytest.fixture(scope="module")
def null():
    rng = np.random.default_rng(5)
    exposure = rng.uniform(1, 3, (12, 9))
    exposure[rng.random((12, 9)) < 0.1] = 0
    return null_of(rng.poisson(3 * exposure), exposure)


@pytest.fixture
def started():
    return np.arange(9) >= np.array([3, 4, 5, 6, *[9] * 8])[:, None]


def by_projection(null, started, cluster):
    """Contributions from the least squares residual of D on dummies of homes and months."""
    n, T = null.counts.shape
    X = np.hstack([np.kron(np.eye(n), np.ones((T, 1))), np.tile(np.eye(T), (n, 1))[:, 1:]])
    w = null.fitted.ravel()
    root = np.sqrt(w)
    d = started.ravel() - X @ np.linalg.lstsq(X * root[:, None], started.ravel() * root, rcond=None)[0]
    r, label = (null.counts - null.fitted).ravel(), np.repeat(cluster, T)
    here = [label == c for c in np.unique(cluster)]
    return np.array([(d * r)[h].sum() for h in here]), np.array([(w * d * d)[h].sum() for h in here])


@pytest.mark.parametrize("cluster", [np.arange(12), np.array([0, 0, 1, 1, 2, 2, 2, 5, 5, 6, 6, 9])])
@pytest.mark.parametrize("kind", ["Rademacher", "Webb"])
def test_every_draw_is_its_own_calculation(null, started, cluster, kind):
    s, own = by_projection(null, started, cluster)
    ours = contributions(null, started, cluster)
    np.testing.assert_allclose(ours[0], s, rtol=1e-8)
    np.testing.assert_allclose(ours[1], own, rtol=1e-8)
    v = multipliers(kind, len(s), 300, seed=1)
    t = []
    for row in [np.ones(len(s)), *v]:
        total, square = sum(row * s), 0.0
        for part, information in zip(row * s, own, strict=True):
            square += (part - total / sum(own) * information) ** 2 / (1 - information / sum(own))
        t.append(abs(total) / square**0.5)
    expected = np.mean(np.array(t) >= t[0] * (1 - 1e-9))
    assert score_p_value(null, started, cluster, v) == pytest.approx(expected)


def test_the_statistic_is_that_of_the_randomisation_test(null, started):
    ours = statistics(*(x[None] if k == 0 else x for k, x in enumerate(contributions(null, started, np.arange(12)))))
    theirs = by_assignment(null, np.array([3, 4, 5, 6]), np.array([[0, 1, 2, 3]]))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_few_clusters_list_every_sign_once():
    v = multipliers("Rademacher", 5, 999, seed=0)
    assert len(np.unique(v, axis=0)) == len(v) == 32
    assert multipliers("Webb", 5, 999, seed=0).shape == (999, 5)


@pytest.mark.parametrize("kind", ["Rademacher", "Webb"])
def test_multipliers_have_mean_zero_and_variance_one(kind):
    v = multipliers(kind, 40, 5000, seed=3)
    assert v.mean() == pytest.approx(0, abs=0.01)
    assert v.var() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("kind", ["Rademacher", "Webb"])
def test_with_many_alike_clusters_the_p_value_is_that_of_a_normal_score(kind):
    s = np.random.default_rng(4).normal(0.12, 1, 400)
    t = statistics(np.vstack([np.ones(400), multipliers(kind, 400, 4000, seed=5)]) * s, np.ones(400))
    assert np.mean(np.abs(t) >= abs(t[0])) == pytest.approx(2 * norm.sf(abs(t[0])), abs=0.02)
