"""Does a control chart say what it should, and hold its tongue where it should?"""

import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.monitoring import Cause, ControlChart, Series
from analysis.monitoring.limits import individuals
from analysis.monitoring.signals import signals

MONTHS = np.arange("2020-01", "2024-01", dtype="datetime64[M]")
BED_DAYS = np.resize([30_000.0, 28_000.0, 31_000.0], len(MONTHS))


def series(events: np.ndarray, sort="rate", of=BED_DAYS) -> Series:
    return Series(name="Admissions", unit="per 1,000 bed-days", periods=MONTHS[: len(events)], events=events,
                  of=of[: len(events)], sort=sort, per=1_000.0)  # fmt: skip


def steady(seed: int, level: float = 0.003, spread: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(BED_DAYS * level * np.exp(rng.normal(0, spread, len(BED_DAYS)))).astype(float)


def test_counts_that_stray_by_chance_alone_get_a_u_chart_and_others_wider_limits():
    assert ControlChart().of(series(steady(1))).kind == "U"
    wide = ControlChart().of(series(steady(1, spread=0.3)))
    assert wide.kind == "u′"
    assert (wide.limits.upper > ControlChart(kind="U").of(series(steady(1, spread=0.3))).limits.upper).all()


def test_limits_know_the_exposure():
    found = ControlChart(kind="U").of(series(steady(1)))
    few, many = BED_DAYS.argmin(), BED_DAYS.argmax()
    assert found.limits.upper[few] > found.limits.upper[many]


def test_rare_events_are_refused_with_what_to_do():
    with pytest.raises(AnalysisError, match=r"fewer than 5 are expected.*quarters"):
        ControlChart().of(series(steady(1, level=0.0001)))


def test_a_stretch_too_short_to_learn_from_is_refused():
    with pytest.raises(AnalysisError, match="learnt from 6 points"):
        ControlChart(rebased=("2023-07",)).of(series(steady(1)))


@pytest.mark.parametrize("kind", ["P", "p′"])
def test_a_chart_of_shares_is_not_for_rates(kind):
    with pytest.raises(AnalysisError, match="is not for a rate"):
        ControlChart(kind=kind).of(series(steady(1)))


def moved() -> np.ndarray:
    """A level that falls by a third in January 2022."""
    return np.r_[steady(2)[:24], steady(3, level=0.002)[24:]]


def test_limits_are_drawn_anew_only_by_a_person():
    found = ControlChart(baseline=24).of(series(moved()))
    assert found.variation == "improvement"
    assert len(np.unique(found.limits.centre)) == 1
    again = ControlChart(baseline=24, rebased=("2022-01",)).of(series(moved()))
    assert again.variation == "common cause"
    assert again.limits.centre[-1] < found.limits.centre[-1]


def test_drawing_anew_is_proposed_where_a_cause_is_known_and_questioned_where_none_is():
    asked = ControlChart(baseline=24)
    told = asked.of(series(moved()), [Cause(np.datetime64("2021-12"), "the weekly ward round")]).proposal
    assert "the weekly ward round began in December 2021" in told
    assert "that is for you to decide" in told
    assert "No cause is known" in asked.of(series(moved()), [Cause(np.datetime64("2020-05"), "a form")]).proposal
    assert asked.of(series(steady(2))).proposal == ""


def test_the_icon_of_assurance_is_that_of_the_limits_that_hold_now():
    met = ControlChart(baseline=24, rebased=("2022-01",), target=3.0).of(series(moved()))
    assert met.assurance == "pass"
    assert ControlChart(baseline=24, target=3.0).of(series(moved())).assurance == "inconsistent"


def test_six_points_make_a_run_where_six_are_asked_for():
    values = np.r_[np.tile([1.0, -1.0], 10), np.full(6, 0.9)]
    limits, stretch = individuals(values - 0.1, np.arange(26) < 20), np.zeros(26, int)
    assert not signals(values - 0.1, limits, stretch, 7).run.any()
    assert signals(values - 0.1, limits, stretch, 6).run[-6:].all()


def test_a_point_on_the_centre_breaks_a_run():
    values = np.r_[np.tile([1.0, -1.0], 6), 1, 1, 1, 0, 1, 1, 1]
    limits = individuals(values, np.arange(19) < 12)
    assert not signals(values, limits, np.zeros(19, int)).run.any()


def test_a_walk_is_told_to_have_neighbours_alike():
    rng = np.random.default_rng(4)
    level = 0.003 * np.exp(np.cumsum(rng.normal(0, 0.1, 48)))
    assert ControlChart().of(series(rng.poisson(BED_DAYS * level).astype(float))).alike
    assert not ControlChart().of(series(steady(1))).alike
