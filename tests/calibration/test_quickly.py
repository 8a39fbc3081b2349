"""A drawn panel that is not made says what it says when it is made; one that cannot be asked so is made."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.calibration import calibrate
from analysis.calibration.drawn_panels import Sources
from analysis.calibration.injected import _drawn, _plain, said
from analysis.calibration.quickly import quickly
from analysis.design import NEVER, Design
from analysis.inference.spread import spread_over
from analysis.panel import Panel

HOMES, TREATED, MONTHS = 2_000, 700, 24
PLAIN = _plain(StaggeredRates())
COMPARED = ("not_yet_treated", "never_treated")


def country(seed: int, rate: float = 2.0) -> tuple[Panel, Design]:
    """Draw homes that open late and close early, of different rates, months left out."""
    rng = np.random.default_rng(seed)
    exposure = rng.uniform(600, 1_800, (HOMES, 1)) * rng.uniform(0.9, 1.1, (HOMES, MONTHS))
    month = np.arange(MONTHS)
    opens, closes = (np.where(rng.random(HOMES) < 0.2, rng.integers(1, 9, HOMES), 0) for _ in range(2))
    exposure[(month < opens[:, None]) | (month >= MONTHS - closes[:, None])] = 0
    counts = rng.poisson(rate * exposure / 1_200 * rng.gamma(6, 1 / 6, (HOMES, 1)) * np.exp(0.2 * np.sin(month)))
    start = np.full(HOMES, NEVER)
    start[:TREATED] = rng.choice(np.append(np.repeat([12, 15, 20], 9), [13, 14, 19]), TREATED)
    included = rng.random((HOMES, MONTHS)) > 0.02
    included[:, 7] = False
    units = pd.DataFrame(index=pd.Index([f"H{k:05d}" for k in range(HOMES)], name="unit"))
    months = np.datetime64("2016-01", "M") + month
    panel = Panel(units=units, months=months, counts=counts, exposure=exposure, outcome="admissions",
                  exposure_unit="bed-days")  # fmt: skip
    return panel, Design(intervention="x", start=start, included=included)


def drawn_panels(panel: Panel, design: Design, count: int) -> list:
    rng, starts = np.random.default_rng(5), design.start[design.start != NEVER]
    never = np.flatnonzero(design.start == NEVER)
    return [_drawn(panel, rng.choice(never, HOMES), starts, ratio, rng) for ratio in (1.0, 0.7, 1.3)[:count]]


@pytest.mark.parametrize("comparison", COMPARED)
@pytest.mark.parametrize("vcov", ["CR2", "CR1"])
def test_estimate_limits_and_usual_error_are_those_of_the_whole_panel(comparison, vcov):
    panel, design = country(1)
    model = replace(PLAIN, comparison=comparison, vcov=vcov)
    drawn = drawn_panels(panel, design, 3)
    for some, found in zip(drawn, quickly(Sources(panel=panel, included=design.included), drawn, model), strict=True):
        (_, log, low, high), (_, _, usual_low, usual_high) = said(some.panel(panel), some.design(design), model)
        assert found is not None
        assert found[:3] == pytest.approx((log, low, high), abs=1e-10)
        assert found[3] == pytest.approx((usual_high - usual_low) / 3.92, rel=1e-9)


@pytest.mark.parametrize("comparison", COMPARED)
def test_months_of_a_start_without_any_event_are_at_their_limit_here_too(comparison):
    panel, design = country(2)
    few = design.start.copy()
    few[np.flatnonzero(few == 13)[2:]] = 12  # two homes of one start: some of their months have no event
    design, model = replace(design, start=few), replace(PLAIN, comparison=comparison)
    (some,) = drawn_panels(panel, design, 1)
    after = some.counts[some.start[: len(some.counts)] == 13][:, 13:]
    counts = some.counts.copy()
    counts[np.flatnonzero(some.start == 13), 16] = 0
    some = replace(some, counts=counts)
    assert len(after) == 2
    (found,) = quickly(Sources(panel=panel, included=design.included), [some], model)
    (_, *ruled), _ = said(some.panel(panel), some.design(design), model)
    assert found is not None
    assert found[:3] == pytest.approx(ruled, abs=1e-10)


def test_a_panel_in_which_a_home_has_nothing_to_be_compared_with_is_made():
    panel, design = country(3)
    (some,) = drawn_panels(panel, design, 1)
    counts = some.counts.copy()
    counts[0, : some.start[0]] = 0
    sources = Sources(panel=panel, included=design.included)
    assert quickly(sources, [replace(some, counts=counts)], PLAIN) == [None]
    assert quickly(sources, [some], replace(PLAIN, average="home")) == [None]


def test_the_same_bytes_whatever_the_number_of_workers():
    panel, design = country(4)
    asked = {"ratios": (1.0, 0.8), "draws": 9}
    here = calibrate(panel, design, PLAIN, **asked)
    with spread_over(2):
        spread = calibrate(panel, design, PLAIN, **asked)
    assert here.table.equals(spread.table)
