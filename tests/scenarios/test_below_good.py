"""Days below Good are what scipy's matrix exponential and homes drawn one by one give."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import expm

from analysis.baseline import baseline_of, days_in
from analysis.inspections import spells_of, stored_inspections
from analysis.inspections.watched import OPEN
from analysis.missing import Missing
from analysis.ratings.multi_state.fit import fit_moves
from analysis.ratings.multi_state.intensities import structure
from analysis.ratings.records import without_support
from analysis.scenarios import Draws, Range, Ratio, Who, project, published
from analysis.scenarios.below_good import project_ratings
from analysis.scenarios.claimed import OnRatings
from analysis.scenarios.monthly_moves import MonthlyMoves, below_good
from analysis.scenarios.ratings_at_start import (
    NO_RATING,
    NOT_LOADED,
    RatingsAtStart,
    at_the_start,
    intensity_draws,
    ratings_at_start,
)
from analysis.simulate.moves import MovesSpec, simulate_moves
from tests.scenarios.conftest import months, offer, scenario

LAYOUT = structure(4, [])
UP, DOWN, LEAVE = (1.6, 0.75, 0.05), (0.15, 0.14, 0.2), (0.25, 0.06, 0.03, 0.03)
SURE = OnRatings(better=Ratio(1.6, 1.6, 1.6), worse=Ratio(0.7, 0.7, 0.7), source="stated")


def generator(up, down, leave):
    """Q over the four ratings and having left, (5, 5)."""
    Q = np.zeros((5, 5))
    Q[[0, 1, 2], [1, 2, 3]], Q[[1, 2, 3], [0, 1, 2]], Q[:4, 4] = up, down, leave
    return Q - np.diag(Q.sum(1))


def by_hand(first, courses):
    """Days below Good in each month, and from each first state, by exponentials of the generator beside the reward."""
    found, v, total = [], first, np.zeros(4)
    steps = []
    for Q, days in courses:
        A = np.zeros((6, 6))
        A[:5, :5], A[:2, 5] = Q, 1.0  # the last column gathers the time below Good
        E = expm(A / 12)
        steps.append((E[:4, :4], E[:4, 5] * 12 * days))
    for P, a in steps:
        found.append(v @ a)
        v = v @ P
    for P, a in reversed(steps):
        total = a + P @ total
    return np.array(found), total


def test_every_month_is_scipy_s_exponential_slow_and_fast():
    rng, ahead = np.random.default_rng(3), months("2024-02", 14)
    rates = np.exp(rng.normal([[-1.0]] * 10, [0.3, 1.0, 2.0, 0.1], (10, 4))).reshape(10, 2, 2)
    rates = np.minimum(rates, 4.0)  # so that with its ratio none is above the cap of 12 a year
    rates[LAYOUT.exit] *= 0.1
    ratios, stage = rng.normal(0, 0.4, (2, 3, 2, 2)), np.repeat([0, 1, 2], [3, 4, 7])
    start = rng.dirichlet(np.ones(4), (2, 2)).transpose(2, 0, 1)
    month, from_state = below_good(
        MonthlyMoves(logs=np.log(rates), layout=LAYOUT, ratios=ratios, stage=stage), ahead, start
    )
    for b, d in np.ndindex(2, 2):
        q = rates[:, b, d]
        courses = []
        for t, days in enumerate(days_in(ahead)):
            up, down = np.exp(ratios[b, stage[t], :, d])
            courses.append((generator(q[LAYOUT.up] * up, q[LAYOUT.down] * down, q[LAYOUT.exit]), days))
        expected, total = by_hand(start[:, b, d], courses)
        np.testing.assert_allclose(month[:, b, d], expected, rtol=1e-7)
        np.testing.assert_allclose(from_state[:, b, d], total, rtol=1e-7)


def known(baseline, n, state=1):
    """Every home got the same rating on the first day; how homes move is known."""
    logs = np.log(np.concatenate([UP, DOWN, LEAVE]))
    return RatingsAtStart(
        cell=np.zeros(len(baseline.units), int), start=np.eye(4)[None, state][:, :, None].repeat(n, axis=2),
        kind=np.zeros(1, int), logs=np.repeat(logs[None, :, None], n, axis=2), layout=LAYOUT, basis="",
    )  # fmt: skip


def one_by_one(rng, ahead, share, homes):
    """Days below Good of homes that require improvement, each drawn event by event with rates as they are that day."""
    ends = np.cumsum(np.full(len(ahead), 1 / 12))
    bound = 2 * (max(UP) * 1.6 + max(DOWN) + max(LEAVE))
    now, state, spent = np.zeros(homes), np.ones(homes, int), np.zeros(homes)
    up, down, leave = np.array([*UP, 0]), np.array([0, *DOWN]), np.array(LEAVE)
    days = np.r_[0, np.cumsum(days_in(ahead))]
    while (active := np.flatnonzero((now < ends[-1]) & (state >= 0))).size:
        then = np.minimum(now[active] + rng.exponential(1 / bound, active.size), ends[-1])
        low = state[active] < 2
        at_day = np.interp(np.stack([now[active], then]), np.r_[0, ends], days)
        spent[active] += np.where(low, at_day[1] - at_day[0], 0.0)
        s = share[np.minimum((then * 12).astype(int), len(ahead) - 1)]
        rates = np.stack([up[state[active]] * 1.6**s, down[state[active]] * 0.7**s, leave[state[active]]])
        pick = rng.random(active.size) * bound
        edges = np.cumsum(rates, axis=0)
        state[active] += (pick < edges[0]).astype(int) - ((pick >= edges[0]) & (pick < edges[1]))
        state[active[(pick >= edges[1]) & (pick < edges[2])]] = -1
        now[active] = then
    return spent


def test_it_is_what_homes_drawn_one_by_one_spend_below_good(county_baseline, levels):
    given = offer(ratings=SURE, ramp_months=6)
    tried = scenario(given, months=24)
    found = project(county_baseline, tried, levels=levels)
    days = project_ratings(known(county_baseline, 1000), county_baseline, found).days
    rng, n = np.random.default_rng(11), 60_000
    for share, mine in ((np.zeros(24), days.without), (given.share(found.months), days.without - days.averted)):
        drawn = one_by_one(rng, found.months, share, n)
        told = mine.sum(0).mean() / found.offered.homes
        assert told == pytest.approx(drawn.mean(), abs=4 * drawn.std() / np.sqrt(n))
    assert days.averted.sum(0).std() == pytest.approx(0, abs=1e-9)


def test_no_effect_is_no_difference(county_baseline, levels):
    where = known(county_baseline, 1000)
    for given in (offer(), offer(ratings=SURE, fidelity=Range(0, 0)), offer(ratings=SURE, uptake=Range(0, 0))):
        found = project_ratings(where, county_baseline, project(county_baseline, scenario(given), levels=levels))
        np.testing.assert_allclose(found.days.averted, 0, atol=1e-9)
        assert found.days.claimed == given.ratings.claimed
    assert found.days.without.min() > 0


def test_homes_add_up_and_uptake_is_its_share(county_baseline, levels):
    half = offer(ratings=SURE, uptake=Range(0.5, 0.5))
    two = offer(name="two", ratings=OnRatings(better=Ratio(1.2, 1.1, 1.3), source="stated"))
    where = known(county_baseline, 1000)
    alone, all_of_it, both = (
        project_ratings(where, county_baseline, project(county_baseline, scenario(*given), levels=levels))
        for given in ((half,), (offer(ratings=SURE),), (half, two))
    )
    np.testing.assert_allclose(alone.days.averted, all_of_it.days.averted / 2, rtol=1e-9)
    drawn = project(county_baseline, scenario(half), levels=levels).offered.chance
    for each in (alone, both):
        assert each.home_without @ drawn == pytest.approx(each.days.without.sum(0).mean())
        assert each.home_averted @ drawn == pytest.approx(each.days.averted.sum(0).mean())
    assert both.days.averted.sum() > alone.days.averted.sum()


@pytest.fixture(scope="module")
def sample(sample_store, sample_past):
    panel, spells, without = sample_past
    started = spells.groupby("location_id")["started"].min()
    return stored_inspections(sample_store), started, baseline_of(panel, without)


def test_where_homes_of_the_sample_stand_is_scipy_s_exponential(sample):
    inspections, started, baseline = sample
    found = ratings_at_start(inspections, started, baseline, Draws(n=40))
    first = pd.Timestamp(str(baseline.calendar.last + 1))
    rated = inspections.rated()
    rated = rated[rated["date"] <= first].groupby("home").tail(1).set_index("home")
    for row in (0, 7, 50, 99):
        last = rated.loc[baseline.units.index[row]]
        months_ago = round((first - last["date"]).days / 365.25 * 12)
        cell = found.cell[row]
        for d in (0, 39):
            q = np.exp(found.logs[found.kind[cell], :, d])
            P = expm(generator(q[LAYOUT.up], q[LAYOUT.down], q[LAYOUT.exit]) * months_ago / 12)[:4, :4]
            at = P[["Inadequate", "Requires improvement", "Good", "Outstanding"].index(last["rating"])]
            np.testing.assert_allclose(found.start[cell, :, d], at / at.sum(), rtol=1e-6, atol=1e-12)
    assert (found.cell != NO_RATING).sum() == baseline.units.index.isin(rated.index).sum()


def test_a_supported_home_is_watched_until_its_start(sample):
    inspections, started, _ = sample
    found = without_support(inspections, spells_of(inspections), started)
    seen = found.watched
    begin = pd.Timestamp("2000-01-01") + pd.to_timedelta(seen.begin * 365.25, "D")
    end = pd.Timestamp("2000-01-01") + pd.to_timedelta(seen.end * 365.25, "D")
    day = started.reindex(found.homes[seen.home]).to_numpy()
    late = ~np.isnat(day)
    assert (begin[late] < day[late]).all()
    assert (end[late] <= day[late] + np.timedelta64(1, "D")).all()
    assert (seen.became[late & (np.abs(end - day) < pd.Timedelta(hours=1))] == OPEN).all()
    assert not np.isfinite(seen.started).any()


def test_homes_without_a_rating_are_said_to_be_missing(sample, sample_store):
    inspections, started, baseline = sample
    nobody = dataclasses.replace(inspections, frame=inspections.frame.iloc[:0])
    assert ratings_at_start(nobody, started, baseline, Draws(n=4)) == Missing(NOT_LOADED)
    few = dataclasses.replace(
        inspections, frame=inspections.frame[~inspections.frame["home"].isin(baseline.units.index[:20])]
    )
    tried = project(baseline, scenario(offer(ratings=SURE, who=Who(most=30, order="most admissions expected"))))
    found = project_ratings(ratings_at_start(few, started, baseline, Draws()), baseline, tried)
    missing = int((tried.rows < 20).sum())
    assert found.days.counted == f"{30 - missing} of 30 homes, those rated"
    assert np.isnan(found.home_without).sum() == missing
    listed = published.homes(tried, baseline, found)
    assert listed["below_good"].isna().sum() == missing
    kept = listed.dropna(subset="below_good")
    assert kept["below_good"].sum() == pytest.approx(found.days.without.sum(0).mean(), abs=len(kept) / 2)


@pytest.mark.bench
def test_the_interval_holds_the_days_of_the_true_intensities():
    """150 counties of 300 homes whose quality and inspections are simulated: 96% on the day this was written."""
    spec, ahead, held = MovesSpec(n_homes=300, supported=0, nursing_share=0.0, years=6.0), months("2024-01", 36), 0
    true = np.log(np.concatenate([spec.up, spec.down, spec.leave]))[None, :, None]
    for seed in range(150):
        seen = simulate_moves(spec, seed)
        fit, still = fit_moves(seen), seen.became == OPEN
        ago = np.rint(12 * (seen.end - seen.begin)[still])
        keys, n = np.unique(np.column_stack([0 * ago, seen.rated[still], ago]).astype(int), axis=0, return_counts=True)
        plain = np.eye(1, fit.seen.intervals.z.shape[1])
        found = [
            below_good(
                MonthlyMoves(logs=logs[0][:, None], layout=layout, ratios=np.zeros((1, 1, 2, logs.shape[2])),
                       stage=np.zeros(36, int)),
                ahead, np.tensordot(n, at_the_start(keys, logs, layout), 1)[:, None],
            )[0].sum((0, 1))
            for logs, layout in (
                (true, LAYOUT), (intensity_draws(fit, plain, Draws(n=400, seed=seed)), fit.seen.layout)
            )
        ]  # fmt: skip
        low, high = np.quantile(found[1], [0.025, 0.975])
        held += low <= found[0][0] <= high
    assert 0.90 <= held / 150 <= 0.99
