"""What is known of a panel of drawn homes, without the panel?

A thousand panels drawn from the same homes differ in which homes start, in their counts from then on, and in how often
every other home was drawn. So no panel is made: a home drawn k times without starting counts k times, and all that an
answer asks of such homes are sums of their exposure: over months, by what it weighs in each, or over homes. Some panels
are asked at once, and what they ask is worked out together: a product of matrices for many of vectors, in an eighth of
the time. So what goes through a panel is written as a generator that yields what it asks (`Work`), and `at_once` runs
some of them side by side.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Cohort, Sample
from analysis.admissions.engine.saturated import portions, sums
from analysis.design import NEVER, Design
from analysis.panel import Panel

T = TypeVar("T")
Asked = tuple[str, np.ndarray]
Work = Generator[Asked, np.ndarray, T]
"""What works on a panel: it asks for sums over all homes drawn from, and gives an answer."""
ALONG, ACROSS = "Σ_t E_it v_t of every home, shape (N,)", "Σ_i E_it v_i of every month, shape (T,)"
COUNTED_ALONG, COUNTED_ACROSS = "Σ_t y_it v_t of every home, shape (N,)", "Σ_i y_it v_i of every month, shape (T,)"
"""What may be asked, of v of shape (T,) or (N,)."""

PORTION = 1024
"""Homes taken at once, in numbers with seven digits: 120 months of them are half a megabyte."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sources:
    """Homes to draw from.

    Parameters
    ----------
    panel : Panel
    included : ndarray of bool, shape (N, T)
        Home-months that may take part.
    """

    panel: Panel
    included: np.ndarray

    @cached_property
    def months(self) -> np.ndarray:
        """Columns of months in which any home takes part, shape (T,); all that follows is of these."""
        return np.flatnonzero((self.included & (self.panel.exposure > 0)).any(axis=0))

    @cached_property
    def exposure(self) -> np.ndarray:
        """Exposure, zero where a home-month takes no part, shape (N, T)."""
        return self.within(self.panel.exposure * self.included)

    @cached_property
    def counts(self) -> np.ndarray:
        """Events, zero where a home-month takes no part, shape (N, T)."""
        return np.where(self.exposure > 0, self.within(self.panel.counts), 0.0)

    def within(self, values: np.ndarray) -> np.ndarray:
        """Take these months of values by home and month of the panel."""
        return values if len(self.months) == values.shape[1] else values[:, self.months]

    @cached_property
    def totals(self) -> np.ndarray:
        """Events of each home, shape (N,)."""
        return self.counts.sum(axis=1)

    @cached_property
    def rates(self) -> np.ndarray:
        """Events over exposure of every month, shape (T,): from where fits begin."""
        return self.counts.sum(axis=0) / self.exposure.sum(axis=0)

    @cached_property
    def products(self) -> np.ndarray:
        """`products_of` all homes once, shape (T, T): those of a panel are nearly in proportion to it."""
        return products_of(self, np.ones(len(self.totals)), self.rates)

    @cached_property
    def single(self) -> tuple[np.ndarray, np.ndarray]:
        """Events and exposure with seven digits, for what needs no more, shape (N, T) each."""
        return single(self.counts), single(self.exposure)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPanel:
    """A panel of drawn homes.

    Parameters
    ----------
    homes : ndarray of int64, shape (n,)
        Rows of the panel drawn from.
    start : ndarray of int64, shape (n,)
        First month with the intervention; `NEVER` where there is none.
    counts : ndarray of int64, shape (k, months of the panel)
        Counts of the first k homes, among which are all that start.
    """

    homes: np.ndarray
    start: np.ndarray
    counts: np.ndarray

    def panel(self, panel: Panel) -> Panel:
        """Make the panel."""
        counts = panel.counts[self.homes].astype(np.int64)
        counts[: len(self.counts)] = self.counts
        names = pd.Index([f"H{k:06d}" for k in range(len(self.homes))], name="unit")
        return Panel(units=panel.units.iloc[self.homes].set_axis(names), months=panel.months, counts=counts,
                     exposure=panel.exposure[self.homes], outcome=panel.outcome,
                     exposure_unit=panel.exposure_unit, length=panel.length)  # fmt: skip

    def design(self, design: Design) -> Design:
        """Say of its homes who is compared with whom, from a design of the homes drawn from."""
        return replace(design, start=self.start, included=design.included[self.homes])


