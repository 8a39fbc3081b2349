"""HonestDiD against what its authors' R package prints, and against brute force."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import foldnorm, t

from analysis.inference.honest import (
    EventStudy,
    bend_that_overturns,
    drift_that_overturns,
    relative_interval,
    smooth_interval,
)
from analysis.inference.honest.smoothness import folded
from tests.costs import draws, one_in
from tests.inference import arp

MEDICAID = EventStudy(
    before=np.array([-0.005285345, -0.011297316, -0.002675977, -0.00141931, 0.00033968]),
    after=np.array([0.046446863, 0.069206177]),
    covariance=1e-6 * np.array([
        [74.6579, 60.2157, 44.3115, 33.7551, 43.1490, 47.5145, 24.1779],
        [60.2157, 72.4448, 37.7785, 28.5790, 45.2957, 44.1545, 28.1610],
        [44.3115, 37.7785, 50.3675, 26.6558, 27.6978, 30.5138, 9.6084],
        [33.7551, 28.5790, 26.6558, 39.9110, 24.0556, 23.7366, 2.9150],
        [43.1490, 45.2957, 27.6978, 24.0556, 54.4612, 36.7138, 9.6935],
        [47.5145, 44.1545, 30.5138, 23.7366, 36.7138, 83.5029, 63.0225],
        [24.1779, 28.1610, 9.6084, 2.9150, 9.6935, 63.0225, 106.7990],
    ]),
)  # fmt: skip
"""Medicaid expansion, 43 states, 2008 to 2015, errors clustered by state: the example of R HonestDiD's README.

Estimates and covariance worked out from the public state means (differences of means and their sandwich, with fixest's
small-sample factor)."""
PRINTED = {0: (0.0259, 0.0607), 0.01: (0.0132, 0.0787), 0.02: (0.00286, 0.0907), 0.03: (-0.00714, 0.101),
           0.04: (-0.0171, 0.111), 0.05: (-0.0271, 0.121)}  # fmt: skip
"""Smoothness intervals of the first effect that the README prints."""

DRAWN = 2e-5
"""A few thousandths of a standard error (0.009): what R's quantile, a million draws, is known to."""

VALUE_ADDED_TAX = EventStudy(
    before=np.array([0.006696351804, 0.02934503369, -0.006472972222, 0.0730149895]),
    after=np.array([0.1959611177, 0.3120639026, 0.2395415455, 0.1260425001]),
    covariance=1e-4 * np.array([
        [8.428358124, 4.768686777, 2.618051076, 2.354220342, 1.676371467, 1.128707663, 0.1992816215, -1.368265366],
        [4.768686777, 6.425420288, 3.987425007, 2.435515198, 2.201960306, 1.804591157, 0.384376508, -0.2960421989],
        [2.618051076, 3.987425007, 5.229949602, 2.11768609, 1.840722252, 1.45852784, 0.7005197403, 0.5952994979],
        [2.354220342, 2.435515198, 2.11768609, 3.089595411, 1.197866077, 1.334081317, 1.016335009, 1.079051726],
        [1.676371467, 2.201960306, 1.840722252, 1.197866077, 3.59970436, 2.478818642, 1.749579242, 1.654256921],
        [1.128707663, 1.804591157, 1.45852784, 1.334081317, 2.478818642, 4.263949813, 2.171437809, 2.892747871],
        [0.1992816215, 0.384376508, 0.7005197403, 1.016335009, 1.749579242, 2.171437809, 4.886697861, 3.805322049],
        [-1.368265366, -0.2960421989, 0.5952994979, 1.079051726, 1.654256921, 2.892747871, 3.805322049, 7.61739444],
    ]),
)  # fmt: skip
"""Benzarti and Carloni (2019), as it comes with R HonestDiD (BCdata_EventStudy)."""
FIRST = np.eye(4)[0]


@pytest.mark.parametrize("M", PRINTED)
def test_smoothness_as_the_readme_prints_it(M):
    """To a unit of the last digit printed, and R's own error: it searches on a grid and draws its quantile."""
    found, printed = smooth_interval(MEDICAID.target([1, 0]), M), PRINTED[M]  # type: ignore[arg-type]
    unit = [0.00001 if abs(end) < 0.01 else 0.0001 if abs(end) < 0.1 else 0.001 for end in printed]
    assert np.all(np.abs(np.subtract(found, printed)) <= np.add(unit, DRAWN))


@pytest.mark.parametrize(
    ("M", "half"), [(0, 0.04237916612), (0.1, 0.1495321071), (0.2, 0.2495321071)]
)  # fmt: skip
def test_smoothness_as_r_computes_it(M, half):
    """R draws its folded normal quantile (a thousandth of a standard error off); ours is exact."""
    low, high = smooth_interval(VALUE_ADDED_TAX.target(FIRST), M)
    assert (high - low) / 2 == pytest.approx(half, abs=6e-5)
    if M:
        assert (low + high) / 2 == pytest.approx(0.1959611177 + 0.0730149895, abs=1e-8)


@pytest.mark.parametrize(("M", "ends"), [(0.5, (0.118129486, 0.271583866)), (1.0, (0.067231251, 0.318683725)),
                                         (1.5, (0.013294315, 0.36957998))])  # fmt: skip
