"""What does a column of names say, and is any of it meant for a program rather than a reader?

Characters that act unseen are gone by now (`characters`); line ends become spaces. Otherwise text is kept as it stands
(it is escaped where it is shown and where it is exported), and the reader hears of it.
"""

import re

import pandas as pd

from analysis.sources.characters import one_line
from analysis.sources.columns.screening import ReadColumn, Screening, kept_without, screening
from analysis.sources.layout import ERROR_CELLS, ERRORS, RawTable

HOSTILE = {
    "formula in text": r"^\s*[=+@\-][\w(|]",
    "HTML in text": r"<\s*/?\s*[a-zA-Z!]",
    "markdown in text": r"\$\$|\$[^$]+\$|\]\(|!\[|:\w+\[|`|:[\w+\-/]+:|(?i:\bwww\.|https?://)",
    "SQL in text": r"(?i)'\s*;|;\s*--|\b(?:drop|delete|insert|alter)\s+(?:table|from|into)\b",
}
"""Fault to pattern: what spreadsheets, browsers, Streamlit's markdown and databases would act on."""


def names(raw: RawTable, name: str) -> ReadColumn:
    """Return the text of a column, trimmed, with a note where it could act on a program."""
    text = one_line(raw.frame[name]).str.strip()
    failed = text.isin(ERRORS)
    said = kept_without(raw, name, text[failed], ERROR_CELLS, "a value")
    text = text.mask(failed)
    return ReadColumn(values=text, screening=said + flags(raw, name, text))


def flags(raw: RawTable, name: str, text: pd.Series) -> Screening:
    """Note text that a spreadsheet, browser or database could take for a command."""
    distinct, said = text.dropna().unique(), Screening()
    for fault, pattern in HOSTILE.items():
        if odd := list(filter(re.compile(pattern).search, distinct)):
            do = "It is kept as plain text, and is shown and exported so that nothing acts on it."
            said += screening("note", raw, name, text[text.isin(odd)], fault=fault, expected="plain words", do=do)
    return said
