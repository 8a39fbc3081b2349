"""The answer as a card: the sentence, one picture, three or four figures beside it, what it comes to, what it costs.

What it comes to is known only when the doubts have been examined, which takes longer than the answer: so there is room
for it, and `Card.weigh` fills it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from analysis.figures.figure import Figure
from analysis.figures.ready import ReadyChart, ReadyFigure
from analysis.sources import visible
from analysis.words.phrases import first_sentence, listed
from analysis.words.terms import terms_in
from pages.shared.text import anchor, as_text

KINDS = {"It helped": "helped", "It made things worse": "worse", "Should not be believed": "unbelieved"}
"""Verdicts that look otherwise than the rest; all are told in words."""


@dataclass(frozen=True, slots=True)
class Card:
    """An answer on the screen, and the places where its figures and its cost stand."""

    facts: Any
    cost: Any

    def weigh(self, figure: Figure) -> None:
        """Show what the answer comes to, its figures and its cost, where nothing or less stood before."""
        if told := "".join(_facts(figure)):
            self.facts.html(told)
        if figure.cost:
            self.cost.html(f'<p class="hw-cost">{_text(figure.cost)}</p>')


def card(made: ReadyFigure) -> Card:
    """Show an answer."""
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
        shown = Card(beside.empty(), st.empty())
        shown.weigh(figure)
        explained(figure)
    return shown


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
