"""What comes later than admissions gives no count away: bed-days, beds, months, starts, registrations (an attack).

Whatever decides which months of a home take part, or which counts are added up, may come after its admissions, or be
asked for in two ways by two protocols. Bands counted anew of what takes part then show where two roundings turn, and
integer programmes know counts of 1 to 7. Counted of all that the store holds, registration by registration, they stay;
and that nothing else is let out is shown with twins, at every stage of a store that grows.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import BEHIND, HES
from analysis.evaluation import evaluate, material
from analysis.outcomes import EMERGENCIES
from analysis.panel import beds_for_days
from analysis.panel.doubtful import FACT
from analysis.protocol import Protocol
from analysis.store import Store
from tests.costs import draws, in_the_proof
from tests.disclosure.attack import Known, could_be, draw, small_counts, told_to
from tests.disclosure.test_refreshes import a_day_later
from tests.disclosure.test_twins import at_the_edge, written
from tests.store.readings import frame, reading

PANELS = draws(200)


def in_bands(programme, there):
    """What bands counted of the months that take part (n, T) say."""
    n, T = programme.counts.shape
    for home in range(n):
        start = programme.start[home]
        for month in np.flatnonzero(there[home]):
            cells = np.zeros((n, T), bool)
            span = slice(start, month + 1) if month >= start else slice(month, start)
            cells[home, span] = there[home, span]
            low = BEHIND.base * (int(programme.counts[cells].sum()) // BEHIND.base)
            yield cells, low, low + BEHIND.base - 1


def let_out(programme, rng, *, with_rule):
    """Everything of a store whose bed-days come in four files, the last of which brings the rest."""
    n, T = programme.counts.shape
    there, found = np.zeros((n, T), bool), []
    for last in (False, False, False, True):
        there = there | (rng.random((n, T)) < 0.5) | last
        found += [] if with_rule and not last else in_bands(programme, there)
    cells, low, high = zip(*found, strict=True)
    return Known(cells=np.array(cells), low=np.array(low, float), high=np.array(high, float))


def widths(panels, *, with_rule):
    rng, found = np.random.default_rng(20261127), []
    for _ in range(panels):
        programme = draw(rng)
        known = let_out(programme, rng, with_rule=with_rule)
        for cells in small_counts(programme, rng, 2):
            low, high = could_be(known, cells)
            assert low <= programme.counts[cells].sum() <= high
            found.append(high - low + 1)
    return np.array(found)


def test_no_small_count_of_200_panels_is_known_where_bed_days_came_after_admissions(record_property):
    found = told_to(record_property, widths(PANELS, with_rule=True))
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_bands_of_the_months_that_have_bed_days_give_small_counts_away(record_property):
    found = told_to(record_property, widths(40, with_rule=False), "counted anew of the months with bed-days")
    assert (found == 1).any()
    assert (found < BEHIND.base).mean() > 0.2


# The store lets out no more than that: a store grows by stages, in each of which twins are told alike.

HOMES, MONTHS = 12, 30
MONTH = pd.date_range("2022-01-01", periods=MONTHS, freq="MS")
ID = [f"1-{100 + i}" for i in range(HOMES)]
OLD, NEW = 4, 5
"""Two registrations of which a later file says that they are one home."""
FIRST, LAST = 6, 24
"""The months of the first file of counts."""
START = {0: 16, 1: 16, 2: 19, 3: 2}
"""Months of the first starts; the last lies before the first month held at first."""
BED_DAYS_LATER = "bed-days later"
PROTOCOL = Protocol.read('[intervention]\nname = "ward round"\n[model]\npermutations = 49\n')


def table(name, values, months, homes, **more):
    rows = ({"location_id": ID[i], "month": MONTH[t], **values(i, t), **more} for i in homes for t in months)
    return frame(name, *rows)


def counted(counts, months, homes=range(HOMES)):
    return {"admission_counts": table(
        "admission_counts", lambda i, t: {"admissions": counts[i, t], "avoidable": 0}, months,
        [i for i in homes if counts[i, list(months)].any()],
    )}  # fmt: skip


def stays(months, homes=range(HOMES)):
    return {
        "occupancy": table(
            "occupancy", lambda i, t: {"bed_days": 900 + 7 * i + t}, months, homes, basis="resident days"
        )
    }


def begun(starts):
    rows = ({"location_id": ID[i], "intervention": "ward round", "started": MONTH[t]} for i, t in starts.items())
    return {"interventions": frame("interventions", *rows)}


def stages(counts, *, starts=True):
    """What is loaded, file after file; the store is opened after the first stage."""
    held = range(FIRST, LAST)
    beds = {"locations": frame("locations", *({"location_id": one, "beds": 35, "nursing": True} for one in ID))}
    link = {"location_id": ID[NEW], "related_id": ID[OLD], "kind": "predecessor", "reason": "New Provider"}
    yield (
        "opened",
        [counted(counts, held), stays(held[::2]), stays(held[1::2], range(0, HOMES, 2))] + [begun(START)] * starts,
    )
    yield BED_DAYS_LATER, [stays(held[1::2], range(1, HOMES, 2))]
    yield "beds", [beds]
    yield "earlier and later months", [counted(counts, [*range(FIRST), *range(LAST, MONTHS)]), stays(range(MONTHS))]
    yield "registrations", [{"links": frame("links", link)}]
    yield "starts", [begun({7: 20, 0: 12, **({} if starts else START)})]


def told(counts, **like):
    """Give all that is worked out from, stage by stage, and for a protocol that states an occupancy; the store."""
    store, number = Store.in_memory(), 0
    for stage, files in stages(counts, **like):
        for tables in files:
            store.load(reading(f"{(number := number + 1)}.csv", **tables))
        if stage == "opened":
            a_day_later(store)
        for occupancy in (None, 0.9):
            panel = material(store, replace(EMERGENCIES, occupancy=occupancy)).shown
            facts = panel.facts.to_csv(index=False)
            yield (
                stage,
                occupancy,
                store,
                (panel.counts.tobytes(), panel.drawn.tobytes(), panel.unseen.tobytes(), facts),
            )


def counts_and_twin(*, starts=True):
    """Counts, and the same with each registration's cumulative count in the same band, from the month it is counted."""
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.uniform(1, 6, (HOMES, 1)) * np.ones(MONTHS))
    counts[OLD, 15:], counts[NEW, :15] = 0, 0
    others = FIRST if starts else LAST  # one of them started before the first month held; or nothing was known to start
    twin = np.zeros_like(counts)
    for row in range(HOMES):
        a = max(START.get(row, others), FIRST) if starts else LAST
        twin[row, a:] = at_the_edge(counts[row, a:], 4)
        twin[row, :a] = at_the_edge(counts[row, :a][::-1], 4)[::-1]
    return counts, twin


