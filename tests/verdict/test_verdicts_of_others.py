"""The same rules for ratings, where more is better, and for one area, where years and baselines decide."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.areas.verdict import RANKED, AreaVerdict
from analysis.outcomes import AreaMeasure, Ratings
from analysis.results import OBSERVED_EXPECTED, TIDY, Check, Effects, Fitted
from analysis.verdict import Evidence, decide, evidence
from analysis.words import weighed as words

RISE = Evidence(ratio=1 / 1.5, low=1 / 2.0, high=1 / 1.2, rise=True)
BASELINES = ("2014-04", "2015-04")


def _ratings(estimate, low, high, checks=()):
    row = dict(zip(TIDY, (OBSERVED_EXPECTED, estimate, np.nan, np.nan, 0.5, low, high), strict=True))
    effects = Effects(tables={"overall": pd.DataFrame([row]).assign(overall="all")}, cells=pd.DataFrame(),
                      summary={"n_treated": 20, "n_comparison": 60})  # fmt: skip
    fitted = Fitted(observed=None, design=None, model=None, effects=effects)  # type: ignore[arg-type]
    return decide(evidence(Ratings(), fitted, pd.DataFrame(), dict(checks)))


def _area(by_year, areas=60, checks=()):
    """Judge an area from (estimate, low, high, p by the reader's baseline, p by another) of each year."""
    rows = [
        (first, 36, number == 0, year, estimate, low, high, p[number], areas)
        for year, (estimate, low, high, *p) in by_year.items() for number, first in enumerate(BASELINES)
    ]  # fmt: skip
    found = AreaVerdict(ranked=pd.DataFrame(rows, columns=list(RANKED)))
    fitted = Fitted(observed=None, design=None, model=None, judged=SimpleNamespace(verdict=found),  # type: ignore[arg-type]
                    effects=Effects(tables={}, summary={}, cells=pd.DataFrame()))  # fmt: skip
    return decide(evidence(AreaMeasure(area="X", start="2017-04"), fitted, pd.DataFrame(), dict(checks)))


def _check(passed):
    return Check(name="Spike?", passed=passed, table=pd.DataFrame(), reading="It is so.")


FELL, QUIET = (0.6, 0.45, 0.8, 0.01, 0.01), (0.9, 0.6, 1.35, 0.4, 0.5)


@pytest.mark.parametrize(
    ("found", "call", "says"),
    [
        (_ratings(1.5, 1.2, 1.9), "helped", "It helped. The whole interval lies on the better side (20% to 90% more)"),
        (_ratings(0.6, 0.4, 0.9), "made it worse", "10% to 60% fewer"),
        (_ratings(1.0, 0.9, 1.15), "did not help by as much", "It did not help by as much as 15%."),
        (_ratings(1.0, 0.8, 1.24), "cannot tell", "rises that would be worth having"),  # 1 / 1.24 leaves out no fifth
        (_ratings(1.2, 0.0, 3.0), "cannot tell", "no interval can be trusted"),
        (_area({1: FELL, 2: QUIET}), "helped", "It fell by more than elsewhere."),
        (_area({1: (1.6, 1.2, 2.1, 0.01, 0.02), 2: QUIET}), "made it worse", "It rose by more than elsewhere."),
        (_area({1: QUIET, 2: (1.0, 0.9, 1.1, 0.9, 0.9)}), "did not help by as much", "It did not fall by as much as"),
        (_area({1: QUIET}), "cannot tell", "These data cannot tell."),
        (_area({1: (*FELL[:3], 0.01, 0.3)}), "cannot tell", "Measured from some numbers of months"),
        (_area({1: FELL}, areas=12), "cannot tell", "none could stand out"),
        (_area({1: FELL}, checks={"spike_before": _check(False)}), "should not be believed", "What was found against"),
        (_area({1: QUIET}, checks={"spike_before": _check(False)}), "cannot tell", "These data cannot tell."),
        (_area({1: QUIET}, checks={"placebo_in_time": _check(False)}), "should not be believed", "What was found"),
    ],
)  # fmt: skip
def test_each_is_called_by_the_same_rules_and_said_in_words_of_its_own(found, call, says):
    assert found.call == call and says in words.verdict_said(found)
    assert words.cost(found) and words.call(found)


def test_a_rise_is_told_as_a_part_of_what_was_expected():
    found = decide(RISE, 0.25)
    assert found.left_out == pytest.approx(1.0)
    t = stats.norm(np.log(1.5), RISE.std_error)
    assert RISE.probability(0.25) == pytest.approx(t.sf(np.log(1.25)), abs=1e-5)
    assert RISE.smallest == pytest.approx(
        np.exp((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * RISE.std_error) - 1, rel=1e-4
    )
    told = " ".join(words.rests_on(found))
    assert "A rise of" in told and "the rise is at least 25%" in told and "fall" not in told


def test_of_an_area_nothing_is_said_of_homes():
    found = _area({1: FELL})
    told = " ".join([*words.rests_on(found), words.cost(found), *words.against(found, {}, [])])
    assert "home" not in told and "area" in told
