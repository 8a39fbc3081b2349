"""How are words put on a page: as text whatever they hold, the message first, under a name that a link can hold?"""

import re

from analysis.sources import escaped

ENDS = re.compile(r"(?<=[^\s.]{2}[.?!]) (?=[A-Z0-9“])")
"""Where a sentence ends: after a stop that belongs to no initial."""


def as_text(words: object) -> str:
    """Write words so that Markdown reads them as text (`analysis.sources.escaped`)."""
    told = escaped(words).replace("−£", "−\u2060£")  # a minus is not left behind at the end of a line
    return told.replace(":", r"\:")  # where Streamlit's own directives begin


def first_sentence(words: str) -> tuple[str, str]:
    """Part what is said first, which is the message, from what explains it."""
    message, *rest = ENDS.split(words, maxsplit=1)
    return message, " ".join(rest)


def anchor(title: str) -> str:
    """Name the place of a figure on its page, for links."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
