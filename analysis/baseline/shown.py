"""What of homes' baselines may be worked with where the result is handed on?

Money, and whom a budget reaches, are multiples and thresholds of counts of homes: with a price of a milliard pounds for
one admission, or asked at one price after another, they give a count away however they are rounded. So what leaves is
worked out from baselines that hold only what may be shown: residents of each home, admissions expected of it in a year
and those of last year follow from its counts as shown (`panel.shown`), the same that stand behind estimates, and are
rounded as counts are; how sure its level is has one digit. Counts rounded by themselves would not do: beside the bands
of the estimates they would leave two or three numbers. What all homes have in common, their calendar, how far they
differ and how long they do, is learned from counts drawn from the same bands (`Panel.by_chance`): of one home, or a
few, that would give a count away too.
"""

from dataclasses import replace

import numpy as np

from analysis.baseline.homes import Baseline, days_in, last_year_rate
from analysis.disclosure import instead
from analysis.disclosure.estimates import significant
from analysis.panel import Panel

DAYS = 365.25


def baseline_as_shown(baseline: Baseline, shown: Panel, without: np.ndarray) -> Baseline:
    """Give the baseline of homes whose counts are what is shown of them; closed homes stay closed.

    Parameters
    ----------
    baseline : Baseline
        Learned from `shown.by_chance`.
    shown : Panel
        A panel of counts as shown.
    without : ndarray of bool, shape (N, T)
        Home-months without any intervention.
    """
    baseline = _of_counts_as_shown(baseline, shown, without)
    residents = instead(baseline.beds_taken)
    months = baseline.calendar.last + np.arange(1, 13)
    year = float((baseline.calendar.multiplier(months) * days_in(months)).sum())
    expected = instead(baseline.per_day() * baseline.multiplier * year)
    a_mean_home = baseline.kind_rate * residents * year
    multiplier = np.where(residents > 0, expected / np.where(residents > 0, a_mean_home, 1.0), baseline.multiplier)
    shape = np.array([significant(value, 1) for value in baseline.shape])
    last_year = instead(baseline.last_year_rate * baseline.beds_taken * DAYS)
    return replace(
        baseline,
        beds_taken=residents,
        shape=shape,
        rate=shape / np.maximum(multiplier, np.finfo(float).tiny),
        admissions=instead(baseline.admissions).astype(np.int64),
        last_year_rate=np.divide(last_year, residents * DAYS, out=np.zeros_like(last_year), where=residents > 0),
    )


def _of_counts_as_shown(baseline: Baseline, shown: Panel, without: np.ndarray) -> Baseline:
    """Give what is known of homes after their admissions as shown, and rates of their kinds that fit these."""
    seen = without & (shown.exposure > 0)
    admissions, given = np.where(seen, shown.counts, 0.0).sum(axis=1), 1 / baseline.spread.variance
    weighed = np.divide(baseline.rate - given, baseline.expected, out=np.zeros_like(given + admissions),
                        where=baseline.expected > 0)  # fmt: skip
    kinds, of = np.unique(baseline.kind_rate, return_inverse=True)
    by_kind = [np.bincount(of, counted, len(kinds)) for counted in (admissions, baseline.admissions)]
    return replace(
        baseline,
        shape=given + weighed * admissions,
        kind_rate=baseline.kind_rate * (by_kind[0] / np.maximum(by_kind[1], 1))[of],
        admissions=np.rint(admissions).astype(np.int64),
        last_year_rate=last_year_rate(shown),
        digest=shown.digest,
    )
