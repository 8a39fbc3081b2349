"""Evidence: what have controlled evaluations found, together and one by one?"""

import streamlit as st

from analysis.figures import evidence as figures
from pages.shared import cached
from pages.shared.claimed import heard
from pages.shared.frame import errors_shown, frame
from pages.shared.sections import shown


def main() -> None:
    """Draw the page."""
    data = frame("Evidence")
    st.markdown(
        "What is known of interventions in care homes from evaluations that had a comparison? The same table is what a "
        "scenario may start from, and what a claim is weighed with."
    )
    with errors_shown():
        known = heard(data)
        shown(figures.figures(known), figures.source(known, cached.released(data) if known.name else ""))


main()
