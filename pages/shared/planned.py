"""What is read from the data for planning and targeting, and simulations that can be stopped and taken up again.

Everything is cached by the digest of the data; what comes from a visitor's own files, and every simulation under way,
stays in that visitor's session. A simulation that is stopped keeps what it has done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pandas as pd
import streamlit as st

from analysis.baseline import months_without
from analysis.inspections import stored_inspections
from analysis.panel import Measure, Panel, build_panel
from analysis.planning import Background, Progress, Study, background, simulate
from analysis.registrations import stored_registrations
from analysis.sources.schema import RATINGS
from analysis.store import Store
from pages.shared.cached import WORKING, Loaded
from pages.shared.frame import as_text

SEED = 20261126
"""Of every simulation on the pages: the same question gets the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """The panel, the intervention spells, and the home-months without any, shape (N, T)."""

    panel: Panel
    spells: pd.DataFrame
    without: np.ndarray


def past(data: Loaded) -> Past:
    """Give the panel and what was tried in it, or remember it."""
    return (_own_past if data.own else _shared_past)(data.digest, data.store)


@st.cache_resource(max_entries=2, show_spinner=WORKING)
def _shared_past(digest: str, _store: Store) -> Past:
    return _past(_store)


@st.cache_resource(max_entries=2, show_spinner=WORKING, scope="session")
def _own_past(digest: str, _store: Store) -> Past:
    return _past(_store)


def _past(store: Store) -> Past:
    panel, spells = build_panel(store, Measure()), store.table("interventions")
    spells["location_id"] = stored_registrations(store).of(spells["location_id"])
    return Past(panel=panel, spells=spells, without=months_without(panel, spells))


def noise(data: Loaded) -> Background:
    """Give the noise of the data, or remember it."""
    return (_own_noise if data.own else _shared_noise)(data.digest, past(data))


@st.cache_resource(max_entries=2, show_spinner=WORKING)
def _shared_noise(digest: str, _past: Past) -> Background:
    return background(_past.panel, _past.without)


@st.cache_resource(max_entries=2, show_spinner=WORKING, scope="session")
def _own_noise(digest: str, _past: Past) -> Background:
    return background(_past.panel, _past.without)


class Running:
    """A simulation under way: what it has shown so far, and how to go on.

    A click starts the page anew while the run before it is still in the middle of a step; only one of them may take the
    next.
    """

    def __init__(self, steps: Iterator[Progress]):
        self._steps, self._one_at_a_time = steps, Lock()
        self.latest: Progress | None = None

    @property
    def finished(self) -> bool:
        """Whether all was simulated."""
        return self.latest is not None and self.latest.done == self.latest.of

    def go_on(self) -> Iterator[Progress]:
        """Take the next steps."""
        while not self.finished:
            with self._one_at_a_time:
                progress = next(self._steps, None)
                if progress is None:
                    return
                self.latest = progress
            yield progress


@st.cache_resource(max_entries=12, scope="session", show_spinner=False)
def _running(
    digest: str, studies: tuple[Study, ...], ratios: tuple[float, ...], sims: int, _noise: Background
) -> Running:
    return Running(simulate(_noise, studies, ratios, sims=sims, seed=SEED))


@st.cache_resource(max_entries=1, show_spinner=False)
def _finished() -> dict:
    """Keep simulations of shared data that came to their end, for every visitor."""
    return {}


MOST_KEPT = 200


def simulated(
    data: Loaded, studies: tuple[Study, ...], ratios: tuple[float, ...], sims: int, *, name: str
) -> Progress | None:
    """Simulate under a bar that can be stopped; what was simulated when it was stopped, or all of it.

    Parameters
    ----------
    name : str
        What is being worked out, shown and used as the key of the widgets.
    """
    question = (data.digest, studies, ratios, sims)
    kept = _finished()
    if not data.own and question in kept:
        return kept[question]
    running = _running(*question, noise(data))
    stopped = st.session_state.get(f"stopped {name}") == question
    if not running.finished and not stopped:
        _simulate(running, name, question)
    if not running.finished:
        _offer_to_go_on(running, name)
    elif not data.own and len(kept) < MOST_KEPT:
        kept[question] = running.latest
    return running.latest


def _simulate(running, name, question):
    place = st.empty()
    with place.container():
        left, right = st.columns([5, 1], vertical_alignment="center")
        right.button("Stop here", key=f"stop {name}", on_click=_stop, args=(name, question))
        bar = left.progress(0.0, text=as_text(f"{name} …"))
        for progress in running.go_on():
            share = progress.done / progress.of
            bar.progress(share, text=as_text(f"{name}: {progress.done:,} of {progress.of:,} batches of simulations"))
    place.empty()


def _stop(name, question):
    st.session_state[f"stopped {name}"] = question


def _offer_to_go_on(running, name):
    progress = running.latest
    share = f"{progress.done / progress.of:.0%}" if progress else "none"
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.info(f"Stopped: this rests on {share} of the simulations.")
    right.button("Go on", key=f"go on {name}", on_click=_stop, args=(name, None))


def ratings_before(data: Loaded):
    """Give a function from a month to every home's rating then, as a rank from 0 (Inadequate); None without ratings."""
    rated = _ratings(data.digest, data.store) if not data.own else _own_ratings(data.digest, data.store)
    if rated.empty:
        return None
    units = past(data).panel.units.index

    def at(month):
        known = rated[rated["date"] < pd.Timestamp(month)].drop_duplicates("home", keep="last").set_index("home")
        return (
            known["rating"]
            .map({name: rank for rank, name in enumerate(RATINGS)})
            .astype(float)
            .reindex(units)
            .to_numpy()
        )

    return at


@st.cache_resource(max_entries=2, show_spinner=WORKING)
def _ratings(digest: str, _store: Store) -> pd.DataFrame:
    return _rated(_store)


@st.cache_resource(max_entries=2, show_spinner=WORKING, scope="session")
def _own_ratings(digest: str, _store: Store) -> pd.DataFrame:
    return _rated(_store)


def _rated(store: Store) -> pd.DataFrame:
    rated = stored_inspections(store).rated()
    return (
        rated.assign(rating=rated["rating"].astype(str))
        .sort_values("published")[["home", "published", "rating"]]
        .rename(columns={"published": "date"})
    )
