"""Where is what people write down kept: in the visitor's session, unless the server's operator chose a file for all?

A journal in a session is this visitor's alone and goes with it, so it can be downloaded. One that visitors share is set
up by whoever starts the app (`homeward app --journal FILE`), and every page that writes to it says so.
"""

import os
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.disclosure import inert
from analysis.journal import Journal
from pages.shared.showing import as_text

SHARED = "HOMEWARD_JOURNAL"
OWN_JOURNAL = "journal"
ALONE = (
    "What you write here stays in your session: nobody else sees it, and it is gone when you close the page. Download "
    "it before you leave. Whoever runs this app can keep a journal for all its visitors: `homeward app --journal FILE`."
)
FOR_ALL = (
    "**What you write here is kept in {name}, and every visitor of this app can read it.** Entries are never removed."
)


def journal() -> Journal:
    """Give the journal that visitors share, else the visitor's own."""
    if path := os.environ.get(SHARED):
        return Journal(Path(path))
    if OWN_JOURNAL not in st.session_state:
        st.session_state[OWN_JOURNAL] = Journal()
    return st.session_state[OWN_JOURNAL]


def say_where(kept: Journal) -> None:
    """Say who can read what is written here."""
    if kept.path is None:
        st.caption(ALONE)
    else:
        st.warning(as_text(FOR_ALL.format(name=kept.path.name)))


def csv(rows: pd.DataFrame) -> str:
    """Write rows for a spreadsheet, in which nothing of what people wrote can run."""
    return inert(rows).to_csv(index=False, lineterminator="\n")
