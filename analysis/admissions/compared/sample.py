"""Which homes and months can tell us anything?

The saturated model has one rate for every home and one for every column, where a column is a calendar month (untreated
cells) or a month of one cohort (treated cells). Its Poisson likelihood has a maximum only where no home, month or cell
can be pushed to zero or infinity without cost. Write p for the log home effects and q for minus the log column
effects: a direction that never lowers the likelihood has p = q wherever there were events and p ≤ q wherever there were
none. Read as a directed graph (home to column always, column back to home where there were events), such a direction
exists exactly between different strongly connected components.

Where homes ran in a month and none of those to compare with had an admission, the direction has a limit: the rate of
that month is zero, and so is the number expected in it. So it is for a home with the intervention that had no admission
before it. Leaving such months and homes out would look at the outcome: they are those in which little was expected, and
what was observed in them would go with them, in favour of the intervention (null rate ratios of 0.73 to 0.93 were
seen). They stay, at their limit: home-months without the intervention that join two components get a trace of an
admission (`TRACE`), which makes them one and puts the expected number within that trace of zero. What is left outside
then is joined to nothing by exposure either, whatever was observed; one component is kept, the one with most events,
and the rest is named with its reason.

Mostly all is one component and a glance shows it: one month is linked both ways to every other by homes used in the one
with events in the other, and every home has an event before its start, or later in a month in which such a home of its
cohort takes part. Only otherwise is the graph built.

Source: Haberman (1974), The Analysis of Frequency Data, ch. 2; Correia, Guimarães and Zylkin (2019), "Verifying the
existence of maximum likelihood estimates for generalized linear models", arXiv:1903.01633.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from analysis.admissions.compared.untreated import Untreated

NO_EXPOSURE = "no bed-days in any month that takes part"
ALWAYS_TREATED = "had the intervention in every month that takes part, so there is nothing before it to compare with"
NO_EVENTS = "no admissions in any month that takes part, so nothing is known of how its rate changed"
SEPARATED = "admissions only where no other home or month can be compared with it"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """Homes that start in the same month: their rows, their first treated month, and whether they inform the months."""

    rows: slice
    first: int
    informs: bool


TRACE = 1e-6
"""Admissions in place of none where only the limit exists: a millionth moves no digit that is shown."""
PORTION = 512
"""Homes copied at once: their rows stay in the processor's cache between one step and the next."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Homes and months that take part, homes sorted by cohort.

    Parameters
    ----------
    counts, exposure : ndarray of float64, shape (n, T)
        Events and bed-days, zero where a home-month takes no part.
    homes : ndarray of int64, shape (n,)
        Row of the panel each home stands in.
    months : ndarray of int64, shape (T,)
        Column of the panel each month stands in.
    cohorts : tuple of Cohort
        In order of their rows; `first` counts the months kept, and is T for homes never treated.
    reason : ndarray of str, shape (N,)
        Why a home of the panel was left out; empty where it was kept.
    untreated : Untreated, optional
        What the rate without the intervention is made of; one effect for every month where left out.
    """

    counts: np.ndarray
    exposure: np.ndarray
    homes: np.ndarray
    months: np.ndarray
    cohorts: tuple[Cohort, ...]
    reason: np.ndarray
    untreated: Untreated | None = None

    @property
    def first(self) -> np.ndarray:
        """First treated month of each home, shape (n,)."""
        first = np.array([g.first for g in self.cohorts], dtype=np.int64)
        return np.repeat(first, [g.rows.stop - g.rows.start for g in self.cohorts])

    @cached_property
    def totals(self) -> np.ndarray:
        """Events of each home, shape (n,)."""
        return self.counts.sum(axis=1)

    @cached_property
    def events(self) -> np.ndarray:
        """Events of each cohort and month, shape (G, T)."""
        return self.by_cohort(self.counts)

    @cached_property
    def bed_days(self) -> np.ndarray:
        """Exposure of each cohort and month, shape (G, T)."""
        return self.by_cohort(self.exposure)

    @property
    def treated(self) -> np.ndarray:
        """Home-months with the intervention, shape (n, T)."""
        return (self.exposure > 0) & (np.arange(len(self.months)) >= self.first[:, None])

    @property
    def treated_cells(self) -> np.ndarray:
        """Cohort-months with the intervention in which a home takes part, shape (G, T)."""
        first = np.array([g.first for g in self.cohorts])
        return (self.bed_days > 0) & (np.arange(len(self.months)) >= first[:, None])

    def by_cohort(self, values: np.ndarray) -> np.ndarray:
        """Sum the homes of each cohort, shape (G, T)."""
        return np.array([np.ones(g.rows.stop - g.rows.start) @ values[g.rows] for g in self.cohorts])

    def of_cohorts(self, values: np.ndarray) -> np.ndarray:
        """Take what all homes of a cohort share, from values of every home of the panel, shape (G, ...)."""
        return values[self.homes[[g.rows.start for g in self.cohorts]]]


def take(
    counts: np.ndarray, exposure: np.ndarray, start: np.ndarray, *, stratum: np.ndarray, never_only: bool
) -> Sample:
    """Keep what can be compared.

    Parameters
    ----------
    counts, exposure : ndarray, shape (N, T)
        Events and bed-days; a home-month takes part where exposure is above zero.
    start : ndarray of int64, shape (N,)
        First treated month, T or more for homes never treated.
    stratum : ndarray of int64, shape (N,)
        Homes of one cohort but different strata get treatment effects of their own.
    never_only : bool
        Whether only homes never treated inform the month effects.
    """
    T = counts.shape[1]
    start = np.minimum(start, T)
    cohort = _numbered(start, stratum)
    plan = _Plan(treated=np.arange(T) >= start[:, None], cohort=cohort, informs=(start == T) | (not never_only))
    reason = np.full(len(start), "", dtype=object)
    used, before = exposure > 0, None
    while before is None or not np.array_equal(used, before):
        counts, used, before = *_comparable(counts, used, plan, reason), used
    homes = np.argsort(cohort, kind="stable")
    homes, months = homes[reason[homes] == ""], np.flatnonzero(used.any(axis=0))
    return Sample(
        counts=_taken(counts, used, homes, months),
        exposure=_taken(exposure, used, homes, months),
        homes=homes,
        months=months,
        cohorts=tuple(_cohorts(cohort[homes], np.searchsorted(months, start[homes]), start[homes] < T, never_only)),
        reason=reason,
    )


def _numbered(start, stratum):
    """Give homes of one start and stratum one number, in the order of both, shape (N,)."""
    place = np.unique(stratum, return_inverse=True)[1]
    return np.unique(start * (place.max() + 1) + place, return_inverse=True)[1]


def _taken(values, used, homes, months):
    """Copy what takes part, zero where it does not: a portion of homes at a time, so that it is read only once."""
    taken, all_months = np.empty((len(homes), len(months))), len(months) == values.shape[1]
    for a in range(0, len(homes), PORTION):
        some = homes[a : a + PORTION]
        own, part = values[some], used[some]
        np.multiply(*((own, part) if all_months else (own[:, months], part[:, months])), out=taken[a : a + PORTION])
    return taken


def _cohorts(cohort, first, starts, never_only) -> Iterator[Cohort]:
    """Yield runs of homes of one cohort."""
    for a, b in pairwise(np.flatnonzero(np.diff(cohort, prepend=-1, append=-1)).tolist()):
        yield Cohort(rows=slice(a, b), first=int(first[a]), informs=not (never_only and starts[a]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """Treated home-months (N, T); each home's cohort and whether it informs the months (N,)."""

    treated: np.ndarray
    cohort: np.ndarray
    informs: np.ndarray


