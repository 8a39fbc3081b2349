"""The frame of every page: browser title, menu, heading, and what kind of data stands behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analysis.errors import AnalysisError
from analysis.sources import escaped
from pages.shared import own_files
from pages.shared.cached import Loaded, loaded
from pages.shared.menu import menu

SYNTHETIC = (
    "**Synthetic data.** Marlshire is a fictional county: every home, person and number on this page is invented. "
    "Load your own files {where}."
)


def frame(title: str) -> Loaded:
    """Begin a page: browser title, menu and heading; what is loaded.

    Parameters
    ----------
    title : str
        The page's name.
    """
    st.set_page_config(page_title=f"{title} – Homeward", page_icon="🏠", layout="wide")
    menu(title)
    st.title(title)
    heading_style()
    own_files.remember()
    if lost := own_files.lost():
        own_files.tell_lost(on_data_page=title == "Data")
    with errors_shown():
        data = loaded()
    if lost:
        return data
    if data.synthetic:
        st.info(SYNTHETIC.format(where="below" if title == "Data" else "on the Data page"))
    else:
        st.caption(f"Data: {as_text(data.name)}")
    return data


STYLE = """<style>
a[data-testid="stPageLink-NavLink"]:focus-visible, button:focus-visible, summary:focus-visible {
    outline: 3px solid #0b0c0c !important; outline-offset: 2px; box-shadow: 0 0 0 6px #ffdd00 !important; }
[data-testid="stMain"] a[data-testid="stPageLink-NavLink"] { padding-left: 0; }
[data-testid="stMain"] a[data-testid="stPageLink-NavLink"] p { text-decoration: underline; color: #1d70b8; }
h2 { font-size: 1.5rem !important; }
</style>"""
"""Focus that can be seen on any ground (yellow and black, as on GOV.UK), and links that look like links."""


def heading_style() -> None:
    """Lay the look over the page."""
    st.html(STYLE)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what the reader can put right as a message, and stop there; anything else is a bug and stays one."""
    try:
        yield
    except AnalysisError as error:
        st.error(as_text(str(error)))
        st.stop()


def as_text(words: object) -> str:
    """Write words so that Markdown reads them as text (`analysis.sources.escaped`)."""
    told = escaped(words).replace("−£", "−\u2060£")  # a minus is not left behind at the end of a line
    return told.replace(":", r"\:")  # where Streamlit's own directives begin
