"""A decision about a home of the worklist: asked for, written down, shown, and handed on."""

import streamlit as st

from analysis import written
from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.figures import worklist as figures
from analysis.journal import Decision, Journal, interventions_of
from analysis.plans.worklists import Worklist, decided
from analysis.sources.columns.dates import today
from pages.shared import journals
from pages.shared.showing import as_text, hand_out, shown

DECISIONS = {
    "start": "Start support",
    "wait": "Wait for a place",
    "decline": "Decline, and do not ask again soon",
    "end": "End support",
}


def decide(found: Worklist, kept: Journal) -> None:
    """Write a decision down, show all of them, and hand them on as a list of interventions."""
    st.header("Decide")
    journals.say_where(kept)
    rows = {f"{row['name']} ({row['location_id']})": row for row in found.rows.to_dict("records")}
    if rows:
        with st.form("decide", clear_on_submit=True):
            left, right = st.columns(2)
            home = left.selectbox("Home of the list", list(rows))
            choice = right.selectbox("Decision", list(DECISIONS), format_func=lambda one: DECISIONS[one])
            day = left.date_input("From the day", today(), format="DD/MM/YYYY")
            by = right.text_input("Who decides")
            why = st.text_area("Reason in words")
            if st.form_submit_button("Write it down"):
                write(found, kept, rows[home], decision=choice, day=f"{day}", by=by.strip(), why=why.strip())
    shown([figures.decisions(kept.entries(Decision))], Source(origin=""))
    table = interventions_of(entry for _, _, entry in kept.standing(Decision))
    if len(table):
        st.markdown(
            "As a list of interventions, which the Data page loads: how homes were chosen, and by which months."
        )
        hand_out([st], {"Download the list of interventions (CSV)": ("interventions.csv", journals.csv(table))})


def write(found: Worklist, kept: Journal, row: dict, **said: str) -> None:
    """Write one decision, or say what is missing."""
    if not said["by"] or not said["why"]:
        raise AnalysisError("Nothing was written: a decision needs who decides and why.", do="Fill in both.")
    number = kept.write(decided(row, found.plan, written.digest(found.plan), found.month, **said))
    st.success(as_text(f"Entry {number} is written. The list takes it into account when the page is next drawn."))
