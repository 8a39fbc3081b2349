"""Estimators of staggered adoption against regressions on dummies and loops."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.inference.adoption import LATER, decomposed, group_time, imputed, two_way
from tests.reference import adoption_peers


@pytest.fixture(params=[True, False], ids=["some never treated", "all treated in the end"])
def data(request):
    """As mpdta: few years, three starts, effects that grow and differ by start."""
    rng = np.random.default_rng(1)
    N, T = 40, 7
    start = np.repeat([3, 4, 6, T if request.param else 5], N // 4)
    since = np.arange(T) - start[:, None]
    effect = np.where(since >= 0, -0.2 * (since + 1) - 0.1 * (start[:, None] == 3), 0.0)
    return rng.normal(size=(N, 1)) + rng.normal(size=T) + effect + 0.3 * rng.normal(size=(N, T)), start


def dummies(N, T):
    unit, month = np.repeat(np.arange(N), T), np.tile(np.arange(T), N)
    return np.column_stack([unit[:, None] == np.arange(N), month[:, None] == np.arange(1, T)]).astype(float)


def test_two_way_is_a_regression_on_dummies(data):
    y, start = data
    D = (np.arange(7) >= start[:, None]).astype(float).ravel()
    fit = sm.OLS(y.ravel(), np.column_stack([D, dummies(40, 7)])).fit()
    assert two_way(y, start) == pytest.approx(fit.params[0], rel=1e-9)


def test_the_weights_sum_to_one_and_rebuild_the_estimate(data):
    y, start = data
    parts = decomposed(y, start)
    assert sum(part.weight for part in parts) == pytest.approx(1, rel=1e-12)
    assert sum(part.weight * part.estimate for part in parts) == pytest.approx(two_way(y, start), rel=1e-9)
    assert all(part.weight > 0 for part in parts)
    assert any(part.kind == LATER for part in parts)


def test_each_comparison_is_two_way_fixed_effects_of_its_two_groups(data):
    y, start = data
    for part in decomposed(y, start):
        low, high = min(part.treated, part.other), max(part.treated, part.other)
        months = slice(0, 7) if high == 7 else slice(low, 7) if part.kind == LATER else slice(0, high)
        both = (start == part.treated) | (start == part.other)
        treated = np.where(start[both] == part.treated, part.treated - months.start, 99)
        assert part.estimate == pytest.approx(two_way(y[both, months], treated), rel=1e-9)


def test_group_time_effects_are_those_of_a_loop(data):
    y, start = data
    total, weight = 0.0, 0
    for i in range(40):
        for t in range(start[i], 7):
            others = [j for j in range(40) if start[j] > t]
            if others:
                total += (y[i, t] - y[i, start[i] - 1]) - np.mean([y[j, t] - y[j, start[i] - 1] for j in others])
                weight += 1
    assert group_time(y, start) == pytest.approx(total / weight, rel=1e-9)


def test_imputation_is_a_regression_of_what_is_untreated(data):
    y, start = data
    free = (np.arange(7) < start[:, None]).ravel()
    X = dummies(40, 7)
    beta = np.linalg.lstsq(X[free], y.ravel()[free], rcond=None)[0]
    known = (np.arange(7) < start[:, None]).any(axis=0)
    np.testing.assert_allclose(imputed(y, start)[:, known], (X @ beta).reshape(40, 7)[:, known], atol=1e-9)


def test_data_like_mpdta_give_what_others_give():
    y, group = adoption_peers.data()
    first, (T, years) = adoption_peers.YEARS[0], (5, adoption_peers.YEARS)
    start = np.where(group > 0, group - first, T)
    peers = pd.read_csv(Path(adoption_peers.__file__).with_suffix(".csv"))
    told = peers.set_index("what")["value"]
    after = np.arange(T) >= start[:, None]
    assert group_time(y, start) == pytest.approx(told.loc["group_time"].to_numpy(), rel=1e-12)
    assert len(told.loc["group_time"]) == 2
    assert two_way(y, start) == pytest.approx(told["two_way"], rel=1e-10)
    assert (y - imputed(y, start))[after].mean() == pytest.approx(told["imputation"], rel=1e-8)  # theirs iterates
    parts = decomposed(y, start)
    assert 2 * len(parts) == (peers["what"].str.startswith(("weight", "estimate"))).sum()
    for part in parts:
        who = f"{years[part.treated]} {years[part.other] if part.other < T else 0}"
        assert part.weight == pytest.approx(told[f"weight {who}"], rel=1e-10)
        assert part.estimate == pytest.approx(told[f"estimate {who}"], rel=1e-10)


def test_two_starts_at_once_give_one_answer():
    """One start and a common comparison: all four are the plain difference of differences."""
    rng = np.random.default_rng(3)
    y, start = rng.normal(size=(20, 2)), np.repeat([1, 2], 10)
    plain = (y[:10, 1] - y[:10, 0]).mean() - (y[10:, 1] - y[10:, 0]).mean()
    gap = (y - imputed(y, start))[:10, 1].mean()
    assert [two_way(y, start), group_time(y, start), gap] == pytest.approx([plain] * 3, rel=1e-9)
