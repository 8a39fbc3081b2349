"""Do the sentences about models of ratings say what the numbers say?"""

import numpy as np
import pandas as pd
import pytest

from analysis.charts import rating_models as charts
from analysis.ratings.answers import few
from analysis.results import (
    MONTHS_SAVED,
    OBSERVED_EXPECTED,
    PROBABILITY_DIFFERENCE,
    RATIO_DOWN,
    RATIO_UP,
    TIDY,
    Effects,
)
from analysis.tables import rating_models as tables
from analysis.tables.columns import read
from analysis.words import rating_models as words


def effects(rows, **diagnostics):
    table = pd.DataFrame([{"overall": "all", "term": t, "estimate": e, "conf_low": low, "conf_high": high}
                          for t, e, low, high in rows]).reindex(columns=["overall", *TIDY])  # fmt: skip
    return Effects(tables={"overall": table}, summary={"n_treated": 20, "n_comparison": 900}, cells=table,
                   diagnostics=diagnostics)  # fmt: skip


CHANCES = pd.DataFrame({"group": ["all", "from Inadequate"], "without": [0.5, 0.7], "without_low": [0.44, np.nan],
                        "without_high": [0.561, np.nan], "with": [0.62, 0.8], "with_low": [0.4, np.nan],
                        "with_high": [0.801, np.nan], "inspections": [30, 8]})  # fmt: skip


@pytest.mark.parametrize(("low", "high", "told"), [
    (-0.05, 0.2, "Anything from 5 points fewer to 20 points more fits the data"),
    (0.04, 0.2, "That is 12 points more (4 to 20, 95% interval)."),
    (np.nan, np.nan, "No interval can be given"),
])  # fmt: skip
def test_chances_are_told_with_their_range(low, high, told):
    sentence = words.chance_of_better(effects([(PROBABILITY_DIFFERENCE, 0.12, low, high)], chances=CHANCES), "training")
    assert "62% (40 to 80%) would be rated better with it and 50% (44 to 56%) without it" in sentence
    assert "20 homes with training" in sentence
    assert told in sentence


def test_fewer_points_are_told_the_right_way_round():
    sentence = words.chance_of_better(
        effects([(PROBABILITY_DIFFERENCE, -0.1, -0.16, -0.03)], chances=CHANCES), "training"
    )
    assert "That is 10 points fewer (3 to 16, 95% interval)." in sentence


def test_speed_and_months():
    rows = [(RATIO_UP, 1.5, 1.1, 2.0), (RATIO_DOWN, np.nan, np.nan, np.nan), (MONTHS_SAVED, 2.0, -0.5, 4.4)]
    sentence = words.speed(effects(rows), "training")
    assert (
        "1.50 times as fast as other homes (1.10 to 2.00, 95% interval), and to a worse one at a speed the data "
        "cannot tell" in sentence
    )
    assert "2.0 months less below Good a supported home; anything from 0.5 months more to 4.4 less fits" in sentence


@pytest.mark.parametrize(("ratios", "lows", "tips", "told"), [
    ((2.0, 1.5, 0.9), (1.2, 0.9, 0.5), (6.0, 2.5), "If inspectors came 6.0 times as fast"),
    ((1.77, 1.5, 1.2), (0.45, 0.4, 0.3), (np.nan, np.nan), "1.77 times as fast is not told apart from no difference"),
    ((2.0, 1.5, 1.2), (1.2, 1.1, 1.05), (np.nan, np.nan), "Even if inspectors came 8 times as fast"),
    ((0.9, 0.8, 0.7), (0.5, 0.4, 0.3), (np.nan, np.nan), "There is no faster improvement to explain away"),
    ((np.nan,) * 3, (np.nan,) * 3, (np.nan, np.nan), "The data cannot tell how fast supported homes improved"),
])  # fmt: skip
def test_tipping_point(ratios, lows, tips, told):
    frame = pd.DataFrame({"kind": "better_sooner", "times": [1.0, 4.0, 8.0], "estimate": ratios, "conf_low": lows,
                          "conf_high": 3.0})  # fmt: skip
    points = pd.DataFrame({"kind": "better_sooner", "what": ["estimate", "interval"], "times": tips})
    assert told in words.tipping(frame, points)
    drawn = charts.sensitivity(frame).to_dict()
    if np.isfinite(ratios[0]):
        assert f"{ratios[0]:.2f} at 1 times" in drawn["description"]
        shown = list(read(frame, tables.SENSITIVITY)["Times as fast to a better rating"])
        assert shown == [f"{r:.2f}" for r in ratios]


def test_chart_of_chances_holds_the_numbers():
    drawn = charts.chances(CHANCES).to_dict()
    assert "All supported homes (n = 30) 50% (44 to 56%) → 62% (40 to 80%)" in drawn["description"]
    assert "From Inadequate (n = 8) 70% → 80%" in drawn["description"]


@pytest.mark.parametrize(("low", "high", "told"), [
    (0.45, 6.95, "As fast as other homes fits the data too, so they cannot tell whether training changed that."),
    (1.1, 2.9, "Supported homes improved faster than homes like them."),
    (0.2, 0.9, "Supported homes improved more slowly than homes like them."),
    (np.nan, np.nan, "(no interval can be given)"),
])  # fmt: skip
def test_the_speed_has_a_verdict(low, high, told):
    rows = [(RATIO_UP, 1.77, low, high), (RATIO_DOWN, 1.0, 0.5, 2.0), (MONTHS_SAVED, np.nan, np.nan, np.nan)]
    assert told in words.speed(effects(rows), "training")


def test_three_answers_are_told_apart_and_set_beside_one_another():
    ratio = effects([(OBSERVED_EXPECTED, 1.5, 1.1, 1.8)])
    points = effects([(PROBABILITY_DIFFERENCE, 0.1, -0.1, 0.3)])
    speed = effects([(RATIO_UP, 0.5, 0.3, 0.9)])
    assert words.three_answers([ratio, ratio]).endswith("They agree.")
    assert words.three_answers([ratio, points]).endswith("not all of them can tell.")
    assert words.three_answers([points]).endswith("None of them can tell.")
    assert "They contradict one another" in words.three_answers([ratio, points, speed])


def test_no_number_becomes_minus_nothing():
    weights = pd.DataFrame([{"least": 0.8, "most": 1.2}])
    plain = effects([(PROBABILITY_DIFFERENCE, 0.004, -0.1, 0.1)], weights=weights)
    other = effects([(PROBABILITY_DIFFERENCE, -0.0001, -0.1, 0.1)], weights=weights)
    assert "0.4 points becomes 0.0." in words.weighted(plain, other)


def test_few_homes_are_told_as_homes_never_as_degrees_of_freedom():
    (told,) = few(20, pd.DataFrame({"df": [2.2]}))
    assert "as wide as one from about 3 homes" in told
    assert "degrees" not in told
    (alone,) = few(1, pd.DataFrame({"df": [np.nan]}))
    assert "too few for any interval" in alone


def test_a_ratio_that_cannot_be_told_is_told_once_for_both_ways():
    rows = [
        (RATIO_UP, np.nan, np.nan, np.nan),
        (RATIO_DOWN, np.nan, np.nan, np.nan),
        (MONTHS_SAVED, np.nan, np.nan, np.nan),
    ]
    assert words.speed(effects(rows), "the support").startswith(
        "The data cannot tell how fast homes moved to a better or a worse rating with the support (20 homes supported, "
        "900 compared)."
    )
