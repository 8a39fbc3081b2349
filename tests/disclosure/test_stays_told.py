"""Admissions, those out of hours and days in hospital, all told, give no small count away (attack: integer programmes).

The attacker has everything that is told of one home at the end of every month: the bands of its emergency admissions,
of those out of hours, told at their pace, and of the days in hospital, which go into a new band only when admissions
do. Unknown are, for each month, admissions, those out of hours, and days; days there are only where somebody was
admitted. Were days told as soon as they fill a band, a month in which admissions stay in theirs would be left with four
numbers.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.disclosure import BEHIND, HES, Rule
from analysis.disclosure.estimates import as_shown
from analysis.disclosure.nested import at_most, told_within
from analysis.panel.stays import DAYS
from analysis.panel.stays_shown import days_in_bands
from tests.costs import draws
from tests.disclosure.attack import told_to

HOMES, UNRULED = draws(200), draws(40)
T, LONGEST = 18, 60
"""Months; days of the longest stay, which the attacker knows."""


def draw(rng):
    """Draw one home: admissions, those out of hours, and days, (3, T); and when it starts."""
    every = rng.poisson(rng.uniform(0.4, 4), T)
    days = np.array([rng.poisson(rng.gamma(0.8, 10, n)).clip(0, LONGEST).sum() for n in every])
    return np.array([every, rng.binomial(every, rng.uniform(0.3, 0.8)), days]), int(rng.integers(4, 14))


def _known(home, start, *, with_rule):
    """Everything that is told, as sums of cells (3, T) with the least and the most each may be."""
    anchor = np.array([start])
    pace = at_most(home[:1], anchor)
    part = told_within(home[1:2], pace, anchor) // BEHIND.base
    whole = BEHIND.base * pace if with_rule else np.ones((1, T))
    days = days_in_bands(home[2:], whole, anchor, DAYS) // DAYS
    for month in range(T):
        months = np.arange(T)
        held = (months >= start) & (months <= month) if month >= start else (months < start) & (months >= month)
        rows = zip((pace, part, days), (BEHIND.base, BEHIND.base, DAYS), strict=True)
        for row, (told, base) in enumerate(rows):
            cells = np.zeros((3, T))
            cells[row, held] = 1
            low = base * int(told[0, held].sum())
            full = row == 0 or (part[0, month] < pace[0, month] if row == 1 else pace[0, month] > 0 or not with_rule)
            yield cells.ravel(), low, low + base - 1 if full else np.inf


def _could_be(home, start, month, *, with_rule):
    """Say how many numbers the admissions of one month could be."""
    cells, low, high = map(np.array, zip(*_known(home, start, with_rule=with_rule), strict=True))
    eye = np.eye(T)
    within = np.hstack([eye, -eye, 0 * eye]), np.hstack([LONGEST * eye, 0 * eye, -eye])
    rules = [LinearConstraint(cells, low, high), *(LinearConstraint(rows, 0, np.inf) for rows in within)]
    asked = np.zeros(3 * T)
    asked[month] = 1
    ends = [
        milp(sign * asked, constraints=rules, integrality=np.ones(3 * T), bounds=Bounds(0, np.inf)) for sign in (1, -1)
    ]
    assert all(end.status == 0 for end in ends)
    least, most = round(ends[0].fun), round(-ends[1].fun)
    assert least <= home[0, month] <= most
    return most - least + 1


def _widths(homes, *, with_rule, each=4):
    rng, found = np.random.default_rng(20261128), []
    for _ in range(homes):
        home, start = draw(rng)
        small = np.flatnonzero((home[0] > 0) & (home[0] <= HES.hidden_to))
        found += [_could_be(home, start, month, with_rule=with_rule) for month in rng.permutation(small)[:each]]
    return np.array(found)


def test_no_small_count_is_known_from_admissions_hours_and_days_together(record_property):
    found = told_to(record_property, _widths(HOMES, with_rule=True))
    assert len(found) > 3 * HOMES and found.min() >= BEHIND.base


def test_days_told_as_soon_as_they_fill_a_band_would_give_small_counts_away(record_property):
    found = told_to(record_property, _widths(UNRULED, with_rule=False), "days as soon as they fill a band")
    assert (found < BEHIND.base).any()


def test_what_is_shown_of_days_is_worked_out_from_their_bands_alone():
    rng, anchor = np.random.default_rng(5), np.array([6])
    home, _ = draw(rng)
    whole = BEHIND.base * at_most(home[:1], anchor)
    held = days_in_bands(home[2:], whole, anchor, DAYS)
    assert (held % DAYS == 0).all() and (held[whole == 0] == 0).all()
    rule, even = Rule(hidden_to=DAYS, base=DAYS), np.full((1, T), 30.0)
    again = days_in_bands(held, whole, anchor, DAYS)
    assert np.array_equal(as_shown(held, even, anchor, rule), as_shown(again, even, anchor, rule))
