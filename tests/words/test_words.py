"""Every sentence reads aloud, in every branch."""

import numpy as np
import pandas as pd
import pytest

from analysis import tables, words
from analysis.results import TIDY, Check, Effects, limit
from analysis.words import Subject

WARD_ROUNDS = Subject(intervention="the weekly ward round", period="2018–2023")


def effects(ratio, averted=(140, 75, 210), treated=40, compared=118):
    terms = [("rate_ratio", *ratio), ("admissions_averted", *averted)]
    rows = [("all", term, estimate, 0.1, -2.0, 0.05, low, high) for term, estimate, low, high in terms]
    summary = {"n_treated": treated, "n_comparison": compared, "conf_level": 0.95}
    return Effects(
        tables={"overall": pd.DataFrame(rows, columns=["overall", *TIDY])}, summary=summary, cells=pd.DataFrame()
    )


def test_fewer():
    assert words.headline(effects((0.78, 0.69, 0.88)), WARD_ROUNDS) == (
        "Homes with the weekly ward round had 22% fewer emergency admissions per bed-day than they would have had "
        "otherwise (95% interval: 12% to 31% fewer). That is about 140 admissions averted (75 to 210). "
        "40 homes treated, 118 compared, 2018–2023."
    )


def test_more():
    assert words.headline(effects((1.15, 1.03, 1.28), (-90, -160, -20)), WARD_ROUNDS) == (
        "Homes with the weekly ward round had 15% more emergency admissions per bed-day than they would have had "
        "otherwise (95% interval: 3% to 28% more). That is about 90 more admissions than expected (20 to 160). "
        "40 homes treated, 118 compared, 2018–2023."
    )


def test_the_data_cannot_tell():
    assert words.headline(effects((0.98, 0.90, 1.08), (18, -57, 81), treated=1), WARD_ROUNDS) == (
        "The data cannot tell whether the weekly ward round changed emergency admissions per bed-day: anything between "
        "10% fewer and 8% more fits them (95% interval; the middle is 2% fewer). That is about 20 admissions averted "
        "(anything from 55 more to 80 averted). 1 home treated, 118 compared, 2018–2023."
    )


def test_many_times_as_many():
    told = words.headline(effects((3.2, 2.1, 4.9), (-900, -1500, -300)), WARD_ROUNDS)
    assert "had 3.2 times as many emergency admissions per bed-day as they would have had" in told
    assert "(95% interval: 2.1 times as many to 4.9 times as many)" in told


def test_admissions_averted_do_not_give_away_a_small_count():
    told = words.headline(effects((0.2, 0.1, 0.4), (12, 9, 13.5)), WARD_ROUNDS)  # 3 observed, 15 expected
    assert "How many admissions were averted is not shown, because so few were observed." in told


def test_an_interval_that_cannot_be_trusted_is_not_shown():
    told = words.headline(effects((0.6, np.nan, np.nan), (9, np.nan, np.nan), treated=1), WARD_ROUNDS)
    assert "40% fewer" in told
    assert "no interval can be trusted for 1 home, so this may be chance" in told
    assert "nan" not in told


def test_no_estimate():
    told = words.headline(effects((np.nan,) * 3, (np.nan,) * 3), Subject(intervention="training"))
    assert told == "There is no estimate of what training did to emergency admissions. 40 homes treated, 118 compared."


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.69, 0.88, "12% to 31% fewer"),
        (0.69, 0.998, "less than 1% to 31% fewer"),
        (1.03, 1.28, "3% to 28% more"),
        (1.12, 2.43, "12% more to 2.4 times as many"),
        (0.90, 1.08, "between 10% fewer and 8% more"),
        (0.50, 2.50, "between 50% fewer and 2.5 times as many"),
        (0.003, 0.5, "50% to more than 99% fewer"),
        (0.15, np.inf, "between 85% fewer and any number more"),
        (1.0, 1.2, "between no difference and 20% more"),
    ],
)
def test_ranges(low, high, told):
    assert words.change_range(low, high) == told


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((140, 75, 210), "about 140 admissions averted (75 to 210)"),
        ((7.6, 0.2, 14.6), "about 10 admissions averted (fewer than 5 to 15)"),
        ((-42, -80, -3), "about 40 more admissions than expected (5 to 80)"),
        ((-12, -90, 60), "about 10 more admissions than expected (anything from 90 more to 60 averted)"),
        ((1.1, -30, 30), "fewer than 5 admissions averted (anything from 30 more to 30 averted)"),
        ((-2, -3, -1), "fewer than 5 more admissions than expected (fewer than 5 to 5)"),
        ((0.4, -1, 2), "fewer than 5 admissions averted (fewer than 5 either way)"),
        ((1234, 1000, 1500), "about 1,235 admissions averted (1,000 to 1,500)"),
    ],
)
def test_averted(numbers, told):
    assert words.averted_words(*numbers, "emergency admissions") == told


