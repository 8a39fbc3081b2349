"""What is said of networks, early warnings, and what a worklist hands on, tells of homes their bands and no more.

As in `test_plans_of_twins`: two stores whose counts differ in most months, each home's cumulative count in the same
band at the end of every month, are told the same, to the byte; a third, in other bands, is not.
"""

from dataclasses import replace

import numpy as np
import pytest

from analysis import sources, written
from analysis.figures import home as of_home
from analysis.figures import of_homes
from analysis.figures import warning as of_warnings
from analysis.figures.figure import Source
from analysis.journal import interventions_of
from analysis.monitoring.criteria import MoreAdmissions
from analysis.plans.homes import HomePlan, look_at, stored_homes
from analysis.plans.month_by_month import known_of
from analysis.plans.networks import InNetwork, NetworksPlan
from analysis.plans.warnings import WarningPlan, features_of, happened_of, warn
from analysis.plans.worklists import WorklistPlan, decided, worklist
from analysis.store import Store
from tests.disclosure.test_plans_of_twins import counts, twin
from tests.disclosure.test_refreshes import file_of, starts_of

HOMES, STARTS = 24, ["2024-07-01"] * 3 + ["2024-10-01"] * 3
RATED = "location_id,published,rating\n" + "".join(
    f"1-{100 + i},{year}-0{1 + i % 9}-11,{'Requires improvement' if (i + year) % 3 else 'Good'}\n"
    for i in range(HOMES)
    for year in range(2021, 2026)
)
NOBODY = Source(origin="")


@pytest.fixture(scope="module")
def known():
    """Homes as they are known from counts, from others in the same bands, and from counts in other bands."""
    given, found = counts(), []
    for one in (given, twin(given, 4), given + (given > 2)):
        store = Store.in_memory()
        for name, text in (("counts.csv", file_of(one)), ("starts.csv", starts_of(STARTS)), ("r.csv", RATED.encode())):
            store.load(sources.read(name, text))
        homes = stored_homes(store)
        found.append((homes, known_of(homes)))
    assert (twin(given, 4) != given).mean() > 0.5
    return found


def told(figures):
    for figure in figures:
        yield figure.title, figure.headline, figure.sentence, figure.notes, figure.warning
        yield [table.csv(NOBODY) for table in figure.tables], figure.chart and figure.chart.to_json()


def test_what_is_shown_of_one_home(known):
    plan = HomePlan(home="1-100", last=48)
    given, same, other = ([*told(of_home.figures(look_at(plan, homes), NOBODY))] for homes, _ in known)
    assert given == same != other


@pytest.mark.bench
def test_what_leads_are_told_of_networks(known):
    plan = NetworksPlan(homes=tuple(
        InNetwork(home=f"1-{100 + i}", network="North" if i % 2 else "South", lead=1 + i % 3) for i in range(HOMES)
    ))  # fmt: skip
    given, same, other = ([*told(of_homes.figures(plan, homes, NOBODY))] for homes, _ in known)
    assert given == same != other
    assert any("networks_apart" in str(each) or "Do networks differ?" in str(each) for each in given)


@pytest.mark.bench
def test_what_an_early_warning_knows_and_what_it_says_happened(known):
    plans = [WarningPlan(event=event, ahead=ahead) for event in ("rating", "rise", "leaving") for ahead in (6, 12)]
    given, same, other = (
        [features_of(months, homes), *(part for plan in plans for part in happened_of(plan, months, homes))]
        for homes, months in known
    )
    for one, twin_of_it in zip(given, same, strict=True):
        np.testing.assert_array_equal(one, twin_of_it)
    assert not np.array_equal(given[0], other[0], equal_nan=True)


def test_what_an_early_warning_says(known, monkeypatch):
    monkeypatch.setattr("analysis.monitoring.warning.FEWEST_EVENTS", 1)  # so that what is judged is told of so few
    given, same, other = (
        [*told(of_warnings.figures(warn(WarningPlan(ahead=6), months, homes), NOBODY))] for homes, months in known
    )
    assert given == same != other


def test_what_a_worklist_hands_on(known):
    plan = WorklistPlan(entry=(MoreAdmissions(times=1.2),), goals=(MoreAdmissions(times=1.1),), after=6, new_a_month=9)
    handed = []
    for homes, months in known:
        found = worklist(plan, months, homes)
        said = [
            decided(row, plan, written.digest(plan), found.month, day="2026-01-05", decision="start", by="L", why="W")
            for row in found.rows.to_dict("records")
        ]
        again = worklist(replace(plan, capacity=3), months, homes, said)
        handed.append((interventions_of(said).to_csv(), found.rows.to_csv(), again.rows.to_csv()))
    given, same, other = handed
    assert given == same != other
    assert "1-1" in given[0] and not {"observed", "events", "count"} & set(given[1].splitlines()[0].split(","))
