"""What does a report come to, laid out: headings, sentences, pictures and tables in their order?

Every form of the report (`page`, `word`, `pdf`) writes the same blocks, so that none says what another leaves out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import pandas as pd

from analysis.figures import Figure, Table
from analysis.figures.figure import TABLE
from analysis.reports.pictures import Picture
from analysis.reports.report import NO_DOUBT, Report
from analysis.sources import visible
from analysis.tables.laid_out import laid_out

LONGEST = 60
"""Rows of a table that somebody still reads on paper; a longer one is computed with, and named where it can be had."""
SHORTEST, LONGEST_WORD, SENTENCE = 5, 32, 2.0
"""Letters that every column has room for; those of a word beyond which it may be broken (a digest); and of a sentence
as many per line as lines: this times the root of its length."""
Voice = Literal["plain", "answer", "warning", "caption", "label"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the title of the report is 1."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences, and how they are said."""

    text: str
    voice: Voice = "plain"


@dataclass(frozen=True, slots=True)
class Listed:
    """Sentences, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: what it is called, its headings, its cells, and which columns are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    whole: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        """How the width is shared among the columns: room for the longest word, and more where there is more to say."""
        columns = [*zip(self.head, *self.rows, strict=True)]
        words = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
        weights = [
            max(min(word, LONGEST_WORD), SENTENCE * max(map(len, column)) ** 0.5, SHORTEST)
            for word, column in zip(words, columns, strict=True)
        ]
        return tuple(weight / sum(weights) for weight in weights)


@dataclass(frozen=True, slots=True)
class AsItIs:
    """Text whose lines must stay as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A new page."""


Block = Heading | Words | Listed | Picture | Grid | AsItIs | Turn


LAID_OUT: WeakKeyDictionary[Report, tuple[Block, ...]] = WeakKeyDictionary()
"""Reports laid out, each as long as somebody holds it: its pictures are drawn once for all forms."""


def blocks_of(report: Report) -> tuple[Block, ...]:
    """Lay a report out, the first page first."""
    if report not in LAID_OUT:
        LAID_OUT[report] = (*_first_page(report), *_parts(report))
    return LAID_OUT[report]


def _first_page(report: Report) -> tuple[Block, ...]:
    """Lay out the title, the question, the answer and the worst doubts."""
    made: list[Block] = [Heading(report.title, 1), Words(report.source.origin, "caption"), Heading("The question", 2)]
    made += [Words(report.question), Heading("The answer", 2)]
    answer = report.answer
    made += [Words(answer.warning, "warning"), Words(answer.headline, "answer"), Words(answer.sentence)]
    made += [Picture("The answer", answer.chart), Words(answer.caption, "caption")] if answer.chart is not None else []
    made += [Words(f"Verdict: {answer.call}." if answer.call else "", "label"), Words(answer.cost)]
    made += [Listed(tuple(answer.notes))] if answer.notes else []
    if report.doubts is not None:
        made.append(Heading("The gravest doubts", 2))
        for name, found in report.doubts:
            made += [Words(name, "label"), Words(found)]
        made += [] if report.doubts else [Words(NO_DOUBT)]
    if report.limits:
        made += [Heading("What this cannot tell you", 2), Listed(report.limits)]
    return tuple(block for block in made if not (isinstance(block, Words) and not block.text))


def _parts(report: Report) -> Iterator[Block]:
    yield Turn()
    for part in report.parts:
        yield Heading(part.title, 2)
        for figure in part.figures:
            yield from _figure(figure, part.title, whole=part.whole)
        if part.text:
            yield AsItIs(_plain(part.text))


def _figure(figure: Figure, under: str, *, whole: bool) -> Iterator[Block]:
    """Lay one figure out, in the order in which it is read on the page."""
    title = figure.title or under
    if figure.title and figure.title != under:
        yield Heading(figure.title, 3)
    for text, voice in ((figure.warning, "warning"), (figure.headline, "answer"), (figure.sentence, "plain")):
        if text:
            yield Words(text, voice)  # type: ignore[arg-type]
    if figure.notes:
        yield Listed(tuple(figure.notes))
    if figure.chart is not None:
        yield Picture(title, figure.chart)
    for name, chart in figure.tabs:
        yield Words(name, "label")
        yield Picture(name, chart)
    if figure.caption:
        yield Words(figure.caption, "caption")
    for table in figure.tables:
        yield from _table(table, title, whole=whole)
    for name, sentences in figure.more:
        yield Words(name, "label")
        yield Listed(sentences)


def _table(table: Table, under: str, *, whole: bool) -> Iterator[Block]:
    title = under if table.title in ("", TABLE) else table.title
    shown = table.shown
    if len(shown) > LONGEST and not whole:
        name = f"{table.name}.csv, a download of the page and the command line" if table.name else "the answer's files"
        yield Words(
            f"{title}: the table has {len(shown):,} rows, too many to be read here. It is in {name}.", "caption"
        )
    elif len(shown):
        yield grid(shown, title, whole=whole)


def grid(shown: pd.DataFrame, title: str, *, whole: bool = False) -> Grid:
    """Lay out a table as it is read."""
    table = laid_out(shown)
    return Grid(_plain(title), table.head, table.rows, table.numbers, whole)


def _plain(text: str) -> str:
    return visible(text)
