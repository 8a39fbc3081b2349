"""A warning of leaving, or of a rise, is shown where more is to be known, and not where homes wander or leap."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.monitoring.rises import risen, wandering
from analysis.monitoring.warning import TooFew
from analysis.plans.month_by_month import known_of
from analysis.plans.warnings import WarningPlan, cells_of, warn
from tests.plans.warned_worlds import leaving, rises

TABLE = pd.read_csv(Path(__file__).resolve().parents[2] / "bench" / "early_warning_outcomes.csv")
NOTHING = ("by rating alone", "steady", "wander", "leaps")
"""Worlds in which nothing more is to be known than the simple rule knows."""


def test_the_stored_table_shows_nothing_where_nothing_is_to_be_known():
    null = TABLE[TABLE["world"].isin(NOTHING)]
    assert null["worlds"].sum() >= 300
    assert null["shown"].sum() <= 0.025 * null["worlds"].sum()
    assert (null.groupby("event")["shown"].sum() <= 0.025 * null.groupby("event")["worlds"].sum()).all()


def test_the_stored_table_shows_more_where_more_is_to_be_known():
    def shown(worlds):
        rows = TABLE[TABLE["world"].isin(worlds)]
        return rows.groupby("event")["shown"].sum() / rows.groupby("event")["worlds"].sum()

    null, known = shown(NOTHING), shown(["by size and provider too", "climbs"])
    assert known["leaving"] > 0.4 and known["rise"] > 0.15
    assert (known > 5 * null).all()


def test_a_rise_is_beyond_chance_and_beyond_wandering():
    rng, n = np.random.default_rng(1), 20_000
    expected = rng.uniform(8, 200, n)
    for sd in (0.0, 0.25):
        o1, o2 = (rng.poisson(expected * np.exp(rng.normal(0, sd, n))).astype(float) for _ in range(2))
        found = risen((o1, expected), (o2, expected))
        large = expected > 100
        assert found.mean() < 0.0025
        assert abs(found[large].mean() - found[~large].mean()) < 0.0025  # by chance alone large homes would stand out
        moved = np.log((o2 + 0.5) / expected) - np.log((o1 + 0.5) / expected)
        learnt = wandering(moved, 1 / (o1 + 0.5) + 1 / (o2 + 0.5))
        assert learnt == pytest.approx(2 * sd**2, abs=0.01)
    before, after = np.full(60, 50.0), np.r_[np.full(57, 50.0), np.full(3, 110.0)]
    doubled = risen((before, before), (after, before))
    assert doubled.tolist() == [False] * 57 + [True] * 3


def test_what_the_rule_of_rises_looks_at_was_known_two_months_before():
    made = rises(1, 60, "leaps", months=48)
    known = known_of(made)
    cells = cells_of("rise", known.measures)
    ratio = known.measures.over(known.measures.observed, 12) / known.measures.over(known.measures.expected, 12)
    assert (cells[:, 2:, 1][:, 12:] == np.digitize(ratio[:, :-2], (0.8, 1.25))[:, 12:]).all()


def test_worlds_in_which_nothing_happens_are_not_judged_and_say_so():
    made = rises(5, 300, "steady", months=72)
    assert isinstance(warn(WarningPlan(event="rise"), known_of(made), made).judged, TooFew)
    made = leaving(5, 400, more=False)
    assert not getattr(warn(WarningPlan(event="leaving", ahead=12), known_of(made), made).judged, "earned", False)


@pytest.mark.realdata
def test_no_real_file_at_hand_holds_a_home_that_left_and_the_page_says_so(south_west):
    from analysis.figures import warning as figures  # noqa: PLC0415 - of this test alone
    from analysis.figures.figure import Source  # noqa: PLC0415 - of this test alone

    homes, known = south_west
    assert (homes.inspections.homes["leaving"] == "registered").all()
    found = warn(WarningPlan(event="leaving", ahead=12), known, homes)
    assert found.judged == TooFew(0, 0) and found.rows.empty
    (only,) = figures.figures(found, Source(origin=""))
    assert "it happened 0 times in the earlier years and 0 times in the later ones" in only.headline
    assert "hold no home that left" in only.headline