@pytest.mark.parametrize(("treated", "starts"), [(1, "Only 1 home had"), (9, "Only 9 homes had")])
def test_a_banner_for_few_homes(treated, starts):
    assert words.banner(effects((0.8, 0.6, 1.1), treated=treated)).startswith(starts)


def test_no_banner_for_ten():
    assert words.banner(effects((0.8, 0.6, 1.1), treated=10)) is None


def test_no_difference_found_is_not_told_as_no_effect():
    limits = words.cannot_tell(effects((0.98, 0.90, 1.08)), WARD_ROUNDS)
    assert limits[0].endswith("too little data is not the same as no effect.")
    assert len(words.cannot_tell(effects((0.8, 0.7, 0.9)), WARD_ROUNDS)) == len(limits) - 1


def over_time(before, after):
    spans = [*before, (1.0, 1.0), *after]
    frame = pd.DataFrame(spans, columns=["conf_low", "conf_high"])
    bands = {"band_low": frame["conf_low"] - 0.06, "band_high": frame["conf_high"] + 0.06}
    return words.over_time(frame.assign(event_time=range(-len(before) - 1, len(after)), **bands))


def test_over_time():
    assert over_time([(0.9, 1.1)] * 11 + [(1.01, 1.2)], [(0.8, 0.95)] * 20 + [(1.1, 1.3), (0.9, 1.2)]) == (
        "Before the start, homes differed from their comparison in 1 of 12 months: no more than chance gives. "
        "After it, the interval lies wholly below no difference in 20 of 22 months, and wholly above it in 1. "
        "Single months say little by themselves; the answer pools them. "
        "The thin lines allow for how many months are looked at; 1 of them lies wholly on one side of no difference."
    )
    assert over_time([], [(0.8, 0.95)]).endswith("; none of them lie wholly on one side of no difference.")
    assert "in 4 of 12 months: more than chance gives, so be wary" in over_time(
        [(0.9, 1.1)] * 8 + [(1.01, 1.2)] * 4, []
    )
    assert over_time([], [(0.8, 0.9)]).count("below no difference in 1 of 1 month. ")


def test_over_time_without_intervals():
    ends = ("conf_low", "conf_high", "band_low", "band_high")
    frame = pd.DataFrame({"event_time": [-1, 0]} | {name: [np.nan] * 2 for name in ends})
    assert words.over_time(frame).startswith("With so few homes no interval can be given")


def groups(*rows):
    return pd.DataFrame(rows, columns=["cohort", "estimate", "conf_low", "conf_high"])


def test_across_groups():
    april, may = pd.Timestamp("2020-04-01"), pd.Timestamp("2020-05-01")
    assert words.across(groups((april, 0.7, 0.5, 0.98), (may, 1.05, 0.9, 1.2)), "cohort", "starting dates") == (
        "From 30% fewer (April 2020) to 5% more (May 2020). "
        "All the intervals share a value, so the differences may be chance."
    )
    assert "do not all share" in words.across(groups(("a", 0.7, 0.6, 0.8), ("b", 1.1, 0.9, 1.2)), "cohort", "areas")
    assert words.across(groups((april, 0.7, 0.5, 0.98)), "cohort", "starting dates") == (
        "There are too few starting dates to compare."
    )


def compared(default, **others):
    rows = [("CR2", *default, True), *((name.replace("_", " "), *ends, False) for name, ends in others.items())]
    return pd.DataFrame(rows, columns=["method", "conf_low", "conf_high", "default"])


NONE = (np.nan, np.nan)


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        (
            compared((0.7, 0.9), CR1=(0.8, 0.9), CR3=(0.6, 0.95), randomisation=NONE),
            "All 2 other intervals leave out “no difference”, as the default does: on that, the choice of method does "
            "not matter.",
        ),
        (
            compared((0.7, 1.1), CR1=(0.8, 1.1)),
            "The other interval holds “no difference”, as the default does: on that, the choice of method does not "
            "matter.",
        ),
        (
            compared((0.7, 0.9), CR1=(0.8, 0.9), CR3=(0.6, 1.1), wild_score=(0.6, np.inf)),
            "The default leaves out “no difference”; the intervals by CR3 and wild score hold it. Read the "
            "result as undecided.",
        ),
        (
            compared((0.7, 1.1), CR1=(0.8, 0.9), CR3=(0.6, 1.1)),
            "The default holds “no difference”; the interval by most software leaves it out. An interval that is "
            "narrower than the default is not for that reason better.",
        ),
        (compared((0.7, 0.9), randomisation=NONE), "No other method gives an interval here."),
        (
            compared(NONE, CR1=(0.8, 0.9)),
            "So few homes were treated that the default gives no interval, and none of another method can be trusted.",
        ),
    ],
)
def test_agreement_of_methods(methods, told):
    assert words.agreement(methods) == told


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (
            [0.1106, 0.0947, *[0.0796] * 10],
            "No single home carries more than 12% of the answer; 6 homes carry half of it.",
        ),
        (
            [0.41, 0.3, 0.29],
            "One home, Elm House, carries 41% of the answer: what happened there by chance may be what is seen. Look "
            "at this home before anything else.",
        ),
    ],
)
def test_who_carries_the_answer(shares, told):
    assert words.carried(pd.DataFrame({"share": shares}), "Elm House") == told


