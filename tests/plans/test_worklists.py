"""Who qualifies is what the plan says of what was known at the time, and the past is told as it was."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from analysis import written
from analysis.errors import AnalysisError
from analysis.journal import Decision
from analysis.monitoring.criteria import EmptyBeds, Measures, MoreAdmissions, OldRating, RatedBelow
from analysis.monitoring.rehearsal import Courses, Terms, rehearse
from analysis.plans.month_by_month import MonthByMonth
from analysis.plans.worklists import WorklistPlan, decided, worklist, wrong_with_worklist
from analysis.simulate.texts import WORKLIST

MONTHS = np.arange("2018-01", "2024-01", dtype="datetime64[M]")


@pytest.fixture(scope="module")
def listed(homes, known):
    return worklist(WorklistPlan(), known, homes)


def test_ratings_are_those_that_had_been_published(homes, known):
    """Home by home and month by month, from the list of ratings alone."""
    rated, rng = homes.inspections.rated(), np.random.default_rng(1)
    ranks = {"Inadequate": 0, "Requires improvement": 1, "Good": 2, "Outstanding": 3}
    for row, t in zip(rng.integers(0, 160, 200), rng.integers(0, 72, 200), strict=True):
        own = rated[rated["home"] == known.homes.index[row]].sort_values("published")
        before = own[own["published"] < pd.Timestamp(MONTHS[t] + 1)]
        expected = ranks[str(before["rating"].iloc[-1])] if len(before) else -1
        assert known.measures.rank[row, t] == expected


def test_admissions_are_asked_about_by_the_sums_of_the_window(homes, known):
    shown, criterion = homes.shown, MoreAdmissions(times=1.5, months=12)
    met = criterion.met(known.measures)
    kind = shown.units["home_type"].astype(str).to_numpy()
    rates = {k: shown.counts[kind == k].sum(axis=0) / shown.exposure[kind == k].sum(axis=0) for k in set(kind)}
    row = known.homes.index.get_indexer(shown.units.index)
    for t in (11, 40, 71):
        window = slice(t - 11, t + 1)
        observed = shown.counts[:, window].sum(axis=1)
        expected = np.array([(shown.exposure[i, window] * rates[kind[i]][window]).sum() for i in range(len(kind))])
        more = (expected >= 8) & (observed >= 1.5 * expected)
        # by the Poisson law itself; what is shown is no whole number, so that the law's own steps lie around it
        surely, never = (
            poisson.sf(np.floor(observed) - 1, expected) < 0.1,
            poisson.sf(np.ceil(observed) - 1, expected) >= 0.1,
        )
        assert met[row, t][more & surely].all() and not met[row, t][~more | never].any()
        assert (more & surely).any()
    assert not met[:, :11].any()


def test_what_is_proposed_follows_the_plan(known, listed):
    rows, plan = listed.rows, listed.plan
    rank = known.measures.rank[:, -1]
    low = {*known.homes.index[(rank >= 0) & (rank < 2) & known.measures.registered[:, -1]]}
    more = {*known.homes.index[MoreAdmissions().met(known.measures)[:, -1] & known.measures.registered[:, -1]]}
    assert {*rows["location_id"]} == low | more
    assert rows["proposed"].tolist() == ["start"] * plan.new_a_month + ["wait"] * (len(rows) - plan.new_a_month)
    assert rows["met"].is_monotonic_decreasing
    assert (rows.loc[rows["reasons"].str.contains("admissions"), "chosen_from"] == "2023-01").all()


def test_a_decision_takes_a_place_and_is_proposed_to_end_when_the_time_is_over(homes, known, listed):
    row = listed.rows.iloc[0].to_dict()
    plan, digest = listed.plan, written.digest(listed.plan)
    said = {"decision": "start", "by": "A lead", "why": "both criteria"}
    began = decided(row, plan, digest, listed.month, day="2023-11-02", **said)
    assert (began.chosen_from, began.chosen_to) == (f"{row['chosen_from']}-01", "2023-12-01")
    again = worklist(plan, known, homes, [began]).rows.set_index("location_id")
    assert again.loc[row["location_id"], ["proposed", "supported_for"]].tolist() == ["go on", 1]
    no = worklist(plan, known, homes, [replace(began, decision="decline")]).rows
    assert row["location_id"] not in {*no["location_id"]} and len(no) == len(listed.rows) - 1
    long = worklist(plan, known, homes, [replace(began, day="2022-01-02")]).rows.set_index("location_id")
    assert long.loc[row["location_id"], "proposed"] == "end"
    full = worklist(replace(plan, capacity=1), known, homes, [began]).rows
    assert "start" not in {*full["proposed"]}
    ended = Decision(home=began.home, intervention=plan.intervention, decision="end", day="2023-12-01", by="x", why="y")
    assert began.home not in {
        *worklist(plan, known, homes, [began, ended]).rows.query("proposed == 'go on'")["location_id"]
    }


def world(homes: int, cv: float, seed: int) -> tuple[Measures, np.ndarray]:
    """Draw homes of 10 admissions a year that differ by a gamma, and nothing is done."""
    rng, T = np.random.default_rng(seed), len(MONTHS)
    own = rng.gamma(1 / cv**2, cv**2, (homes, 1)) if cv else np.ones((homes, 1))
    counts, days = rng.poisson(own * 10 / 12, (homes, T)), np.full((homes, T), 900.0)
    expected = days * (counts.sum(axis=0) / days.sum(axis=0))
    totals = (np.column_stack([np.zeros(homes), np.cumsum(part, axis=1)]) for part in (counts, expected, days, days))
    observed, hoped, bed_days, room = totals
    there = np.ones((homes, T), bool)
    known = Measures(months=MONTHS, rank=np.full((homes, T), 2, np.int8), rated_for=np.zeros((homes, T), np.float32),
                     observed=observed, expected=hoped, days=bed_days, room=room, registered=there)  # fmt: skip
    return known, counts


TERMS = Terms(homes=10, new_a_month=3, held=3, longest=12, window=12, after=12, seed=1)


@pytest.mark.parametrize("cv", [0.0, 0.4])
def test_regression_to_the_mean_is_what_homes_did_where_nothing_was_done(cv):
    known, counts = world(2_000, cv, 3)
    met = MoreAdmissions(times=1.5).met(known)
    goals = ~MoreAdmissions(times=1.2, months=6).met(known)
    courses = Courses(qualifies=met, goals=goals, order=np.zeros(met.shape), free=known.registered, many=met)
    found = rehearse(courses, known, TERMS)
    first = met.argmax(axis=1)
    some = met.any(axis=1) & (first + 12 < 72)
    before = np.mean([counts[i, t - 11 : t + 1].sum() for i, t in zip(np.flatnonzero(some), first[some], strict=True)])
    later = np.mean([counts[i, t + 1 : t + 13].sum() for i, t in zip(np.flatnonzero(some), first[some], strict=True)])
    assert found.chosen == some.sum()
    assert abs(found.fall - (1 - later / before)) < 0.02
    assert found.fall_low < found.fall < found.fall_high
    if not cv:  # all of it is luck
        assert abs(found.later - 1) < 0.03
    assert (found.by_month["supported"] <= 10).all()


def test_a_criterion_is_met_where_it_says():
    known, _ = world(4, 0.0, 1)
    rank = np.array([[0] * 72, [1] * 72, [2] * 72, [-1] * 72], np.int8)
    known = replace(known, rank=rank, rated_for=np.full((4, 72), 60, np.float32), room=2 * known.days)
    assert RatedBelow().met(known)[:, -1].tolist() == [True, True, False, False]
    assert OldRating(years=4).met(known)[:, -1].all()
    assert EmptyBeds(below=0.6).met(known)[:, 5].all() and not EmptyBeds(below=0.4).met(known)[:, 5].any()


def test_the_sample_s_plan_is_the_plan_as_it_is_by_itself(homes, known, listed):
    plan = written.from_text(WorklistPlan, WORKLIST, wrong=wrong_with_worklist)
    pd.testing.assert_frame_equal(worklist(plan, known, homes).rows, listed.rows)
    assert written.from_text(WorklistPlan, written.to_toml(plan)) == plan


def test_faults_of_a_plan_are_told_with_their_places():
    for change, told in (
        (("times = 1.5", "times = 0.5"), "entry"),
        (("needed = 1 ", "needed = 3 "), "3 of 2 criteria"),
    ):
        with pytest.raises(AnalysisError, match=told):
            written.from_text(WorklistPlan, WORKLIST.replace(*change), wrong=wrong_with_worklist)


def test_fifteen_thousand_homes_take_under_three_seconds(homes):
    known, _ = world(15_000, 0.4, 5)
    rng = np.random.default_rng(1)
    rank = np.repeat(rng.integers(-1, 4, (15_000, 6)), 12, axis=1).astype(np.int8)
    index = pd.Index([f"1-{i}" for i in range(15_000)], name="home")
    frame = pd.DataFrame({"name": "Home", "home_type": "residential", "beds": 40.0, "area_name": "A"}, index=index)
    many = MonthByMonth(
        homes=frame, measures=replace(known, rank=rank), started=np.full(15_000, np.datetime64("NaT", "M"))
    )
    began = time.process_time()
    found = worklist(WorklistPlan(capacity=500, new_a_month=50), many, homes)
    assert time.process_time() - began < 3
    assert len(found.rows) > 5_000
