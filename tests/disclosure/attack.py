"""What could somebody work out who was handed everything that a store lets out?

The attacker knows the rule and every bed-day; asks for every window (first and last months, months left out, months
just before the start), every refresh of the data, every set of homes, every model and every option; and is told
outright what stands behind each answer: with the rule, in which band each home's cumulative count lies at the end of
every month, because nothing else is let out (`test_twins`); without it, the counts, which estimates to twelve digits
give (`test_estimates`). An integer programme then gives the smallest and the largest number that each count could be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.disclosure import BEHIND, HES

MOST = 60
"""No month of one home has more admissions; the attacker knows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Programme:
    """Homes with an intervention: counts (n, T), and the first month with it (n,)."""

    counts: np.ndarray
    start: np.ndarray

    @property
    def since(self):
        return np.arange(self.counts.shape[1]) - self.start[:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """What was let out: sums of home-months (K, n, T) lie between low and high (K,)."""

    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draw(rng: np.random.Generator, *, many: bool = False) -> Programme:
    """Draw a programme of one to four homes, or of ten and more with many starts, large and small, over two years."""
    n, T = int(rng.integers(10, 16) if many else rng.integers(1, 5)), 24
    start = rng.integers(4, 20, size=n) if many else rng.choice(rng.integers(8, 16, size=2), size=n)
    level = np.where(rng.random((n, 1)) < 0.3, rng.uniform(4, 20, (n, 1)), rng.uniform(0.3, 4, (n, 1)))
    return Programme(counts=rng.poisson(level, size=(n, T)), start=start)


def let_out(programme: Programme, _: np.random.Generator, *, with_rule: bool) -> Known:
    """Collect everything that was let out: cumulative counts of every home, of which every sum is made."""
    cells, low, high = zip(*_windows(programme, with_rule=with_rule), strict=True)
    return Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))


def widths(panels: int, let_out: Callable, *, most: int = 2, many: bool = False) -> np.ndarray:
    """Say how many numbers each small count attacked could have been, after all that `let_out(programme, rng)` lets."""
    rng, found = np.random.default_rng(20261127), []
    for _ in range(panels):
        programme = draw(rng, many=many)
        known = let_out(programme, rng)
        for cells in small_counts(programme, rng, most):
            low, high = could_be(known, cells)
            assert low <= programme.counts[cells].sum() <= high
            found.append(high - low + 1)
    return np.array(found)


def told_to(record: Callable[[str, object], None], found: np.ndarray, rule: str = "on") -> np.ndarray:
    """Hand on what an attack found to the table of attacks (`bench/attacks.md`), by `record_property` of pytest.

    Parameters
    ----------
    record : callable
    found : ndarray of int
        How many numbers each small count attacked could have been (`widths`).
    rule : str
        "on"; or what was switched off.
    """
    for name, value in (("rule", rule), ("tried", len(found)), ("exactly", int((found == 1).sum())),
                        ("nearer", int((found < BEHIND.base).sum())), ("fewest", int(found.min()))):  # fmt: skip
        record(name, value)
    return found


def _windows(programme: Programme, *, with_rule: bool) -> Iterator[tuple]:
    n, T = programme.counts.shape
    for home in range(n):
        for month in range(T):
            after = month >= programme.start[home]
            held = programme.since[home] >= 0 if after else programme.since[home] < 0
            held = held & (np.arange(T) <= month if after else np.arange(T) >= month)
            cells = np.outer(np.arange(n) == home, held)
            count = int(programme.counts[cells].sum())
            low = BEHIND.base * (count // BEHIND.base)
            yield (cells, low, low + BEHIND.base - 1) if with_rule else (cells, count, count)


def could_be(known: Known, cells: np.ndarray) -> tuple[int, int]:
    """Smallest and largest number of events that some home-months could have had."""
    n = cells.size
    rows = LinearConstraint(known.cells.reshape(-1, n).astype(float), known.low, known.high)
    aim, at = cells.ravel().astype(float), Bounds(0, MOST)
    least, most = (smallest(s * aim, constraints=rows, bounds=at) for s in (1, -1))
    return least, -most


def smallest(aim: np.ndarray, **given) -> int:
    """Give the smallest number that an aim comes to in whole numbers, within what is `given` as `milp` takes it.

    A linear programme takes a quarter of the time; where its answer is whole, it is that of the integer programme.
    """
    found = milp(aim, **given)
    if np.abs(found.x - np.round(found.x)).max() > 1e-6:
        found = milp(aim, integrality=np.ones(len(aim)), **given)
    return round(found.fun)


def small_counts(programme: Programme, rng: np.random.Generator, most: int) -> list[np.ndarray]:
    """Pick counts of 1 to 7: of homes in a month, a quarter, and since the start, and of all homes in a month."""
    n, T = programme.counts.shape
    month, every = np.arange(T), np.ones(n, bool)
    sets = [*(np.arange(n) == home for home in range(n)), every]
    found = [np.outer(homes, month == t) for homes in sets for t in range(T)]
    found += [np.outer(homes, (month >= t) & (month < t + 3)) for homes in sets for t in range(0, T, 3)]
    found += [homes[:, None] & (programme.since >= 0) for homes in sets]
    small = [cells for cells in found if 0 < programme.counts[cells].sum() <= HES.hidden_to]
    return [small[k] for k in rng.permutation(len(small))[:most]]
