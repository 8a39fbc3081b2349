"""The answers about ratings speak seldom where nothing was done: the rule that keeps it so, and the count on record."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.ratings.landmark import followed
from analysis.ratings.multi_state.fit import fit_followed
from analysis.simulate.moves import MovesSpec, simulate_moves
from tests.ratings.test_honest_comparisons import recorded

RECORD = Path(__file__).resolve().parents[2] / "bench" / "ratings_size.csv"
NOTHING_DONE = 3.5
"""Per cent helpful, or harmful, at most; chance alone gives 2.5%."""
COVERAGE = 93, 97
"""Per cent of intervals that hold a true ratio of 1.6; a count passes if what it may be by chance reaches them."""
ANSWERED = 95
"""Per cent of runs with twenty supported homes that have an interval, at least."""


@pytest.mark.parametrize(("times", "told"), [(7.5, True), (8.5, False), (1 / 7.5, True), (1 / 8.5, False)])
def test_a_ratio_beyond_eight_times_as_fast_or_as_slow_is_not_told(times, told):
    fit = fit_followed(followed(recorded(simulate_moves(MovesSpec(n_homes=300, supported=20, badly_rated_at=2.0), 5))))
    theta = fit.theta.copy()
    theta[fit.log_ratios] = np.log(times)
    moved = replace(fit, maximum=replace(fit.maximum, theta=theta))
    vars(moved)["known"] = np.ones(len(theta), bool)  # whether there is information there is another rule's question
    assert moved.identified.tolist() == [told, told]


def test_no_answer_speaks_too_often_where_nothing_was_done():
    nothing = _nothing_done()
    assert nothing["world"].nunique() == 6
    assert nothing["answer"].nunique() == 4
    assert (nothing["runs"] >= 1_000).all()
    assert (nothing[["helpful_percent", "harmful_percent"]] <= NOTHING_DONE).all(axis=None)


def _nothing_done() -> pd.DataFrame:
    table = pd.read_csv(RECORD)
    return table.loc[~table["world"].str.contains("1.6")]


def test_intervals_on_record_hold_a_true_effect():
    table = pd.read_csv(RECORD).set_index(["world", "answer"])
    for cell in (("odds 1.6", "observed over expected"), ("odds 1.6", "next rating"), ("speed 1.6", "moves: ratio up")):
        row = table.loc[cell]
        assert row["interval_percent"] >= ANSWERED
        answered = round(row["runs"] * row["interval_percent"] / 100)
        low, high = proportion_confint(round(answered * row["holds_percent"] / 100), answered, method="wilson")
        assert 100 * low <= COVERAGE[1] and 100 * high >= COVERAGE[0]
