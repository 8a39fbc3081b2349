"""Homes of which it is known how their admissions rise and how they leave: worlds for early warnings."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.missing import Missing
from analysis.panel import counts_as_shown
from analysis.plans.homes import KnownHomes, known_homes
from analysis.plans.monitored import Watchable
from analysis.simulate import PanelSpec, simulate_panel
from analysis.simulate.closures import World, simulate_closures

NOBODY = pd.DataFrame({"location_id": [], "intervention": [], "started": pd.to_datetime([]), "ended": []})


def leaving(seed: int, homes: int, *, more: bool) -> KnownHomes:
    """Homes that close by the last rating alone; or also by their size and by the luck of their provider."""
    world = World(homes=homes, supported=3, small_times=3.0 if more else 1.0, provider_sd=1.0 if more else 0.0)
    rated, _ = simulate_closures(world, seed)
    rated = replace(rated, frame=rated.frame.assign(last_listed=pd.NaT))
    return known_homes(rated, Missing("none"), NOBODY)


def rises(seed: int, homes: int, kind: str, months: int = 96) -> KnownHomes:
    """Homes whose admissions are steady; wander; leap unforeseen; or climb to a higher level over a year."""
    wanders = 0.3 if kind == "wander" else 0.0
    spec = PanelSpec(n_homes=homes, n_months=months, first_month="2016-01", starts=(), shock_sd=wanders, trend=0.0)
    panel, truth = simulate_panel(spec, seed)
    rng = np.random.default_rng([seed, 1])
    if kind in ("leaps", "climbs"):
        since = np.arange(months) - np.where(rng.random(homes) < 0.5, rng.integers(12, months, homes), months)[:, None]
        share = np.clip(since / 12, 0, 1) if kind == "climbs" else (since >= 0)
        panel = replace(panel, counts=rng.poisson(truth.expected * np.exp(np.log(2.0) * share)), digest="")
    shown = counts_as_shown(panel, panel, NOBODY)
    rated, _ = simulate_closures(World(homes=homes, supported=3), seed)
    kept = rated.homes.assign(leaving="registered", deregistered=pd.NaT).set_axis(panel.units.index)
    kept = kept.assign(**panel.units[["beds", "home_type"]])
    names = dict(zip(rated.homes.index, panel.units.index, strict=True))
    frame = rated.frame.assign(home=rated.frame["home"].map(names), last_listed=pd.NaT)
    watchable = Watchable(totals=None, shown=shown, causes=(), left_out="")  # type: ignore[arg-type] - not asked for
    return known_homes(replace(rated, homes=kept, frame=frame), watchable, NOBODY)
