"""Where a lot decides, the answer is the average over lots, and what hangs on the lot is told."""

import dataclasses

import numpy as np
import pytest

from analysis.baseline.spells import RateSpells
from analysis.scenarios import Who, money, project
from analysis.scenarios.lots import LOTS, WHICH, offered_to
from analysis.scenarios.ranges import OneAtATime
from analysis.scenarios.sensitivity import tornado
from tests.scenarios.conftest import offer, scenario


@pytest.fixture(scope="module")
def certain(county_baseline):
    """A county in which nothing is uncertain but the lot: trend known, no spells, every level at its expectation."""
    known = np.zeros_like(county_baseline.calendar.covariance)
    calendar = dataclasses.replace(county_baseline.calendar, covariance=known)
    base = dataclasses.replace(county_baseline, calendar=calendar, spells=RateSpells())
    return base, np.repeat(base.multiplier.astype(np.float32)[:, None], LOTS, axis=1)


def one_lot(baseline, rng, most):
    """Draw homes as a hat would."""
    return tuple(baseline.units.index[rng.choice(np.flatnonzero(Who().fits(baseline)), most, replace=False)])


def test_every_home_is_drawn_equally_often_and_every_lot_is_full(county_baseline):
    found = offered_to(county_baseline, scenario(offer(who=Who(most=20))))
    fitting = Who().fits(county_baseline).sum()
    assert (found.to[0].sum(0) == 20).all()
    np.testing.assert_allclose(found.chance, 20 / fitting, atol=2.5 / np.sqrt(LOTS) / 4)
    assert len(found.rows) == fitting
    assert found.homes == 20


def test_two_interventions_share_the_lot_as_far_as_they_may(county_baseline):
    both = offered_to(county_baseline, scenario(offer(who=Who(most=20)), offer(name="two", who=Who(most=20))))
    assert (both.to[0] == both.to[1]).all()
    few = offered_to(county_baseline, scenario(offer(who=Who(most=30)), offer(name="two", who=Who(most=10))))
    assert (few.to[0] >= few.to[1]).all()


def test_by_lot_is_the_average_over_lots_drawn_from_a_hat(certain):
    base, levels = certain
    found = project(base, scenario(offer(who=Who(most=20))), levels=levels).averted.sum(0)
    rng = np.random.default_rng(5)
    each = [project(base, scenario(offer(who=Who(units=one_lot(base, rng, 20)))), levels=levels).averted.sum(0)[0]
            for _ in range(150)]  # fmt: skip
    assert found.mean() == pytest.approx(np.mean(each), abs=3 * np.std(each) / np.sqrt(150))
    assert found.std() == pytest.approx(np.std(each), rel=0.2)


def test_how_far_lots_differ_is_that_of_drawing_without_putting_back(certain):
    """Cochran (1977), Sampling Techniques, (2.11): the variance of a total of n homes out of N.

    Fifty circles leave one seed 5% off: the mean over sixteen is held.
    """
    base, levels = certain
    drawn = [project(base, scenario(offer(who=Who(most=20)), seed=seed), levels=levels) for seed in range(16)]
    size, n = drawn[0].home_without, 20
    truly = np.sqrt(n * (1 - n / len(size)) * size.var(ddof=1))
    assert np.mean([found.without.sum(0).std() for found in drawn]) == pytest.approx(truly, rel=0.04)


def test_in_the_middle_of_everything_the_lot_is_averaged_over_and_its_ends_stand_in_the_tornado(county_baseline):
    tried = scenario(offer(who=Who(most=20)))
    middle = project(county_baseline, tried, OneAtATime())
    assert middle.without.sum() == pytest.approx(middle.home_without @ middle.offered.chance, rel=1e-9)
    moved = tornado(county_baseline, tried).set_index("key")
    assert moved.loc[WHICH, "net_low"] < moved.loc[WHICH, "net_middle"] < moved.loc[WHICH, "net_high"]
    fixed = tornado(county_baseline, scenario(offer(who=Who(most=20, order="most admissions expected"))))
    assert WHICH not in set(fixed["key"])


def test_no_seed_of_the_lot_turns_the_answer(county_baseline, levels):
    """Before, one lot stood for all: its luck was in the answer, and in no interval."""
    averted, chance = [], []
    for seed in range(8):
        found = project(county_baseline, scenario(offer(who=Who(most=20)), seed=seed), levels=levels)
        averted.append(found.averted.sum(0).mean())
        chance.append((money(found).net > 0).mean())
    assert np.ptp(averted) / np.mean(averted) < 0.06
    assert np.ptp(chance) < 0.1
