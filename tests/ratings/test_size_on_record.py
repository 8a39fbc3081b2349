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
from analysis.words.rating_models import ABOVE_NOMINAL, MODELS_CANNOT_TELL
from tests.ratings.test_honest_comparisons import recorded

RECORD = Path(__file__).resolve().parents[2] / "bench" / "ratings_size.csv"
NOTHING_DONE = 3.5
"""Per cent helpful, or harmful, at most; chance alone gives 2.5%. A count that lies above by chance passes; that it
lies above is said on the page (`ABOVE_NOMINAL`)."""
COVERAGE = 93, 97
"""Per cent of intervals that hold a true ratio of 1.6; a count passes if what it may be by chance reaches them."""
ANSWERED = 95
"""Per cent of runs with twenty supported homes that have an interval, at least."""
FEWEST_ANSWERS = 200
"""Of a world and an answer: with fewer, one in six counts lies above 3.5% by chance alone."""


@pytest.mark.parametrize(("times", "told"), [(7.5, True), (8.5, False), (1 / 7.5, True), (1 / 8.5, False)])
def test_a_ratio_beyond_eight_times_as_fast_or_as_slow_is_not_told(times, told):
    fit = fit_followed(followed(recorded(simulate_moves(MovesSpec(n_homes=300, supported=20, badly_rated_at=2.0), 5))))
    theta = fit.theta.copy()
    theta[fit.log_ratios] = np.log(times)
    moved = replace(fit, maximum=replace(fit.maximum, theta=theta))
    vars(moved)["known"] = np.ones(len(theta), bool)  # whether there is information there is another rule's question
    assert moved.told.tolist() == [told, told]


def test_no_answer_speaks_surely_too_often_where_nothing_was_done():
    nothing = _nothing_done()
    assert nothing["world"].nunique() == 6
    assert nothing["answer"].nunique() == 4
    for way in ("helpful", "harmful"):
        assert (nothing[f"{way}_low"] <= NOTHING_DONE).all()


def test_worlds_whose_count_lies_above_are_named_on_the_page():
    nothing = _nothing_done()
    nothing = nothing.loc[nothing["runs"] * nothing["interval_percent"] / 100 >= FEWEST_ANSWERS]
    above = nothing.loc[(nothing[["helpful_percent", "harmful_percent"]] > NOTHING_DONE).any(axis=1)]
    assert set(above["world"]) <= set(ABOVE_NOMINAL)
    assert "observed over expected" not in set(above["answer"])
    for world, (words, most) in ABOVE_NOMINAL.items():
        counted = nothing.loc[nothing["world"] == world, ["helpful_percent", "harmful_percent"]].max().max()
        assert counted <= most + 0.5
        assert any(f"{words} up to {most:g}" in sentence for sentence in MODELS_CANNOT_TELL)


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
