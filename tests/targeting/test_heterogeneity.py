"""Groups are drawn towards one another as R's metafor does, and not told apart by luck."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.inference.usual import holm
from analysis.simulate import PanelSpec, simulate_panel
from analysis.targeting.heterogeneity import heterogeneity, no_difference, shrink, with_attributes

R = Path(__file__).parents[1] / "reference" / "r"


@pytest.mark.parametrize("case", ["two", "three", "four", "alike"])
def test_effects_are_drawn_together_as_metafor_does(case):
    stored = pd.read_csv(R / "shrinkage.csv").query("case == @case")
    V = np.loadtxt(R / f"shrinkage_{case}.csv", delimiter=",")
    mean, sd, tau = shrink(stored["estimate"].to_numpy(), V)
    assert mean == pytest.approx(stored["mean"].to_numpy(), abs=1e-8)
    assert sd == pytest.approx(stored["sd"].to_numpy(), abs=1e-8)
    assert tau == pytest.approx(stored["tau"].iloc[0], abs=1e-5)  # another grid


def test_holm_is_that_of_r():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # p.adjust(p, "holm")
    assert holm([0.5]).tolist() == [0.5]
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]


def test_the_test_of_no_difference_keeps_its_size():
    rng, V = np.random.default_rng(1), np.diag([0.01, 0.02, 0.04]) + 0.005
    drawn = rng.multivariate_normal(np.full(3, -0.2), V, 4000)
    assert np.mean([no_difference(x, V, 1e6) <= 0.05 for x in drawn]) == pytest.approx(0.05, abs=0.011)


def read(seed, **spec):
    starts = tuple(range(24, 34)) * 3
    panel, truth = simulate_panel(PanelSpec(n_homes=90, n_months=48, starts=starts, **spec), seed)
    panel, design, names = with_attributes(panel, truth.design())
    effects = StaggeredRates(subgroups=tuple(names), permutations=0, leads=0).fit(panel, design)
    return {one.name: one for one in heterogeneity(effects)}


def test_kinds_that_truly_differ_are_told_apart():
    found = read(1, effect=(np.log(0.5),), nursing_effect=(0.0,), nursing_share=0.5)["home_type"]
    told = found.table.set_index("group")
    assert told.loc["residential", "shrunken"] < 0.7 < told.loc["nursing", "shrunken"]
    assert found.p_value < 0.05


def test_kinds_that_do_not_differ_are_drawn_together():
    for found in read(2, effect=(np.log(0.8),)).values():
        own = found.table["estimate"].max() / found.table["estimate"].min()
        assert 1 <= found.apart < own
        assert found.adjusted >= found.p_value
        inside = found.table["shrunken"]
        assert found.table["estimate"].min() < inside.min()
        assert inside.max() < found.table["estimate"].max()


def test_the_past_rate_is_taken_from_months_that_are_left_out():
    panel, truth = simulate_panel(PanelSpec(n_homes=40, n_months=48, starts=(30,) * 10), 1)
    _, design, names = with_attributes(panel, truth.design())
    assert "past_rate" in names
    assert not design.included[:, :12].any()
    assert design.included[:, 12:].all()
    early, _, fewer = with_attributes(
        panel, simulate_panel(PanelSpec(n_homes=40, n_months=48, starts=(14,)), 1)[1].design()
    )
    assert "past_rate" not in fewer
    assert "past_rate" not in early.units


def test_homes_with_a_bad_past_do_not_seem_to_gain_from_it():
    """No effect at all: the difference between homes with more and fewer admissions before is luck both ways."""
    apart = []
    for seed in range(5):
        table = read(seed, effect=(0.0,))["past_rate"].table.set_index("group")["estimate"]
        apart.append(np.log(table["more admissions before"] / table["fewer admissions before"]))
    assert abs(np.mean(apart)) < 3 * np.std(apart) / np.sqrt(len(apart))


def test_a_rating_not_known_is_a_group_of_its_own():
    panel, truth = simulate_panel(PanelSpec(n_homes=12, n_months=48, starts=(30,) * 6), 1)
    ratings = pd.Series(["Good", "Inadequate", "Requires improvement"], panel.units.index[:3])
    changed, _, names = with_attributes(panel, truth.design(), ratings)
    assert "rating" in names
    assert changed.units["rating"].tolist()[:4] == [
        "rated Good or better",
        "rated below Good",
        "rated below Good",
        "not rated",
    ]
