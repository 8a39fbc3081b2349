"""Is the order of improvement the one a person reads off, and are its intervals those of others' resampling?"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from analysis.inspections import inspections_from
from analysis.ratings.key_questions import FIVE, LED, TOGETHER, by_question, holm, order, supported_by_question
from analysis.sources.schema import KEY_QUESTIONS, RATINGS, TABLES

RI, GOOD = RATINGS[1:3]


def inspections(homes):
    """Homes by name: [(published, questions below Good), …]; overall is below Good where two or more are."""
    rows = []
    for home, said in homes.items():
        for day, low in said:
            answers = {q: RI if q in low else GOOD for q in FIVE} | {"Overall": RI if len(low) > 1 else GOOD}
            rows += [
                {"location_id": home, "service": "Overall", "key_question": question, "published": day,
                 "rating": answers[question], "report_id": f"{home} {day}"}
                for question in KEY_QUESTIONS
            ]  # fmt: skip
    locations = pd.DataFrame({"location_id": [*homes], "residential": True}).reindex(columns=list(TABLES["locations"]))
    ratings = pd.DataFrame(rows, columns=list(TABLES["ratings"]))
    for frame in (locations, ratings):
        for day in frame.columns.intersection(["registered", "deregistered", "published", "visited"]):
            frame[day] = pd.to_datetime(frame[day])
    return inspections_from(locations, ratings, pd.DataFrame(columns=list(TABLES["links"])))


LAST = ("2022-01-01", [])  # so that sight does not end before the years that matter
HOMES = {
    "led first": [("2016-01-01", ["Safe", LED]), ("2017-01-01", ["Safe"]), ("2018-01-01", []), LAST],
    "together": [("2016-01-01", ["Safe", LED, "Caring"]), ("2017-01-01", []), LAST],
    "led last": [("2016-01-01", ["Safe", LED]), ("2017-01-01", [LED]), ("2018-01-01", []), LAST],
    "never": [("2016-01-01", ["Safe", LED]), ("2017-01-01", ["Safe", LED]), ("2018-01-01", ["Safe", LED])],
    "without": [("2016-01-01", ["Safe", "Caring"]), ("2017-01-01", ["Safe"]), LAST],
}


def test_order_by_hand():
    found = order(inspections(HOMES), seed=1).set_index("question")
    counts = ["pairs", "first", "same", "last", "undecided"]
    assert found.loc["Safe", counts].tolist() == [4, 1, 1, 1, 1]
    assert found.loc["Caring", counts].tolist() == [1, 0, 1, 0, 0]
    assert found.loc["Effective", counts].tolist() == [0, 0, 0, 0, 0]
    assert found.loc[TOGETHER, counts].tolist() == [5, 1, 2, 1, 1]
    assert found.loc[TOGETHER, "net"] == 0
    assert np.isnan(found.loc["Safe", "conf_low"])  # three homes are too few


def test_order_of_supported_homes_begins_with_their_start():
    later = pd.Series(pd.Timestamp("2017-06-01"), index=["led first", "together", "led last", "never"])
    found = order(inspections(HOMES), later, seed=1).set_index("question")
    assert found.loc["Safe", ["pairs", "undecided"]].tolist() == [1, 1]  # only "never" was still low on both


def test_intervals_are_those_of_scipys_bootstrap():
    """One pair a home, so that resampling homes is resampling pairs; 2,000 draws leave half a step of a count."""
    kinds = ["led first"] * 14 + ["together"] * 30 + ["led last"] * 6
    many = {f"{kind} {n}": HOMES[kind] for n, kind in enumerate(kinds)}
    found = order(inspections(many), seed=1).set_index("question").loc["Safe"]
    signs = np.repeat([1.0, 0.0, -1.0], [14, 30, 6])
    assert found["net"] == pytest.approx(signs.mean())
    for prefix, level in (("conf", 0.95), ("all", 1 - 0.05 / 4)):
        theirs = bootstrap(
            (signs,), np.mean, n_resamples=20_000, confidence_level=level, method="percentile", rng=2
        ).confidence_interval
        assert (found[f"{prefix}_low"], found[f"{prefix}_high"]) == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_by_question_counts_and_widens():
    found = by_question(inspections(HOMES)).set_index("question")
    assert found.loc["Safe", ["count", "n", "homes"]].tolist() == [
        4,
        8,
        5,
    ]  # from below Good: led first 1 of 2, together and led last 1, never 0 of 2, without 1 of 2
    alone = proportion_confint(4, 8, alpha=0.05, method="wilson")
    together = proportion_confint(4, 8, alpha=0.01, method="wilson")
    assert found.loc["Safe", ["conf_low", "conf_high"]].tolist() == pytest.approx(alone)
    assert found.loc["Safe", ["all_low", "all_high"]].tolist() == pytest.approx(together)


def test_supported_homes_by_question():
    others = {f"other {n}": HOMES["together"] for n in range(12)} | {f"stuck {n}": HOMES["never"] for n in range(12)}
    start = pd.Series(pd.Timestamp("2016-06-01"), index=["led first", "led last", "never"])
    found = supported_by_question(inspections(HOMES | others), start).set_index("question")
    assert found.index.tolist() == list(FIVE)
    assert found.loc[LED, ["homes", "observed"]].tolist() == [3, 1]
    observed, expected = found.loc["Effective", ["observed", "expected"]]
    assert observed == 0  # all were Good on it and stayed so, which does not show that none ever moves
    assert expected == pytest.approx(3 * 0.5 / 27)
    assert np.isnan(found.loc["Effective", "estimate"])
    assert np.isnan(found.loc["Effective", "estimate"])


def test_holm_is_that_of_statsmodels():
    p = np.array([0.04, 0.003, 0.2, 0.011])
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])
    adjusted = holm(np.array([0.04, np.nan, 0.003]))
    assert adjusted[0] == pytest.approx(0.04)
    assert np.isnan(adjusted[1])
    assert adjusted[2] == pytest.approx(0.006)


def test_the_seed_decides():
    many = {f"{kind} {n}": HOMES[kind] for n, kind in enumerate(["led first", "together"] * 10)}
    known = inspections(many)
    pd.testing.assert_frame_equal(order(known, seed=3), order(known, seed=3))
