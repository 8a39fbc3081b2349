"""What is wrong with something that was written, or chosen on a page, and where?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.errors import AnalysisError

QUOTE = '"'


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place.

    Parameters
    ----------
    place : str
        Path of the field, such as "months" or "offers[1].who.most": of several, counted from 1, as people count.
    words : str
        What is wrong, as a sentence.
    beside_field : str
        The same beside a field that has a label, where nothing is put in quotes; `words` where nothing else is said.
    """

    place: str
    words: str
    beside_field: str = ""

    def __str__(self) -> str:
        """Say it as it stands in a file: "[offers[1].who] most: …"."""
        section, _, key = self.place.rpartition(".")
        return f"[{section}] {key}: {self.words}" if section else f"{key}: {self.words}" if key else self.words

    def within(self, place: str) -> "Fault":
        """Give the same fault of something that stands in a place itself."""
        return replace(self, place=inside(place, self.place))


def misfit(place: str, wrong: str, expected: str, example: str) -> Fault:
    """Say what stands in a place and what may, with an example: as in a file, and as beside a field.

    Parameters
    ----------
    wrong : str
        Such as 'found "May"'.
    example : str
        As TOML writes it.
    """
    key, said = place.rpartition(".")[2].partition("[")[0], f"{wrong}; expected {expected}, such as"
    beside = f"{said[:1].upper()}{said[1:]} {example.strip(QUOTE)}."
    return Fault(place, f"{said} {key} = {example}.", beside)


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
