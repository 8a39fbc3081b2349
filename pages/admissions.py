"""Admissions: did an intervention change them?"""

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import cached, choices
from pages.shared.figures import bullets, folded, say, show
from pages.shared.frame import as_text, frame, told
from pages.shared.opening import Opening, opening, without_pandemic

if TYPE_CHECKING:
    from pages.shared.answers import Answer


def main() -> None:
    """Draw the page."""
    data = frame("Admissions")
    st.markdown("Did an intervention change how often residents go to hospital in an emergency?")
    given, months = cached.interventions(data), cached.months_counted(data)
    if given.empty or not months:
        st.info("This needs admissions, bed-days and a list of interventions. Load them on the Data page.")
        return
    protocol = choices.protocol(given, months)
    with told():
        said_first(opening(data, protocol), without_pandemic(data, protocol))
        from pages.shared.answers import answer  # noqa: PLC0415 - a second to import, and the answer is on the screen

        found = answer(data, protocol)
    for figure in found.figures:
        show(figure)
    doubts(found)
    limits(found)
    went_in(found)
    record(protocol.to_toml(), found.provenance)


def said_first(first: Opening, without: str) -> None:
    """Say the answer first, then what the reader must know beside it."""
    if first.banner:
        st.warning(as_text(first.banner))
    st.header("The answer")
    say(first.headline)
    bullets([*first.notes, *([without] if without else [])])


def doubts(found: "Answer") -> None:
    """Show every check with its reading."""
    st.header("Doubts, examined")
    for doubt in found.doubts:
        st.markdown(f"**{as_text(doubt.name)}** {as_text(doubt.told)}")
        if doubt.computed:
            folded(doubt.computed)


def limits(found: "Answer") -> None:
    """Say what the answer leaves open."""
    st.header("What this cannot tell you")
    bullets(found.limits)


def went_in(found: "Answer") -> None:
    """Show what was used, noticed and left out."""
    st.header("What went in")
    st.markdown(found.rests_on)
    folded(found.account)


def record(protocol: str, source: dict[str, str]) -> None:
    """Hand out the protocol, and say what the page was made from."""
    st.header("Repeat it")
    st.markdown("The protocol holds every choice made on this page. Anyone with the same files gets the same numbers.")
    st.code(protocol, language="toml", wrap_lines=True)  # a box that scrolls could not be scrolled by keys
    st.download_button("Download the protocol (TOML)", protocol, "protocol.toml", "text/plain", on_click="ignore")
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.items()))


main()
