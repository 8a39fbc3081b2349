"""What of homes' baselines may be worked with where the result is handed on?

Money, and whom a budget reaches, are multiples and thresholds of counts of homes: with a price of a milliard pounds for
one admission, or asked at one price after another, they give a count away however they are rounded. So what leaves is
worked out from baselines that hold only what may be shown: residents of each home, admissions expected of it in a year
and those of last year are counts as shown, and how sure its level is has one digit.
"""

from dataclasses import replace

import numpy as np

from analysis.baseline.homes import Baseline, days_in
from analysis.disclosure import instead
from analysis.disclosure.estimates import significant

DAYS = 365.25


def baseline_as_shown(baseline: Baseline) -> Baseline:
    """Give the baseline of homes whose counts are what is shown of them; closed homes stay closed."""
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
