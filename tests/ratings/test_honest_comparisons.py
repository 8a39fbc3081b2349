"""Estimates rest on enough homes, agree with their intervals, follow both groups from one day, and share their luck."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.inference.expected_counts import Assumed, compared
from analysis.ratings.landmark import FALLEN, FIRST, NOT_FALLEN, before, followed, landmarks
from analysis.ratings.luck import luck
from analysis.ratings.multi_state.fit import fit_followed, fit_moves
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.programme import beside_others
from analysis.ratings.records import Records
from analysis.ratings.strata import EARLIER_WORTH, FEWEST_COMPARED, worth
from analysis.results import MONTHS_SAVED, RATIO_DOWN, RATIO_UP
from analysis.simulate.moves import MovesSpec, simulate_moves
from analysis.simulate.renewal import simulate_spells
from analysis.sources.published_ratings import published_next_ratings
from tests.costs import draws, in_the_proof

START, UNTIL = pd.Timestamp("2018-04-01"), np.datetime64("2022-01-01")


EXHAUSTED = [(m, shared) for shared in (0.0, 0.3) for m in ([3], [16], [12, 4], [5, 9, 2])]
LONG = [case for case in EXHAUSTED if len(case[0]) > 1 or case == ([16], 0.3)]
"""Strata in which every count under shared luck takes up to a minute."""


@pytest.mark.parametrize(
    ("m", "shared"),
    [
        ([3, 2], 0.3),
        *(in_the_proof(*case, name=str(case)) if case in LONG else case for case in EXHAUSTED),
    ],
)
def test_no_estimate_lies_outside_its_interval(m, shared):
    """As few as a quarter of one re-rating, none, some or all of them better: 56 of 660 such estimates once did."""
    units = np.array(m)
    for others, share in product((0.25, 0.5, 1, 2, 5, 20), (0.0, 0.3, 1.0)):
        n = np.full(len(m), float(others))
        centre = np.full(len(m), share if 0 < share < 1 else 0.5)
        for observed in range(units.sum() + 1):
            found = compared(units, observed, share * n, n, Assumed(centre=centre, luck=shared))
            assert found.low - 1e-6 <= observed <= found.high + 1e-6


def test_shared_luck_widens_an_interval_on_both_sides():
    m, k, n = np.array([16]), np.array([60.0]), np.array([100.0])
    apart, together = (compared(m, 9, k, n, Assumed(luck=sd)) for sd in (0.0, 0.6))
    assert together.low < apart.low
    assert together.high > apart.high
    assert compared(m, 9, k, n, Assumed(luck=1e-6)).low == pytest.approx(apart.low, abs=1e-4)


def county(seed, homes=160, **options):
    spells = simulate_spells(np.random.default_rng(seed), homes, until=UNTIL, **options)
    about = pd.DataFrame({"home_type": "residential", "provider_id": [f"p{h}" for h in range(homes)],
                          "area_name": "One"}, index=range(homes))  # fmt: skip
    low = spells.loc[(spells["start"] <= START) & (spells["end"] > START) & (spells["rating"] < "Good"), "home"]
    return spells, about, low.to_numpy()


def test_earlier_ratings_stand_beside_few_others_and_are_those_of_all_homes():
    spells, about, low = county(3)
    found = beside_others(spells, about, pd.Series(START, low[:-6]))
    strata = found.strata
    few = strata["others"] * strata["weight"] < np.maximum(20, strata["supported"])
    assert (strata.loc[few, "counted"] >= strata.loc[few, "others"] * strata.loc[few, "weight"]).all()
    assert (strata["counted"] <= strata["others"] + EARLIER_WORTH).all()
    row = strata.loc[strata["earlier"].idxmax()]
    day = START - pd.DateOffset(years=2)
    code = spells["rating"].cat.codes
    side = np.select([spells["home"].ne(spells["home"].shift()), code < code.shift()],
                     ["first rating seen", "fallen"], "not fallen")  # fmt: skip
    own = (spells["rating"] == row["from_rating"]) & (spells["ended"] == "rated") & (spells["end"] < START)
    own &= (side == row["before"]) | (row["before"] == "any")
    stood = [(spells["start"] <= day - pd.DateOffset(years=y)) & (spells["end"] > day - pd.DateOffset(years=y))
             for y in range(3)]  # fmt: skip
    assert row["earlier"] == (own & np.logical_or.reduce(stood) & (spells["days"] >= 60)).sum()


def test_what_the_others_count_for_is_told_in_homes_of_one_stratum():
    strata = pd.DataFrame({"supported": [10, 5], "counted": [17.0, 114.0]})
    assert worth(strata) == pytest.approx(15**2 / (100 / 17 + 25 / 114))
    assert worth(strata.iloc[:1]) == pytest.approx(17)
    assert FEWEST_COMPARED > 1


def test_luck_is_found_and_cancels_between_groups_that_share_it():
    rng, providers, each = np.random.default_rng(1), 300, 6
    provider = np.repeat(np.arange(providers), each)
    odds = np.exp(0.8 * rng.standard_normal(providers))[provider]
    rows = pd.DataFrame({"home": np.arange(len(provider)), "from_rating": "Requires improvement", "before": "fallen",
                         "improved": rng.random(len(provider)) < odds / (1 + odds), "year": 2018,
                         "provider_id": [f"p{p}" for p in provider], "area_name": "One"})  # fmt: skip
    half = rows["home"] % 2 == 0
    both = luck(rows, rows.loc[half], rows.loc[~half])
    assert both.provider == pytest.approx(0.8, abs=0.15)
    assert both.difference < 0.05
    first = rows["home"] < 24  # four providers, none of the others theirs
    apart = luck(rows, rows.loc[first], rows.loc[~first])
    assert apart.difference == pytest.approx(both.provider * np.sqrt(1 / 4 + 1 / 296), rel=0.02)


def recorded(seen):
    homes = np.array([f"H{k}" for k in range(len(seen.started))])
    return Records(watched=seen, homes=homes, provider=np.arange(len(homes)),
                   supported=int(np.isfinite(seen.started).sum()), unknown=0)  # fmt: skip


def test_both_groups_are_followed_from_the_day_support_began():
    seen = simulate_moves(MovesSpec(n_homes=300, supported=20, badly_rated_at=2.0), 5)
    since = followed(recorded(seen))
    watched, supported = since.records.watched, np.isfinite(since.records.watched.started)
    assert (since.since == 2.0).all()
    assert supported.sum() == 20
    assert (watched.end > 2.0).all()
    first = np.flatnonzero(np.diff(watched.home, prepend=-1))
    assert (watched.begin[first] <= 2.0).all()
    at, kind = landmarks(seen), 3 * seen.rated + before(seen)
    assert set(kind[at.others.any(axis=0)]) == set(kind[at.own])
    assert at.unmatched == 0
    assert since.weight[supported].tolist() == [1.0] * 20
    at_start = watched.rated[first]
    mixed = [np.average(at_start[part] == 0, weights=since.weight[part]) for part in (supported, ~supported)]
    assert mixed[0] == pytest.approx(mixed[1], abs=0.05)


def test_a_rating_is_fallen_to_or_not_or_the_first():
    seen = simulate_moves(MovesSpec(n_homes=50, supported=5), 6)
    side = before(seen)
    for home in range(50):
        rated = seen.rated[seen.home == home]
        told = side[seen.home == home]
        right = [FIRST, *np.where(np.diff(rated) < 0, FALLEN, NOT_FALLEN)]
        assert told.tolist() == right[: len(told)]


def test_what_one_home_tells_is_never_negative_and_degrees_of_freedom_never_below_one():
    seen = simulate_moves(MovesSpec(n_homes=300, supported=20, badly_rated_at=2.0, ratio_up=1.6), 1000)
    for fit in (fit_moves(seen), fit_followed(followed(recorded(seen)))):
        by_home = fit.clusters.information
        assert np.linalg.eigvalsh(by_home).min() > -1e-8
        assert by_home.sum(axis=0) == pytest.approx(np.linalg.inv(fit.clusters.inverse), rel=1e-4, abs=1e-3)
        found = fit.uncertainty(np.eye(len(fit.theta))[fit.log_ratios[:1]])
        assert found.df[0] >= 1
        assert np.isfinite(found.std_error[0])


def test_nothing_made_from_a_ratio_that_cannot_be_told_keeps_an_interval():
    withheld = 0
    for seed in range(draws(12, 4)):
        since = followed(recorded(simulate_moves(MovesSpec(n_homes=150, supported=6, badly_rated_at=2.0), seed)))
        table = MultiState().followed(since, "").tidy().set_index("term")
        if table.loc[[RATIO_UP, RATIO_DOWN], "estimate"].isna().any():
            withheld += 1
            assert table.loc[MONTHS_SAVED, ["estimate", "conf_low", "conf_high"]].isna().all()
    assert withheld


def test_published_shares_are_those_of_their_counts_and_of_the_corrected_count():
    rows = published_next_ratings()
    counted = rows.dropna(subset=["count", "of"])
    assert (100 * counted["count"] / counted["of"]).round().tolist() == counted["percent"].tolist()
    other = rows.loc[rows["homes"].str.startswith("Other services")].set_index(["from_rating", "moved"])
    assert other["percent"].to_dict() == {
        ("Inadequate", "better"): 74.1, ("Requires improvement", "better"): 58.2, ("Good", "worse"): 23.2,
        ("Below Good", "better"): 60.0,
    }  # fmt: skip
    pooled = (599 * 74.1 + 4808 * 58.2) / 5407
    assert other.loc[("Below Good", "better"), "percent"] == pytest.approx(pooled, abs=0.05)
    assert other.loc[("Below Good", "better"), "of"] == 599 + 4808
