"""The batched statistics against one regression per assignment, and the test against what randomisation promises."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from analysis.inference import randomisation
from analysis.inference.randomisation import Null, assign, assign_starts, invert, p_value, statistics


def null_of(counts, exposure):
    """Home and month effects by alternating proportional fitting, and the inverse by dense algebra."""
    home, month = np.ones((len(counts), 1)), np.ones(counts.shape[1])
    for _ in range(2000):
        home = counts.sum(axis=1, keepdims=True) / (exposure @ month)[:, None]
        month = counts.sum(axis=0) / (exposure * home).sum(axis=0)
    fitted = exposure * home * month
    n, T = counts.shape
    homes = np.kron(np.eye(n), np.ones((T, 1)))
    months, w = np.tile(np.eye(T), (n, 1)), fitted.ravel()
    within = months - homes @ ((homes.T @ (w[:, None] * months)) / (homes.T @ w)[:, None])
    inverse = np.linalg.pinv(within.T @ (w[:, None] * within), rcond=1e-11, hermitian=True)
    return Null(counts=counts.astype(float), fitted=fitted, inverse=inverse)


@pytest.fixture(scope="module")
def null():
    rng = np.random.default_rng(3)
    exposure = rng.uniform(1, 3, (11, 9))
    exposure[rng.random((11, 9)) < 0.1] = 0
    return null_of(rng.poisson(2 * exposure), exposure)


def by_regression(null, starts, homes, cluster=None):
    """One dense weighted projection; `homes` are clusters where these are given."""
    n, T = null.counts.shape
    D = np.zeros((n, T))
    for home, start in zip(homes, starts, strict=True):
        D[(np.arange(n) if cluster is None else cluster) == home, start:] = 1
    X = np.hstack([np.kron(np.eye(n), np.ones((T, 1))), np.tile(np.eye(T), (n, 1))[:, 1:]])
    root, w = np.sqrt(null.fitted.ravel()), null.fitted.ravel()
    d = D.ravel() - X @ np.linalg.lstsq(X * root[:, None], D.ravel() * root, rcond=None)[0]
    r, information = (null.counts - null.fitted).ravel(), d @ (w * d)
    effect, label = d @ r / information, np.repeat(np.arange(n) if cluster is None else cluster, T)
    own = np.bincount(label, w * d * d)
    psi = np.bincount(label, d * r) - effect * own
    return effect if len(homes) == 1 else d @ r / np.sqrt((psi**2 / (1 - own / information)).sum())


@pytest.mark.parametrize("starts", [[4], [3, 6], [3, 3, 5, 7]])
def test_statistics_equal_one_regression_per_assignment(null, starts):
    homes = np.array([np.random.default_rng(k).choice(11, len(starts), replace=False) for k in range(20)])
    expected = [by_regression(null, starts, row) for row in homes]
    np.testing.assert_allclose(statistics(null, np.array(starts), homes), expected, rtol=1e-8)


def test_what_is_too_much_to_hold_at_once_is_done_draw_by_draw_and_comes_to_the_same(null, monkeypatch):
    starts = np.array([3, 3, 5, 7])
    homes = np.array([[0, 4, 2, 9], [1, 3, 10, 5], [8, 2, 6, 0]])
    monkeypatch.setattr(randomisation, "CHUNK", null.counts.size)
    found = statistics(null, starts, homes)
    assert found == pytest.approx([by_regression(null, starts, some) for some in homes], rel=1e-9)


@pytest.mark.parametrize("starts", [[4], [3, 6], [3, 3]])
def test_whole_clusters_change_places(null, starts):
    cluster = np.array([2, 0, 0, 1, 1, 1, 3, 4, 4, 3, 2])
    together = replace(null, cluster=cluster)
    homes = np.array([np.random.default_rng(k).choice(5, len(starts), replace=False) for k in range(12)])
    expected = [by_regression(null, starts, row, cluster) for row in homes]
    np.testing.assert_allclose(statistics(together, np.array(starts), homes), expected, rtol=1e-8)


def test_start_months_change_places_among_the_treated(null):
    first = np.array([9] * 7 + [3, 4, 5, 6])
    assignments = assign_starts(first, 9, draws=99, seed=1)
    assert assignments.exhaustive
    assert len(assignments.homes) == 24
    t = np.abs([by_regression(null, [3, 4, 5, 6], order) for order in permutations([7, 8, 9, 10])])
    assert p_value(null, assignments) == pytest.approx((t >= t[0] * (1 - 1e-9)).mean())
    drawn = assign_starts(first, 9, draws=9, seed=1).homes
    assert (np.sort(drawn, axis=1) == [7, 8, 9, 10]).all()
    first[7:] = 4
    assert p_value(null, assign_starts(first, 9, draws=99, seed=1)) == 1  # nothing to permute, nothing learnt


def test_all_assignments_are_listed_where_there_are_few(null):
    first = np.full(11, 9)
    first[[2, 5]] = 4
    alike = assign(first, 9, draws=999, seed=1)
    assert alike.exhaustive
    assert len(alike.homes) == 55
    first[5] = 6
    assert len(assign(first, 9, draws=999, seed=1).homes) == 110
    assert not assign(first, 9, draws=99, seed=1).exhaustive


def test_one_home_is_ranked_among_all(null):
    first = np.full(11, 9)
    first[4] = 5
    assignments = assign(first, 9, draws=999, seed=1)
    effect = np.abs([by_regression(null, [5], [home]) for home in range(11)])
    assert p_value(null, assignments) == pytest.approx((effect >= effect[4] * (1 - 1e-9)).mean())


def test_p_values_over_all_assignments_are_uniform(null):
    """Exactness: were every pair of homes in turn the treated one, a share of at most p has a p-value of p."""
    pairs = [(a, b) for a in range(11) for b in range(a + 1, 11)]
    found = []
    for pair in pairs:
        first = np.full(11, 9)
        first[list(pair)] = 4
        found.append(p_value(null, assign(first, 9, draws=999, seed=1)))
    np.testing.assert_allclose(sorted(found), np.arange(1, 56) / 55)


def test_the_same_seed_gives_the_same_p_value(null):
    first = np.array([9] * 7 + [3, 4, 5, 6])
    draws = [assign(first, 9, draws=199, seed=8) for _ in range(2)]
    assert p_value(null, draws[0]) == p_value(null, draws[1])


def test_limits_are_where_the_p_value_crosses():
    low, high = invert(lambda x: max(0.0, 1 - abs(x - 0.3)), centre=0.3, conf_level=0.9)
    assert (low, high) == (pytest.approx(-0.6, abs=0.003), pytest.approx(1.2, abs=0.003))
    assert invert(lambda x: 1.0, centre=0.0, conf_level=0.95) == (-np.inf, np.inf)
