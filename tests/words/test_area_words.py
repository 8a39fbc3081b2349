"""One area in words: what all methods say, where they part, and what the baseline was."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.words import areas as said

SUBJECT = said.AreaSubject(name="Northmere", outcome="delayed days", start="April 2017")


def persistence(**changed):
    usual = {"first_year": 0.6, "gone_from": None, "halved_from": None, "last_year": 3, "size": "large"}
    return SimpleNamespace(**usual | changed)


def verdict(*years, low=0.41, high=0.82, estimate=0.58, by_some=(), areas=148):
    """A verdict on three years of which some stand."""
    asked = pd.DataFrame(
        {"estimate": estimate, "conf_low": low, "conf_high": high}, index=pd.Index([1, 2, 3], name="year")
    )
    return SimpleNamespace(years=years, by_some=by_some, areas=areas, needed=19, enough=areas >= 19, asked=asked)


def in_time(estimate=1.35, low=1.02, high=1.79):
    row = {"start": pd.Timestamp("2016-04-01"), "estimate": estimate, "conf_low": low, "conf_high": high}
    return pd.DataFrame([row])


def baseline(**changed):
    fall = {
        "year": 2, "change": -0.259, "national_change": -0.262, "rank": 73, "areas": 149, "predicted": -0.272,
        "predicted_low": -0.64, "predicted_high": 0.48, "claimed_or_larger": 43.0,
    }  # fmt: skip
    return SimpleNamespace(
        **{"is_spike": True, "spike": 1.56, "national_spike": 1.48, "falls": pd.DataFrame([fall])} | changed
    )


def years(*rows):
    names = ["method", "year", "estimate", "p_value", "rank", "areas", "false_alarms", "extends_trend"]
    return pd.DataFrame(rows, columns=names)


METHODS = years(
    ("Synthetic control", 1, 0.59, 0.1, 15, 147, 11, False), ("Alone", 1, 0.44, 0.1, 21, 147, 64, True),
    ("Synthetic control", 2, 1.14, 0.9, 130, 147, 8, False), ("Alone", 2, 0.42, 0.2, 33, 147, 74, True),
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (verdict(1), "Delayed days in Northmere fell in the first year by more than chance gives among areas where "
         "nothing was done: 42% fewer (95% interval 18% to 59% fewer) than was to be expected. In the second and the "
         "third year no change can be told from chance."),
        (verdict(1, 2, 3), "In the second year: 42% fewer"),
        (verdict(2, estimate=1.4, low=1.1, high=1.8), "rose in the second year by more than chance gives"),
        (verdict(), "Whether delayed days in Northmere changed from April 2017 on cannot be told from what happens"),
        (verdict(by_some=(1,)), "an answer that hangs on the baseline is none"),
        (verdict(areas=11), "11 areas to compare with are too few, and 19 are needed"),
        (None, "No other area can show"),
    ],
)  # fmt: skip
def test_chance_decides_what_is_announced(found, told):
    assert told in said.headline(found, SUBJECT)


@pytest.mark.parametrize("found", [verdict(), verdict(by_some=(2,)), verdict(areas=3), None])
def test_without_a_verdict_no_fall_or_rise_is_in_the_headline(found):
    told = said.headline(found, SUBJECT, baseline(), in_time())
    assert not any(word in told for word in ("fell", "rose", "fall", "rise", "fewer", "more than", "large"))


def test_a_failed_placebo_in_time_is_said_in_words():
    told = said.headline(verdict(1), SUBJECT, baseline(is_spike=False), in_time())
    assert told.endswith(
        "But asked a year early, when nothing had been done, the same sum already finds 35% more (95% interval 2% to "
        "79% more): part of the change may be the way back."
    )
    already = said.headline(verdict(1), SUBJECT, None, in_time(0.7, 0.5, 0.9))
    assert already.endswith("30% fewer (95% interval 10% to 50% fewer): it was on its way already.")
    assert (
        "35% more (95% interval 2% to 79% more), which stands out: it does not follow this area well."
        in said.doubts(baseline(), in_time())
    )
    assert "which does not stand out" in said.doubts(None, in_time(1.04, 0.34, 3.2))
    assert "But" not in said.headline(verdict(1), SUBJECT, None, in_time(1.04, 0.34, 3.2))


def test_a_spike_is_a_doubt_about_a_fall_only():
    assert "itself a spike" in said.headline(verdict(1), SUBJECT, baseline())
    assert "spike" not in said.headline(verdict(1, estimate=1.4, low=1.1, high=1.8), SUBJECT, baseline())
    assert "spike" not in said.headline(verdict(1), SUBJECT, baseline(is_spike=False))
    assert "was no spike: 5% below" in said.before(baseline(is_spike=False, spike=0.95))


def found(years=METHODS, told=None, seen=None, before=None, early=None):
    early = in_time().iloc[:0] if early is None else early
    return SimpleNamespace(years=years, verdict=told, persistence=seen, baseline=before, in_time=early)


def test_three_sentences_say_what_was_seen_what_chance_gives_and_what_it_is_measured_from():
    told = " ".join(
        said.sentences(
            found(METHODS, verdict(), persistence(gone_from=2, halved_from=2), baseline(), in_time()), SUBJECT
        )
    )
    for part in (
        "A large fall was measured in the year from April 2017: both methods put delayed days in Northmere below what",
        "41% to 56% fewer",
        "in the second year the methods that compare with other areas see little or nothing of it (14% to 14% more).",
        "puts that year between 15th and 21st, by method, among 148", "so chance cannot be ruled out.",
        "The year before the start was a spike: 56% above", "asked a year early",
    ):  # fmt: skip
        assert part in told, part
    assert told.count(". ") == 2
    assert "significant" not in told
    assert "so chance is a poor explanation of it" in " ".join(said.sentences(found(told=verdict(1)), SUBJECT))


def test_the_plain_change_and_its_place_are_told():
    first = baseline().falls.assign(year=1, change=-0.47, rank=4)
    told = said.seen(METHODS, persistence(), baseline(falls=first), SUBJECT)
    assert "(plainly, −47% on the year before: 4th largest fall of 149)" in told


def test_methods_on_both_sides_are_counted_and_no_size_is_told():
    mixed = years(("a", 1, 0.8, 0.3, 9, 20, 1, False), ("b", 1, 1.3, 0.3, 9, 20, 1, False))
    told = said.seen(mixed, persistence(), None, SUBJECT)
    assert "the methods part: 1 of 2 put" in told and "large" not in told
    assert "9th among 21" in said.unusual(mixed, stands=False)


def test_methods_that_part_in_a_later_year_are_not_said_to_see_it_still():
    """ "Still to be seen in the third" stood where difference-in-differences said 23% and 74% more."""
    later = [("a", 3, 0.5, 0.6, 85, 144, 1, False), ("b", 3, 1.23, 0.8, 120, 144, 1, False)]
    told = said.seen(years(*METHODS.itertuples(index=False, name=None), *later), persistence(), None, SUBJECT)
    assert "in the third year the methods that compare with other areas part (between 50% fewer and 23% more)" in told


def test_without_other_areas_nothing_is_ranked():
    alone = years(("Alone", 1, 0.5, np.nan, 1, 0, np.nan, True))
    assert said.unusual(alone, stands=False) == "No other area says how often chance alone gives as much."
    assert "fewer" in " ".join(said.sentences(found(alone), SUBJECT))


def test_yearly_figures_are_not_told_from_chance():
    told = said.yearly_headline(baseline(), SUBJECT)
    assert told.startswith("Whether delayed days in Northmere changed cannot be told from chance")
    assert "changed by −26% (73rd largest fall of 149)" in told and "alone predict −27%" in told


def test_a_claim_is_counted_and_narrow_intervals_are_named():
    assert said.common(baseline().falls, 0.55).endswith("was seen in 43 of 149 areas by the second year.")
    assert said.common(baseline().falls, None) == ""
    assert said.misleading([]) == ""
    assert "Alone" in said.misleading(["Alone"])


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("delayed days, total", "delayed days"),
        ("delayed days, social care", "delayed days due to social care"),
        ("Permanent admissions aged 65 and over", "Permanent admissions aged 65 and over"),
    ],
)
def test_measures_are_said_as_people_say_them(measure, told):
    assert said.outcome_of(measure) == told
