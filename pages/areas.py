"""Areas: one council, many others; did the series change, and did it last?"""

import streamlit as st

from pages.shared import areas
from pages.shared.figures import show
from pages.shared.frame import as_text, errors_shown, frame


def main() -> None:
    """Draw the page."""
    data = frame("Areas")
    st.markdown(
        "Something was done in one council. Did its figures change, against what was to be expected, and did it last?"
    )
    held = areas.loaded(data)
    outcomes = areas.outcomes(held)
    if outcomes.empty:
        st.info("This needs figures by council: delayed transfers of care or ASCOF. Load them on the Data page.")
        return
    want = areas.asked(outcomes)
    with errors_shown():
        source, shown = areas.figures(held, want)
        for made in shown:
            show(made)
        st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.made_from.items()))


main()
