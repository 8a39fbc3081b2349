"""Which homes and months can tell us anything, where homes differ in kind or had other interventions too?

Within one kind, what can be compared is what `sample` says; kinds are taken one by one and put together again, so that
no home is compared with one of another kind. Months with the intervention for which the effect of another one, or the
month of their kind, cannot be learned from months without it (`untreated.learned`) are then left out, and the rest is
looked at anew.

Homes that are to count alike (`average`) get effects of their own. One without an event before its start has no level
to compare with; it shares them with the home of the same start that had the fewest, and the two count as two homes at
their common rates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.admissions.compared.sample import Cohort, Sample, take
from analysis.admissions.compared.untreated import Untreated, learned, untreated

NOT_TREATED = "no home of its kind that can be compared had the intervention"
ALL_TREATED = "no home of its kind without the intervention to compare with"


def numbered(*labels: np.ndarray) -> np.ndarray:
    """Give every combination of labels a number from zero, shape (N,)."""
    number = np.zeros(len(labels[0]), dtype=np.int64)
    for label in labels:
        place = np.unique(label, return_inverse=True)[1].reshape(-1)
        number = np.unique(number * (place.max() + 1) + place, return_inverse=True)[1].reshape(-1)
    return number


def number_singly(before: np.ndarray, starts: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Give homes numbers so that each that starts stands alone, shape (N,).

    Parameters
    ----------
    before : ndarray, shape (N,)
        Events before the start.
    starts : ndarray of bool, shape (N,)
        Homes that start; all others of a group get one number.
    group : ndarray of int64, shape (N,)
        Homes that may share a number.
    """
    unit = np.where(starts, np.arange(len(group)) + 1, 0)
    for g in np.unique(group[starts & (before == 0)]):
        here = np.flatnonzero(starts & (group == g))
        some = here[before[here] > 0]
        shared = some[before[some].argmin()] if some.size else here[0]
        unit[here[before[here] == 0]] = unit[shared]
    return numbered(group, unit)


def by_kind(counts: np.ndarray, exposure: np.ndarray, kind: np.ndarray, **how) -> Sample:
    """Take what can be compared of every kind; arguments as in `take`, and each home's kind, shape (N,)."""
    if not kind.any():
        return take(counts, exposure, **how)
    start, stratum, never_only = how["start"], how["stratum"], how["never_only"]
    parts = []
    for k in range(kind.max() + 1):
        own = np.where(kind == k, 1, 0)[:, None]
        part = take(counts * own, exposure * own, start, stratum=stratum, never_only=never_only)
        if not part.treated.any():
            some = (start < counts.shape[1]) & (kind == k)
            reason = np.where(
                (kind == k) & (part.reason == ""), ALL_TREATED if some.any() else NOT_TREATED, part.reason
            )
            part = replace(_none(part), reason=reason)
        parts.append(part)
    return _together(parts, kind)


def _none(part):
    return replace(part, counts=part.counts[:0], exposure=part.exposure[:0], homes=part.homes[:0], cohorts=())


def _together(parts: Sequence[Sample], kind: np.ndarray) -> Sample:
    """Put samples of different homes side by side over all their months."""
    months = np.unique(np.concatenate([part.months for part in parts if len(part.homes)] or [parts[0].months]))
    counts, exposure, cohorts, row = [], [], [], 0
    for part in parts:
        place = np.searchsorted(months, part.months) if len(part.homes) else np.zeros(0, int)
        for values, wide in ((part.counts, counts), (part.exposure, exposure)):
            wide.append(np.zeros((len(part.homes), len(months))))
            wide[-1][:, place] = values[:, : len(place)]
        at = np.append(place, len(months))
        for g in part.cohorts:
            rows = slice(g.rows.start + row, g.rows.stop + row)
            cohorts.append(Cohort(rows=rows, first=int(at[g.first]), informs=g.informs))
        row += len(part.homes)
    return Sample(
        counts=np.concatenate(counts),
        exposure=np.concatenate(exposure),
        homes=np.concatenate([part.homes for part in parts]),
        months=months,
        cohorts=tuple(cohorts),
        reason=np.array([part.reason for part in parts])[kind, np.arange(len(kind))],
    )


def with_untreated(sample: Sample, kind: np.ndarray, since: Mapping[str, np.ndarray]) -> tuple[Sample, np.ndarray]:
    """Say what the rate without the intervention is made of, and which cohort-months are not to be compared.

    Parameters
    ----------
    kind : ndarray of int64, shape (G,)
    since : mapping of str to ndarray, shape (G, T)
        Months since each other intervention began, negative before it.

    Returns
    -------
    sample : Sample
    out : ndarray of bool, shape (G, T)
    """
    first = np.array([[g.first] for g in sample.cohorts])
    there, before = sample.bed_days > 0, np.arange(len(sample.months)) < first
    own = there & before
    seen = own & np.array([[g.informs] for g in sample.cohorts])
    Z = untreated(kind, since, seen)
    known = learned(Z, _information(sample, Z), seen, own)
    events = (Z.columns * (sample.events * seen)[:, :, None]).sum(axis=(0, 1))
    never = np.flatnonzero((events == 0) & (np.arange(len(events)) >= len(events) - len(Z.others)))
    silent = (Z.columns[:, :, never] != 0).any(axis=2)  # another intervention without any event: its rate is zero
    return replace(sample, untreated=Z), there & (~known | silent)


def _information(sample: Sample, Z: Untreated) -> np.ndarray:
    """Information about θ from months without the intervention, every rate one."""
    H = np.zeros((Z.columns.shape[2],) * 2)
    for g, cohort in enumerate(sample.cohorts):
        if cohort.informs:
            E, Y = (values[cohort.rows, : cohort.first] for values in (sample.exposure, sample.counts))
            Y, F = Y.sum(axis=1), np.maximum(E.sum(axis=1), np.finfo(float).tiny)
            K = np.diag((Y / F) @ E) - (E * (Y / F**2)[:, None]).T @ E
            z = Z.columns[g, : cohort.first]
            H += z.T @ K @ z
    return H
