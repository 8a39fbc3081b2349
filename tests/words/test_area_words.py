"""One area in words: what all methods say, where they part, and what the baseline was."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.words import areas as said

SUBJECT = said.AreaSubject(name="Northmere", outcome="delayed days", start="April 2017")


def course(**changed):
    return SimpleNamespace(
        **{
            "first_year": 0.6,
            "gone_from": None,
            "halved_from": None,
            "last_year": 3,
            "last_is_clear": True,
            "size": "large",
        }
        | changed
    )


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
        (course(gone_from=2, halved_from=2), "in the first year, gone by the second, measured from a year that was"),
        (course(halved_from=2), "less than half of it left by the second"),
        (course(), "still to be seen in the third, measured"),
        (course(last_is_clear=False), "still to be seen in the third, where chance could give as much"),
        (course(last_year=1), "whether it lasts cannot be seen yet"),
        (course(first_year=1.4), "A large relative rise"),
        (course(size="none"), "Little or no change"),
        (None, "No other area can show"),
    ],
)
def test_the_verdict_says_size_and_course(found, told):
    assert told in said.headline(found, baseline(), SUBJECT)


def test_no_spike_is_not_called_one():
    assert "spike" not in said.headline(course(), baseline(is_spike=False), SUBJECT)
    assert "was no spike: 5% below" in said.before(baseline(is_spike=False, spike=0.95), SUBJECT)


def test_the_paragraph_names_what_agrees_and_what_parts_and_why():
    told = said.paragraph(METHODS, course(gone_from=2, halved_from=2), baseline(), SUBJECT)
    for part in (
        "all 2 methods put delayed days in Northmere below what was to be expected: 41% to 56% fewer",
        "puts this between 15th and 21st, by method, among 148",
        "In the second year the methods that compare with other areas say 14%",
        "differ: 58%", "find an effect in 74 of the 147 areas in which nothing was done",
        "The year before the start was a spike: 56% above", "changed by −26% (73rd largest fall of 149)",
        "alone predict −27% (95 of 100 such areas: −64% to +48%)",
    ):  # fmt: skip
        assert part in told, part
    assert "significant" not in told


def test_methods_on_both_sides_are_counted():
    mixed = years(("a", 1, 0.8, 0.3, 9, 20, 1, False), ("b", 1, 1.3, 0.3, 9, 20, 1, False))
    assert "1 of 2 methods put" in said.first_year(mixed, SUBJECT)
    assert "9th among 21" in said.unusual(mixed)


def test_without_other_areas_nothing_is_ranked():
    alone = years(("Alone", 1, 0.5, np.nan, 1, 0, np.nan, True))
    assert said.unusual(alone) == "No other area says how often chance alone gives as much."
    assert "fewer" in said.paragraph(alone, None, None, SUBJECT)


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
