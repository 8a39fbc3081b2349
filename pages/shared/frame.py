"""The frame of every page: browser title, menu, heading, and what kind of data stands behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from analysis.errors import AnalysisError
from pages.shared import access, gate, own_files
from pages.shared.cached import Loaded, loaded
from pages.shared.look import CONTENTS, MARK, look
from pages.shared.menu import menu
from pages.shared.showing import DEFINED, as_text

SYNTHETIC = (
    "**Synthetic data.** Marlshire is a fictional county: every home, person and number on this page is invented. "
    "Load your own files {where}."
)


def frame(title: str, asks: str = "") -> Loaded:
    """Begin a page: browser title, menu and heading; what is loaded.

    Parameters
    ----------
    title : str
        The page's name.
    asks : str
        What it asks, in a sentence or two.
    """
    st.set_page_config(page_title=f"{title} – Homeward", page_icon=MARK, layout="wide")
    look()
    st.session_state[DEFINED] = {}
    access.admit()
    access.note("opened", title)
    menu(title)
    st.title(title)
    if asks:
        st.html(f'<p class="hw-lead">{escape(asks)}</p>')
    own_files.remember()
    if lost := own_files.lost():
        own_files.tell_lost(on_data_page=title == "Data")
    with errors_shown():
        data = loaded()
    if lost:
        return data
    with st.container(key="whose-data"):
        if data.synthetic:
            st.info(SYNTHETIC.format(where="below" if title == "Data" else "on the Data page"))
        else:
            st.caption(f"Data: {as_text(data.name)}")
    st.html(CONTENTS)
    gate.remember()
    gate.stop_if_held(title, data)
    return data


@contextmanager
def errors_shown(*, stops: bool = True) -> Iterator[None]:
    """Show what the reader can put right as a message; anything else is a bug and stays one.

    Parameters
    ----------
    stops : bool
        Whether the page ends there; not where what stands below rests on something else.
    """
    try:
        yield
    except AnalysisError as error:
        st.error(as_text(str(error)))
        if stops:
            st.stop()
