"""Worlds in which a doubt about an answer is true, and others in which it is not: how a panel of each is made.

Each maker takes a specification and a seed and gives a panel and its design. What is done to counts is done by
thinning, so that chance is that of the panel.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.panel.build import PLANNED
from analysis.simulate import PanelSpec, simulate_panel

Made = tuple[Panel, Design]
Make = Callable[[PanelSpec, int], Made]
SPEC = PanelSpec(n_homes=60, n_months=48, first_month="2018-01", starts=(24,) * 20)
THIRD = replace(SPEC, effect=(float(np.log(2 / 3)),))
PANDEMIC, LAST_YEAR = (26, 42), (36, 48)
"""Months of `SPEC` in which the calendar has the pandemic, and its last year."""


def plain(spec: PanelSpec, seed: int) -> Made:
    """Do to homes what the specification says and nothing else."""
    panel, truth = simulate_panel(spec, seed)
    return panel, truth.design()


def thinned(panel: Panel, share: np.ndarray, seed: int) -> Panel:
    """Keep a share of the events, shape (N, T)."""
    counts = np.random.default_rng([seed, 2]).binomial(panel.counts, share)
    return replace(panel, counts=counts, digest="")


def changed_in(first: int, last: int) -> Make:
    """Let homes that start lose two thirds of their admissions in some months and in no other."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = plain(spec, seed)
        month = np.arange(spec.n_months)
        inside = (design.start != NEVER)[:, None] & (month >= first) & (month < last)
        return thinned(panel, np.where(inside, 1 / 3, 1.0), seed), design

    return make


def closing(treated: float, others: float) -> Make:
    """Let shares of the homes with the intervention and of the others close half a year after the start."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = plain(spec, seed)
        share = np.where(design.start != NEVER, treated, others)
        out = np.random.default_rng([seed, 3]).random(spec.n_homes) < share
        seen = ~(out[:, None] & (np.arange(spec.n_months) >= 30))
        return replace(panel, counts=panel.counts * seen, exposure=panel.exposure * seen, digest=""), design

    return make


def unreported(after: float, everywhere: float) -> Make:
    """Let a share of the months with the intervention be missing, and a share of all months."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = plain(spec, seed)
        with_it = np.arange(spec.n_months) >= np.where(design.start != NEVER, design.start, spec.n_months)[:, None]
        share = np.where(with_it, after, everywhere)
        seen = np.random.default_rng([seed, 3]).random(panel.counts.shape) >= share
        return replace(panel, counts=panel.counts * seen, exposure=panel.exposure * seen, digest=""), design

    return make


def neighbours(way: str, share: float) -> Make:
    """Let 15 homes without it share a place with one that has it, and keep a share of their admissions."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = plain(spec, seed)
        place = np.array([f"place {home}" for home in range(spec.n_homes)], dtype=object)
        near = np.flatnonzero(design.start == NEVER)[:15]
        place[near] = place[np.flatnonzero(design.start != NEVER)[:15]]
        reached = np.isin(np.arange(spec.n_homes), near)[:, None] & (np.arange(spec.n_months) >= 24)
        units = panel.units.drop(columns=["provider", "area"]).assign(**{way: place})
        return replace(thinned(panel, np.where(reached, share, 1.0), seed), units=units), design

    return make


def large_otherwise(spec: PanelSpec, seed: int) -> Made:
    """Let the eight largest homes with it, made larger, lose half of their admissions, and no other any."""
    panel, design = plain(spec, seed)
    treated = np.flatnonzero(design.start != NEVER)
    large = treated[np.argsort(-panel.exposure[treated].sum(axis=1))[:8]]
    exposure, grow = panel.exposure.copy(), np.isin(np.arange(spec.n_homes), large)[:, None]
    exposure[large] *= 4
    after = grow & (np.arange(spec.n_months) >= 24)
    more = np.random.default_rng([seed, 4]).poisson(3 * panel.counts * grow)
    grown = replace(panel, counts=panel.counts + more, exposure=exposure, digest="")
    return thinned(grown, np.where(after, 0.5, 1.0), seed), design


def second_count(moved: float) -> Make:
    """Count something else as often as admissions are, which moves by a log rate ratio with the start."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, truth = simulate_panel(spec, seed)
        after = np.arange(spec.n_months) >= truth.start[:, None]
        counts = np.random.default_rng([seed, 5]).poisson(truth.untreated * np.exp(moved * after))
        other = replace(panel, counts=counts, outcome=PLANNED, digest="")
        return replace(panel, also={PLANNED: other}), truth.design()

    return make


