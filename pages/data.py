"""Data: what is loaded, what each file said, and loading files of one's own."""

import streamlit as st

from analysis.errors import AnalysisError
from analysis.figures import Source, loaded
from analysis.sources import NO_PEOPLE
from analysis.store import LoadReport, Store
from analysis.words.asks import QUESTIONS
from analysis.words.files import FETCHED
from pages.shared import cached, uploads
from pages.shared.access import note
from pages.shared.cached import OWN, Loaded
from pages.shared.forgetting import drop_what_was_read, forget, minutes_after_closing, wipe_what_is_freed
from pages.shared.frame import errors_shown, frame
from pages.shared.own_files import forget as forget_note
from pages.shared.own_files import lost
from pages.shared.showing import as_text, shown

REPORTS, ROUND, NOT_LOADED = "reports", "round", "not loaded"
"""Where the session keeps the reports of the last load, how often the uploader was emptied, and why files were not."""

FORGOTTEN = (
    "Files stay in this session: nothing is written to disk and nobody else sees them. They are forgotten at once when "
    "you press Forget, and within {minutes} minutes of closing the page."
)


def main() -> None:
    """Draw the page."""
    data = frame("Data")
    with errors_shown():
        own_files(data)
        if not lost():
            what_next(data)
            held(data)


def own_files(data: Loaded) -> None:
    """Take files, show what each one says, ask what has to be asked, and load them."""
    st.header("Load your own files")
    st.markdown(FORGOTTEN.format(minutes=minutes_after_closing()))
    st.markdown(NO_PEOPLE)
    with st.expander("Files that are recognised, whatever their name"):
        shown([loaded.layouts()], Source(origin=""))
        st.markdown(FETCHED)
    label = "Files (CSV, Excel, ODS, Parquet, or CQC documents as JSON)"
    wipe_what_is_freed()
    given = st.file_uploader(label, accept_multiple_files=True, key=f"files {st.session_state.get(ROUND, 0)}")
    reviewed = [uploads.review(file.name, file.getvalue()) for file in given]
    files = [one for one in reviewed if one]
    if files and len(files) == len(reviewed):
        across = uploads.across_files()
        if st.button("Load these files", type="primary"):
            load(files, across)
    elif reviewed:
        st.info("To load these files, answer the questions above, and take out what was refused.")
    said = {one.reading.digest for one in files}  # still beside the file, where another could not be loaded
    for report in st.session_state.get(REPORTS, []):
        show_report(report, findings=report.digest not in said)
    for wrong in st.session_state.get(NOT_LOADED, []):
        st.error(as_text(wrong))
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
        note("loaded", report.layout)
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
    st.success(as_text(f"{report.file}: {report.rows_in_words}{already}"))
    if findings:
        uploads.show_findings(report.findings)
    if len(report.set_aside):
        shown([loaded.set_aside(report)], Source(origin="", made_from={"file": report.file}))


def what_next(data: Loaded) -> None:
    """Say which questions the files loaded can answer, and what the others still need."""
    st.header("What you can do now")
    if data.synthetic:
        st.markdown("Put your own files in above; or see with the invented county what each question answers.")
    st.page_link("pages/guide.py", label="Go step by step, from the data to the report")
    holds = cached.holds(data) | (cached.HELD_ELSEWHERE if data.synthetic else set())
    for name, asks in QUESTIONS.items():
        missing = [what for what, known in asks.needs.items() if not holds.intersection(known)]
        if missing:
            st.markdown(f"- {as_text(asks.question)} still needs {' and '.join(missing)}.")
        elif asks.needs:
            st.page_link(f"pages/{name}.py", label=asks.question)


def held(data: Loaded) -> None:
    """Show what the store holds: loads, coverage and provenance."""
    st.header("What is loaded")
    ledger = data.store.ledger(handed_on=True)
    if ledger.empty:
        st.markdown("Nothing yet.")
        return
    source = Source(
        origin="Synthetic data." if data.synthetic else "", made_from={"data_digest": cached.released(data)}
    )
    shown(loaded.figures(ledger, cached.coverage(data), source), source)
    st.caption(
        f"Digest of everything loaded but counts of people, as it stands under what is made of it (SHA-256): "
        f"{cached.released(data)}"
    )


main()
