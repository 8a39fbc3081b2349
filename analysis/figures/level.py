"""At which level are the intervals of a figure, where a protocol asks for another than is usual?

Headings and sentences say "95% interval", once each, where they stand. Of an answer at another level they are told
again with its own.
"""

from dataclasses import replace

from analysis.figures.figure import USUAL_LEVEL as USUAL
from analysis.figures.figure import Figure, Table

ALWAYS = ("Predicted by",)
"""Beginnings of headings whose intervals are at the usual level whatever a protocol asks for."""


def at_level(figure: Figure, level: float) -> Figure:
    """Give a figure of an answer whose intervals are at another level."""

    def told(words: str) -> str:
        return words.replace(f"{USUAL:.0%} interval", f"{100 * level:g}% interval")

    def table(one: Table) -> Table:
        columns = (c if c.heading.startswith(ALWAYS) else replace(c, heading=told(c.heading)) for c in one.columns)
        return replace(one, columns=tuple(columns), title=told(one.title), conf_level=level)

    words = {name: told(getattr(figure, name)) for name in ("warning", "headline", "sentence", "caption")}
    return replace(
        figure,
        **words,
        notes=tuple(map(told, figure.notes)),
        tables=tuple(map(table, figure.tables)),
        more=tuple((name, tuple(map(told, sentences))) for name, sentences in figure.more),
    )
