"""The choice of homes is the best there is, by trying every one."""

from itertools import product

import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.targeting.choice import Capacity, Fairness, by_rank, choose


def best_of_all(benefit, needs, limits, fairness=None):
    """Value of the best of all 2^N choices; None where none is allowed."""
    x = np.array(list(product([0, 1], repeat=len(benefit))))
    allowed = np.ones(len(x), bool)
    for name, limit in limits.items():
        allowed &= x @ needs[name] <= limit + 1e-9
    if fairness is not None:
        for group in np.unique(fairness.group):
            inside = fairness.group == group
            count = x[:, inside].sum(axis=1)
            allowed &= count >= min(fairness.least, inside.sum())
            allowed &= count <= (np.inf if fairness.most is None else fairness.most)
    return (x[allowed] @ benefit).max() if allowed.any() else None


@pytest.mark.parametrize("seed", range(25))
def test_the_choice_is_the_best_of_all_choices(seed):
    rng = np.random.default_rng(seed)
    N = 13
    residents = rng.integers(5, 90, N).astype(float)
    capacity = Capacity(
        leads=int(rng.integers(1, 3)), budget=float(rng.choice([20_000.0, 60_000.0, np.inf])),
        practitioners=int(rng.integers(0, 2)), visits_per_practitioner=5,
    )  # fmt: skip
    benefit = rng.normal(3_000, 9_000, N)
    needs, limits = capacity.needs(residents, 2_000 + 100 * residents), capacity.limits()
    fairness = (
        Fairness(group=rng.choice(["a", "b", "c"], N), least=int(rng.integers(0, 3)), most=4) if seed % 2 else None
    )
    best = best_of_all(benefit, needs, limits, fairness)
    if best is None:
        with pytest.raises(AnalysisError, match="not enough for"):
            choose(benefit, needs, limits, fairness)
        return
    found = choose(benefit, needs, limits, fairness)
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.value == pytest.approx(benefit[found.chosen].sum())
    assert all(found.used[name] <= limits[name] + 1e-6 for name in limits)
    assert found.gap <= 1e-6


def test_a_home_that_costs_more_than_it_saves_is_left_out_unless_its_group_must_be_served():
    benefit, residents = np.array([5.0, -1.0, 4.0]), np.ones(3)
    capacity = Capacity(leads=1)
    needs, limits = capacity.needs(residents, residents), capacity.limits()
    assert choose(benefit, needs, limits).chosen.tolist() == [True, False, True]
    fair = Fairness(group=np.array(["a", "b", "a"]), least=1)
    assert choose(benefit, needs, limits, fair).chosen.tolist() == [True, True, True]


def test_homes_that_may_not_be_chosen_are_not():
    capacity = Capacity(leads=1)
    needs = capacity.needs(np.ones(3), np.ones(3))
    may = np.array([False, True, True])
    assert choose(np.array([9.0, 1, 1]), needs, capacity.limits(), eligible=may).chosen.tolist() == [False, True, True]
    fair = Fairness(group=np.array(["a", "b", "b"]), least=1)  # group a has none that may
    assert choose(np.ones(3), needs, capacity.limits(), fair, eligible=may).chosen.sum() == 2


def test_a_rank_is_filled_while_there_is_room():
    needs = {"residents": np.array([50.0, 60, 10, 5]), "homes": np.ones(4)}
    chosen = by_rank(np.array([4.0, 3, 2, 1]), needs, {"residents": 70, "homes": 3}, eligible=np.ones(4, bool))
    assert chosen.tolist() == [True, False, True, True]
    none_left = by_rank(
        np.arange(4.0), needs, {"residents": 70, "homes": 1}, eligible=np.array([True, True, False, False])
    )
    assert none_left.tolist() == [False, True, False, False]


def test_a_national_choice_takes_seconds():
    rng = np.random.default_rng(1)
    residents = rng.integers(5, 90, 15_000).astype(float)
    capacity = Capacity(leads=500, budget=9e6)
    groups = rng.integers(0, 150, 15_000).astype(str)
    needs = capacity.needs(residents, 2_000 + 100 * residents)
    found = choose(rng.normal(3_000, 9_000, 15_000), needs, capacity.limits(), Fairness(group=groups, least=2))
    assert found.gap < 1e-4
    assert np.unique(groups[found.chosen], return_counts=True)[1].min() >= 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"leads": 0}, "At least 1 clinical lead"), ({"homes_per_lead": 0.5}, "at least 1 home"),
     ({"residents_per_lead": 0}, "at least 1 resident"), ({"budget": -5.0}, "more than nothing"),
     ({"practitioners": -1}, "fewer than no practitioners"), ({"visits_per_home": 0}, "must need some visits"),
     ({"practitioners": 1, "visits_per_practitioner": 0.5}, "even one home")],
)  # fmt: skip
def test_a_capacity_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        Capacity(**wrong)
