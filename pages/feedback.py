"""Feedback: what did people who visit see, what do audits say, and do visitors agree?"""

import streamlit as st

from analysis.figures import Source
from analysis.figures import feedback as figures
from analysis.journal import Visit
from analysis.monitoring.visits import laid_out
from pages.shared import cached, journals, visiting
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import hand_out, shown

NOBODY = (
    "Name nobody: no resident, no member of staff. What must be acted on today, such as a person in danger, belongs in "
    "a call to the council's safeguarding team, not here."
)

ASKS = "What did professionals, auditors, residents and their families see in homes, and do they agree?"


def main() -> None:
    """Draw the page."""
    data = frame("Feedback", ASKS)
    with errors_shown():
        homes, kept = cached.homes_known(data), journals.journal()
        if not homes.names:
            st.info("This needs homes. Load a CQC file, or admissions and bed-days, on the Data page.")
            return
        journals.say_where(kept)
        first = st.container()
        st.header("Write down a visit")
        st.markdown(NOBODY)
        visiting.form(homes, kept)
        visiting.spreadsheet(kept, of_the_sample=data.synthetic)
        rows = laid_out([entry for _, _, entry in kept.standing(Visit)])
        source = Source(origin="Feedback.")
        with first:
            shown(figures.figures(rows), source)
        st.header("Keep a copy")
        if rows.empty:
            st.info("There is nothing to keep yet.")
        else:
            hand_out([st], {"Download every entry (CSV)": ("feedback.csv", journals.csv(rows.drop(columns="quarter")))})


main()
