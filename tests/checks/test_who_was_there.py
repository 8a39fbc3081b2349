"""Occupancy, homes that came or went, and other homes of the same provider: each doubt true, and not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.comings_and_goings import comings_and_goings
from analysis.checks.occupancy_moved import occupancy_moved
from analysis.checks.spill_over import WAYS, spill_over
from analysis.design import NEVER
from analysis.panel import build_panel
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=60, n_months=36, starts=(18,) * 15)


def fitted(panel, design):
    return on(panel, design, MODEL, MODEL.fit(panel, design))


def test_homes_that_emptied_are_a_concern_by_as_much_as_they_emptied():
    panel, truth = simulate_panel(replace(SPEC, exposure_fall=0.3, exposure_fall_months=1), 1)
    check = occupancy_moved(fitted(panel, truth.design()))
    assert check.passed is False
    assert check.table["estimate"].iloc[0] == pytest.approx(0.7, abs=0.04)


def test_occupancy_that_stayed_is_none():
    panel, truth = simulate_panel(replace(SPEC, effect=(-0.5,)), 1)
    check = occupancy_moved(fitted(panel, truth.design()))
    assert check.passed is True
    assert "no more than chance" in check.reading


def test_where_nobody_came_or_went_it_says_so():
    panel, truth = simulate_panel(SPEC, 1)
    check = comings_and_goings(fitted(panel, truth.design()))
    assert check.passed is True
    assert check.reading.startswith("Every home is seen in every month")


def test_others_that_close_more_often_are_a_concern_and_the_answer_without_them_is_a_fit():
    panel, truth = simulate_panel(SPEC, 1)
    design = truth.design()
    closes = np.flatnonzero(design.start == NEVER)[:25]
    exposure, counts = panel.exposure.copy(), panel.counts.copy()
    exposure[closes, 24:], counts[closes, 24:] = 0, 0
    holed = replace(panel, exposure=exposure, counts=counts, digest="")
    check = comings_and_goings(fitted(holed, design))
    assert check.passed is False
    out = np.isin(np.arange(60), closes)
    tidy = MODEL.fit(holed, replace(design, included=design.included & ~out[:, None])).tidy()
    left = tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0]
    assert check.table["estimate"].iloc[-1] == pytest.approx(left, rel=1e-9)


def test_few_that_close_on_either_side_are_none():
    panel, truth = simulate_panel(SPEC, 2)
    design = truth.design()
    closes = np.append(np.flatnonzero(design.start == NEVER)[:3], np.flatnonzero(design.start != NEVER)[0])
    exposure, counts = panel.exposure.copy(), panel.counts.copy()
    exposure[closes, 30:], counts[closes, 30:] = 0, 0
    check = comings_and_goings(fitted(replace(panel, exposure=exposure, counts=counts, digest=""), design))
    assert check.passed is True


def near_by(seed: int, share: float, way: str = "provider"):
    """Half of the homes without it share a provider or place with one that has it, and change by so much with it."""
    panel, truth = simulate_panel(SPEC, seed)
    design, place = truth.design(), np.array([f"p{home}" for home in range(60)], dtype=object)
    treated, never = np.flatnonzero(design.start != NEVER), np.flatnonzero(design.start == NEVER)
    reached = never[:15]
    place[reached] = place[treated]
    change = np.where(np.isin(np.arange(60), reached)[:, None] & (np.arange(36) >= 18), share, 1.0)
    counts = np.random.default_rng(seed).binomial(panel.counts, change)
    units = panel.units.drop(columns=["provider", "area"]).assign(**{way: place})
    return replace(panel, units=units, counts=counts, digest=""), design


@pytest.mark.parametrize("way", ["provider", "district", "area"])
def test_other_homes_near_by_that_changed_too_are_a_concern(way):
    check = spill_over(fitted(*near_by(1, 0.5, way)))
    assert check.passed is False
    row = check.table.iloc[1]
    assert (row["what"], row["homes"]) == (f"other homes of the same {WAYS[way]}", 15)
    assert row["estimate"] < 0.7


def test_other_homes_that_did_not_are_none_and_what_was_not_looked_at_is_told():
    check = spill_over(fitted(*near_by(1, 1.0)))
    assert check.passed is True
    assert "Not looked at: nothing says the postcode district of a home; nothing says the local" in check.reading


def test_what_cannot_be_estimated_of_other_homes_is_said_not_to_be():
    """The reached homes have no month before: it read “nan in 15 of the same provider”."""
    panel, design = near_by(1, 1.0)
    reached = panel.units["provider"].duplicated(keep=False).to_numpy() & (design.start == NEVER)
    included = design.included & ~(reached[:, None] & (np.arange(36) < 18))
    check = spill_over(fitted(panel, replace(design, included=included)))
    assert check.number == "no estimate" and "what became of them cannot be told" in check.reading
    assert "nan" not in check.reading


def test_the_answer_without_neighbours_is_a_fit_of_the_others():
    panel, design = near_by(1, 0.5, "district")
    reached = panel.units["district"].isin(panel.units["district"][design.start != NEVER]).to_numpy()
    others = replace(design, included=design.included & ~(reached & (design.start == NEVER))[:, None])
    row = MODEL.fit(panel, others).tidy().query(f"term == '{RATE_RATIO}'").iloc[0]
    assert spill_over(fitted(panel, design)).table["estimate"].iloc[2] == pytest.approx(row["estimate"], rel=1e-9)


def test_where_all_homes_lie_in_one_place_it_says_so():
    panel, truth = simulate_panel(SPEC, 1)
    panel = replace(panel, units=panel.units.drop(columns="provider").assign(area="one"), digest="")
    check = spill_over(fitted(panel, truth.design()))
    assert check.passed is None
    assert "no home without it lies in a local authority of its own" in check.reading


def test_a_store_knows_the_postcode_district(sample_store):
    assert build_panel(sample_store).units["district"].str.fullmatch(r"ZZ\d+").all()