@pytest.mark.bench
@pytest.mark.parametrize("starts", [True, in_the_proof(False, name="no starts")])
def test_twins_are_told_alike_at_every_stage_of_a_store_whatever_comes_later(starts):
    counts, twin = counts_and_twin(starts=starts)
    assert (twin != counts).mean() > 0.3
    for given, same in zip(told(counts, starts=starts), told(twin, starts=starts), strict=True):
        assert same[3] == given[3], given[:2]


@pytest.mark.bench
def test_what_is_written_of_a_store_that_grew_is_the_same_of_twins(tmp_path):
    files = []
    for name, one in zip(("given", "twin"), counts_and_twin(), strict=True):
        *_, (_, _, store, _) = told(one)
        files.append(written(evaluate(PROTOCOL, store), tmp_path / name))
    assert files[0] == files[1]
    assert b"rate_ratio" in files[0]["effects.csv"]


@pytest.mark.bench
def test_months_without_bed_days_take_no_part_and_their_admissions_are_not_told_elsewhere():
    counts, _ = counts_and_twin()
    [before, after] = [
        material(store, EMERGENCIES).shown for stage, occupancy, store, _ in told(counts)
        if occupancy is None and stage in ("opened", BED_DAYS_LATER)
    ]  # fmt: skip
    np.testing.assert_allclose(before.counts[::2], after.counts[::2])
    had = before.exposure > 0
    assert not before.counts[~had].any()
    assert np.abs(before.counts[had].sum() / counts[:, FIRST:LAST][had].sum() - 1) < 0.05


@pytest.mark.bench
def test_a_threshold_of_beds_for_bed_days_tells_nothing_of_counts():
    """A home whose rate lies near the threshold: bed-days that go up by one resident until it is noted no more."""
    told = []
    for extra in (0, 4):
        noted = []
        for residents in range(86, 96):
            counts = np.full((HOMES, MONTHS), 5)
            counts[0, 0] += extra  # of a home counted from its last month backwards, in one band with or without
            store = Store.in_memory()
            days = table("occupancy", lambda i, _, r=residents: {"bed_days": r if i == 0 else 900}, range(MONTHS),
                         range(HOMES), basis="resident days")  # fmt: skip
            store.load(reading("counts.csv", **counted(counts, range(MONTHS))))
            store.load(reading("days.csv", occupancy=days))
            panel = material(store, EMERGENCIES).shown
            noted.append(
                (FACT in set(panel.facts["fact"]), bool(beds_for_days(material(store, EMERGENCIES).observed).any()))
            )
        told.append(noted)
    shown, exact = ([[both[k] for both in one] for one in told] for k in (0, 1))
    assert shown[0] == shown[1]
    assert len({*shown[0]}) == 2
    assert exact[0] != exact[1]  # the attack works: asked of the counts themselves, the threshold lies elsewhere
