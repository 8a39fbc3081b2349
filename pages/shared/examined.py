"""Doubts examined one by one: as far as they have come, for whoever asks.

A page that shows them all is told how far they are and may be stopped; the page of the answer waits for all of them.
Both look at the same: a doubt is examined once.
"""

from collections.abc import Iterator
from threading import Lock

from analysis.evaluation import Evaluation, examine
from analysis.results import Check


class Examination:
    """The doubts about one evaluation.

    Parameters
    ----------
    names : tuple of str
        Of the doubts, in the order of the protocol.
    """

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self._found: dict[str, Check] = {}
        self._one_at_a_time = Lock()

    @property
    def found(self) -> tuple[Check, ...]:
        """Those examined so far, in the order of the protocol."""
        return tuple(self._found[name] for name in self.names if name in self._found)

    @property
    def finished(self) -> bool:
        """Whether all have been examined."""
        return len(self._found) == len(self.names)

    def go_on(self, evaluation: Evaluation) -> Iterator[int]:
        """Examine those that are left, one at a time; yields how many have been."""
        for name in self.names:
            with self._one_at_a_time:
                if name not in self._found:
                    known = evaluation.examined
                    self._found[name] = known[name] if name in known else examine(evaluation, name)
            yield len(self._found)

    def all(self, evaluation: Evaluation) -> tuple[Check, ...]:
        """Examine all that are left."""
        for _ in self.go_on(evaluation):
            pass
        return self.found
