"""Admissions: did an intervention change them?"""

import streamlit as st

from analysis.figures import Source
from pages.shared import cached, choices
from pages.shared.figures import show
from pages.shared.frame import as_text, frame, told
from pages.shared.opening import figures, made_from, opening, without_pandemic


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
        show(opening(data, protocol))
        if without := without_pandemic(data, protocol):  # another question, which waits behind those of other visitors
            st.markdown(f"- {as_text(without)}")
        for figure in figures(data, protocol):
            show(figure)
        record(protocol.to_toml(), made_from(data, protocol))


def record(protocol: str, source: Source) -> None:
    """Hand out the protocol, and say what the page was made from."""
    st.header("Repeat it")
    st.markdown("The protocol holds every choice made on this page. Anyone with the same files gets the same numbers.")
    st.code(protocol, language="toml")
    st.download_button("Download the protocol (TOML)", protocol, "protocol.toml", "text/plain", on_click="ignore")
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.made_from.items()))


main()
