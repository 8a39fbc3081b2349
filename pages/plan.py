"""Plan: what will be asked, is the comparison fair, could an effect be found? And a lock, before an outcome is seen."""

import streamlit as st

from analysis.figures import Source
from analysis.figures.ready import ready
from analysis.outcomes import AreaMeasure, Rate, Ratings
from analysis.protocol import Protocol
from analysis.words.asks import WHY_LOCK
from pages.shared import answered, gate
from pages.shared.answer import Asked
from pages.shared.form import fold
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import as_text, hand_out, show

ASKS = (
    "Write down what will be asked, see whether the comparison is fair and an effect could be found, and lock it: "
    "before anything is seen of what happened after the start."
)
ANSWERED = {Rate: "pages/admissions.py", Ratings: "pages/ratings.py", AreaMeasure: "pages/areas.py"}
"""Where the answer is shown."""
KEPT = {
    "The lock (TOML)": "lock.toml", "The plan of analysis (Markdown)": "plan.md",
    "For the Evaluation Registry (Markdown)": "registry.md", "What was seen before (Markdown)": "before.md",
}  # fmt: skip
SIGN = "I have read the parts above, and this is what I will ask"


def main() -> None:
    """Draw the page."""
    data = frame("Plan", ASKS)
    with errors_shown():
        hold_back()
        if asked := answered.asked(data, "plan"):
            planned(asked)


def planned(asked: Asked) -> None:
    """Show what is known before the start, and lock the plan."""
    seen = gate.before(asked)
    for made in seen:
        show(ready(made, Source(origin="")))
    locked(asked, seen)


def hold_back() -> None:
    """Say whether outcomes are held back, and let the visitor decide; take in a lock that was made before."""
    if st.session_state.get(gate.HELD):
        st.success("Outcomes are held back on every page until this plan is locked.")
    elif not gate.lock():
        st.button("Hold outcomes back until I have locked my plan", type="primary", on_click=gate.hold,
                  kwargs={"held": True})  # fmt: skip
    with fold("I locked a plan before"):
        given = st.file_uploader("The lock that was made then (TOML)", type="toml", max_upload_size=1)
        if given:
            gate.take_in(given.getvalue().decode("utf-8", "replace"), given.name)


def locked(asked: Asked, seen: tuple) -> None:
    """Ask for the signature, lock, and hand out what is kept."""
    from analysis.reports import locking, locks  # noqa: PLC0415 - a second to import, when the page is on the screen

    st.header("Lock it", anchor="lock-it")
    st.caption(WHY_LOCK)
    known = gate.lock()
    this = known is not None and known.protocol == asked.protocol.to_toml()
    if not this:
        read = st.checkbox(SIGN, key="signed")
        name = st.text_input("Signed by (stands in the lock, and nowhere else)", max_chars=80)
        st.button("Lock this plan", disabled=not read, on_click=gate.make, args=(asked, name), type="primary")
    if known is None:
        return
    st.success(as_text(locks.said(known)))
    st.markdown("Keep the lock: nothing of it is stored here. Send its seal to whoever commissioned the work, today.")
    kept = seen if this else ()  # what was seen of another plan is not kept
    files = locking.written(Protocol.read(known.protocol), known, kept)
    hand_out(st.columns(2), {label: (name, files[name]) for label, name in KEPT.items() if name in files})
    st.page_link(ANSWERED[type(asked.protocol.outcome)], label="See the answer", query_params=st.query_params)


main()
