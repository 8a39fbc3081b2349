"""How is what was found shown: as text, as a card, as a section, and as files?

What is shown was made ready before (`analysis.figures.ready`): a page is drawn anew at every click. What an answer
comes to is known only when its doubts have been examined, which takes longer than the answer: so there is room for it
on its card, and `AnswerCard.weigh` fills it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.figures import Source
from analysis.figures.figure import TABLE, Figure
from analysis.figures.ready import ReadyChart, ReadyFigure, ReadyTable, ready
from analysis.sources import escaped, visible
from analysis.words.phrases import first_sentence, listed
from analysis.words.terms import terms_in
from pages.shared.access import Content, noted


def as_text(words: object) -> str:
    """Write words so that Markdown reads them as text (`analysis.sources.escaped`)."""
    told = escaped(words).replace("−£", "−\u2060£")  # a minus is not left behind at the end of a line
    return told.replace(":", r"\:")  # where Streamlit's own directives begin


def anchor(title: str) -> str:
    """Name the place of a figure on its page, for links."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


KINDS = {"It helped": "helped", "It made things worse": "worse", "Should not be believed": "unbelieved"}
"""Verdicts that look otherwise than the rest; all are told in words."""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer on the screen, and the places where its figures and its cost stand."""

    facts: Any
    cost: Any

    def weigh(self, figure: Figure) -> None:
        """Show what the answer comes to, its figures and its cost, where nothing or less stood before."""
        if told := "".join(_facts(figure)):
            self.facts.html(told)
        if figure.cost:
            self.cost.html(f'<p class="hw-cost">{_text(figure.cost)}</p>')


DEFINED = "words explained"
"""Where the session keeps which figure of the page explains which word: a page that is drawn anew explains it there."""


def explained(figure: Figure) -> None:
    """Say what the words mean that a page uses here for the first time."""
    given: dict[str, str] = st.session_state.setdefault(DEFINED, {})
    said = " ".join((figure.headline, figure.sentence, *(fact.more for fact in figure.facts)))
    elsewhere = [term for term, title in given.items() if title != figure.title]
    if new := terms_in(said, elsewhere):
        given |= dict.fromkeys(new, figure.title)
        rows = "".join(
            f"<p><strong>{_text(term[:1].upper() + term[1:])}.</strong> {_text(told)}</p>" for term, told in new.items()
        )
        st.html(
            f'<details class="hw-terms"><summary>What is meant by {_text(listed([*new]))}?</summary>{rows}</details>'
        )


def say(answer: str) -> None:
    """Show an answer in words, its first sentence large."""
    first, rest = first_sentence(answer)
    st.html(f'<p class="hw-said"><strong>{_text(first)}</strong> {_text(rest)}</p>')


def draw(drawing: ReadyChart) -> None:
    """Show a picture."""
    st.vega_lite_chart(spec=drawing.spec, theme=None, width="stretch")


def _facts(figure: Figure) -> Iterator[str]:
    """Lay out the verdict and the figures, as one stop for whoever goes by keys."""
    if not (figure.facts or figure.call):
        return
    told = "; ".join(" ".join(filter(None, (fact.name, fact.value, fact.more))) for fact in figure.facts)
    label = f"The answer in figures. {figure.call}{'.' * bool(figure.call)} {told}."
    yield f'<div id="answer-in-figures" tabindex="0" role="group" aria-label="{_text(label)}">'
    if figure.call:
        yield f'<p class="hw-call {KINDS.get(figure.call, "")}">{_text(figure.call)}</p>'
    yield '<dl class="hw-facts">'
    for fact in figure.facts:
        more = f"<small>{_text(fact.more)}</small>" if fact.more else ""
        yield f"<div><dt>{_text(fact.name)}</dt><dd>{_text(fact.value)} {more}</dd></div>"
    yield "</dl></div>"


def _text(words: str) -> str:
    return escape(visible(words))


def show_answer(made: ReadyFigure, known: Callable[[], Sequence[str]] = tuple) -> AnswerCard:
    """Show an answer as a card, which is given back to be weighed, and what stands below it.

    Parameters
    ----------
    known : callable
        Gives what must be known beside the answer, where that is worked out after it.
    """
    figure = made.figure
    if figure.warning:
        st.warning(as_text(figure.warning))
    with st.container(key=f"card-{anchor(figure.title or figure.headline)}"):
        if figure.title:
            st.header(figure.title, anchor=anchor(figure.title))
        if figure.facts:
            words, beside = st.columns([6, 4], gap="medium")
        else:
            words, beside = st.container(), st
        with words:
            say(figure.headline)
            if figure.sentence:
                st.markdown(as_text(figure.sentence))
            if made.drawing:
                draw(made.drawing)
        shown = AnswerCard(beside.empty(), st.empty())
        shown.weigh(figure)
        explained(figure)
    room = st.empty()
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
    pictured = figure.level == 2 and (made.drawing or made.tabs)  # its message is said over the picture
    message, rest = first_sentence(figure.sentence) if pictured else ("", figure.sentence)
    if message and len(message) < CURT:
        began, message = f"{began}**{as_text(message)}** ", ""
    if message:
        st.html(f'<p class="hw-message">{_text(message)}</p>')
    if began or rest:
        st.markdown(f"{began}{as_text(rest)}")
    if figure.title and figure.level == 2:
        explained(figure)
    _beside(made)


CURT = 24
"""Letters of a first sentence that is no message by itself, such as "Concern.": what follows goes on in its line."""


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
            _folded(listing, figure.title, made.cited, drawings)
            drawings = {}
        else:
            _laid_out(listing)
    if drawings and figure.title:
        _pictures(drawings, figure.title)
    for title, sentences in figure.more:
        with st.expander(title):
            bullets(sentences)


def _folded(made: ReadyTable, under: str, cited: str, drawings: Mapping[str, ReadyChart]) -> None:
    """Show a table folded away, with what downloads it and its picture, and how what it is of is cited and linked to.

    No two folds of a page are called the same.
    """
    of = under or made.name.replace("_", " ")
    with st.expander(f"{TABLE}: {of[:1].lower()}{of[1:]}" if made.title == TABLE else made.title):
        _laid_out(made)
        _pictures(drawings, under)
        if cited:
            st.html(CITE.format(cited=_text(cited), at=anchor(under)))


def _pictures(drawings: Mapping[str, ReadyChart], under: str) -> None:
    """Offer the pictures of a figure as lines that can be enlarged and edited; as dots each offers itself."""
    for name, drawn in drawings.items():
        file = f"{anchor(under if name == under else f'{under} {name}')}.svg"
        label = "Download this picture (SVG)" if name == under else f"Download “{as_text(name)}” (SVG)"
        _download(st, label, file, drawn.svg, key=file)


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
    if made.rows > made.shown.num_rows:
        st.caption(f"The first {made.shown.num_rows:,} of {made.rows:,} rows are shown; all are in the download.")
    if made.csv is not None:
        _download(st, "Download this table (CSV)", f"{made.name}.csv", made.csv, key=f"download {made.name}")


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    if lines := [f"- {as_text(sentence)}" for sentence in sentences]:
        st.markdown("\n".join(lines))


MEDIA = {".zip": "application/zip", ".json": "application/json", ".csv": "text/csv", ".html": "text/html",
         ".pdf": "application/pdf", ".svg": "image/svg+xml"}  # fmt: skip
"""What a file is, by the end of its name."""


def shown(figures: Iterable[Figure], source: Source) -> tuple[Figure, ...]:
    """Show figures in their order, each as it comes; give them back for a report."""
    given = []
    for made in figures:
        show(ready(made, source))
        given.append(made)
    return tuple(given)


def wanted(title: str, label: str, key: str, cost: str = "") -> bool:
    """Ask under a heading whether something is wanted, and say what it takes while it is not.

    Parameters
    ----------
    title : str
        The heading; empty where there is one already.
    label, key : str
        Of the switch; its key is also what stands in the address.
    cost : str
        What it takes, and what it is good for.
    """
    if title:
        st.header(title)
    asked = st.toggle(label, key=key, bind="query-params")
    if cost and not asked:
        st.caption(cost)
    return bool(asked)


def _download(box: Any, label: str, name: str, made: Content, key: str | None = None) -> None:
    kind = MEDIA.get(Path(name).suffix, "text/plain")
    box.download_button(label, noted(name, made), name, kind, key=key, on_click="ignore")


def hand_out(boxes: Iterable, files: Mapping[str, tuple[str, Content]]) -> None:
    """Offer files, laid over boxes in turn: what the button says, to the file's name and what it holds."""
    for box, (label, (name, made)) in zip(cycle(boxes), files.items()):
        _download(box, label, name, made)


def provenance(source: Source) -> None:
    """Say what the page was made from."""
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.made_from.items()))


def record(protocol: str, source: Source, files: Callable[[], bytes], more: str = "") -> None:
    """Hand out the protocol, and say what the page was made from."""
    st.header("Repeat it")
    st.markdown(
        "The protocol holds every choice made on this page. Anyone with the same files gets the same numbers; the "
        f"answer's files are those that “homeward evaluate” writes of this protocol, to the byte. {more}"
    )
    st.code(protocol, language="toml", wrap_lines=True)  # a box that scrolls could not be scrolled by keys
    hand_out(st.columns(2), {
        "Download the protocol (TOML)": ("protocol.toml", protocol),
        "Download the answer's files (ZIP)": ("answer.zip", files),
    })  # fmt: skip
    provenance(source)
