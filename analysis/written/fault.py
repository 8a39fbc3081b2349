"""What is wrong with something that was written, or chosen on a page, and where?"""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.errors import AnalysisError


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place.

    Parameters
    ----------
    place : str
        Path of the field, such as "months" or "offers[1].who.most": of several, counted from 1, as people count.
    words : str
        What is wrong, as a sentence.
    """

    place: str
    words: str

    def __str__(self) -> str:
        """Say it as it stands in a file: "[offers[1].who] most: …"."""
        section, _, key = self.place.rpartition(".")
        return f"[{section}] {key}: {self.words}" if section else f"{key}: {self.words}" if key else self.words

    def within(self, place: str) -> "Fault":
        """Give the same fault of something that stands in a place itself."""
        return Fault(inside(place, self.place), self.words)


def inside(place: str, key: str) -> str:
    """Name what stands under a key in a place."""
    return f"{place}.{key}" if place and key else place or key


def refuse(what: str, faults: Iterable[Fault]) -> None:
    """Raise every fault at once, in words.

    Raises
    ------
    AnalysisError
        If there are any. `what` says what cannot be.
    """
    found = [str(fault) for fault in faults]
    if found:
        raise AnalysisError(what, do="\n".join(f"- {words}" for words in found))
