"""What is expected of every home without anything done: worked out once for what is loaded."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from analysis.baseline import Baseline, baseline_of, months_without
from analysis.panel import build_panel
from analysis.registrations import stored_registrations
from analysis.scenarios.projection import LEVELS
from analysis.scenarios.ranges import Luck
from analysis.store import Store
from pages.shared.cached import WORKING, Loaded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A baseline, and draws of its homes' levels: they do not depend on the scenario."""

    baseline: Baseline
    levels: np.ndarray


def ready(data: Loaded) -> Ready:
    """Work out the baseline and its draws, or remember them."""
    cached = _own if data.own else _shared
    return cached(data.digest, data.store)


@st.cache_resource(max_entries=2, show_spinner=WORKING)
def _shared(digest: str, _store: Store) -> Ready:
    return _ready(_store)


@st.cache_resource(max_entries=2, show_spinner=WORKING, scope="session")
def _own(digest: str, _store: Store) -> Ready:
    return _ready(_store)


def _ready(store: Store) -> Ready:
    panel, spells = build_panel(store), store.table("interventions")
    spells["location_id"] = stored_registrations(store).of(spells["location_id"])
    baseline, luck = baseline_of(panel, months_without(panel, spells)), Luck()
    return Ready(baseline=baseline, levels=baseline.draws(luck.rng(LEVELS), luck.n))
