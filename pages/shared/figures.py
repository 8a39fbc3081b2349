"""How is a figure shown: what it says, the picture, and under it the table and the download?

What is shown was made ready before (`analysis.figures.ready`): a page is drawn anew at every click.
"""

from collections.abc import Iterable
from html import escape

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analysis.figures.figure import TABLE
from analysis.figures.ready import ReadyFigure, ReadyTable
from analysis.sources import visible
from pages.shared.access import noted
from pages.shared.card import Card, card, draw, explained
from pages.shared.text import anchor, as_text, first_sentence


def show_answer(made: ReadyFigure) -> Card:
    """Show an answer as a card, which is given back to be weighed, and what stands below it."""
    shown = card(made)
    _beside(made)
    return shown


def show(made: ReadyFigure) -> None:
    """Show what was made ready: an answer as a card, anything else as a section."""
    figure = made.figure
    if figure.headline:
        show_answer(made)
        return
    if figure.title and figure.level == 2:
        st.header(figure.title, anchor=anchor(figure.title))
    if figure.warning:
        st.warning(as_text(figure.warning))
    began = f"**{as_text(figure.title)}** " if figure.level == 3 else ""  # as the first words of what it says
    message, rest = first_sentence(figure.sentence) if _pictured(made) else ("", figure.sentence)
    if message:
        st.html(f'<p class="hw-message">{escape(visible(message))}</p>')
    if began or rest:
        st.markdown(f"{began}{as_text(rest)}")
    if figure.title and figure.level == 2:
        explained(figure)
    _beside(made)


def _pictured(made: ReadyFigure) -> bool:
    """Whether there is a picture under a heading of its own, whose message is said over it."""
    return made.figure.level == 2 and bool(made.drawing or made.tabs)


def _beside(made: ReadyFigure) -> None:
    """Show what stands below the words: notes, pictures, tables, and what is folded away."""
    figure = made.figure
    bullets(figure.notes)
    if made.drawing and not figure.headline:
        draw(made.drawing)
    for (_, drawn), tab in zip(made.tabs, st.tabs([name for name, _ in made.tabs]) if made.tabs else (), strict=True):
        with tab:
            draw(drawn)
    if figure.caption:
        st.caption(as_text(figure.caption))
    for listing in made.listings:
        folded(listing, figure.title, made.cited) if listing.title else _laid_out(listing)
    for title, sentences in figure.more:
        with st.expander(title):
            bullets(sentences)


def folded(made: ReadyTable, under: str = "", cited: str = "") -> None:
    """Show a table folded away, with the button that downloads it, and how what it is of is cited and linked to.

    No two folds of a page are called the same.
    """
    of = under or made.name.replace("_", " ")
    with st.expander(f"{TABLE}: {of[:1].lower()}{of[1:]}" if made.title == TABLE else made.title):
        _laid_out(made)
        if cited:
            st.html(CITE.format(cited=escape(visible(cited)), at=anchor(under)))


CITE = (
    '<p class="hw-cite"><strong>Cite this:</strong> {cited} <a href="#{at}">Link to this figure</a>: follow it, and '
    "the address above is of this figure with every choice made.</p>"
)


SEEN_WHOLE = 20
"""Rows of a table up to which all are seen at once; longer ones are rolled through."""


LONG, WRAPPED = 60, 66
"""Letters of a cell from which its text is broken into lines, in rows of so many pixels: on one it would be cut."""


def _long(shown: pa.Table) -> bool:
    """Whether any cell holds a long text."""
    kinds = (pa.string(), pa.large_string())
    texts = (column for column in shown.itercolumns() if column.type in kinds)
    return any((pc.max(pc.utf8_length(column)).as_py() or 0) > LONG for column in texts)


def _laid_out(made: ReadyTable) -> None:
    config = {name: st.column_config.NumberColumn(format="localized") for name in made.whole}
    height = "content" if made.shown.num_rows <= SEEN_WHOLE else "auto"
    st.dataframe(made.shown, hide_index=True, width="stretch", height=height, column_config=config,
                 row_height=WRAPPED if _long(made.shown) else None)  # fmt: skip
    if made.csv is not None:
        st.download_button(
            "Download this table (CSV)", noted(f"{made.name}.csv", made.csv), f"{made.name}.csv", "text/csv",
            key=f"download {made.name}", on_click="ignore",
        )  # fmt: skip


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    if lines := [f"- {as_text(sentence)}" for sentence in sentences]:
        st.markdown("\n".join(lines))
