"""What is worked out when it is first asked for, and once: an answer is told before all that stands behind it is made.

Written down (pickled), each of these is what it comes to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import RLock
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Once(Generic[V]):
    """Work that is done when it is first asked for, and then remembered.

    Parameters
    ----------
    make : callable
        Done once; let go of afterwards, with all that it was made from.
    """

    def __init__(self, make: Callable[[], V]):
        self._make: Callable[[], V] | None = make
        self._found: list[V] = []
        self._making = RLock()

    def __call__(self) -> V:
        """Give what it comes to."""
        with self._making:
            if self._make is not None:
                self._found.append(self._make())
                self._make = None
        return self._found[0]

    def __reduce__(self) -> tuple:
        """Write down what it comes to."""
        return Constant, (self(),)


@dataclass(frozen=True, slots=True)
class Constant(Generic[V]):
    """What is known already, in the place of work that would be done once."""

    value: V

    def __call__(self) -> V:
        """Give it."""
        return self.value


class Later(Mapping[K, V]):
    """A mapping each of whose values is made when it is first asked for, in whatever order.

    Parameters
    ----------
    made : mapping of callable
        What makes each.
    """

    def __init__(self, made: Mapping[K, Callable[[], V]]):
        self._made = {key: Once(make) for key, make in made.items()}

    @classmethod
    def of(cls, keys: Iterable[K], make: Callable[[K], V]) -> "Later[K, V]":
        """Make each value of its key."""
        return cls({key: partial(make, key) for key in keys})

    def __getitem__(self, key: K) -> V:
        """Give one."""
        return self._made[key]()

    def __contains__(self, key: object) -> bool:
        """Whether there is one, which need not be made to know it."""
        return key in self._made

    def __iter__(self) -> Iterator[K]:
        """Name them, in order."""
        return iter(self._made)

    def __len__(self) -> int:
        """Count them."""
        return len(self._made)

    def __reduce__(self) -> tuple:
        """Write down what they come to."""
        return dict, (dict(self),)


class LaterLines(Sequence[str]):
    """Sentences that are made when they are first asked for.

    Parameters
    ----------
    make : callable
        Gives them all.
    """

    def __init__(self, make: Callable[[], tuple[str, ...]]):
        self._lines = Once(make)

    def __getitem__(self, place: Any) -> Any:
        """Give one, or some."""
        return self._lines()[place]

    def __len__(self) -> int:
        """Count them."""
        return len(self._lines())

    def __eq__(self, other: object) -> bool:
        """Whether they are the same."""
        return isinstance(other, (tuple, LaterLines)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Go by what they come to."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Show what they come to."""
        return repr(tuple(self))

    def __reduce__(self) -> tuple:
        """Write down what they come to."""
        return tuple, (tuple(self),)
