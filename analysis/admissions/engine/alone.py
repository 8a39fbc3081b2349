"""The saturated model where many homes have effects of their own, as they do where every home is to count alike.

A home that is a cohort by itself is fitted perfectly from its start on, so of the months it tells only before its
start, as if it had closed then, and its own level is

    exp(α_i) = Σ_{t<s} y_it / Σ_{t<s} E_it exp(γ_t).

Homes of one start may then be put together again to find the months: a few cohorts instead of thousands, and no
months × months product for each. What moves with the counts of such a home follows in closed form from

    d log exp(α_i) = dY / Y − Σ_{t<s} p̃_it dγ_t,     p̃_it = E_it exp(γ_t) / Σ_{t<s} E_it exp(γ_t),  Y = Σ_{t<s} y_it.

Source: as `saturated`; that a saturated cohort adds nothing to the months is its Schur complement written out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.admissions.compared.sample import Cohort, Sample
from analysis.admissions.engine.saturated import Saturated, fit_saturated

MANY = 60
"""Homes that are cohorts by themselves from which it pays to put them together."""
LEAST = 1e-3
"""Admissions before its start (weights in) below which a home has no level of its own but a trace (`sample.TRACE`)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Alone(Saturated):
    """The fitted model; `products` and `blocks` are those of `merged`.

    Parameters
    ----------
    merged : Saturated
        The fit in which homes that stand alone are put together and close at their start.
    place : ndarray of int64, shape (G,)
        Where each cohort stands among the merged ones.
    alone : ndarray of bool, shape (G,)
        Cohorts of one home that were put together.
    """

    merged: Saturated
    place: np.ndarray
    alone: np.ndarray

    @cached_property
    def before(self) -> np.ndarray:
        """p̃ of homes that stand alone, shape (A, T): parts of what is expected of each before its start."""
        known = self.merged.sample.exposure[self.rows] * self.month_rates
        return known / known.sum(axis=1, keepdims=True)

    @property
    def rows(self) -> np.ndarray:
        """Rows of homes that stand alone, shape (A,)."""
        return np.array([self.sample.cohorts[g].rows.start for g in np.flatnonzero(self.alone)])

    @property
    def events_before(self) -> np.ndarray:
        """Y of homes that stand alone, shape (A,)."""
        return self.merged.sample.totals[self.rows]


def stand_alone(sample: Sample) -> np.ndarray:
    """Which cohorts are homes with effects of their own, and enough before them, shape (G,)."""
    T = len(sample.months)
    one = np.array([g.rows.stop - g.rows.start == 1 and g.first < T for g in sample.cohorts])
    before = np.arange(T) < np.array([[g.first] for g in sample.cohorts])
    return one & ((sample.events * before).sum(axis=1) > LEAST)


def fit_alone(sample: Sample, alone: np.ndarray) -> Alone:
    """Fit the model of months only, and the cohorts that are put together by what it says of months."""
    merged, place = _merged(sample, alone)
    fit = fit_saturated(merged)
    months, T = fit.month_rates, len(sample.months)
    rows = np.array([sample.cohorts[g].rows.start for g in np.flatnonzero(alone)])
    level = merged.totals[rows] / (merged.exposure[rows] @ months)
    weighted, rates = fit.weighted[place].copy(), fit.rates[place].copy()
    weighted[alone] = level[:, None] * sample.exposure[rows]
    before = np.arange(T) < np.array([[g.first] for g in sample.cohorts])[alone]
    own = sample.counts[rows] / np.where(weighted[alone] > 0, weighted[alone], 1.0)
    rates[alone] = np.where(before, months, own)
    return Alone(sample=sample, month_rates=months, rates=rates, weighted=weighted, products=fit.products,
                 blocks=fit.blocks, converged=fit.converged, iterations=fit.iterations, merged=fit, place=place,
                 alone=alone)  # fmt: skip


def _merged(sample: Sample, alone: np.ndarray) -> tuple[Sample, np.ndarray]:
    """Put homes of one start together that stand alone one after the other, closed from then on; and where each is."""
    cohorts, place = [*_runs(sample, alone)], np.empty(len(alone), np.int64)
    which = np.repeat(np.arange(len(cohorts)), [c.rows.stop - c.rows.start for c in cohorts])
    place[:] = which[[g.rows.start for g in sample.cohorts]]
    closed = np.zeros(len(sample.homes), bool)
    closed[[sample.cohorts[g].rows.start for g in np.flatnonzero(alone)]] = True
    open_ = ~(closed[:, None] & (np.arange(len(sample.months)) >= sample.first[:, None]))
    counts, exposure = sample.counts * open_, sample.exposure * open_
    return replace(sample, counts=counts, exposure=exposure, cohorts=tuple(cohorts)), place


def _runs(sample: Sample, alone: np.ndarray) -> Iterator[Cohort]:
    run = None
    for cohort, by_itself in zip(sample.cohorts, alone, strict=True):
        alike = run is not None and (run.first, run.informs) == (cohort.first, cohort.informs)
        if run is not None and by_itself and alike:
            run = replace(run, rows=slice(run.rows.start, cohort.rows.stop))
            continue
        if run is not None:
            yield run
        run = cohort if by_itself else None
        if not by_itself:
            yield cohort
    if run is not None:
        yield run


def scores_of_months(fit: Alone, marks: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """How the logs of what is expected of homes that stand alone move with those of months, shape (R, T)."""
    part = marks[:, fit.alone] * (fit.expected[fit.alone] / expected[:, None, None])
    return part.sum(axis=1) - part.sum(axis=2) @ fit.before


def backward(fit: Alone, marks: np.ndarray, expected: np.ndarray, merged: np.ndarray) -> np.ndarray:
    """Fill in b of homes that stand alone, shape (R, G, T), from b of the merged fit, shape (R, G', T)."""
    b = merged[:, fit.place]
    first = np.array([[g.first] for g in fit.sample.cohorts])[fit.alone]
    before = np.arange(marks.shape[2]) < first
    theta = b[:, fit.alone] * before
    share = (marks[:, fit.alone] * fit.expected[fit.alone]).sum(axis=2) / expected[:, None]
    after = (theta * fit.before).sum(axis=2) - share / fit.events_before
    b[:, fit.alone] = np.where(before, theta, after[:, :, None])
    return b
