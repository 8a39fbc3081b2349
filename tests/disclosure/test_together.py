"""Totals of many homes beside the bands of each give no small count away (attack: integer programmes).

The attacker has the bands of every home, and every month of their cell rounded to the nearest 5; and sees them again
when a home was added, whose bed-days came late, say. Totals that are rounded anew then give counts of 1 to 7 more
closely than the rounding; totals rounded once, of homes that stay together, within what their bands leave, do not.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import BEHIND, HES
from analysis.disclosure.nested import at_most
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.in_bands import CountsInBands
from analysis.panel.together import bounds_by_bands, counts_together, totals_allowed
from tests.costs import draws
from tests.disclosure.attack import Known, Programme, could_be, small_counts, told_to

PANELS, UNRULED = draws(200), draws(24)
T = 12


def draw(rng):
    """Draw ten homes and more, large and small, that start together or not, over a year."""
    n = int(rng.integers(11, 16))
    start = np.full(n, 6) if rng.random() < 0.5 else rng.integers(2, 10, n)
    level = rng.gamma(2, rng.choice([0.4, 1.0, 2.0]), (n, 1)) + 0.1
    return Programme(counts=rng.poisson(level, size=(n, T)), start=start)


def bands(programme):
    """What the bands of each home say."""
    n = len(programme.counts)
    for home in range(n):
        for month in range(T):
            after = month >= programme.start[home]
            held = (programme.since[home] >= 0) == after
            held = held & (np.arange(T) <= month if after else np.arange(T) >= month)
            cells = np.outer(np.arange(n) == home, held)
            low = BEHIND.base * (int(programme.counts[cells].sum()) // BEHIND.base)
            yield cells, low, low + BEHIND.base - 1


def rounded_anew(programme):
    """Totals of the homes without the last, and then with it."""
    n = len(programme.counts)
    for homes in (np.arange(n) < n - 1, np.ones(n, bool)):
        for month, count in enumerate(programme.counts[homes].sum(axis=0)):
            low, high = (count, count) if count == 0 else (1, 7) if count <= HES.hidden_to else around(count)
            yield np.outer(homes, np.arange(T) == month), low, high


def rounded_once(programme):
    """Totals of the homes that came together, all but the last, as far as they are told."""
    told, homes = in_bands(programme), np.arange(len(programme.counts)) < len(programme.counts) - 1
    ends = (part[homes].sum(axis=0) for part in bounds_by_bands(told, told.whole.days > 0))
    for month, (least, most, count) in enumerate(
        zip(*totals_allowed(*ends), programme.counts[homes].sum(axis=0), strict=True)
    ):
        if least > most:
            continue
        low, high = around(count)
        low, high = (0, least - 3) if high < least else (most + 3, np.inf) if low > most else (low, high)
        yield np.outer(homes, np.arange(T) == month), low, high


def around(count):
    middle = HES.base * ((count + HES.base // 2) // HES.base)
    return middle - 2, middle + 2


def in_bands(programme):
    names = np.array([f"H{i:02d}" for i in range(len(programme.counts))])
    months, days = np.datetime64("2022-01", "M") + np.arange(T), np.full(programme.counts.shape, 900.0)
    whole = CountsByRegistration(registrations=names, homes=names, months=months, counts=programme.counts, days=days)
    held, none = BEHIND.base * at_most(programme.counts, programme.start), np.zeros((0, *days.shape), np.int64)
    return CountsInBands(whole=whole, anchor=programme.start, held=held, added=none, taken=none)


def widths(panels, totals, most=3):
    rng, found = np.random.default_rng(20261127), []
    for _ in range(panels):
        programme = draw(rng)
        cells, low, high = zip(*bands(programme), *totals(programme), strict=True)
        known = Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))
        for asked in small_counts(programme, rng, most):
            least, largest = could_be(known, asked)
            assert least <= programme.counts[asked].sum() <= largest
            found.append(largest - least + 1)
    return np.array(found)


def test_no_small_count_is_known_from_totals_of_many_homes_beside_the_bands_of_each(record_property):
    found = told_to(record_property, widths(PANELS, rounded_once))
    assert len(found) > 2 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_totals_that_are_rounded_anew_give_small_counts_away(record_property):
    assert (told_to(record_property, widths(UNRULED, rounded_anew, most=8), "totals rounded anew") < BEHIND.base).any()


def test_months_told_as_a_whole_add_up_to_the_nearest_five_and_the_rest_to_what_is_drawn():
    rng = np.random.default_rng(4)
    programme = Programme(counts=rng.poisson(3.0, (30, T)), start=np.full(30, 6))
    told, drawn = in_bands(programme), rng.poisson(2.0, (30, T))
    cells = pd.DataFrame({"location_id": told.whole.registrations, "area": "A", "home_type": "nursing", "load": 1})
    cells.loc[15:, "load"] = 2
    few = cells.assign(load=np.where(np.arange(30) < 21, 1, 2))
    found, kept = (counts_together(told, programme.counts, drawn, each) for each in (cells, few))
    for some in (slice(0, 15), slice(15, 30)):
        exact = programme.counts[some].sum(axis=0)
        np.testing.assert_allclose(found[some].sum(axis=0), HES.base * np.floor(exact / HES.base + 0.5))
    np.testing.assert_array_equal(kept[21:], drawn[21:])  # nine homes
