"""Feedback: what did people who visit see, what do audits say, and do visitors agree?"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.allowed import Entry
from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.figures import feedback as figures
from analysis.journal import LONGEST_TEXT, Journal, Visit, wrong_with
from analysis.monitoring.visits import laid_out
from analysis.plans.homes import KnownHomes
from analysis.plans.visits import imported
from analysis.sources.columns.dates import today
from analysis.store.sample import SAMPLE
from pages.shared import cached, journals
from pages.shared.cached import Loaded
from pages.shared.finding import ALL_LISTED, choose_home
from pages.shared.form import fold
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import as_text, hand_out, shown

NOBODY = (
    "Name nobody: no resident, no member of staff. What must be acted on today, such as a person in danger, belongs in "
    "a call to the council's safeguarding team, not here."
)

ASKS = "What did professionals, auditors, residents and their families see in homes, and do they agree?"

COLUMNS = (
    "One row per visit: home (location ID), visited, appearance, environment, interaction, staffing (1 to 4), and if "
    "you like sort, role, comments, shared."
)
SAMPLE_VISITS = SAMPLE / "lists" / "visits.csv"


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
        form(data, homes, kept)
        spreadsheet(kept, of_the_sample=data.synthetic)
        rows = laid_out([entry for _, _, entry in kept.standing(Visit)])
        source = Source(origin="Feedback.")
        with first:
            shown(figures.figures(rows), source)
        st.header("Keep a copy")
        if rows.empty:
            st.info("There is nothing to keep yet.")
        else:
            hand_out([st], {"Download every entry (CSV)": ("feedback.csv", journals.csv(rows.drop(columns="quarter")))})


def form(data: Loaded, homes: KnownHomes, kept: Journal) -> None:
    """Ask for one visit, and write it down; among thousands of homes the one that was visited is found first."""
    names, label = homes.names, "Home that was visited"
    found = choose_home(data, st, label, names, "visited_home") if len(names) > ALL_LISTED else None
    with st.form("visit", clear_on_submit=False):
        left, right = st.columns(2)
        home = found or left.selectbox(label, list(names), format_func=lambda one: names[one])
        day = right.date_input("Day of the visit", today(), format="DD/MM/YYYY")
        said: dict = {}
        for place, (name, entry) in enumerate(Visit.ENTRIES.items()):
            if place % 2 == 0:  # a row of its own, so that on a narrow screen they are asked in this order
                row = st.columns(2)
            said[name] = _asked(row[place % 2], name, entry)
        text = st.text_area(f"In your own words (up to {LONGEST_TEXT:,} characters)", key="visit text")
        if st.form_submit_button("Write it down"):
            write(kept, Visit(home=str(home or ""), day=f"{day}", text=text, **said))


def _asked(box: DeltaGenerator, name: str, entry: Entry) -> object:
    """Ask for one thing: one of several, yes or no, or words."""
    if entry.options:
        return box.selectbox(entry.label, list(entry.options), format_func=lambda value: str(entry.options[value]))
    return box.checkbox(entry.label) if name == "shared" else box.text_input(entry.label)


def write(kept: Journal, visit: Visit) -> None:
    """Write one visit down, or say what cannot be."""
    wrong = wrong_with(visit, today().date())
    for fault in wrong:
        st.error(as_text(fault.words))
    if not wrong:
        st.success(f"Entry {kept.write(visit)} is written.")


def spreadsheet(kept: Journal, *, of_the_sample: bool) -> None:
    """Take entries from a spreadsheet, whole or not at all."""
    with fold("Take entries from a spreadsheet"):
        st.markdown(COLUMNS)
        given = st.file_uploader("Spreadsheet of visits (CSV, Excel, ODS)")
        if given is not None and st.button("Take these entries"):
            try:
                done = imported(given.name, given.getvalue(), kept)
            except AnalysisError as error:
                st.error(as_text(str(error)))
                return
            st.success(as_text(done))
        elif of_the_sample and st.button("Take the invented entries of the sample"):
            st.success(as_text(imported(SAMPLE_VISITS.name, SAMPLE_VISITS, kept)))


main()
