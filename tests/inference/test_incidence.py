"""Is the cumulative incidence that of R's survival, stored, and of statsmodels, live?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.inference.incidence import Waits, aalen_johansen, days_of, median_days

STORED = Path(__file__).resolve().parents[1] / "reference" / "r"  # by tests/reference/incidence.R
R_PRINTS = 1e-6  # twelve digits are stored; shares that are sums of a hundred terms agree to far more


def waits(frame, weights=None):
    return Waits(
        entry=frame["entry"].to_numpy(float),
        exit=frame["exit"].to_numpy(float),
        cause=frame["cause"].to_numpy(),
        cluster=pd.factorize(frame["home"])[0],
        weights=np.ones(len(frame)) if weights is None else weights,
        causes=2,
    )


@pytest.fixture(scope="module")
def frame():
    return pd.read_csv(STORED / "waits.csv")


def stored(kind, name):
    rows = pd.read_csv(STORED / "incidence.csv", skipinitialspace=True)
    return rows.loc[rows["kind"] == kind].pivot_table(name, "day", "cause")


@pytest.mark.parametrize("kind", ["plain", "weighted"])
def test_shares_errors_and_intervals_are_those_of_r(frame, kind):
    alone = frame.assign(home=range(len(frame)))
    days = stored(kind, "estimate").index.to_numpy(float)
    found = aalen_johansen(waits(alone, frame["weight"].to_numpy() if kind == "weighted" else None), days)
    for name in ("estimate", "std_error", "low", "high"):
        np.testing.assert_allclose(getattr(found, name), stored(kind, name), rtol=R_PRINTS, err_msg=name)


def test_errors_of_homes_that_wait_more_than_once_are_the_derivatives_of_rs_shares(frame):
    days = stored("clustered", "estimate").index.to_numpy(float)
    found = aalen_johansen(waits(frame), days)
    np.testing.assert_allclose(found.std_error, stored("clustered", "std_error"), rtol=R_PRINTS)


def test_without_late_entry_shares_are_those_of_statsmodels(frame):
    early = frame.assign(entry=0)
    theirs = CumIncidenceRight(early["exit"], early["cause"])
    found = aalen_johansen(waits(early), theirs.times.astype(float))
    np.testing.assert_allclose(found.estimate, np.stack(theirs.cinc, axis=1), rtol=1e-12)


def test_one_cause_is_kaplan_meier_with_late_entry(frame):
    one = frame.assign(cause=(frame["cause"] > 0).astype(int))
    theirs = SurvfuncRight(one["exit"], one["cause"], entry=one["entry"])
    found = aalen_johansen(waits(one), np.asarray(theirs.surv_times, float))
    np.testing.assert_allclose(1 - found.estimate.sum(axis=1), theirs.surv_prob, rtol=1e-12)
    half = theirs.quantile(0.5)
    for most in (5, 1_000):
        assert median_days(aalen_johansen(waits(one), days_of(waits(one), most)))[0] == half


def test_a_weight_of_two_is_the_same_wait_twice(frame):
    days = np.array([200.0, 600.0])
    heavy = np.where(np.arange(len(frame)) < 20, 2.0, 1.0)
    twice = pd.concat([frame, frame.head(20)], ignore_index=True)
    once, both = aalen_johansen(waits(frame, heavy), days), aalen_johansen(waits(twice), days)
    np.testing.assert_allclose(once.estimate, both.estimate, rtol=1e-12)
    np.testing.assert_allclose(once.std_error, both.std_error, rtol=1e-12)


def test_where_nothing_happened_the_interval_is_that_of_none_among_n(frame):
    none = frame.assign(entry=0, cause=np.where(frame["cause"] == 2, 0, frame["cause"]), home=range(len(frame)))
    found = aalen_johansen(waits(none), np.array([500.0]))
    assert found.low[0, 1] == 0
    assert found.high[0, 1] == pytest.approx(1 - 0.025 ** (1 / len(none)))


def test_no_wait_is_an_empty_curve(frame):
    found = aalen_johansen(waits(frame.head(0)), np.array([]))
    assert found.estimate.shape == (0, 2)
    assert np.isnan(median_days(found)).all()
