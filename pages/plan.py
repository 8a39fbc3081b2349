"""Plan: what will be asked, is the comparison fair, could an effect be found? And a lock, before an outcome is seen."""

import pandas as pd
import streamlit as st

from analysis.figures import Source
from analysis.figures.ready import ready
from analysis.protocol import Protocol
from analysis.words.asks import WHY_LOCK
from pages.shared import answered, areas, choices, gate
from pages.shared.cached import Loaded
from pages.shared.figures import show
from pages.shared.form import fold
from pages.shared.frame import as_text, errors_shown, frame
from pages.shared.sections import hand_out

ASKS = (
    "Write down what will be asked, see whether the comparison is fair and an effect could be found, and lock it: "
    "before anything is seen of what happened after the start."
)
SIGN = "I have read the parts above, and this is what I will ask"


def main() -> None:
    """Draw the page."""
    data = frame("Plan", ASKS)
    with errors_shown():
        hold_back()
    told_of = {"admissions": about_admissions, "ratings": about_ratings, "area": about_an_area}
    answered.by_subject(data, told_of)


def about_admissions(data: Loaded) -> None:
    """Plan an evaluation of homes' admissions."""
    if (protocol := choices.asked(data)) is not None:
        planned(data, protocol, "admissions")


def about_ratings(data: Loaded) -> None:
    """Plan an evaluation of supported homes' ratings."""
    if (asked := answered.rated(data)) is not None:
        planned(data, asked.protocol, "ratings", asked.listed)


def about_an_area(data: Loaded) -> None:
    """Plan an evaluation of one area's figures."""
    if (asked := answered.of_area(data, "plan")) is not None:
        planned(asked[0], areas.protocol_of(asked[1]), "areas")


def planned(data: Loaded, protocol: Protocol, page: str, listed: pd.DataFrame | None = None) -> None:
    """Show what is known before the start, and lock the plan; `page` shows the answer."""
    seen = gate.before(data, protocol, listed)
    for made in seen:
        show(ready(made, Source(origin="")))
    locked(data, protocol, seen, (page, listed))


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


def locked(data: Loaded, protocol: Protocol, seen: tuple, of: tuple[str, pd.DataFrame | None]) -> None:
    """Ask for the signature, lock, and hand out what is kept."""
    from analysis.reports import locking, locks  # noqa: PLC0415 - a second to import, when the page is on the screen

    st.header("Lock it", anchor="lock-it")
    st.caption(WHY_LOCK)
    known = gate.lock()
    if known is None or known.protocol != protocol.to_toml():
        read = st.checkbox(SIGN, key="signed")
        name = st.text_input("Signed by (stands in the lock, and nowhere else)", max_chars=80)
        st.button(
            "Lock this plan", disabled=not read, on_click=gate.make, args=(data, protocol, name, of[1]), type="primary"
        )
    if known is None:
        return
    st.success(as_text(locks.said(known)))
    st.markdown("Keep the lock: nothing of it is stored here. Send its seal to whoever commissioned the work, today.")
    files = locking.written(Protocol.read(known.protocol), known, seen)
    hand_out(st.columns(2), {
        "The lock (TOML)": ("lock.toml", files["lock.toml"]),
        "The plan of analysis (Markdown)": ("plan.md", files["plan.md"]),
        "For the Evaluation Registry (Markdown)": ("registry.md", files["registry.md"]),
        "What was seen before (Markdown)": ("before.md", files["before.md"]),
    })  # fmt: skip
    st.page_link(f"pages/{of[0]}.py", label="See the answer", query_params=st.query_params)


main()
