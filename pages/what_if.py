"""What if: what would an intervention avert, what would it cost, and whose would the gain be?"""

import numpy as np
import streamlit as st

from analysis import written
from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.figures import what_if as figures
from analysis.figures.of_plans import of_scenario
from analysis.plans import what_if
from analysis.plans.past import Ready
from analysis.plans.what_if import Known, WhatIf
from analysis.scenarios import Scenario
from analysis.scenarios.faults import faults_with, wrong_with
from pages.shared import cached, plans, scenario_form
from pages.shared.cached import Loaded
from pages.shared.form import Form, in_address, whole
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import plan_offered
from pages.shared.showing import as_text, hand_out, shown

KEPT = "kept_scenarios"
"""Where scenarios kept for comparison stand in the session: title to JSON."""

MOST_KEPT = 6
"""Rows that can still be compared by eye."""


ASKS = "What would happen if it were offered to more homes: what is averted, what it costs, and who gains?"


def main() -> None:
    """Draw the page."""
    data = frame("What if", ASKS)
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days. Load them on the Data page.")
        return
    with errors_shown():
        ready = plans.ready(data)
        beyond = plans.ratings_and_delays(data, ready.baseline)
        if why := cached.past(data).left_out:
            st.warning(as_text(why))
    tried(data, ready, beyond)


@st.fragment
def tried(data: Loaded, ready: Ready, beyond: Known) -> None:
    """Ask for a scenario and show what it comes to; a moved field redraws this part only."""
    first, form = st.container(), Form()
    st.header("Change it")
    with errors_shown():
        scenario = scenario_form.scenario(data, ready.baseline, form)
    ahead = ready.baseline.calendar.last + 1 + np.arange(scenario.months)
    if faults := faults_with(scenario, ahead):
        form.tell(faults)
        said = "\n".join(f"- {as_text(fault.words)}" for fault in faults)
        first.warning(f"Put right what is marked below, and the answer comes back.\n\n{said}")
        return
    with errors_shown():
        found = what_if.what_if(scenario, ready, beyond)
    source = figures.source(found, cached.past(data), (cached.released(data), data.name))
    with first:
        shown([figures.answer(found, source)], source)
    shown(figures.rest(found, source, figures.Callbacks(at_least=at_least, break_even=break_even)), source)
    side_by_side((ready, beyond), found, source)
    asked, seen = ("what if", written.to_json(scenario)), cached.past(data)
    plan_offered(data, "project", asked, lambda: of_scenario(found, seen, data.store, source))


def at_least(middle: int) -> int:
    """Ask for how many averted the chance is wanted."""
    return whole(st, "How likely is it to avert at least", middle, "at_least", step=5)


def break_even() -> bool:
    """Ask whether the break-even values are wanted."""
    return st.toggle("Work out how different each would have to be for value to equal cost", **in_address("break_even"))


def side_by_side(given: tuple[Ready, Known], this: WhatIf, source: Source) -> None:
    """Keep, compare, hand out and take in scenarios."""
    st.header("Compare, save and share")
    st.markdown("The address of this page holds this scenario: copy it to share it. Or keep it here and try another.")
    kept: dict[str, str] = st.session_state.setdefault(KEPT, {})
    keep(this.scenario, kept)
    take_in(kept)
    rows = [("This one", this)]
    for title, text in kept.items():
        with errors_shown(stops=False):
            rows.append((title, what_if.what_if(written.from_text(Scenario, text), *given)))
    shown([figures.side_by_side(rows)], source)


def keep(scenario: Scenario, kept: dict[str, str]) -> None:
    """Offer to keep the scenario, and to download it."""
    one, two, three = st.columns([2, 1, 1], vertical_alignment="bottom")
    title = one.text_input("Name this scenario", f"Scenario {len(kept) + 1}", max_chars=60)
    if two.button("Keep it to compare", disabled=len(kept) >= MOST_KEPT):
        kept[title.strip() or f"Scenario {len(kept) + 1}"] = written.to_json(scenario)
    if three.button("Forget those kept", disabled=not kept):
        kept.clear()
    hand_out(st.columns(2), {
        "Download this scenario (JSON)": ("scenario.json", written.to_json(scenario)),
        "Download this scenario (TOML)": ("scenario.toml", lambda: written.to_toml(scenario)),
    })  # fmt: skip


def take_in(kept: dict[str, str]) -> None:
    """Take in scenarios that were saved."""
    for file in (
        st.file_uploader("Compare with saved scenarios (JSON or TOML)", accept_multiple_files=True, max_upload_size=2)
        or []
    ):
        try:
            text = file.getvalue().decode("utf-8", "replace")
            taken = written.from_text(Scenario, text, file.name, wrong=wrong_with)
        except AnalysisError as error:
            st.error(as_text(error))
            continue
        if len(kept) < MOST_KEPT:
            kept[file.name] = written.to_json(taken)


main()