def inferred(**used):
    row = {
        "method": "cluster-robust t interval", "why": "Because.", "df": 25.74, "effective_clusters": 27.05,
        "p_value": 0.0006, "randomisation_p": 0.012, "usual_low": 0.73, "usual_high": 0.88, "usual_p": 0.00001,
    }  # fmt: skip
    return Effects(tables={}, summary={}, cells=pd.DataFrame(), diagnostics={"inference": pd.DataFrame([row | used])})


def test_why_this_interval():
    assert words.why_this_interval(inferred()) == [
        "Used: cluster-robust t interval. Because.",
        "It rests on 25.7 degrees of freedom, as many as 27.1 homes of equal weight would give; p < 0.001.",
        "Had the homes been picked by lot, 1% of the draws would have shown as much (p = 0.012 by randomisation).",
        "The usual interval, as most software prints it, would have been 12% to 27% fewer (p < 0.001); with few "
        "treated homes it is too narrow.",
    ]


def test_why_there_is_no_interval():
    told = words.why_this_interval(inferred(method="rank among all homes; no interval", df=np.nan))
    assert told[0] == "Used: rank among all homes; no interval. Because."
    assert not any("nan" in sentence for sentence in told)


@pytest.mark.parametrize(("passed", "told"), [(True, "No concern"), (False, "Concern"), (None, "Judge for yourself")])
def test_verdict(passed, told):
    assert words.verdict(Check(name="", passed=passed, table=pd.DataFrame(), reading="")) == told


def test_proportion():
    assert words.proportion(264, 453, 0.537, 0.627) == "58% (264 of 453; 95% interval 54% to 63%)"


SHARE = {"count": 95, "n": 162, "conf_low": 0.509, "conf_high": 0.659, "median_gap_days": 351.0}


def test_moved():
    assert words.moved("Below Good", "better", SHARE) == (
        "Of homes rated below Good and inspected again, 59% (95 of 162; 95% interval 51% to 66%) were rated better. "
        "Half of those inspections came within 351 days. A claim that a programme improved ratings has to beat this."
    )
    assert words.moved("Any rating", "worse", SHARE).startswith("Of homes rated at all and inspected again, 59%")
    assert "rated Outstanding on Safe and inspected again" in words.moved("Outstanding", "same", SHARE, "Safe")
    assert "has to beat" not in words.moved("Outstanding", "same", SHARE)  # nothing can be better


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([0.4, 0.6, 1.0], "From 40% (2016, n = 10) to 60% (2017, n = 20), among groups with at least 10 inspections."),
        ([0.001, 0.002, 0.5], "0% in every group with at least 10 inspections."),
    ],
)
def test_spread_leaves_out_small_groups(shares, told):
    assert words.spread(pd.DataFrame({"year": [2016, 2017, 2018], "share": shares, "n": [10, 20, 3]}), "year") == told


def test_no_sentence_claims_significance():
    many = [words.headline(effects((m, m * 0.8, m * 1.2)), WARD_ROUNDS) for m in (0.5, 0.9, 1.0, 1.1, 1.6)]
    assert not any("significan" in told.lower() for told in many)


@pytest.mark.parametrize(
    ("value", "digits", "none", "told"),
    [(1.004, 2, 1, "1.004"), (0.9996, 2, 1, "0.9996"), (1.0, 2, 1, "1.00"), (1.14, 2, 1, "1.14"), (0.0, 3, 0, "0.000"),
     (-0.0004, 3, 0, "−0.0004"), (1 + 1e-9, 2, 1, "1.000000"), (np.inf, 2, 1, "inf")],
)  # fmt: skip
def test_a_limit_is_never_rounded_onto_no_difference(value, digits, none, told):
    assert limit(value, digits, none) == told


def test_an_interval_is_written_on_the_side_where_it_lies():
    assert tables.interval(1.07, 1.004, 1.14) == "1.07 (1.004 to 1.14)"
    assert tables.span(0.8, 0.998) == "0.80 to 0.998"
    assert tables.interval(-0.02, -0.04, -0.0003, 3, none=0) == "−0.020 (−0.040 to −0.0003)"


def test_admissions_averted_never_have_an_end_of_zero_that_is_not_zero():
    assert words.averted_words(100, 2, 198, "admissions") == "about 100 admissions averted (fewer than 5 to 200)"
    assert words.averted_words(40, -2, 82, "admissions").endswith("(anything from fewer than 5 more to 80 averted)")
    assert words.averted_words(-90, -160, -2, "admissions").endswith("(fewer than 5 to 160)")


def test_homes_that_serve_before_their_own_start_are_counted_among_those_compared():
    given = effects((0.78, 0.69, 0.88), compared=149)
    given.summary["not_yet_treated"] = 29
    assert "40 homes treated, 149 compared (29 of them before their own start), 2018" in words.headline(
        given, WARD_ROUNDS
    )