@dataclass(frozen=True, kw_only=True, eq=False)
class WeighedPanel:
    """A drawn panel, homes that never start by how often they were drawn.

    Parameters
    ----------
    sources : Sources
    treated : Sample
        Homes that start. Its last cohort is that of the others, and without rows.
    times : ndarray of float64, shape (N,)
        How often each home was drawn without starting.
    events : ndarray, shape (G, T)
        Events of every cohort and month.
    """

    sources: Sources
    treated: Sample
    times: np.ndarray
    events: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """First month with the intervention of every cohort, shape (G, 1)."""
        return np.array([[g.first] for g in self.treated.cohorts])

    @cached_property
    def started(self) -> np.ndarray:
        """Each cohort's months from its start on, shape (G, T)."""
        return (np.arange(len(self.sources.months)) >= self.first).astype(float)

    @cached_property
    def cohort(self) -> np.ndarray:
        """Cohort of every home that starts, shape (k,)."""
        cohorts = self.treated.cohorts
        return np.repeat(np.arange(len(cohorts)), [g.rows.stop - g.rows.start for g in cohorts])

    def treated_portions(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield homes that start few at a time: their rows, and cohorts."""
        for a in range(0, len(self.cohort), PORTION):
            yield slice(a, a + PORTION), self.cohort[a : a + PORTION]

    def portions(self) -> Iterator[np.ndarray]:
        """Yield the others few at a time."""
        return _portions(self.times)

    def sums(self, rates: np.ndarray) -> Work[np.ndarray]:
        """Σ_i (Y_i / F_i) E_it of every cohort, shape (G, T), at rates of that shape."""
        weighted = sums(self.treated, rates)
        weighted[-1] = yield from self.sums_of_others(rates[-1])
        return weighted

    def sums_of_others(self, months: np.ndarray) -> Work[np.ndarray]:
        """Give the same of the others, shape (T,)."""
        level = yield from self._level(months)
        return (yield ACROSS, self.times * level)

    def levels(self, rates: np.ndarray) -> Work[tuple[np.ndarray, np.ndarray]]:
        """exp(α) = Y / F of every home that starts, shape (k,), and of every home drawn from, shape (N,)."""
        own = np.empty(len(self.treated.homes))
        for g, rows in portions(self.treated):
            own[rows] = self.treated.totals[rows] / (self.treated.exposure[rows] @ rates[g])
        return own, (yield from self._level(rates[-1]))

    def _level(self, months: np.ndarray) -> Work[np.ndarray]:
        expected = yield ALONG, months
        return np.divide(self.sources.totals, expected, out=np.zeros_like(expected), where=expected > 0)

    def applied(self, levels: tuple[np.ndarray, np.ndarray], values: np.ndarray) -> Work[np.ndarray]:
        """Σ_i (Y_i / F_i²) (Σ_s E_is v_s) E_it of every cohort, shape (G, T), v of that shape."""
        answer, (own, others) = np.zeros_like(values), levels
        own = own**2 / self.treated.totals
        for g, rows in portions(self.treated):
            exposure = self.treated.exposure[rows]
            answer[g] += (own[rows] * (exposure @ values[g])) @ exposure
        if values[-1].any():
            along = yield ALONG, values[-1]
            answer[-1] = yield ACROSS, self.times * others**2 / np.maximum(self.sources.totals, 1.0) * along
        return answer


def products_of(sources: Sources, times: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Σ_i (Y_i / F_i²) E_is E_it of homes, each so many times, shape (T, T), to seven digits."""
    products, months = np.zeros((len(months),) * 2), single(months)
    roots = np.sqrt(single(times * sources.totals))
    for rows in _portions(roots):
        exposure = sources.single[1][rows]
        root = exposure * (roots[rows] / (exposure @ months))[:, None]
        products += root.T @ root
    return products


def _portions(times: np.ndarray) -> Iterator[np.ndarray]:
    rows = np.flatnonzero(times)
    for a in range(0, len(rows), PORTION):
        yield rows[a : a + PORTION]


def weigh(sources: Sources, drawn: DrawnPanel, *, never_only: bool) -> Work[WeighedPanel | None]:
    """Put drawn homes together; nothing where one of them, or a month, may have nothing to be compared with.

    Homes without any event are left out, as `sample.take` does. It must be plain that all else takes part, as
    there: every home has an event without the intervention, and homes that never start link every month to all.
    """
    start, T = np.searchsorted(sources.months, drawn.start), len(sources.months)
    starts = np.flatnonzero((drawn.start != NEVER) & (start < T))
    starts = starts[np.argsort(start[starts], kind="stable")]
    rest = np.ones(len(drawn.homes), bool)
    rest[starts] = False
    times = np.bincount(drawn.homes[rest], minlength=len(sources.totals)) * (sources.totals > 0).astype(float)
    treated = _treated(sources, drawn, (starts, start[starts]), never_only=never_only)
    before = np.arange(T) < treated.first[:, None]
    if not (treated.counts * before).any(axis=1).all() or not (treated.counts * ~before).any():
        return None
    events = treated.by_cohort(treated.counts)
    events[-1] = yield COUNTED_ACROSS, times
    found = WeighedPanel(sources=sources, treated=treated, times=times, events=events)
    return found if _linked(found) else None


def _treated(sources: Sources, drawn: DrawnPanel, who: tuple[np.ndarray, np.ndarray], *, never_only: bool) -> Sample:
    """Take the homes that start, by when they do."""
    rows, first = who
    exposure, T = sources.exposure[drawn.homes[rows]], len(sources.months)
    edges = np.flatnonzero(np.diff(first, prepend=-1, append=T)).tolist()
    cohorts = [Cohort(rows=slice(a, b), first=int(first[a]), informs=not never_only) for a, b in pairwise(edges)]
    return Sample(
        counts=np.where(exposure > 0, sources.within(drawn.counts[rows]), 0.0),
        exposure=exposure,
        homes=rows,
        months=sources.months,
        cohorts=(*cohorts, Cohort(rows=slice(len(rows), len(rows)), first=T, informs=True)),
        reason=np.zeros(0, dtype=object),
    )


def _linked(weighed: WeighedPanel) -> bool:
    """Whether one month is linked both ways to every other by homes that never start (`sample._one_component`)."""
    hub, there, back = int(weighed.events[-1].argmax()), 0.0, 0.0
    for rows in weighed.portions():  # the first mostly link all
        counts, exposure = (values[rows] for values in weighed.sources.single)
        there, back = there + single(counts[:, hub] > 0) @ exposure, back + single(exposure[:, hub] > 0) @ counts
        if ((there > 0) & (back > 0)).all():
            return True
    return False


def at_once(works: Sequence[Work[T]], sources: Sources) -> list[T]:
    """Do some works side by side, what they ask in products of matrices; the same works give the same bytes."""
    counts, exposure = sources.counts, sources.exposure
    matrices = {ALONG: exposure.T, ACROSS: exposure, COUNTED_ALONG: counts.T, COUNTED_ACROSS: counts}
    answers: dict[int, T] = {}
    asked: dict[int, Asked] = {}

    def go_on(k: int, told: np.ndarray | None) -> None:
        try:
            asked[k] = works[k].send(told)  # type: ignore[arg-type]
        except StopIteration as end:
            answers[k] = end.value

    for k in range(len(works)):
        go_on(k, None)
    while asked:
        for way, matrix in matrices.items():
            some = [k for k, (which, _) in asked.items() if which == way]
            if some:
                values = np.stack([asked.pop(k)[1] for k in some]) @ matrix
                for k, told in zip(some, values, strict=True):
                    go_on(k, told)
    return [answers[k] for k in range(len(works))]


def single(values: np.ndarray) -> np.ndarray:
    """Give numbers with seven digits."""
    return values.astype(np.float32)
