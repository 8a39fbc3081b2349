"""Worlds in which a doubt about one area is true, and others in which it is not.

Counties of 25 areas over 66 months (`analysis.simulate.areas`), one of which starts in month 42. One evaluation, by
every method, is made of each world and examined for every doubt of which the world says whether it is true.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.areas.measures import TOTAL_DELAYS
from analysis.areas.observed import Areas
from analysis.checks.lasted import lasted
from analysis.checks.methods_agree import methods_agree
from analysis.checks.more_than_chance import more_than_chance
from analysis.checks.one_area_left_out import one_area_left_out
from analysis.checks.other_months_before import other_months_before
from analysis.checks.placebo_in_time import placebo_in_time
from analysis.checks.spike_before import spike_before
from analysis.design import Plan
from analysis.evaluation import Material, carry_out
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.results import Check, Fitted
from analysis.simulate.areas import AreaSpec, simulate_areas

SEED, START, MONTHS = 20261127, 42, 66
AREAS, TREATED = 25, 1
QUIET = AreaSpec(n_areas=AREAS, n_months=MONTHS, start=START, spread=0.12, spread_sd=0.2)
"""Areas that keep to their course closely enough for a fall of six tenths to be announced."""
FALL = float(np.log(0.4))
DOUBTS: Mapping[str, Callable[[Fitted], Check]] = {
    "more than chance": more_than_chance, "spike before": spike_before, "placebo in time": placebo_in_time,
    "one area left out": one_area_left_out, "other months before": other_months_before, "lasted": lasted,
    "methods agree": methods_agree,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class World:
    """A world, and of which doubts it is known whether they are true there.

    Parameters
    ----------
    doubts : mapping
        Doubt to whether it ought to speak.
    own, others : sequence of (int, int, float)
        From month, to month, times so many events: in the area, and in all others.
    one_other : float
        From the start on, times so many events in the area that ran most like it before, which is made to run with it.
    """

    name: str
    doubts: Mapping[str, bool]
    spec: AreaSpec = QUIET
    own: tuple[tuple[int, int, float], ...] = ()
    others: tuple[tuple[int, int, float], ...] = ()
    one_other: float = 1.0


WORLDS = (
    World(name="nothing done", doubts={"more than chance": True, "spike before": False, "placebo in time": False,
                                       "one area left out": False, "other months before": False, "lasted": False}),
    World(name="nothing done, areas as restless as councils", spec=replace(QUIET, spread=0.35, spread_sd=0.35),
          doubts={"more than chance": True, "spike before": False, "placebo in time": False,
                  "one area left out": False, "other months before": False, "lasted": False}),
    World(name="a fall of six tenths that lasts", own=((START, MONTHS, 0.4),),
          doubts={"more than chance": False, "spike before": False, "placebo in time": False,
                  "one area left out": False, "other months before": False, "lasted": False, "methods agree": False}),
    World(name="a fall of six tenths in its first year alone", own=((START, START + 12, 0.4),),
          doubts={"lasted": True}),
    World(name="chosen as the area that rose most", doubts={"spike before": True},
          spec=replace(QUIET, spread=0.35, after_a_spike=True)),
    World(name="it fell by six tenths a year before the start", own=((START - 12, MONTHS, 0.4),),
          doubts={"placebo in time": True}),
    World(name="only the area most like it changed, to eight times as many", one_other=8.0,
          doubts={"one area left out": True}),
    World(name="four tenths as many in the two years before the start alone", own=((START - 24, START, 0.4),),
          doubts={"other months before": True}),
    World(name="all areas fall by half, and this one by a quarter", own=((START, MONTHS, 0.75),),
          others=((START, MONTHS, 0.5),), doubts={"methods agree": True}),
)  # fmt: skip


def drawn(world: World, number: int, seed: int = SEED) -> tuple[Panel, str]:
    """Draw a county of areas and name the one that is asked about."""
    panel, treated = simulate_areas(world.spec, np.random.SeedSequence([seed, WORLDS.index(world), number]))
    mean = panel.counts.astype(float)
    own = np.arange(len(mean)) == treated
    for who, changes in ((own, world.own), (~own, world.others)):
        for first, last, times in changes:
            mean[who, first:last] *= times
    if world.one_other != 1.0:
        alike = _most_alike(np.log(panel.counts[:, :START] + 1.0), treated)
        mean[alike] = mean[treated] * np.where(np.arange(MONTHS) < START, 1.0, world.one_other)
    counts = np.where(mean == panel.counts, panel.counts, np.random.default_rng([seed, number]).poisson(mean))
    return replace(panel, counts=counts.astype(np.int64), digest=""), str(panel.units.index[treated])


def _most_alike(logs: np.ndarray, treated: int) -> int:
    moves = logs - logs.mean(axis=1, keepdims=True)
    far = ((moves - moves[treated]) ** 2).sum(axis=1)
    far[treated] = np.inf
    return int(far.argmin())


def evaluated(world: World, number: int, seed: int = SEED) -> Fitted:
    """Ask every method about the area."""
    panel, area = drawn(world, number, seed)
    observed = Areas(panel=panel, returns=None)
    asked = AreaMeasure(area=area, measure=TOTAL_DELAYS, start=str(panel.months[START]))
    material = Material(observed=observed, shown=observed, spells=pd.DataFrame(), digest="", files=[])
    return carry_out(Protocol(plan=Plan(intervention="x"), outcome=asked, checks=()), material).fitted


@cache
def examined(world: int, number: int, seed: int = SEED) -> Mapping[str, bool | None]:
    """Examine every doubt of which the world says whether it is true; doubt to what came of it."""
    found = evaluated(WORLDS[world], number, seed)
    return {doubt: DOUBTS[doubt](found).passed for doubt in WORLDS[world].doubts}


def lines() -> Iterator[tuple[tuple, Callable[[int, int], list[bool | None]]]]:
    """Yield doubt, world and whether it ought to speak, with what counts it: what came of so many runs of a seed."""
    for place, world in enumerate(WORLDS):
        for doubt, speaks in world.doubts.items():
            yield (
                (doubt, world.name, speaks, AREAS, TREATED),
                lambda runs, seed, place=place, doubt=doubt: [
                    examined(place, number, seed)[doubt] for number in range(runs)
                ],
            )
