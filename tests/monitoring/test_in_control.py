"""Where nothing happened every rule speaks as often as theory says; a count of 5,000 series is held to that."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.monitoring import Limits
from analysis.monitoring.signals import signals

ROOT = Path(__file__).resolve().parents[2]
RULES = ["outside", "run", "trend", "close"]


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(ROOT / "bench" / "monitoring.csv").set_index("world")


PAIRS = (
    ("known limits", "theory, known limits"),
    ("known rate, exposure varies", "theory, 36 months"),
    ("Poisson, exposure varies", "brute force, centre learnt"),
    ("Poisson, XmR asked for", "brute force, centre learnt"),
    ("strays by 15%", "brute force, centre learnt"),
)


@pytest.mark.parametrize(("counted", "theory"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_each_rule_speaks_as_often_as_theory_says_within_one_point(table, counted, theory):
    assert (table.loc[counted, RULES] - table.loc[theory, RULES]).abs().max() <= 1


def test_where_neighbours_are_alike_the_rules_speak_more_and_a_warning_is_given(table):
    alike = table.loc[["strays by 15%", "neighbours correlated 0.3", "neighbours correlated 0.6"]]
    assert alike["run"].is_monotonic_increasing and alike["warned"].is_monotonic_increasing
    assert alike["run"].iloc[-1] > 2 * alike["run"].iloc[0] and alike["warned"].iloc[-1] > 30


def test_a_few_of_the_series_counted_again_are_those_of_the_table(table):
    rng, rows = np.random.default_rng(20261128), []
    for _ in range(300):
        of = 30_000 * rng.uniform(0.7, 1.3, 36)
        values, centre, step = rng.poisson(of * 0.002) / of, np.full(36, 0.002), np.sqrt(0.002 / of)
        drawn = Limits(centre=centre, lower=centre - 3 * step, upper=centre + 3 * step,
                       near_lower=centre - 2 * step, near_upper=centre + 2 * step)  # fmt: skip
        found = signals(values, drawn, np.zeros(36, int))
        rows.append([getattr(found, name).mean() for name in RULES])
    found = 100 * np.mean(rows, axis=0)
    spread = 100 * np.std(rows, axis=0) / np.sqrt(len(rows))
    told = table.loc["known rate, exposure varies", RULES].to_numpy(float)
    assert (np.abs(found - told) < 4 * spread + 0.05).all()


def months_missing(values):
    return np.delete(values, [5, 11, 12])


def test_a_series_with_missing_months_is_the_series_of_those_that_are_there():
    """As of NHSRplotthedots, which takes the rows it is given one after another."""
    from analysis.monitoring import ControlChart, Series  # noqa: PLC0415 - of this test alone

    rng = np.random.default_rng(3)
    periods = np.arange("2021-01", "2024-01", dtype="datetime64[M]")
    of = np.full(36, 30_000.0)
    events = rng.poisson(60, 36).astype(float)
    here = Series(name="", unit="", periods=months_missing(periods), events=months_missing(events),
                  of=months_missing(of), sort="rate", per=1_000)  # fmt: skip
    close = np.arange("2021-01", "2023-10", dtype="datetime64[M]")
    whole = Series(name="", unit="", periods=close, events=here.events, of=here.of, sort="rate", per=1_000)
    one, other = (ControlChart(season="kept").of(series) for series in (here, whole))
    np.testing.assert_array_equal(one.limits.upper, other.limits.upper)
    np.testing.assert_array_equal(one.signals.special, other.signals.special)
