"""What is watched comes from totals that may be shown, and page and terminal say the same of it."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.evaluation import material
from analysis.monitoring import ControlChart
from analysis.monitoring.totals import totals
from analysis.outcomes import EMERGENCIES
from analysis.panel import Panel
from analysis.plans.monitored import MonitoringPlan, seen, stand_apart, watch


@pytest.fixture(scope="module")
def known(sample_store):
    return seen(material(sample_store, EMERGENCIES))


def county(homes: int, rate: float, seed: int = 1) -> Panel:
    """Draw homes of one kind in one council over two years."""
    rng = np.random.default_rng(seed)
    frame = pd.MultiIndex.from_product(
        [[f"1-{home:03}" for home in range(homes)], pd.period_range("2020-01", periods=24, freq="M").to_timestamp()],
        names=["unit", "month"],
    ).to_frame(index=False)
    rates = np.repeat(rng.uniform(0.5, 1.5, homes) * rate, 24)
    return Panel.from_frame(frame.assign(count=rng.poisson(rates), exposure=900.0, area="A", home_type="residential"))


def test_months_of_many_homes_are_rounded_as_a_whole():
    panel = county(30, 2.0)
    found = totals(panel, panel)
    assert (found.events % 5 == 0).all()
    assert np.abs(found.events[0] - panel.counts.sum(axis=0)).max() <= 2.5


@pytest.mark.parametrize("homes", [1, 9])
def test_months_of_few_homes_are_the_sum_of_what_is_shown_of_each(homes):
    panel = county(homes, 2.0)
    shown = Panel.from_frame(
        pd.DataFrame({"unit": np.repeat(panel.units.index, 24), "month": np.tile(panel.months, homes),
                      "count": 3, "exposure": 900.0, "area": "A", "home_type": "residential"})
    )  # fmt: skip
    assert (totals(panel, shown).events == 3 * homes).all()


def test_homes_without_admissions_do_not_make_many_of_few():
    panel = county(30, 2.0)
    panel.counts[3:] = 0
    shown = county(30, 2.0, seed=2)
    assert (totals(panel, shown).events[0] == shown.counts.sum(axis=0)).all()


def test_a_quarter_is_the_sum_of_its_months_as_shown(known):
    every = np.ones(len(known.totals.cells), bool)
    first, months, _ = known.totals.of(every)
    starts, quarters, _ = known.totals.of(every, 3)
    assert (quarters == months.reshape(-1, 3).sum(axis=1)).all()
    assert (starts == first[::3]).all()


def test_seasons_of_the_sample_are_taken_out_and_can_be_kept(known):
    found = watch(MonitoringPlan(), known).charted
    assert (found.taken_out, found.kind, found.signals.special.sum()) == (True, "U", 0)
    kept = watch(MonitoringPlan(chart=ControlChart(season="kept")), known).charted
    assert kept.seasonal
    assert kept.signals.special.any()


def test_homes_of_which_little_is_expected_are_left_out_whatever_they_had(known):
    apart = watch(MonitoringPlan(last=12), known).apart
    assert apart.homes["expected"].min() >= 20
    assert apart.small + len(apart.homes) <= len(known.shown.units)
    with pytest.raises(AnalysisError, match="Ask for more months"):
        watch(MonitoringPlan(last=2), known)


def test_a_council_that_is_not_there_is_refused(known):
    with pytest.raises(AnalysisError, match="There is no council 'Nowhere'"):
        watch(MonitoringPlan(group="council", name="Nowhere"), known)


def test_homes_whose_council_and_kind_no_file_says_are_watched_too():
    panel = county(30, 2.0)
    panel.units[["area", "home_type"]] = None
    found = totals(panel, panel)
    assert found.cells[["area", "home_type"]].to_numpy().tolist() == [["not known", "not known"]]
    assert (found.events % 5 == 0).all()
    assert len(stand_apart(panel, 24, "additive").homes) == 30
