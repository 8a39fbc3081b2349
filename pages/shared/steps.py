"""Work that comes step by step under a bar, where it can be stopped and taken up again.

What has been done of shared data is shared: a visitor who stops stops looking, and whoever asks for the same goes on
from there.
"""

from collections.abc import Callable

import streamlit as st

from analysis.planning import Progress, Study, simulation
from analysis.planning.plan import SEED
from analysis.steps import Steps
from pages.shared import plans
from pages.shared.cached import Loaded, remembered
from pages.shared.showing import as_text


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
    noise = plans.noise(data)
    running = remembered(
        data, ("simulated", repr(question)), lambda: simulation(noise, studies, ratios, sims=sims, seed=SEED)
    )
    under_a_bar(running, name, question, f"{name}: {{done:,}} of {{of:,}} batches of simulations", _share)
    return running.found[-1] if running.found else None


def _share(steps: Steps) -> str:
    share = f"{len(steps.found) / steps.of:.0%}" if steps.found else "none"
    return f"Stopped: this rests on {share} of the simulations."
