"""Sentences of planning and targeting say what the numbers say, and nothing more."""

import numpy as np
import pandas as pd

from analysis.words import planning, targeting

ROW = {"kind": "stepped wedge", "supported": 30, "compared": 0, "before": 12, "after": 6, "waves": 5, "gap": 3,
       "rate_ratio": 0.8, "power": 0.634, "power_low": 0.59, "power_high": 0.68, "simulations": 500}  # fmt: skip


def test_power_is_said_as_times_in_a_hundred():
    assert planning.power(ROW) == (
        "30 homes with the intervention, in 5 waves 3 months apart; 12 months before and 6 months after the last "
        "start: a true fall of 20% would be found 63 times in 100 (between 59% and 68%, from 500 simulations)."
    )
    assert planning.times_in_100(0.001) == "hardly ever"
    assert planning.times_in_100(0.999) == "nearly always"
    assert "5 are to be expected" in planning.power(ROW | {"rate_ratio": 1})
    assert "a true rise of 30%" in planning.power(ROW | {"rate_ratio": 1.3})


def test_the_smallest_effect_is_told_or_that_there_is_none():
    found = {"rate_ratio": 0.77, "ratio_low": 0.75, "ratio_high": 0.78}
    assert planning.smallest(found, 0.5).endswith("four times in five is 23% (between 22% and 25%).")
    none = dict.fromkeys(found, np.nan)
    assert planning.smallest(none, 0.5).startswith("Even a true fall of 50% would be found less than four times")


def test_a_plan_too_small_is_told_so():
    for found in (0.7, np.nan):
        assert "will have ruled out larger effects, not this one" in planning.verdict(0.8, found)
    assert "would mean something" in planning.verdict(0.6, 0.7)


def test_noise_is_told_without_exact_counts():
    said = planning.noise({"shock_sd": 0.2, "shock_correlation": 0.8, "home_cv": 0.4, "homes": 12, "events": 1233})
    assert "about 1,235 admissions of 12 homes" in said
    assert "half gone after 3 months" in said
    assert "by chance alone" in planning.noise(
        {"shock_sd": 0.0, "shock_correlation": 0, "home_cv": 0.4, "homes": 3, "events": 50}
    )


def test_nobody_is_offered_what_is_not_worth_it():
    assert "no home" in targeting.offered(0, 0, 0)
    assert targeting.offered(1, 33, 7_960) == (
        "Offer it to 1 home with about 35 residents; if all take it up it costs £8,000 a year."
    )
    assert targeting.pounds(-53_600) == "−£54,000"
    assert targeting.pounds(1_234_567) == "£1.2 million"


def contest(raw, worst, learned):
    rows = [("last year at its word", raw), ("highest rate last year", worst), ("learned", learned)]
    return pd.DataFrame(
        [{"rule": rule, "cuts": 3, "averted_promised": 100.0, "averted_delivered": 80.0, "gain": gain,
          "gain_low": gain - 5_000,
          "gain_high": gain + 5_000} for rule, gain in rows]
    )  # fmt: skip


def test_where_the_gain_comes_from_is_said_only_where_it_does():
    assert "most of the rest" in targeting.contest(contest(10_000, 90_000, 0), 3)
    assert "most of the rest" not in targeting.contest(contest(80_000, 90_000, 0), 3)
    assert "20% fewer to avert" in targeting.fell_back(contest(0, 0, 0))


def test_a_gain_is_told_as_more_or_less_and_never_as_minus_more():
    sure = targeting.contest(contest(10_000, 90_000, 0), 3)
    assert "targeting is worth £90,000 more (95% interval: £85,000 to £95,000 more) a year than choosing by" in sure
    assert "Allowing for luck alone is worth £10,000 more (95% interval: £5,000 to £15,000 more) a year than" in sure
    lost = targeting.contest(contest(2_000, -26_000, 0), 3)
    assert "is worth £26,000 less (95% interval: £31,000 to £21,000 less) a year than choosing by" in lost
    assert "is worth £2,000 more (95% interval: £3,000 less to £7,000 more) a year than" in lost


def test_groups_are_told_apart_in_words_and_not_in_p():
    alike = targeting.groups("Kind of home", 1.03, 1.0, 4)
    assert alike == (
        "Kind of home: allowing for luck, effects in the groups lie 3% apart; chance alone often gives as much, with 4 "
        "such questions asked."
    )
    assert "chance alone gives as much less than 1 time in 20." in targeting.groups("Size", 1.3, 0.01, 1)


def test_a_learned_score_is_used_only_where_it_surely_beats_the_plain_one():
    assert "is used: on years it had not seen it was worth £20,000 more" in targeting.learned(contest(0, 0, -20_000))
    lost = targeting.learned(contest(0, 0, 2_000))
    assert "is not used: on years it had not seen it was worth £2,000 less a year" in lost
    assert "(£7,000 less to £3,000 more)" in lost


def test_the_rule_says_who_what_and_when_it_ends():
    found = {"kinds": ("residential",), "threshold": 30, "leaves_below": 20, "homes": 28, "kept": 0.99, "shared": 24,
             "optimum": 28, "expected": (941.0, 850, 1030), "goal": (708.0, 543.0, 897.0), "exit_months": 12,
             "longest_months": 24}  # fmt: skip
    who, what, when, cost = targeting.rule(found, "admissions")
    assert who == "Who qualifies: residential homes with at least 30 admissions. Now 28 homes."
    assert "about 940 emergency admissions" in what
    assert "Between 545 and 895" in what
    assert "below 20 for 12 months, and after 24 months" in when
    assert "keeps 99%" in cost
    assert targeting.rule(found | {"kinds": ()}, "admissions")[0].startswith("Who qualifies: homes of any kind")
