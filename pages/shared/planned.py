"""What is read from the data for planning, and simulations that can be stopped and taken up again.

Everything is cached by the digest of the data; what comes from a visitor's own files, and every simulation under way,
stays in that visitor's session. A simulation that is stopped keeps what it has done.
"""

from collections.abc import Iterator
from threading import Lock

import streamlit as st

from analysis.planning import Background, Progress, Study, simulate
from analysis.planning.plan import SEED
from analysis.plans import studies
from pages.shared import cached
from pages.shared.cached import Loaded
from pages.shared.frame import as_text


def noise(data: Loaded) -> Background:
    """Give the noise of the data, or remember it."""
    return cached.remembered(data, ("noise",), lambda: studies.noise_of(cached.past(data)))


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
