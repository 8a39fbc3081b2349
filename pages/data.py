"""Data: what is loaded, what each file said, and loading files of one's own."""

import pandas as pd
import streamlit as st

from analysis import charts
from analysis.errors import AnalysisError
from analysis.sources import NO_PEOPLE, recognised
from analysis.store import OVERLAP, LoadReport, Store, again
from pages.shared import cached, uploads
from pages.shared.cached import OWN, Loaded
from pages.shared.figures import figure, table, under
from pages.shared.forgetting import drop_what_was_read, forget, minutes_after_closing
from pages.shared.frame import as_text, frame, told
from pages.shared.own_files import forget as forget_note
from pages.shared.own_files import lost

REPORTS, ROUND, NOT_LOADED = "reports", "round", "not loaded"
"""Where the session keeps the reports of the last load, how often the uploader was emptied, and why files were not."""

COUNTS = {"admissions": ("admission_events", "admission_counts"), "bed-days": ("occupancy",)}
GIVEN = {"a list of interventions": ("interventions",)}
ASKED = {
    "pages/admissions.py": ("Did an intervention change admissions?", COUNTS | GIVEN),
    "pages/ratings.py": ("How do ratings move?", {"ratings": ("ratings",)}),
    "pages/areas.py": ("Did one council change?", {"delayed transfers by council": ("area_outcomes",)}),
    "pages/what_if.py": ("What would happen if?", COUNTS),
    "pages/targeting.py": ("To which homes?", COUNTS),
    "pages/planning.py": ("Could a study find it?", COUNTS),
}
"""Page to its question, and what it needs: in words, to the tables of the store any of which will do."""

FORGOTTEN = (
    "Files stay in this session: nothing is written to disk and nobody else sees them. They are forgotten at once when "
    "you press Forget, and within {minutes} minutes of closing the page."
)


def main() -> None:
    """Draw the page."""
    data = frame("Data")
    with told():
        own_files(data)
        if not lost():
            held(data)


def own_files(data: Loaded) -> None:
    """Take files, show what each one says, ask what has to be asked, and load them."""
    st.header("Load your own files")
    st.markdown(FORGOTTEN.format(minutes=minutes_after_closing()))
    st.markdown(NO_PEOPLE)
    with st.expander("Files that are recognised, whatever their name"):
        known = recognised().drop(columns="layout")
        table(known.set_axis(["File", "What it holds", "Columns it needs", "Columns it also uses"], axis=1))
    label = "Files (CSV, Excel, ODS, Parquet, or CQC documents as JSON)"
    given = st.file_uploader(label, accept_multiple_files=True, key=f"files {st.session_state.get(ROUND, 0)}")
    ready = [uploads.review(file.name, file.getvalue()) for file in given]
    files = [one for one in ready if one]
    if files and len(files) == len(ready):
        across = {OVERLAP: uploads.about_overlap(), again.QUESTION: uploads.about_one_home()}
        if st.button("Load these files", type="primary"):
            load(files, across)
    elif ready:
        st.info("To load these files, answer the questions above, and take out what was refused.")
    said = {one.reading.digest for one in files}  # still beside the file, where another could not be loaded
    for report in st.session_state.get(REPORTS, []):
        show_report(report, findings=report.digest not in said)
    for wrong in st.session_state.get(NOT_LOADED, []):
        st.error(as_text(wrong))
    if data.own:
        what_next(data)
    if data.own:
        st.button("Forget my files and start again with the sample", on_click=forget_mine)


def load(files: list[uploads.Ready], across: dict[str, str]) -> None:
    """Load files into the visitor's own store, each whole or not at all; `across` answers what files ask together."""
    store: Store = st.session_state.get(OWN) or Store.in_memory()
    st.session_state[REPORTS], st.session_state[NOT_LOADED] = [], []
    for file in files:
        try:
            report = store.load(file.reading, file.say | across)
        except AnalysisError as error:
            st.session_state[NOT_LOADED].append(str(error))
            continue
        st.session_state[REPORTS].append(report)
        st.session_state[OWN] = store
    if not st.session_state[NOT_LOADED]:
        next_round()
        drop_what_was_read()
    st.rerun()


def next_round() -> None:
    """Empty the uploader: a widget under a new key starts afresh."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def forget_mine() -> None:
    """Go back to what the app was opened on, with nothing of this visitor's left."""
    rounds = st.session_state.get(ROUND, 0)
    forget(st.session_state.get(OWN))
    st.session_state[ROUND] = rounds + 1
    forget_note()


def show_report(report: LoadReport, *, findings: bool) -> None:
    """Say what one load did, and hand out the rows set aside."""
    already = " It had been loaded before; nothing was changed." if report.already_loaded else ""
    st.success(
        as_text(
            f"{report.file}: {report.rows_in:,} rows in = {report.rows_used:,} used + "
            f"{report.rows_set_aside:,} set aside + {report.rows_dropped:,} dropped by a stated rule.{already}"
        )
    )
    if findings:
        uploads.show_findings(report.findings)
    if len(report.set_aside):
        aside = report.set_aside.rename(columns=str.capitalize)
        title = f"The {len(report.set_aside):,} rows set aside, with a download"
        under(f"set aside from {report.file}", aside, report.set_aside, {"file": report.file}, title=title)


def what_next(data: Loaded) -> None:
    """Say which questions the files loaded can answer, and what the others still need."""
    st.markdown("**What you can do now**")
    holds = cached.holds(data)
    for path, (question, needs) in ASKED.items():
        missing = [what for what, known in needs.items() if not any(name in holds for name in known)]
        if missing:
            st.markdown(f"- {as_text(question)} still needs {' and '.join(missing)}.")
        else:
            st.page_link(path, label=question)


def held(data: Loaded) -> None:
    """Show what the store holds: loads, coverage and provenance."""
    st.header("What is loaded")
    ledger = data.store.ledger(handed_on=True)
    if ledger.empty:
        st.markdown("Nothing yet.")
        return
    table(uploads.ledger_display(ledger))
    covered = cached.coverage(data)
    if not covered.empty:
        sentence = "Each square is a month; the darker, the more homes have data. No colour: no data for that month."
        source = "Counts of homes." if not data.synthetic else "Synthetic data. Counts of homes."
        figure("Months covered", sentence, charts.coverage(covered), source)
        under("coverage", _by_source(covered), covered, {"data_digest": cached.released(data)})
    st.caption(
        f"Digest of everything loaded but counts of people, as it stands under what is made of it (SHA-256): "
        f"{cached.released(data)}"
    )


def _by_source(covered: pd.DataFrame) -> pd.DataFrame:
    found = covered.groupby("source", sort=False).agg(
        first=("month", "min"), last=("month", "max"), fewest=("homes", "min"), most=("homes", "max")
    )
    found[["first", "last"]] = found[["first", "last"]].apply(lambda month: month.dt.strftime("%B %Y"))
    titles = ["Kind of fact", "From", "To", "Fewest homes in a month", "Most homes in a month"]
    return found.reset_index().set_axis(titles, axis=1)


main()
