"""What is a report? Everything somebody must be handed who was not there when the question was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.figures import Figure, Source

IN_NUMBERS = "The answer in numbers"
NO_DOUBT = "No doubt that was examined is a concern."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One part of a report under its heading.

    Parameters
    ----------
    title : str
    figures : tuple of Figure
        What stands in it; a figure with the part's own title has no heading of its own.
    text : str
        What must stand as it is, such as a protocol.
    whole : bool
        Whether its tables are laid out however long they are.
    """

    title: str
    figures: tuple[Figure, ...] = ()
    text: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Report:
    """A report: the first page, and the parts behind it.

    Parameters
    ----------
    title : str
    question : str
        What was asked, as one would ask it.
    answer : Figure
        Warning, headline, sentence and notes stand on the first page.
    doubts : tuple of (str, str), or None
        The worst doubts, each with what was found, the gravest first; None where none are examined of such an answer.
    limits : tuple of str
        What must be known of the answer's limits on the first page, where no doubts are there.
    parts : tuple of Part
    source : Source
        What it was made from.
    files : mapping of str to bytes
        What can be taken out of the report itself: name of a file to what it holds.
    """

    title: str
    question: str
    answer: Figure
    doubts: tuple[tuple[str, str], ...] | None
    parts: tuple[Part, ...]
    source: Source
    files: Mapping[str, bytes]
    limits: tuple[str, ...] = ()


def in_numbers(answer: Figure) -> Part:
    """Give the answer's tables a part of their own, behind the page that says it in words."""
    tables = tuple(replace(table, title="" if "download" in table.title else table.title) for table in answer.tables)
    return Part(title=IN_NUMBERS, figures=(Figure(caption=answer.caption, tables=tables),))
