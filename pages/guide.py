"""Step by step: an evaluation from the data to the report, one screen each."""

import streamlit as st

from analysis.words.steps import STEPS
from pages.shared import choices, gate
from pages.shared.form import in_address
from pages.shared.frame import errors_shown, frame
from pages.shared.guided import SHOWN, missing

ASKS = "From your data to a report, a screen at a time. Whoever knows the way goes straight to the pages in the menu."
NAMES = [f"{number} {step.name}" for number, step in enumerate(STEPS, 1)]


def main() -> None:
    """Draw the page."""
    data = frame("Step by step", ASKS)
    gate.hold_at_first(data)
    with errors_shown():
        first = None if "step" in st.session_state else NAMES[0]  # the button says another
        chosen = st.segmented_control("Step", NAMES, default=first, **in_address("step"))
        at = NAMES.index(chosen or NAMES[0])
        step, lacking = STEPS[at], missing(data)
        protocol = None if lacking else choices.folded(data, opened=at == 1)
        st.header(f"{step.name} ({at + 1} of {len(STEPS)})", anchor="step")
        st.html(f'<p class="hw-message">{step.asks}</p>')
        if step.outcome:
            gate.stop_if_held("an outcome", data)
        if protocol or not at:
            SHOWN[at](data, protocol)
        else:
            st.info("This needs admissions, bed-days and a list of interventions. Load them on the Data page.")
    left, right = st.columns(2)
    if at + 1 < len(STEPS):
        left.button(f"Next: {STEPS[at + 1].name}", type="primary", on_click=_go, args=(NAMES[at + 1],))
    if step.page:
        label = f"All of it: the page {step.page.capitalize()}"
        right.page_link(f"pages/{step.page}.py", label=label, query_params=st.query_params)


def _go(step: str) -> None:
    st.session_state["step"] = step


main()
