"""A count and another of which it is a part, both told, give no small count away (attack: integer programmes).

Avoidable admissions are part of the emergency ones. The attacker has everything that is told of both, of every home at
the end of every month, and knows how the part is told at the pace of the whole. Unknown are, for each home and month,
the avoidable admissions and the others; their sum is the emergency ones. Told each in bands of its own, the two give
counts of 1 to 7 more closely than the rounding; told as they are, they do not.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import BEHIND, HES
from analysis.disclosure.nested import at_most, told_within
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.in_bands import counts_in_bands
from tests.costs import draws
from tests.disclosure.attack import Known, could_be, told_to

PANELS, UNRULED = draws(200), draws(40)
T = 24
MONTHS = np.datetime64("2022-01", "M") + np.arange(T)
AVOIDABLE, OTHERS = np.array([[True], [False]]), np.array([[False], [True]])


def draw(rng):
    """Draw one home: avoidable admissions and others (2, T), when it starts, and since when it is known which are."""
    level = rng.uniform(4, 20) if rng.random() < 0.3 else rng.uniform(0.3, 4)
    every = rng.poisson(level, T)
    avoidable = rng.binomial(every, rng.choice([0.15, 0.3, 0.5, 0.8, 0.95]))
    known_from = int(rng.integers(0, 20)) if rng.random() < 0.3 else 0
    return np.array([avoidable, every - avoidable]), int(rng.integers(4, 20)), known_from


def counted(start, month, first=0):
    """Months from the start to this one, or back from the month before it."""
    months = np.arange(T)
    held = (months >= start) & (months <= month) if month >= start else (months < start) & (months >= month)
    return held & (months >= first)


def told(home, start, known_from=0, *, with_rule):
    """Everything that is told of a home: of all its emergency admissions, and of the avoidable ones."""
    base, own = BEHIND.base, max(start, known_from)
    pace = at_most(home.sum(axis=0)[None], np.array([start]))
    part, anchor = home[:1, known_from:], np.array([own - known_from])
    bands = told_within(part, pace[:, known_from:], anchor) if with_rule else base * at_most(part, anchor)
    bands = np.concatenate([np.zeros(known_from, int), bands[0]])
    for month in range(T):
        held = counted(start, month)
        low = base * int(pace[0, held].sum())
        yield (AVOIDABLE | OTHERS) & held, low, low + base - 1
        if month >= known_from:
            held = counted(own, month, known_from)
            low = int(bands[held].sum())
            all_told = not with_rule or bands[month] < base * pace[0, month]  # otherwise more may be due
            yield AVOIDABLE & held, low, low + base - 1 if all_told else np.inf


def attacked(home, asked, *when, with_rule):
    """Say how many numbers a count could be."""
    cells, low, high = zip(*told(home, *when, with_rule=with_rule), strict=True)
    known = Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))
    least, largest = could_be(known, asked)
    assert least <= home[asked].sum() <= largest
    return largest - least + 1


def small_counts(home, rng, most):
    """Pick counts of 1 to 7 of a month, a quarter and since the start: of avoidable, emergency and other admissions."""
    months = np.arange(T)
    spans = [months == t for t in months] + [(months >= t) & (months < t + 3) for t in range(0, T, 3)]
    found = [who & held for who in (AVOIDABLE, OTHERS, AVOIDABLE | OTHERS) for held in spans]
    small = [cells for cells in found if 0 < home[cells].sum() <= HES.hidden_to]
    return [small[k] for k in rng.permutation(len(small))[:most]]


def widths(panels, *, with_rule, most=4):
    """Say how many numbers each small count could have been, after all that is told."""
    rng, found = np.random.default_rng(20261127), []
    for _ in range(panels):
        home, *when = draw(rng)
        found += [attacked(home, asked, *when, with_rule=with_rule) for asked in small_counts(home, rng, most)]
    return np.array(found)


def test_no_small_count_of_200_homes_is_known_from_avoidable_and_emergency_admissions_together(record_property):
    found = told_to(record_property, widths(PANELS, with_rule=True))
    assert len(found) > 3 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_each_told_in_bands_of_its_own_the_two_give_small_counts_away(record_property):
    found = told_to(record_property, widths(UNRULED, with_rule=False), "each in bands of its own")
    assert (found < BEHIND.base).any()


def test_by_hand_a_month_in_which_the_part_alone_goes_into_a_new_band():
    """Six admissions, of which four are avoidable; then one more, avoidable: of it four numbers would be left."""
    home = np.zeros((2, T), int)
    home[:, 0], home[0, 1] = (4, 2), 1
    asked = (AVOIDABLE | OTHERS) & (np.arange(T) == 1)
    assert [attacked(home, asked, 0, with_rule=with_rule) for with_rule in (False, True)] == [4, 5]


def test_nothing_is_told_to_be_gone_that_was_not_told_to_be_there():
    """Four admissions a month, of which two files take ten away, some in months of no new band."""
    held, changes = np.full((1, T), 4), np.zeros((2, 1, T), int)
    changes[0, 0, [5, 6]], changes[1, 0, [7, 9]] = -2, -3
    names = np.array(["H"])
    now = CountsByRegistration(registrations=names, homes=names, months=MONTHS, days=np.full((1, T), 900.0),
                               counts=held + changes.sum(axis=0))  # fmt: skip
    told = counts_in_bands(now, pd.DataFrame({"location_id": names, "started": MONTHS[:1].astype("M8[s]")}), [*changes])
    assert (told.held.sum(), told.taken.sum()) == (95, 10)
    assert (told.taken.sum(axis=0) <= told.held).all()
