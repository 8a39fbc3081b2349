"""Work that comes step by step under a bar: stopped and taken up again, and never done twice.

Doubts are examined and studies are simulated so. What has been done of shared data is shared; a visitor who stops
stops looking, and whoever asks for the same goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

from analysis.errors import AnalysisError
from analysis.planning import Progress, Study, batches, simulate
from analysis.planning.plan import SEED
from pages.shared import plans
from pages.shared.cached import Loaded, remembered
from pages.shared.frame import as_text

T = TypeVar("T")


class Steps(Generic[T]):
    """Steps to take, and what came of those taken.

    A click starts the page anew while the run before it is still in the middle of a step; only one of them may take the
    next. What a step could not do is told again to whoever asks again.
    """

    def __init__(self, steps: Sequence[Callable[[], T]]):
        self._steps, self._one_at_a_time = steps, Lock()
        self._fault: AnalysisError | None = None
        self.found: tuple[T, ...] = ()

    @property
    def of(self) -> int:
        """How many steps there are."""
        return len(self._steps)

    @property
    def finished(self) -> bool:
        """Whether all have been taken."""
        return len(self.found) == self.of

    def go_on(self) -> Iterator[int]:
        """Take those that are left, one at a time; yields how many have been."""
        while not self.finished:
            with self._one_at_a_time:
                self._take()
            yield len(self.found)

    def _take(self) -> None:
        if self._fault:
            raise self._fault
        try:
            self.found += () if self.finished else (self._steps[len(self.found)](),)
        except AnalysisError as error:
            self._fault = error
            raise

    def all(self) -> tuple[T, ...]:
        """Take all that are left."""
        for _ in self.go_on():
            pass
        return self.found


def under_a_bar(steps: Steps, name: str, asked: object, what: str, far: Callable[[Steps], str]) -> None:
    """Take steps under a bar that can be stopped, or offer to go on where it was.

    Parameters
    ----------
    name : str
        Of the bar and its buttons.
    asked : object
        What is worked out; another question begins anew.
    what : str
        What it says while the steps are taken, with room for how many of how many.
    far : callable
        Says how far it came, where it was stopped.
    """
    at = f"stopped {name}"
    place = st.empty()
    if not steps.finished and st.session_state.get(at) != asked:
        with place.container():
            left, right = st.columns([5, 1], vertical_alignment="center")
            right.button("Stop here", key=f"stop {name}", on_click=_set, args=(at, asked))
            bar = left.progress(0.0, as_text(f"{name} …"))
            for done in steps.go_on():
                bar.progress(done / steps.of, as_text(what.format(done=done, of=steps.of)))
        place.empty()
    if not steps.finished:
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.info(far(steps))
        right.button("Go on", key=f"go on {name}", on_click=_set, args=(at, None))


def _set(at: str, asked: object) -> None:
    st.session_state[at] = asked


def simulated(
    data: Loaded, studies: tuple[Study, ...], ratios: tuple[float, ...], sims: int, *, name: str
) -> Progress | None:
    """Simulate studies: all of it, or what there was when it was stopped; `name` says what for."""
    question = (data.digest, studies, ratios, sims)

    def begun() -> Steps[Progress]:
        coming = simulate(plans.noise(data), studies, ratios, sims=sims, seed=SEED)
        return Steps([partial(next, coming)] * batches(studies, sims))

    running = remembered(data, ("simulated", repr(question)), begun)
    under_a_bar(running, name, question, f"{name}: {{done:,}} of {{of:,}} batches of simulations", _share)
    return running.found[-1] if running.found else None


def _share(steps: Steps) -> str:
    share = f"{len(steps.found) / steps.of:.0%}" if steps.found else "none"
    return f"Stopped: this rests on {share} of the simulations."
