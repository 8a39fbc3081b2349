"""Had this browser files of its own loaded, and are they gone?

Own files live in a session, and a session ends when the page is reloaded, an address is typed, or a second tab opened.
Then the sample must not stand in their place in silence: whoever had files would take its answer for theirs. So the
browser keeps a note, for as long as it is open and only for this address, that files were loaded here; of the files it
says nothing.
"""

import streamlit as st

OWN = "own_store"
"""Where a visitor's own store stands in the session."""
NOTE = "homeward_own_files"
"""Name of the browser's note."""

SCRIPTS = (
    f"document.cookie = '{NOTE}=1; Path=/; SameSite=Strict'",
    f"document.cookie = '{NOTE}=; Path=/; SameSite=Strict; Max-Age=0'",
)
"""What writes the note, and what takes it back: a browser is told of their digests, and runs no other (`guard`)."""

SAMPLE_WANTED, NOTED, FORGET = "sample_wanted", "own_files_noted", "own_files_forget"
"""In the session: the sample was asked for; the note was set; the note is to be taken back."""

GONE = (
    "**The files you had loaded are not here any more.** Homeward keeps files in the session of one page only, so "
    "that nobody else can see them: loading the page anew, typing an address or opening a second tab begins a new "
    "session. The page you loaded them on may still be open in another tab. Load them again on the Data page. Nothing "
    "is shown from the sample in their place."
)


def lost() -> bool:
    """Whether this browser had files of its own loaded that this session does not hold."""
    if OWN in st.session_state or st.session_state.get(SAMPLE_WANTED):
        return False
    return st.context.cookies.get(NOTE) == "1"


def remember() -> None:
    """Have the browser keep the note where own files are loaded, and take it back where they were forgotten."""
    if OWN in st.session_state and not st.session_state.get(NOTED):
        _note(SCRIPTS[0])
        st.session_state[NOTED] = True
        st.session_state.pop(SAMPLE_WANTED, None)
    elif st.session_state.get(SAMPLE_WANTED) and st.session_state.pop(FORGET, False):
        _note(SCRIPTS[1])


def forget() -> None:
    """Go on with what the app was opened on."""
    st.session_state.update({SAMPLE_WANTED: True, FORGET: True})
    st.session_state.pop(NOTED, None)


def tell_lost(*, on_data_page: bool) -> None:
    """Say that the files are gone and what can be done; but for the page that loads files, show nothing else."""
    st.warning(GONE)
    if not on_data_page:
        st.page_link("pages/data.py", label="Load my files again")
    st.button("Go on without them", on_click=forget)
    if not on_data_page:
        st.stop()


def _note(script: str) -> None:
    """Write a cookie of the browser's own session: no expiry, or one that has passed."""
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
