"""How is a figure shown: what it says, the picture, and under it the table and the download?

What is shown was made ready before (`analysis.figures.ready`): a page is drawn anew at every click.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

import streamlit as st

from analysis.figures.figure import TABLE
from analysis.figures.ready import ReadyChart, ReadyFigure, ReadyTable
from analysis.sources import visible
from analysis.words.phrases import first_sentence
from pages.shared.access import noted
from pages.shared.card import Card, card, draw, explained
from pages.shared.text import anchor, as_text


def show_answer(made: ReadyFigure, known: Callable[[], Sequence[str]] = tuple) -> Card:
    """Show an answer as a card, which is given back to be weighed, and what stands below it.

    Parameters
    ----------
    known : callable
        Gives what must be known beside the answer, where that is worked out after it.
    """
    shown, room = card(made), st.empty()
    _beside(made)
    with room:
        bullets(known())
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
    if message and len(message) < CURT:
        began, message = f"{began}**{as_text(message)}** ", ""
    if message:
        st.html(f'<p class="hw-message">{escape(visible(message))}</p>')
    if began or rest:
        st.markdown(f"{began}{as_text(rest)}")
    if figure.title and figure.level == 2:
        explained(figure)
    _beside(made)


CURT = 24
"""Letters of a first sentence that is no message by itself, such as "Concern.": what follows goes on in its line."""


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
    drawings = {name: drawn for name, drawn in ((figure.title, made.drawing), *made.tabs) if drawn}
    for listing in made.listings:
        if listing.title:
            folded(listing, figure.title, made.cited, drawings)
            drawings = {}
        else:
            _laid_out(listing)
    if drawings and figure.title:
        _pictures(drawings, figure.title)
    for title, sentences in figure.more:
        with st.expander(title):
            bullets(sentences)


def folded(
    made: ReadyTable, under: str = "", cited: str = "", drawings: Mapping[str, ReadyChart] = MappingProxyType({})
) -> None:
    """Show a table folded away, with what downloads it and its picture, and how what it is of is cited and linked to.

    No two folds of a page are called the same.
    """
    of = under or made.name.replace("_", " ")
    with st.expander(f"{TABLE}: {of[:1].lower()}{of[1:]}" if made.title == TABLE else made.title):
        _laid_out(made)
        _pictures(drawings, under)
        if cited:
            st.html(CITE.format(cited=escape(visible(cited)), at=anchor(under)))


def _pictures(drawings: Mapping[str, ReadyChart], under: str) -> None:
    """Offer the pictures of a figure as lines that can be enlarged and edited; as dots each offers itself."""
    for name, drawn in drawings.items():
        file = f"{anchor(under if name == under else f'{under} {name}')}.svg"
        label = "Download this picture (SVG)" if name == under else f"Download “{as_text(name)}” (SVG)"
        st.download_button(label, noted(file, drawn.svg), file, "image/svg+xml", key=file, on_click="ignore")


CITE = (
    '<p class="hw-cite"><strong>Cite this:</strong> {cited} <a href="#{at}">Link to this figure</a>: follow it, and '
    "the address above is of this figure with every choice made.</p>"
)


def _laid_out(made: ReadyTable) -> None:
    """Show a table so that no text of it is cut; one too long to be read as rows that can be sorted and searched."""
    if made.html:
        st.html(made.html)
    else:
        config = {name: st.column_config.NumberColumn(format="localized") for name in made.whole}
        st.dataframe(made.shown, hide_index=True, width="stretch", height="auto", column_config=config)
    if made.csv is not None:
        st.download_button(
            "Download this table (CSV)", noted(f"{made.name}.csv", made.csv), f"{made.name}.csv", "text/csv",
            key=f"download {made.name}", on_click="ignore",
        )  # fmt: skip


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    if lines := [f"- {as_text(sentence)}" for sentence in sentences]:
        st.markdown("\n".join(lines))
