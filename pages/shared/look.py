"""The look of every page, in one place: the mark, one accent, the answer card, the contents list, and paper.

Two designs were tried; `docs/design.md` says which was taken and why. Colours and the mark stand here and in
`.streamlit/config.toml`, how everything is laid out in `look.css`; colours of pictures in `analysis/charts/theme.py`.
Nothing is fetched from elsewhere.
"""

from base64 import b64encode
from pathlib import Path

import streamlit as st

ACCENT, INK, SOFT, LINE, PALE = "#12436D", "#0b0c0c", "#48525a", "#d5dce3", "#f4f7f9"
"""The accent is the first colour of every picture; text in `SOFT` on white or `PALE` has more than 7:1."""

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" role="img" '
    f'aria-label="Homeward"><g fill="none" stroke="{ACCENT}" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"><path d="M3 14 16 4l13 10"/><path d="M6 23h20M6 20v6M26 20v6"/></g>'
    f'<circle cx="16" cy="23" r="4.5" fill="{ACCENT}"/></svg>'
)
"""A roof, and under it what the product is about: a point with its interval."""

STYLE = f"""<style>
:root {{ --accent: {ACCENT}; --ink: {INK}; --soft: {SOFT}; --line: {LINE}; --pale: {PALE};
    --mark: url("data:image/svg+xml;base64,{b64encode(MARK.encode()).decode()}"); }}
{Path(__file__).with_suffix(".css").read_text("utf-8")}</style>"""

CONTENTS = '<details class="hw-contents"><summary>On this page</summary><ul></ul></details>'
"""The contents list, empty: the browser fills it from the headings of the page, whichever page it is (`menu.js`)."""

SKIP = '<a class="hw-skip" href="#answer-in-figures">To the answer in figures</a>'
"""For whoever goes by keys: past the menu and the fields; not there where there is no answer."""


def look() -> None:
    """Lay the look over the page."""
    st.html(STYLE)
    st.html(SKIP)
