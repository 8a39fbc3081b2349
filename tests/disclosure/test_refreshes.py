"""Refreshed data, with corrected counts and corrected starts, give no count away (attack: differences and programmes).

The attacker has every answer after each of 24 monthly refreshes, and knows which home-months a file corrected and by
how much, which is more than anybody knows. Bands that are counted anew give small counts away; bands that stay as they
were let out do not, and that the store lets out no more than those is shown with twins.
"""

from dataclasses import fields
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis import sources
from analysis.disclosure import BEHIND, HES
from analysis.evaluation import evaluate, material
from analysis.outcomes import EMERGENCIES
from analysis.plans.past import ready, stored_past
from analysis.protocol import Protocol
from analysis.questions.rates import MOVED
from analysis.store import Store
from tests.costs import draws
from tests.disclosure.attack import Known, told_to, widths
from tests.disclosure.test_twins import at_the_edge, written

PANELS, REFRESHES = draws(200), 24


def corrections(programme, rng):
    """Refresh by refresh: counts by how much they differ from those first held (n, T), and the starts (n,)."""
    n, T = programme.counts.shape
    change, start = np.zeros((n, T), int), programme.start.copy()
    for refresh in range(REFRESHES):
        if refresh and rng.random() < 0.4:
            home, month = rng.integers(n), rng.integers(min(refresh + 1, T))
            change[home, month] += 1 if programme.counts[home, month] + change[home, month] < 1 else rng.choice([-1, 1])
        if refresh and rng.random() < 0.1:
            start[rng.integers(n)] += rng.choice([-2, -1, 1, 2])
        yield refresh, change.copy(), np.clip(start, 1, T - 1)


def in_bands(programme, change, start, last):
    """What bands of corrected counts, counted from these starts, say of the counts that were held first."""
    n, T = programme.counts.shape
    for home in range(n):
        for month in range(last + 1):
            span = slice(start[home], month + 1) if month >= start[home] else slice(month, start[home])
            cells = np.zeros((n, T), bool)
            cells[home, span] = np.arange(T)[span] <= last
            known = int(change[cells].sum())
            low = BEHIND.base * ((int(programme.counts[cells].sum()) + known) // BEHIND.base)
            yield cells, low - known, low + BEHIND.base - 1 - known


def let_out(programme, rng, *, with_rule):
    """Everything after all refreshes; with the rule, the counts first held in bands from the start first known."""
    n, T = programme.counts.shape
    told = list(corrections(programme, rng))
    if with_rule:
        found = in_bands(programme, np.zeros((n, T), int), programme.start, T - 1)
    else:
        seen, parts = set(), []
        for refresh, change, start in told:
            for cells, low, high in in_bands(programme, change, start, min(refresh, T - 1)):
                if (key := (cells.tobytes(), low, high)) not in seen:
                    seen.add(key)
                    parts.append((cells, low, high))
        found = iter(parts)
    cells, low, high = zip(*found, strict=True)
    return Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))


def test_no_small_count_of_200_panels_is_known_after_24_refreshes_with_corrections(record_property):
    found = told_to(record_property, widths(PANELS, partial(let_out, with_rule=True)))
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_bands_that_are_counted_anew_after_a_correction_give_small_counts_away(record_property):
    found = told_to(
        record_property, widths(draws(40), partial(let_out, with_rule=False)), "counted anew at every correction"
    )
    assert (found == 1).any()
    assert (found < BEHIND.base).mean() > 0.2


# The store lets out no more than that.

HOMES, MONTHS, DAYS = 12, 30, 1_500
PROTOCOL = Protocol.read('[intervention]\nname = "ward round"\n[model]\npermutations = 49\n')


def file_of(counts):
    months = pd.date_range("2022-01-01", periods=counts.shape[1], freq="MS")
    rows = [f"1-{100 + i},{m:%Y-%m-%d},{counts[i, t]},{DAYS}" for i in range(len(counts)) for t, m in enumerate(months)]
    return "\n".join(["location_id,month,emergency_admissions,bed_days", *rows]).encode()


def starts_of(starts):
    rows = [f"1-{100 + i},ward round,{start}" for i, start in enumerate(starts)]
    return "\n".join(["location_id,intervention,started", *rows]).encode()