def doses(ratios: dict[float, float]) -> Make:
    """Give homes doses in turn, each with its rate ratio (1 or less)."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = plain(spec, seed)
        treated = np.flatnonzero(design.start != NEVER)
        dose = np.full(spec.n_homes, np.nan)
        dose[treated] = np.array(list(ratios))[np.arange(len(treated)) % len(ratios)]
        share = pd.Series(dose).map(ratios).fillna(1.0).to_numpy()[:, None]
        after = np.arange(spec.n_months) >= design.start[:, None]
        return thinned(panel, np.where(after, share, 1.0), seed), replace(design, dose=dose)

    return make


def kinds_apart(panel: Panel, seed: int) -> np.ndarray:
    """Let every nursing home have it, and no other."""
    return (panel.units["home_type"] == "nursing").to_numpy()


def largest(panel: Panel, seed: int) -> np.ndarray:
    """Let the 20 largest homes have it."""
    size = panel.exposure[:, :24].mean(axis=1)
    return size >= np.sort(size)[-20]


def in_two_places(panel: Panel, seed: int) -> np.ndarray:
    """Let every home of two of the six places have it, and none of another."""
    return panel.units["area"].isin(["place 0", "place 1"]).to_numpy()


def chosen_by(which: Callable[[Panel, int], np.ndarray]) -> Make:
    """Let homes of one kind have it and no others, spread over six places."""

    def make(spec: PanelSpec, seed: int) -> Made:
        panel, design = in_places(spec, seed)
        return panel, replace(design, start=np.where(which(panel, seed), 24, NEVER))

    return make


def in_places(spec: PanelSpec, seed: int) -> Made:
    """Spread homes over six places by lot."""
    panel, design = plain(spec, seed)
    place = np.random.default_rng([seed, 6]).integers(0, 6, spec.n_homes)
    return replace(panel, units=panel.units.assign(area=[f"place {each}" for each in place])), design


FALL = replace(SPEC, exposure_fall=0.2)
WORLDS: dict[str, tuple[tuple[str, bool, PanelSpec, Make], ...]] = {
    "windows": (
        ("an effect in the last year alone", True, SPEC, changed_in(*LAST_YEAR)),
        ("nothing done", False, SPEC, plain),
        ("an effect of a third", False, THIRD, plain),
    ),
    "national events": (
        ("an effect in the pandemic alone", True, SPEC, changed_in(*PANDEMIC)),
        ("nothing done", False, SPEC, plain),
        ("an effect of a third", False, THIRD, plain),
    ),
    "occupancy moved": (
        ("a fifth fewer bed-days", True, FALL, plain),
        ("nothing done", False, SPEC, plain),
        ("an effect of a third", False, THIRD, plain),
    ),
    "comings and goings": (
        ("two in five of the homes with it close", True, SPEC, closing(0.4, 0.05)),
        ("one in ten closes on either side", False, SPEC, closing(0.1, 0.1)),
        ("an effect of a third, one in ten closes", False, THIRD, closing(0.1, 0.1)),
    ),
    "spill over": (
        ("homes of the provider changed too, by half", True, THIRD, neighbours("provider", 0.5)),
        ("homes of the district changed too, by half", True, THIRD, neighbours("district", 0.5)),
        ("an effect of a third, no other home changed", False, THIRD, neighbours("provider", 1.0)),
        ("nothing done", False, SPEC, neighbours("district", 1.0)),
    ),
    "other estimators": (
        ("large homes do otherwise", True, SPEC, large_otherwise),
        ("nothing done", False, SPEC, plain),
        ("an effect of a third", False, THIRD, plain),
    ),
    "missing months": (
        ("one in ten months with it missing", True, SPEC, unreported(0.1, 0.0)),
        ("one in ten missing everywhere", False, SPEC, unreported(0.1, 0.1)),
        ("nothing done", False, SPEC, plain),
    ),
    "negative control": (
        ("the other count falls by a third", True, SPEC, second_count(float(np.log(2 / 3)))),
        ("the other count does not move", False, SPEC, second_count(0.0)),
        ("an effect of a third, the other does not move", False, THIRD, second_count(0.0)),
    ),
    "few clusters": (
        ("five homes with it", True, replace(SPEC, starts=(24,) * 5), plain),
        ("20 homes with it", False, SPEC, plain),
    ),
    "others alike": (
        ("every nursing home has it and no other", True, SPEC, chosen_by(kinds_apart)),
        ("the largest homes have it", True, SPEC, chosen_by(largest)),
        ("every home of two places has it and no other", True, SPEC, chosen_by(in_two_places)),
        ("by lot", False, SPEC, in_places),
        ("by lot, four of 40", False, replace(SPEC, n_homes=40, starts=(24,) * 4), in_places),
        ("an effect of a third", False, THIRD, in_places),
    ),
    "dose bands": (
        (
            "a small dose halves, larger ones do nothing",
            True,
            replace(SPEC, starts=(24,) * 30),
            doses({1.0: 0.5, 2.0: 1.0, 3.0: 1.0}),
        ),
        (
            "a sixth less for each unit",
            False,
            replace(SPEC, starts=(24,) * 30),
            doses({1.0: 5 / 6, 2.0: (5 / 6) ** 2, 3.0: (5 / 6) ** 3}),
        ),
    ),
    "every month": (
        ("an effect of a half", True, replace(SPEC, effect=(float(np.log(1 / 2)),)), plain),
        ("nothing done", False, SPEC, plain),
    ),
}
"""Doubt to its worlds: what is so, whether the doubt ought to speak, and how a panel is made."""
