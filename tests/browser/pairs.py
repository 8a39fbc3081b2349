"""Which cells try every value of every choice, and every two values together, in few?"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

Cell = dict[str, str]


def varied(choices: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    """Yield the usual cell, the first value of everything, and each that differs from it in one choice."""
    usual = {name: values[0] for name, values in choices.items()}
    yield usual
    for name, values in choices.items():
        for value in values[1:]:
            yield usual | {name: value}


def covering(choices: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    """Yield cells in which every two values of two choices stand together at least once.

    Each is filled greedily: it begins with a pair not yet seen, and takes of every other choice the value that makes
    most new pairs with what it holds already (Cohen et al. 1997, IEEE Transactions on Software Engineering 23(7)).
    """
    left = {
        frozenset([(a, x), (b, y)]): None for a, b in combinations(choices, 2) for x in choices[a] for y in choices[b]
    }
    while left:
        cell = dict(next(iter(left)))
        for name in choices:
            if name not in cell:
                cell[name] = max(choices[name], key=lambda value: _new(left, cell, name, value))
        for pair in combinations(cell.items(), 2):
            left.pop(frozenset(pair), None)
        yield cell


def _new(left, cell: Cell, name: str, value: str) -> int:
    return sum(frozenset([(name, value), held]) in left for held in cell.items())
