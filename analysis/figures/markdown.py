"""How are figures written down, for those who read no screen?

Headings, sentences and tables, in the order of the page. Of a picture stands what its description says, which is made
from its numbers.
"""

from collections.abc import Iterable, Iterator

from analysis.figures.figure import TABLE, Figure, Source, Table
from analysis.sources import escaped
from analysis.tables.laid_out import cell

MOST_ROWS = 40
"""A longer table is not read but computed with: it is in the files beside."""


def markdown(title: str, figures: Iterable[Figure], source: Source) -> str:
    """Write figures as Markdown.

    Parameters
    ----------
    title : str
        Of the whole.
    figures : iterable of Figure
    source : Source
        What they were made from, told at the end.
    """
    lines = [f"# {_text(title)}", ""]
    for figure in figures:
        lines += [line for block in _blocks(figure) for line in (block, "")]
    lines += ["## What this was made from", "", source.origin and _text(source.origin), ""]
    lines += [f"- {_text(name)}: {_text(value)}" for name, value in source.made_from.items()]
    return "\n".join(lines).rstrip() + "\n"


def _blocks(figure: Figure) -> Iterator[str]:
    if figure.title:
        yield f"{'#' * figure.level} {_text(figure.title)}"
    if figure.warning:
        yield f"> {_text(figure.warning)}"
    if figure.headline:
        yield f"**{_text(figure.headline)}**"
    if figure.sentence:
        yield _text(figure.sentence)
    if figure.notes:
        yield _list(figure.notes)
    for name, chart in (("", figure.chart), *figure.tabs):
        if chart is not None and (told := chart.to_dict(validate=False).get("description")):  # type: ignore[call-arg]
            yield f"*{_text(told if told.startswith(name) else f'{name}: {told}')}*"
    if figure.caption:
        yield _text(figure.caption)
    for table in figure.tables:
        yield from _table(table)
    for name, sentences in figure.more:
        yield f"{_text(name)}:\n\n{_list(sentences)}"


def _table(table: Table) -> Iterator[str]:
    shown = table.shown
    if 0 < len(shown) <= MOST_ROWS:
        if table.title not in ("", TABLE):
            yield f"{_text(table.title)}:"
        head = [" | ".join(_text(name) for name in shown), " | ".join("---" for _ in shown)]
        body = [" | ".join(_text(cell(value)) for value in row) for row in shown.itertuples(index=False)]
        yield "\n".join(f"| {row} |" for row in (*head, *body))


def _list(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {_text(sentence)}" for sentence in sentences)


def _text(words: object) -> str:
    """Write words on one line, as text whatever they contain."""
    return escaped(" ".join(str(words).split()))