def a_day_later(store):
    with store._opened(write=True) as connection:
        connection.execute("UPDATE loads SET loaded = loaded - INTERVAL 2 DAY")


def refreshed(first, changes, *, corrected_start=True):
    """A store filled with the first 24 months, and then with files of more months and of what was corrected since."""
    store = Store.in_memory()
    store.load(sources.read("counts 24.csv", file_of(first[:, :24])))
    store.load(sources.read("starts.csv", starts_of(["2023-02-01"] * 3 + ["2023-05-01"] * 3)))
    a_day_later(store)
    now = first.copy()
    for k, change in enumerate(changes):
        now = now + change
        store.load(sources.read(f"counts {26 + 2 * k}.csv", file_of(now[:, : 26 + 2 * k])))
    if corrected_start:
        store.load(sources.read("starts again.csv", starts_of(["2022-12-01"])))
    return store


def all_that_is_let_out(store, folder):
    baseline = ready(stored_past(store)).baseline
    plan = [getattr(baseline, field.name) for field in fields(baseline) if field.name not in ("units",)]
    return written(evaluate(PROTOCOL, store), folder), [repr(part) for part in plan]


@pytest.fixture(scope="module")
def worlds():
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.uniform(2, 6, (HOMES, 1)) * np.ones(MONTHS))
    anchor = np.repeat([13, 16, 13], [3, 3, HOMES - 6])
    twin = np.zeros_like(counts)
    for row, a in enumerate(anchor):
        twin[row, a:] = at_the_edge(counts[row, a:], 4)
        twin[row, :a] = at_the_edge(counts[row, :a][::-1], 4)[::-1]
    changes = np.zeros((2, 3, HOMES, MONTHS), int)
    changes[0, 0, 0, 2], changes[0, 1, 0, 20], changes[0, 2, 5, 4] = 1, 1, 2
    changes[1, 0, 0, 9], changes[1, 1, 0, 20], changes[1, 2, 5, 17] = 2, 2, 1
    return counts, twin, changes


@pytest.fixture(scope="module")
def stores(worlds):
    """A store whose counts were never corrected, with its starts as they were (False) and corrected (True)."""
    none = np.zeros((1, *worlds[0].shape), int)
    return {corrected: refreshed(worlds[0], none, corrected_start=corrected) for corrected in (False, True)}


@pytest.mark.bench
def test_corrected_stores_whose_counts_lie_in_the_same_bands_let_out_the_same_bytes(worlds, tmp_path):
    counts, twin, changes = worlds
    given = all_that_is_let_out(refreshed(counts, changes[0]), tmp_path / "given")
    assert (twin != counts).mean() > 0.3
    assert all_that_is_let_out(refreshed(twin, changes[0]), tmp_path / "twin") == given
    assert all_that_is_let_out(refreshed(counts, changes[1]), tmp_path / "other corrections") == given


def test_a_correction_of_many_admissions_is_in_the_answer_where_it_belongs(worlds, stores):
    change = np.zeros((1, HOMES, MONTHS), int)
    change[0, :3, 14:24] = 6  # a hospital that was missing
    both = refreshed(worlds[0], change), stores[True]
    assert [len(store.let_out("revised")) for store in both] == [30, 0]
    shown, before = (stored_past(store).shown.counts for store in both)
    gained = (shown - before)[:3]
    np.testing.assert_allclose(gained.sum(axis=1), 60, atol=BEHIND.base / 2)
    assert (gained[:, :14].sum(axis=1) <= BEHIND.base).all()  # the first band of what was added


@pytest.mark.parametrize("corrected", [False, True])
def test_a_start_that_is_corrected_later_is_said_in_the_account(stores, corrected):
    facts = material(stores[corrected], EMERGENCIES).shown.facts.set_index("fact")["homes"]
    assert facts.get(MOVED, 0) == int(corrected)


def test_a_start_that_is_corrected_or_added_later_moves_nothing(stores):
    shown = [stored_past(stores[corrected]).shown for corrected in (False, True)]
    np.testing.assert_array_equal(shown[0].counts, shown[1].counts)
    np.testing.assert_array_equal(shown[0].drawn, shown[1].drawn)
