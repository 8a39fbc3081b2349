"""Every sentence about ratings reads aloud, in every branch."""

import numpy as np
import pandas as pd
import pytest

from analysis import words
from analysis.results import TIDY, Effects


def effects(ratio, needed=(np.nan,) * 3, homes=17, observed=12, expected=7.8, **told):
    rows = [("all", "observed_over_expected", *ratio), ("all", "number_needed_to_support", *needed)]
    frame = pd.DataFrame([(*row[:3], np.nan, np.nan, 0.05, *row[3:]) for row in rows], columns=["overall", *TIDY])
    summary = {"n_treated": homes, "n_comparison": 121, "events": observed, "exposure": expected}
    summary["dropped"] = told.get("dropped", 0)
    found = {"strata": told["strata"]} if "strata" in told else {}
    return Effects(tables={"overall": frame}, summary=summary, cells=pd.DataFrame(), diagnostics=found)


def test_more_than_expected():
    assert words.programme(effects((1.55, 1.03, 1.91)), "the manager training") == (
        "Of 17 homes with the manager training inspected again, 12 were rated better (71%); 7.8 (46%) would have been "
        "anyway, going by other homes at the same rating. That is 1.55 times as many as expected, "
        "1.03 to 1.91 times (95% interval): more than among homes like them. 17 supported homes compared; what was "
        "expected is as certain as 121 other homes make it."
    )


def test_all_homes_listed_are_counted_and_what_was_matched_is_said():
    strata = pd.DataFrame({"since": ["2018-04-01"] * 2, "before": ["fallen"] * 2, "home_type": ["any"] * 2,
                           "year": ["2019", "any"], "follow_up": ["any"] * 2})  # fmt: skip
    told = words.programme(effects((1.0, 0.5, 1.4), dropped=6, strata=strata), "the support")
    assert told.startswith(
        "Of 23 homes with the support, 17 were inspected again and can be compared. Of these, 12 were"
    )
    assert "on the day the support began, alike in whether they had just fallen to it. That is" in told
    alike = words.programme(effects((1.0, 0.5, 1.4), strata=strata.iloc[:1]), "the support")
    assert "alike in whether they had just fallen to it and the year of the next inspection." in alike
    assert "the same side" not in told + alike
    assert "inspected at the same time" not in told + alike


def test_fewer_than_expected():
    assert "0.20 to 0.90 times (95% interval): fewer than among homes like them" in words.programme(
        effects((0.5, 0.2, 0.9)), "the support"
    )


def test_the_data_cannot_tell():
    told = words.programme(effects((0.8, 0.3, 1.4), homes=1, observed=1, expected=0.6), "the support", "Well-led")
    assert "Of 1 home with the support inspected again, 1 was rated better on Well-led (100%)" in told
    assert (
        "anything from 0.30 to 1.40 times (95% interval) fits the data, so they cannot tell whether the support" in told
    )


def test_nothing_expected_has_no_ratio():
    told = words.programme(effects((np.nan,) * 3, observed=0, expected=0.0), "the support")
    assert told.endswith("So few were expected that there is no ratio.")
    assert "nan" not in told


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        ((4.1, 2.2, 87.0), "about 4 had to be supported (95% interval: 2 to 87)."),
        ((np.nan,) * 3, "no number of supported homes gives one more."),
    ],
)
def test_number_needed(needed, told):
    assert words.needed(effects((1.2, 0.9, 1.5), needed)).endswith(told)


def curve(who, *shares):
    rows = [(who, years, share, share - 0.1, share + 0.1, 0.02, 0.0, 0.1) for years, share in shares]
    columns = ["who", "years", "better", "better_low", "better_high", "left", "left_low", "left_high"]
    return pd.DataFrame(rows, columns=columns)


def test_where_nobody_is_known_to_have_left_nothing_is_said_of_leaving():
    both = pd.concat([curve(who, (0, 0.1), (2, 0.6)) for who in ("supported homes", "homes like them")])
    none = both.assign(left=0.0)
    assert "left" not in words.after_years(none, {"supported homes": 20, "homes like them": 140})


def test_curves_are_read_at_two_years_or_where_they_end():
    both = pd.concat(
        [curve("supported homes", (0, 0.1), (1.9, 0.6), (2.5, 0.9)), curve("homes like them", (0, 0.1), (1.5, 0.4))]
    )
    counts = {"supported homes": 20, "homes like them": 140}
    assert words.after_years(both, counts) == (
        "2 years on, 60% of supported homes had been rated better (50% to 70%; n = 20) and 2% had left; "
        "40% of homes like them had been rated better (30% to 50%; n = 140) and 2% had left. Bands are 95% intervals."
    )
    assert words.after_years(both.query("years < 1.7"), counts).startswith("18 months on, 10% of supported homes")


def order(first, same, last, ends):
    total = first + same + last
    net = (first - last) / total if total else np.nan
    return pd.DataFrame([{"question": "any other question", "homes": 40, "first": first, "same": same, "last": last,
                          "net": net, "conf_low": ends[0], "conf_high": ends[1]}])  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "ends", "told"),
    [
        ((10, 70, 20), (-0.2, -0.02), "Net order −0.10 (95% interval: −0.20 to −0.02): Well-led tends to come last."),
        ((20, 70, 10), (0.02, 0.2), "Net order +0.10 (95% interval: +0.02 to +0.20): Well-led tends to come first."),
        ((20, 70, 10), (-0.02, 0.2), "the data do not say which comes first."),
        ((1, 2, 1), (np.nan, np.nan), "So few homes give no interval."),
    ],
)
def test_order(counts, ends, told):
    assert words.well_led_first(order(*counts, ends)).endswith(told)


def test_no_order():
    assert "no home was below Good on Well-led" in words.well_led_first(order(0, 0, 0, (np.nan, np.nan)))


def test_how_soon():
    rows = [
        ("Inadequate", "better", 252.0, 217.0, np.nan, 41),
        ("Requires improvement", "better", np.nan, np.nan, np.nan, 5),
        ("Good", "better", 900.0, 1.0, 2.0, 7),
        ("Inadequate", "next", 1.0, 1.0, 1.0, 1),
    ]
    times = pd.DataFrame(rows, columns=["from_rating", "until", "median_days", "conf_low", "conf_high", "waits"])
    assert words.sooner(times) == (
        "Rated better, however many inspections it took: from Inadequate, half within 252 days "
        "(95% interval: 217 or more), n = 41; from Requires improvement, fewer than half in the time seen, n = 5."
    )
    assert words.sooner(times.iloc[:0]) == "Too few homes to say."


def test_questions():
    shares = pd.DataFrame({"question": ["Safe", "Caring"], "share": [0.6, 0.81], "n": [471, 115]})
    assert words.questions(shares).startswith("From 60% (Safe, n = 471) to 81% (Caring, n = 115) of homes below Good")
    assert "too few" in words.questions(shares.assign(n=np.nan))
