"""How is a table laid out to be read: which cells, which columns are numbers, and how a browser is told?

Pages and reports write the same: a caption that names the table, heads that name its rows and columns, numbers to the
right, and text that is broken into lines rather than cut.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure import LIVE, UNSEEN_GUARD
from analysis.sources import visible
from analysis.tables.columns import yes_or_no

LETTERS = set("abcdefghijklmnopqrstuvwxyz")
NAMED = re.compile(r"\d-\d")
"""What only looks like a number: CQC's location id."""
NUMBER = re.compile(r"[-+]?[\d,.]+%?")
SHORT = 40
"""Characters up to which a cell may be a number with its interval, such as "0.81 (0.72 to 0.91)"."""


def cell(value: Any) -> str:
    """Write what stands in a cell of a table as it is read."""
    if pd.isna(value):
        return "–"
    if isinstance(value, bool | np.bool_):
        return yes_or_no(value)
    return f"{value:,}" if isinstance(value, Integral) else str(value)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A table as it is read: its headings, its cells, and which columns are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]


def laid_out(shown: pd.DataFrame) -> LaidOut:
    """Lay a table out."""
    rows = tuple(tuple(visible(cell(value)) for value in row) for row in shown.itertuples(index=False, name=None))
    columns = [*zip(*rows, strict=True)]
    numbers = (False, *map(are_numbers, columns[1:]))  # the first says what the row is about
    return LaidOut(tuple(visible(str(name)) for name in shown), rows, numbers)


def are_numbers(column: Iterable[str]) -> bool:
    """Whether a column holds numbers and what stands for none."""
    said = [value for value in column if value not in ("", "–")]
    words = (value.replace(" to ", " ").casefold() for value in said)
    return bool(said) and all(len(w) <= SHORT and not LETTERS & set(w) and not NAMED.search(w) for w in words)


def html(table: LaidOut, title: str, kind: str) -> str:
    """Write a table for a browser; one too wide for the screen is rolled by itself, by keys too.

    Parameters
    ----------
    title : str
        What it is called.
    kind : str
        Names by which a style knows it.
    """
    number = [' class="number"' if is_number else "" for is_number in table.numbers]
    head = "".join(f'<th scope="col"{how}>{_text(name)}</th>' for name, how in zip(table.head, number, strict=True))
    unbroken = [
        ' class="unbroken"' if _has_long_word(column) else "" for column in [*zip(*table.rows, strict=True)][1:]
    ]
    lines = []
    for first, *others in table.rows:
        cells = "".join(
            f'<td{how or long} data-name="{_text(name)}">{_text(value) if how else _inert(value)}</td>'
            for name, value, how, long in zip(table.head[1:], others, number[1:], unbroken, strict=True)
        )
        lines.append(f'<tr><th scope="row"{number[0]}>{_inert(first)}</th>{cells}</tr>')
    named = _text(title)
    return (
        f'<div class="{kind}" role="group" aria-label="{named}" tabindex="0"><table><caption>{named}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _has_long_word(column: Iterable[str]) -> bool:
    """Whether a column holds a word, such as a digest, that must be broken to be seen whole."""
    return any(len(word) > SHORT for value in column for word in value.split())


def _text(words: str) -> str:
    return escape(" ".join(words.split()))


def _inert(words: str) -> str:
    """Write words so that no spreadsheet runs them into which a table is copied."""
    written = _text(words)
    runs = written.startswith(LIVE) and not NUMBER.fullmatch(written)
    return f"{UNSEEN_GUARD}{written}" if runs else written