def test_relative_magnitudes_as_r_computes_them(M, ends):
    """R draws its least favourable quantile 1,000 times: some tenth of a standard error of steps (0.03) off."""
    assert relative_interval(VALUE_ADDED_TAX.target(FIRST), M) == pytest.approx(ends, abs=0.003)


@pytest.mark.parametrize("weights", one_in(2, [(0.5, 0.5), (1, 0)]))
@pytest.mark.parametrize("M", [0.5, 2.0])
def test_relative_magnitudes_are_those_of_every_vertex_of_the_dual(weights, M):
    """Brute force with single effects as nuisance parameters, looked at every 0.001, one in fifty of the length."""
    grid = np.linspace(-0.1, 0.2, 301)
    V = MEDICAID.covariance
    beta = np.append(MEDICAID.before, MEDICAID.after)
    brute = arp.interval((beta, V, 5), weights, M, grid)
    assert relative_interval(MEDICAID.target(np.array(weights)), M) == pytest.approx(brute, abs=0.0015)


@pytest.mark.parametrize("M", one_in(4, [0.01, 0.0, 0.001, 0.03]))
@pytest.mark.parametrize("weights", [FIRST, np.full(4, 0.25)], ids=["the first effect", "their mean"])
def test_no_affine_estimator_is_shorter(weights, M):
    """A general optimiser over the weights before, with the slope taken out, finds as much and nothing shorter."""
    target, P = VALUE_ADDED_TAX.target(weights), 4
    far = np.arange(P, 0, -1)
    lever = float(np.arange(1, 5) @ weights)

    def half(v):
        error = np.sqrt(np.append(v, 1) @ target.covariance @ np.append(v, 1))
        bends = [sum((k - j) * w for k, w in zip(far, v, strict=True) if k > j) for j in range(1, P)]
        after = [sum((k - j) * w for k, w in zip(range(1, 5), weights, strict=True) if k > j) for j in range(4)]
        bias = M * (np.abs(bends).sum() + np.abs(after).sum()) / error
        return error * (foldnorm.ppf(0.95, bias) if bias else 1.959963984540054)

    def free(x):
        return half(np.append(x, lever - far[:-1] @ x))

    starts = np.random.default_rng(1).normal(0, 0.3, (draws(2, 1), P - 1))
    best = min(minimize(free, x, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}).fun
               for x in starts)  # fmt: skip
    low, high = smooth_interval(target, M)
    assert (high - low) / 2 <= best * (1 + 1e-9)
    assert (high - low) / 2 == pytest.approx(best, rel=5e-4)


def test_the_folded_quantile_is_that_of_scipy_and_with_few_degrees_that_of_t():
    for b in (0.0, 0.3, 2.0, 9.0):
        assert folded(b, 0.05, np.inf) == pytest.approx(foldnorm.ppf(0.95, b), abs=1e-9)
    assert folded(0.0, 0.05, 5.0) == pytest.approx(t.ppf(0.975, 5), abs=1e-9)
    assert folded(1.0, 0.05, 5.0) > folded(1.0, 0.05, np.inf)


def test_an_answer_is_overturned_where_its_interval_first_holds_nothing():
    target = MEDICAID.target(np.array([1.0, 0.0]))
    M, drift = bend_that_overturns(target), drift_that_overturns(target)
    assert smooth_interval(target, M)[0] == pytest.approx(0, abs=1e-6)
    assert relative_interval(target, drift - 0.02)[0] > 0 > relative_interval(target, drift + 0.02)[0]
    nothing = EventStudy(before=MEDICAID.before, after=np.zeros(2), covariance=MEDICAID.covariance).target([1, 0])  # type: ignore[arg-type]
    assert (bend_that_overturns(nothing), drift_that_overturns(nothing)) == (0.0, 0.0)


def test_few_degrees_of_freedom_widen_both():
    few = EventStudy(before=MEDICAID.before, after=MEDICAID.after, covariance=MEDICAID.covariance, df=4.0)
    for interval, M in ((smooth_interval, 0.0), (smooth_interval, 0.02), (relative_interval, 1.0)):
        low, high = interval(MEDICAID.target([1, 0]), M)  # type: ignore[arg-type]
        less, more = interval(few.target([1, 0]), M)  # type: ignore[arg-type]
        assert less < low < high < more


@pytest.mark.parametrize("homes", one_in(2, [5, 20]))
def test_robust_intervals_cover_with_few_clusters(homes):
    """Estimates are means over few homes, their covariance estimated; drift after as large as the largest before."""
    rng, P, Q, draws = np.random.default_rng(homes), 2, 2, 100
    course = np.array([0.0, 0.0, 0.3, 0.6])  # before (2), after (2); a step of 0.3, none before
    course[:2] = (0.3, 0.3)
    root = np.linalg.cholesky(0.5 * np.eye(P + Q) + 0.5)
    held = 0
    for _ in range(draws):
        values = course + rng.standard_normal((homes, P + Q)) @ root.T
        study = EventStudy(
            before=values.mean(axis=0)[:P], after=values.mean(axis=0)[P:],
            covariance=np.cov(values.T) / homes, df=homes - 1.0,
        )  # fmt: skip
        low, high = relative_interval(study.target(np.array([0.0, 1.0])), 1.0)
        held += low <= 0.0 <= high
    assert held / draws >= 0.92