def _columns(counts, plan):
    """Column of the model each home-month belongs to, shape (N, T): a month, or a treated month of one cohort.

    The untreated months of homes that do not inform the month effects stand in known proportions to one another, so
    for them all is one column, that of the month in which most is known.
    """
    T = counts.shape[1]
    busiest = counts[plan.informs].sum(axis=0).argmax()
    untreated = np.where(plan.informs[:, None], np.arange(T), busiest)
    return np.where(plan.treated, T + plan.cohort[:, None] * T + np.arange(T), untreated)


def _comparable(counts, used, plan, reason):
    """One round of leaving out: notes each home's first reason in `reason`, returns counts and cells that remain."""
    _note(reason, ~used.any(axis=1), NO_EXPOSURE)
    untreated, events = used & ~plan.treated, (counts > 0) & used
    _note(reason, ~untreated.any(axis=1), ALWAYS_TREATED)
    _note(reason, _silent(events, untreated & plan.informs[:, None] & (reason == "")[:, None]), NO_EVENTS)
    kept = (reason == "")[:, None]
    used = used & kept & ~_silent(events.T & kept.T, untreated.T & kept.T)
    if not used.any() or _one_component(events & used, used, plan):
        return counts, used
    counts = _traced(counts, used, plan)
    homes, months = _of_main(_components(counts, used, plan), counts, used)
    _note(reason, used.any(axis=1) & ~homes, SEPARATED)
    return counts, used & homes[:, None] & months


