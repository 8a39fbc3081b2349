"""Work that is done step by step, by whoever asks, and never twice.

Doubts are examined and studies are simulated so: a page may stop after any step and go on later, and two that ask for
the same share what has been done.
"""

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar

from analysis.errors import AnalysisError

T = TypeVar("T")


class Steps(Generic[T]):
    """Steps to take, and what came of those taken.

    A click starts a page anew while the run before it is still in the middle of a step; only one of them may take the
    next. What a step could not do is told again to whoever asks again.

    Parameters
    ----------
    steps : sequence of callable
        Each gives what comes of it.
    """

    def __init__(self, steps: Sequence[Callable[[], T]]):
        self._steps, self._one_at_a_time = steps, Lock()
        self._fault: AnalysisError | None = None
        self.found: tuple[T, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_one_at_a_time"}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        vars(self).update(kept, _one_at_a_time=Lock())  # a lock is of one process

    @property
    def of(self) -> int:
        """How many steps there are."""
        return len(self._steps)

    @property
    def finished(self) -> bool:
        """Whether all have been taken."""
        return len(self.found) == self.of

    def go_on(self) -> Iterator[int]:
        """Take those that are left, one at a time; yields how many have been."""
        while not self.finished:
            with self._one_at_a_time:
                self._take()
            yield len(self.found)

    def all(self) -> tuple[T, ...]:
        """Take all that are left."""
        for _ in self.go_on():
            pass
        return self.found

    def _take(self) -> None:
        if self._fault:
            raise self._fault
        try:
            self.found += () if self.finished else (self._steps[len(self.found)](),)
        except AnalysisError as error:
            self._fault = error
            raise
