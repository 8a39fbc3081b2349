"""Are home-months at their limit of zero found, row for row, where a Poisson model has no maximum?

Such rows stay in the sample: their fitted mean is zero to within a trace, and all other rows are fitted as a regression
without them fits them.

Independent oracle: a row is separated where a direction of the parameters changes no row with events, raises no row,
and lowers that one (Correia, Guimaraes and Zylkin 2019); one linear programme finds all such rows.

Of the 18 cases published with ppmlhdfe, written here from their definition:
- 02, 04 and 13 have two sets of effects and nothing else, and stand for homes and months: the engine must find them;
- 05, 07, 08 and 10 have regressors of any value, which the engine does not fit: they show that the oracle is right;
- 01, 06, 09, 11 and 14 to 18 have such regressors too, and 03 has three sets of effects: they do not apply;
- 12 was not to be had.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.admissions.compared.sample import take
from analysis.admissions.engine.saturated import fit_saturated
from tests.costs import one_in


def separated_rows(X, y):
    """Rows that some direction of recession of the Poisson likelihood lowers.

    Directions gamma with z = X gamma >= 0, z = 0 where y > 0; the sum of two is one, so the largest number of rows
    lowered (u <= z, u <= 1) is all that any direction lowers.
    """
    n, k = X.shape
    within = np.c_[np.eye(n), -X]
    zero = [(0, 0) if count > 0 else (0, 1) for count in y]
    found = linprog(
        -np.r_[np.ones(n), np.zeros(k)],
        A_ub=np.r_[within, np.c_[np.zeros((n, n)), -X]],
        b_ub=np.zeros(2 * n),
        A_eq=np.c_[np.zeros((n, n)), X][np.asarray(y) > 0],
        b_eq=np.zeros(np.sum(np.asarray(y) > 0)),
        bounds=zero + [(None, None)] * k,
        method="highs",
    )
    return found.x[:n] > 0.5  # u is 0 or 1 at the maximum


def effects_of(*labels):
    return np.hstack([(np.asarray(label)[:, None] == np.unique(label)).astype(float) for label in labels])


CASE_05 = [
    [0, 5, 11, 2, 2],
    [0, 5, 2, 11, 2],
    [0, 5, 2, 2, 11],
    [0, 0, -1, -1, -1],
    *[[6 - k, k, k, k, k] for k in range(1, 6)],
]
CASE_10 = [
    [0, -5, 0, 1], [0, -2, 0, 1], [0, 0, 2, 1], [0, 0, 0, 2], [0, 0, 0, 3], [0, 2, 3, 4],
    [0.5, 2, 2, 2], [1.1, 1, 1, 2], [2.1, 4, 2, 4], [3.3, 3, 3, 2],
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "expected"),
    [(CASE_05, {3}), (CASE_10, {0, 1, 2, 4, 5})],
    ids=["05", "10"],
)
def test_the_oracle_finds_published_cases_without_effects(case, expected):
    rows = np.array(case, float)
    X = np.c_[np.ones(len(rows)), rows[:, 1:]]
    assert set(np.flatnonzero(separated_rows(X, rows[:, 0]))) == expected


def test_the_oracle_finds_published_case_08():
    y, x1, x2 = [0, 0, 1, 1, 1, 1, 2, 2, 2], [1, 1, 2, 0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1, 0, 1, 0]
    first, second = [1, 2, 1, 2, 2, 2, 2, 2, 2], [2, 2, 3, 1, 2, 3, 1, 2, 3]
    X = np.c_[effects_of(first, second), x1, x2]
    assert np.flatnonzero(separated_rows(X, y)).tolist() == [0]


def test_the_oracle_finds_published_case_07():
    y = [0] * 13 + [1, 1, 1, 2, 2]
    x1 = [0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    x2 = [0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 1, 0, 0, 0, 0, 0]
    first = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 4, 5, 1, 4, 5, 1, 2]
    second = [1, 1, 2, 3, 3, 2, 2, 2, 2, 3, 4, 2, 2, 1, 3, 4, 2, 1]
    X = np.c_[effects_of(first, second), x1, x2]
    assert np.flatnonzero(separated_rows(X, y)).tolist() == [5, 9, 10, 12]


def case_04():
    """Home k of 34 is open in months k - 1 and k (home 1 in 34 and 1); ten of the cells have events."""
    cells = {(k, k): 0 for k in range(1, 34)} | {(k, k - 1): 0 for k in range(2, 35)} | {(1, 34): 0}
    return cells | {(4, 4): 2} | dict.fromkeys(
        [(3, 2), (6, 6), (7, 7), (10, 9), (18, 18), (20, 20), (28, 28), (30, 30), (34, 33)], 1
    )  # fmt: skip


TWO_WAY = {
    "02": {(1, 1): 1, (2, 1): 0, (2, 2): 1},
    "04": case_04(),
    "13": {(k, k): 1 for k in range(1, 11)} | {(2, 2): 2, (4, 3): 0},
}


def dense(cells):
    """Counts and exposure of homes × months, zero exposure where there is no row."""
    at = tuple(np.array(list(cells)).T - 1)
    counts = np.zeros(np.max(at, axis=1) + 1)
    exposure = counts.copy()
    counts[at], exposure[at] = list(cells.values()), 30.0
    return counts, exposure


def design_matrix(exposure, start):
    """Home effects, month effects of untreated cells, one effect for every treated month of a cohort."""
    home, month = np.nonzero(exposure)
    column = np.where(month >= start[home], 1000 * (1 + start[home]) + month, month)
    return home, month, column, effects_of(home, column)


LIMIT = 2e-3
"""Fitted admissions of a row whose limit is zero: traces of all that join it, some thousand at most."""


SWEEPS = 5_000


def fitted_by_engine(counts, exposure, start):
    """Means of the home-months the engine keeps, missing for the others, and which homes it keeps for what reason."""
    sample = take(counts, exposure, start, stratum=np.zeros(len(counts), np.int64), never_only=False)
    means = np.full(counts.shape, np.nan)
    at = np.ix_(sample.homes, sample.months)
    means[at] = np.where(sample.exposure > 0, fit_saturated(sample).fitted, np.nan)
    return means


def fitted_by_hand(counts, exposure, start):
    """Zero where some direction lowers the row for nothing; all others by proportional fitting, shape (N, T)."""
    home, month, column, X = design_matrix(exposure, start)
    lost = separated_rows(X, counts[home, month])
    means = np.full(counts.shape, np.nan)
    means[home[lost], month[lost]] = 0.0
    home, month, column = home[~lost], month[~lost], np.unique(column[~lost], return_inverse=True)[1]
    events, level, rate = counts[home, month], np.ones(len(counts)), np.ones(column.max() + 1)
    for _ in range(SWEEPS):  # by hand: a regression program stumbles over effects that single rows decide
        level = np.bincount(home, events, len(level)) / np.maximum(np.bincount(home, rate[column], len(level)), 1e-300)
        rate = np.bincount(column, events) / np.bincount(column, level[home])
    means[home, month] = level[home] * rate[column]
    return means


@pytest.mark.parametrize("name", TWO_WAY)
def test_published_cases_of_homes_and_months(name):
    counts, exposure = dense(TWO_WAY[name])
    never = np.full(len(counts), counts.shape[1])
    home, month, _, X = design_matrix(exposure, never)
    lost = separated_rows(X, counts[home, month])
    published = {cell for cell, events in TWO_WAY[name].items() if events == 0}
    assert {(h + 1, m + 1) for h, m in zip(home[lost], month[lost], strict=True)} == published
    means = fitted_by_engine(counts, exposure, never)
    assert np.nan_to_num(means[home[lost], month[lost]]).max() < LIMIT
    assert np.isfinite(means).any()


@pytest.mark.parametrize("seed", one_in(4, range(60)))
def test_sparse_panels_are_fitted_at_their_limit(seed):
    rng = np.random.default_rng(seed)
    exposure = (rng.random((8, 6)) < 0.65) * 30.0
    start = rng.choice([2, 4, 6], 8)
    exposure[:, 0] = 30.0  # every home is open before it starts
    counts = rng.poisson(0.4, exposure.shape) * (exposure > 0)
    exposure[:, ~((exposure > 0) & (np.arange(6) < start[:, None])).any(axis=0)] = 0  # nobody to compare with
    expected, means = fitted_by_hand(counts, exposure, start), fitted_by_engine(counts, exposure, start)
    kept = np.isfinite(means)
    assert kept.any()
    np.testing.assert_allclose(means[kept], expected[kept], atol=LIMIT)
    lost = (exposure > 0) & ~kept
    assert np.nanmax(expected[lost], initial=0) < LIMIT  # what is left out had no admission, and was to have none
