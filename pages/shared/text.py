"""How are words put on a page: as text whatever they hold, under a name that a link can hold?"""

import re

from analysis.sources import escaped


def as_text(words: object) -> str:
    """Write words so that Markdown reads them as text (`analysis.sources.escaped`)."""
    told = escaped(words).replace("−£", "−\u2060£")  # a minus is not left behind at the end of a line
    return told.replace(":", r"\:")  # where Streamlit's own directives begin


def anchor(title: str) -> str:
    """Name the place of a figure on its page, for links."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