def _silent(events, untreated):
    """Homes without any event, shape (N,): they say nothing, unless a month has nobody else to compare with.

    The same of months, turned round: one without any event is needed where a home has nothing else before its start.
    """
    silent = ~events.any(axis=1)
    alone = untreated[silent].any(axis=0) & ~untreated[~silent].any(axis=0)
    return silent & ~untreated[:, alone].any(axis=1)


def _traced(counts, used, plan):
    """Put a trace into the home-months without the intervention that join one component to another."""
    home, column = _components(counts, used, plan)
    joins = used & ~plan.treated & (home[:, None] != column[_columns(np.where(used, counts, 0), plan)])
    return np.where(joins, TRACE, counts) if joins.any() else counts


def _note(reason, where, why):
    reason[where & (reason == "")] = why


def _one_component(events, used, plan):
    """Whether all homes and months are plainly connected; False does not say that they are not.

    Parameters
    ----------
    events, used : ndarray of bool, shape (N, T)
        Home-months with events, and all that take part.
    """
    linking = used & ~plan.treated & plan.informs[:, None]
    joined = events & linking
    hub = joined.sum(axis=0).argmax()
    there = linking[joined[:, hub]].any(axis=0)  # from the hub to homes with events in it, and on to their months
    back = joined[linking[:, hub]].any(axis=0)
    if not (there & back)[used.any(axis=0)].all():
        return False
    linked = (events & ~plan.treated).any(axis=1)
    others = np.flatnonzero(used.any(axis=1) & ~linked)
    return all(
        (events[others[plan.cohort[others] == c]] & used[linked & (plan.cohort == c)].any(axis=0)).any(axis=1).all()
        for c in np.unique(plan.cohort[others])
    )


def _components(counts, used, plan):
    """Strongly connected component of every home and column, shapes (N,) and (columns,)."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - a third of a second to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    N, column = len(counts), _columns(np.where(used, counts, 0), plan)
    home, month = np.nonzero(used)
    events, node = counts[home, month], N + column[home, month]
    tail = np.concatenate([home, node[events > 0]])
    head = np.concatenate([node, home[events > 0]])
    graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(N + column.max() + 1,) * 2).tocsr()
    label = connected_components(graph, directed=True, connection="strong")[1]
    return label[:N], label[N:]


def _of_main(label, counts, used):
    """Homes and months in the component with most events, shapes (N,) and (T,)."""
    of_home, of_column = label
    main = np.bincount(of_home, np.where(used, counts, 0).sum(axis=1)).argmax()
    return of_home == main, of_column[: counts.shape[1]] == main
