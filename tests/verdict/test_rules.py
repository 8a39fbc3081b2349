"""The rules, each in its place; the smallest effect and the probability against the t distribution itself."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.results import Check
from analysis.verdict import RULES, Evidence, decide
from analysis.words import weighed as words

E = Evidence(ratio=0.8, low=0.7, high=0.914, df=20)


@pytest.mark.parametrize(
    ("evidence", "call", "rule"),
    [
        (E, "helped", "below no effect"),
        (replace(E, ratio=1.25, low=1.1, high=1.42), "made it worse", "above no effect"),
        (replace(E, ratio=1.0, low=0.9, high=1.11), "did not help by as much", "worthwhile left out"),
        (replace(E, ratio=0.9, low=0.7, high=1.16), "cannot tell", "otherwise"),
        (replace(E, low=np.nan, high=np.nan), "cannot tell", "no interval"),
        (replace(E, low=0.0, high=np.inf), "cannot tell", "no interval"),
        (replace(E, grave=("stood_out",), failed=("stood_out",)), "should not be believed", "a grave doubt failed"),
        (replace(E, low=np.nan, high=np.nan, grave=("stood_out",)), "cannot tell", "no interval"),
        (replace(E, failed=("windows",)), "helped", "below no effect"),
        (replace(E, fewest=2), "cannot tell", "very few homes"),
        (replace(E, fewest=3), "helped", "below no effect"),
        (replace(E, fewest=2, grave=("stood_out",)), "cannot tell", "very few homes"),
    ],
)
def test_the_first_rule_that_holds_decides(evidence, call, rule):
    found = decide(evidence)
    assert (found.call, found.rule) == (call, rule)


def test_some_rule_always_holds_and_each_can_decide():
    rng = np.random.default_rng(1)
    seen = set()
    for _ in range(2000):
        low, high = sorted(np.exp(rng.normal(0, 0.3, 2)))
        one = Evidence(ratio=float(np.sqrt(low * high)), low=low, high=high, grave=("x",) * int(rng.random() < 0.1))
        one = replace(one, fewest=float(rng.integers(1, 20)))
        seen.add(decide(one if rng.random() < 0.9 else replace(one, low=np.nan)).rule)
    assert seen == {name for name, _, _ in RULES}


def test_a_larger_size_worth_having_is_ruled_out_sooner():
    wide = replace(E, ratio=1.0, low=0.75, high=1.33)
    assert decide(wide, 0.2).call == "cannot tell" and decide(wide, 0.3).call == "did not help by as much"


def test_the_probability_is_that_of_the_t_distribution():
    se = np.log(E.high / E.low) / 2 / stats.t.ppf(0.975, 20)
    assert E.std_error == pytest.approx(se)
    t = stats.t(20, np.log(0.8), se)
    assert E.probability(0.1) == pytest.approx(t.cdf(np.log(0.9)))
    assert E.probability(0.2) == pytest.approx(0.5)
    assert E.probability(0.0) > 0.99  # the interval leaves out no effect


def test_the_smallest_effect_would_have_been_found_four_times_in_five():
    rng = np.random.default_rng(2)
    n, df, se = 200_000, 20, E.std_error
    log = np.log(1 - E.smallest) + se * rng.standard_normal(n)
    error = se * np.sqrt(rng.chisquare(df, n) / df)
    assert (log + stats.t.ppf(0.975, df) * error < 0).mean() == pytest.approx(0.8, abs=0.02)


def _check(name, passed):
    return Check(name=name, passed=passed, table=None, reading="It is so.")  # type: ignore[arg-type]


def test_every_call_is_said_and_at_most_three_things_stand_against_it():
    for one, begins in ((E, "It helped."), (replace(E, low=0.9, high=1.1), "It did not help by as much as 10%."),
                        (replace(E, ratio=1, low=0.6, high=1.6), "These data cannot tell."),
                        (replace(E, grave=("a",)), "The answer should not be believed.")):  # fmt: skip
        assert words.verdict_said(decide(one)).startswith(begins)
        assert any("Maryland" in said for said in words.rests_on(decide(one)))
    checks = [_check(str(k), False) for k in range(5)]
    told = [*words.against(decide(replace(E, grave=("b",))), {"b": _check("Grave?", False)}, checks)]
    assert len(told) == 3 and told[0].startswith("Grave?") and told[-1] == words.NOT_BY_LOT["homes"]
    by_lot = [*words.against(decide(replace(E, strength=5)), {}, checks)]
    assert len(by_lot) == 3 and words.NOT_BY_LOT["homes"] not in by_lot
