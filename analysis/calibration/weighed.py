"""What is known of a panel of drawn homes, without the panel?

A thousand panels drawn from the same homes differ in which homes start, in their counts from then on, and in how often
every other home was drawn. So no panel is made: a home drawn k times without starting is one row that counts k times,
and all that an answer asks of homes are sums over them (`quickly` asks).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Cohort, Sample
from analysis.admissions.engine.saturated import PORTION, portions, sums
from analysis.panel import Panel


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
        return (self.panel.exposure * self.included)[:, self.months]

    @cached_property
    def counts(self) -> np.ndarray:
        """Events, zero where a home-month takes no part, shape (N, T)."""
        return np.where(self.exposure > 0, self.panel.counts[:, self.months], 0.0)

    @cached_property
    def totals(self) -> np.ndarray:
        """Events of each home, shape (N,)."""
        return self.counts.sum(axis=1)

    @cached_property
    def rates(self) -> np.ndarray:
        """Events over exposure of every month, shape (T,): from where fits begin."""
        return self.counts.sum(axis=0) / self.exposure.sum(axis=0)

    @cached_property
    def single(self) -> tuple[np.ndarray, np.ndarray]:
        """Events and exposure with seven digits, for what needs no more, shape (N, T) each."""
        return single(self.counts), single(self.exposure)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
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
                     exposure_unit=panel.exposure_unit)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Weighed:
    """A drawn panel, homes that never start by how often they were drawn.

    Parameters
    ----------
    sources : Sources
    treated : Sample
        Homes that start. Its last cohort is that of the others, and without rows.
    times : ndarray of float64, shape (N,)
        How often each home was drawn without starting.
    """

    sources: Sources
    treated: Sample
    times: np.ndarray

    @cached_property
    def others(self) -> np.ndarray:
        """Homes drawn without starting, shape (u,)."""
        return np.flatnonzero(self.times)

    @cached_property
    def exposure(self) -> np.ndarray:
        """Exposure of the others, shape (u, T)."""
        return self.sources.exposure[self.others]

    @cached_property
    def single(self) -> np.ndarray:
        """The same with seven digits."""
        return single(self.exposure)

    @cached_property
    def totals(self) -> np.ndarray:
        """Events of the others, by how often each was drawn, shape (u,)."""
        return (self.times * self.sources.totals)[self.others]

    @cached_property
    def events(self) -> np.ndarray:
        """Events of every cohort and month, shape (G, T)."""
        events = self.treated.by_cohort(self.treated.counts)
        events[-1] = self.times @ self.sources.counts
        return events

    @property
    def first(self) -> np.ndarray:
        """First month with the intervention of every cohort, shape (G, 1)."""
        return np.array([[g.first] for g in self.treated.cohorts])

    @cached_property
    def cohort(self) -> np.ndarray:
        """Cohort of every home that starts, shape (k,)."""
        return np.repeat(np.arange(len(self.treated.cohorts)), [g.rows.stop - g.rows.start for g in self.treated.cohorts])

    def treated_portions(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield homes that start few at a time: their rows, and cohorts."""
        for a in range(0, len(self.cohort), PORTION):
            yield slice(a, a + PORTION), self.cohort[a : a + PORTION]

    def portions(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield the others few at a time: which of them, and their rows."""
        for a in range(0, len(self.others), PORTION):
            yield slice(a, a + PORTION), self.others[a : a + PORTION]

    def sums(self, rates: np.ndarray) -> np.ndarray:
        """Σ_i (Y_i / F_i) E_it of every cohort, shape (G, T), at rates of that shape."""
        weighted = sums(self.treated, rates)
        weighted[-1] = self.sums_of_others(rates[-1])
        return weighted

    def sums_of_others(self, months: np.ndarray) -> np.ndarray:
        """Give the same of the others, shape (T,)."""
        return (self.totals / (self.exposure @ months)) @ self.exposure

    def products(self, months: np.ndarray) -> np.ndarray:
        """Σ_i (Y_i / F_i²) E_is E_it of the others, shape (T, T), to seven digits."""
        products, roots = np.zeros((len(months),) * 2), np.sqrt(self.totals).astype(np.float32)
        for some, _ in self.portions():
            exposure = self.single[some]
            root = exposure * (roots[some] / (exposure @ months.astype(np.float32)))[:, None]
            products += root.T @ root
        return products

    def levels(self, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """exp(α) = Y / F of every home that starts, shape (k,), and of one of each of the others, shape (u,)."""
        own = np.empty(len(self.treated.homes))
        for g, rows in portions(self.treated):
            own[rows] = self.treated.totals[rows] / (self.treated.exposure[rows] @ rates[g])
        return own, self.sources.totals[self.others] / (self.exposure @ rates[-1])

    def applied(self, levels: tuple[np.ndarray, np.ndarray], values: np.ndarray) -> np.ndarray:
        """Σ_i (Y_i / F_i²) (Σ_s E_is v_s) E_it of every cohort, shape (G, T), v of that shape."""
        answer, (own, others) = np.zeros_like(values), levels
        own = own**2 / self.treated.totals
        for g, rows in portions(self.treated):
            exposure = self.treated.exposure[rows]
            answer[g] += (own[rows] * (exposure @ values[g])) @ exposure
        if values[-1].any():
            part = (self.times / np.maximum(self.sources.totals, 1.0))[self.others] * others**2
            answer[-1] = (part * (self.exposure @ values[-1])) @ self.exposure
        return answer


def weighed(sources: Sources, drawn: Drawn, *, never_only: bool) -> Weighed | None:
    """Put drawn homes together; nothing where one of them, or a month, may have nothing to be compared with.

    Homes without any event are left out, as `sample.take` does. It must be plain that all else takes part, as
    there: every home has an event without the intervention, and homes that never start link every month to all.
    """
    start, N = np.searchsorted(sources.months, drawn.start), len(sources.totals)
    starts = np.flatnonzero((drawn.start >= 0) & (start < len(sources.months)))
    starts = starts[np.argsort(start[starts], kind="stable")]
    rest = np.ones(len(drawn.homes), bool)
    rest[starts] = False
    times = np.bincount(drawn.homes[rest], minlength=N) * (sources.totals > 0).astype(float)
    treated = _treated(sources, drawn, (starts, start[starts]), never_only=never_only)
    found = Weighed(sources=sources, treated=treated, times=times)
    before = np.arange(len(sources.months)) < treated.first[:, None]
    plain = (treated.counts * before).any(axis=1).all() and _linked(found)
    return found if plain and len(starts) else None


def _treated(sources: Sources, drawn: Drawn, who: tuple[np.ndarray, np.ndarray], *, never_only: bool) -> Sample:
    """Take the homes that start, by when they do."""
    rows, first = who
    exposure, T = sources.exposure[drawn.homes[rows]], len(sources.months)
    edges = np.flatnonzero(np.diff(first, prepend=-1, append=T)).tolist()
    cohorts = [
        Cohort(rows=slice(a, b), first=int(first[a]), informs=not never_only)
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    ]
    return Sample(
        counts=np.where(exposure > 0, drawn.counts[rows][:, sources.months], 0.0),
        exposure=exposure,
        homes=rows,
        months=sources.months,
        cohorts=(*cohorts, Cohort(rows=slice(len(rows), len(rows)), first=T, informs=True)),
        reason=np.zeros(0, dtype=object),
    )


def _linked(weighed: Weighed) -> bool:
    """Whether one month is linked both ways to every other by homes that never start (`sample._one_component`)."""
    counts, exposure = weighed.sources.single
    hub = int(weighed.events[-1].argmax())
    there = (weighed.times * (counts[:, hub] > 0)).astype(np.float32) @ exposure
    back = (weighed.times * (exposure[:, hub] > 0)).astype(np.float32) @ counts
    return bool(((there > 0) & (back > 0)).all())


def single(values: np.ndarray) -> np.ndarray:
    """Give numbers with seven digits."""
    return values.astype(np.float32)
