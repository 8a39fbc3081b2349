"""Counts of new residents beside the bands of their homes give no small count away (attack: integer programmes).

Admissions of new residents of supported homes are part of the admissions of these homes. The attacker has the bands of
every home; knows every resident-day of either side; and has the answer about residents after every refresh, each of
which follows them further: their admissions to the nearest 5, and the rate ratio to the digits of its error. Unknown
are, by home and month, the admissions of new residents and of the others; and, by month, those of residents elsewhere.
As it was, the answer could also be had of any quarters, and its ratio was that of the exact counts.
"""

from dataclasses import dataclass
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.checks.residents_unmatched import residents_unmatched
from analysis.disclosure import BEHIND, HES
from analysis.disclosure.estimates import decimals_of, rounded_ratio, significant
from analysis.residents.kept_back import FEWEST_HOMES
from tests.costs import draws
from tests.disclosure.attack import Known, could_be, told_to

PANELS, UNRULED = draws(200), draws(24)
T, START = 16, 4
NEW, REST, ELSEWHERE = range(3)


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """Admissions (3, homes, T) of new residents, of the rest, and of residents elsewhere (in the first row); days."""

    counts: np.ndarray
    days: np.ndarray

    def cells(self, who, months, home=None):
        held = np.zeros(self.counts.shape, bool)
        homes = slice(None) if home is None else home
        held[who, homes, months] = True
        return held


def draw(rng, homes):
    counts = np.zeros((3, homes, T), int)
    counts[NEW, :, START:] = rng.poisson(rng.uniform(0.3, 3, (homes, 1)), (homes, T - START))
    counts[REST] = rng.poisson(rng.uniform(0.5, 4, (homes, 1)), (homes, T))
    counts[ELSEWHERE, 0, START:] = rng.poisson(rng.uniform(3, 9), T - START)
    return World(counts=counts, days=rng.uniform(2e3, 6e3, (2, T)))


def bands(world):
    """What the bands of each home say, forwards and backwards from its start."""
    for home in range(world.counts.shape[1]):
        for month in range(T):
            span = slice(START, month + 1) if month >= START else slice(month, START)
            cells = world.cells(NEW, span, home) | world.cells(REST, span, home)
            low = BEHIND.base * (int(world.counts[cells].sum()) // BEHIND.base)
            yield cells.astype(float), low, low + BEHIND.base - 1


def residents(world, spans, *, exact_ratio):
    """What answers about residents say, of each span of months."""
    for first, last in spans:
        months = slice(first, last + 1)
        sides = [world.cells(who, months) for who in (NEW, ELSEWHERE)]
        events = [int(world.counts[cells].sum()) for cells in sides]
        for cells, count in zip(sides, events, strict=True):
            yield cells.astype(float), *could_be_told(count)
        if exact_ratio and min(events) > BEHIND.hidden_to:
            days = world.days[:, months].sum(axis=1)
            ratio, half = told_ratio(events, days)
            for sign in (1, -1):  # ratio - half <= (new / days) / (elsewhere / days) <= ratio + half
                a_count = (ratio + sign * half) * days[0] / days[1]
                yield sign * (a_count * sides[1] - sides[0]), 0.0, np.inf


def could_be_told(count):
    if count <= HES.hidden_to:
        return (0, 0) if count == 0 else (1, HES.hidden_to)
    middle = HES.base * ((count + HES.base // 2) // HES.base)
    return middle - 2, middle + 2


def told_ratio(events, days):
    """Give the ratio as it is told of exact counts, and half of its last digit."""
    ratio = events[0] / days[0] / (events[1] / days[1])
    error = float(np.sqrt(sum(1 / one for one in events)))
    row = {"estimate": ratio, "std_error": ratio * error, "p_value": 0.5, "statistic": 0.0,
           "conf_low": ratio * np.exp(-2 * error), "conf_high": ratio * np.exp(2 * error)}  # fmt: skip
    told = rounded_ratio(row)["estimate"]
    return told, 0.5 * 10.0 ** -decimals_of(ratio * significant(error)) + 1e-9


REFRESHED = [(START, last) for last in range(START, T)]
EVERY = [*combinations(range(START, T), 2)] + [(month, month) for month in range(START, T)]


def small_counts(world, rng, most):
    """Pick counts of 1 to 7 of a month or a quarter: of new residents of all homes or one, of the rest, of a home."""
    spans = [slice(t, t + n) for n in (1, 3) for t in range(START, T, n)]
    found = [world.cells(NEW, span) for span in spans]
    for home in range(world.counts.shape[1]):
        own = [(world.cells(NEW, span, home), world.cells(REST, span, home)) for span in spans]
        found += [cells for new, rest in own for cells in (new, rest, new | rest)]
    small = [cells for cells in found if 0 < world.counts[cells].sum() <= HES.hidden_to]
    return [small[k] for k in rng.permutation(len(small))[:most]]


def widths(panels, homes, spans, *, exact_ratio, most=2):
    rng, found = np.random.default_rng(20261128), []
    for _ in range(panels):
        world = draw(rng, homes)
        said = residents(world, spans, exact_ratio=exact_ratio)
        cells, low, high = zip(*bands(world), *said, strict=True)
        known = Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))
        for asked in small_counts(world, rng, most):
            least, largest = could_be(known, asked)
            assert least <= world.counts[asked].sum() <= largest
            found.append(largest - least + 1)
    return np.array(found)


def test_no_small_count_of_200_panels_is_known_from_answers_about_residents_after_every_refresh(record_property):
    found = told_to(record_property, widths(PANELS, FEWEST_HOMES, REFRESHED, exact_ratio=False))
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_as_it_was_one_home_asked_of_any_months_gave_small_counts_away_exactly(record_property):
    assert (
        told_to(
            record_property,
            widths(UNRULED, 1, EVERY, exact_ratio=True),
            "one home, any months, a ratio of exact counts",
        )
        == 1
    ).any()


@pytest.mark.bench
@pytest.mark.parametrize(
    ("off", "homes", "spans", "exact_ratio"),
    [
        ("one home alone", 1, REFRESHED, False),
        ("any months", FEWEST_HOMES, EVERY, False),
        ("a ratio of exact counts", FEWEST_HOMES, REFRESHED, True),
    ],
)
def test_each_part_of_the_rule_is_needed(record_property, off, homes, spans, exact_ratio):
    found = told_to(record_property, widths(PANELS, homes, spans, exact_ratio=exact_ratio, most=3), off)
    assert found.min() < BEHIND.base


@pytest.mark.parametrize(("people", "of", "told"), [(1, 30, False), (7, 300, False), (8, 30, True), (0, 30, True)])
def test_a_part_of_few_residents_is_not_told(people, of, told):
    cohort = SimpleNamespace(came=(of, of), residents=pd.DataFrame({"supported": [True] * (of - people)}))
    effects = SimpleNamespace(summary={})
    check = residents_unmatched(SimpleNamespace(design=cohort, effects=effects))  # type: ignore[arg-type]
    assert np.isfinite(check.table["part_left_out"].iloc[0]) == told
    assert ("%" in check.reading) == (told and people > 0)
