"""What of a store do plans rest on?

The panel of emergency admissions and what was tried in it; from them what is expected of every home without anything
done, and how far months vary; and the ratings that homes had.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline import Baseline, baseline_as_shown, baseline_of, months_without
from analysis.evaluation import Material, material
from analysis.inspections import Inspections
from analysis.outcomes import EMERGENCIES
from analysis.panel import Panel, beds_for_days, monthly
from analysis.panel.doubtful import left_out, of_homes
from analysis.scenarios.projection import LEVELS
from analysis.scenarios.ranges import Draws
from analysis.sources.schema import RATINGS
from analysis.store import Store
from analysis.targeting.contest import Ratings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """What happened until now.

    Parameters
    ----------
    shown : Panel
        Emergency admissions as they may be shown: all that is worked out from counts is worked out from these.
    spells : DataFrame
        Of interventions.
    without : ndarray of bool, shape (N, T)
        Home-months without any.
    left_out : str
        Which homes are not in the panel, and why; empty where all are.
    """

    shown: Panel
    spells: pd.DataFrame
    without: np.ndarray
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A baseline of what may be shown of homes, and draws of its homes' levels: they do not depend on the scenario."""

    baseline: Baseline
    levels: np.ndarray


def stored_past(store: Store) -> Past:
    """Take the past from a store."""
    return past_of(material(store, EMERGENCIES))


def past_of(given: Material) -> Past:
    """Take the past from what an evaluation is carried out on."""
    odd = beds_for_days(monthly(given.shown))
    shown = of_homes(given.shown, ~odd)
    without = months_without(shown, given.spells)
    return Past(shown=shown, spells=given.spells, without=without, left_out=left_out(int(odd.sum())))


def ready(past: Past) -> Ready:
    """Work out what is expected of every home, as it may be shown, and draw it."""
    luck = Draws()
    baseline = baseline_as_shown(baseline_of(past.shown.by_chance, past.without), past.shown, past.without)
    return Ready(baseline=baseline, levels=baseline.draws(luck.rng(LEVELS), luck.n))


def ratings_before(known: Inspections, units: pd.Index) -> Ratings | None:
    """Give a function from a month to every home's rating then, as a rank from 0 (Inadequate); None without ratings."""
    rated = known.rated()
    if rated.empty:
        return None
    rated = rated.assign(rating=rated["rating"].astype(str)).sort_values("published")
    rank = {name: place for place, name in enumerate(RATINGS)}

    def at(month: np.datetime64) -> np.ndarray:
        seen = rated[rated["published"] < pd.Timestamp(month)].drop_duplicates("home", keep="last")
        return seen.set_index("home")["rating"].map(rank).astype(float).reindex(units).to_numpy()

    return at
