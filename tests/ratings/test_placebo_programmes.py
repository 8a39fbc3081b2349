"""Programmes in which nothing is known to have been done, and whether more homes tell more."""

import numpy as np
import pandas as pd
import pytest

from analysis import words
from analysis.ratings.observed_expected import how_far, overall
from analysis.ratings.placebos import Placebos, _chosen, placebos
from analysis.ratings.programme import beside, beside_others, described
from analysis.results import OBSERVED_EXPECTED
from analysis.simulate.inspections import NEXT_RATING
from analysis.simulate.renewal import simulate_spells
from tests.costs import draws
from tests.ratings.test_observed_expected import RI, inspections

DAY, UNTIL = pd.Timestamp("2018-04-01"), np.datetime64("2022-01-01")


def homes_of(names, areas=("One",)):
    return pd.DataFrame({"home_type": "residential", "provider_id": [f"p{name}" for name in names],
                         "area_name": [areas[k % len(areas)] for k in range(len(names))]}, index=names)  # fmt: skip


def standing(spells, day=DAY):
    return spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good")]


def helped(rng, spells, chosen, odds_ratio):
    """Next ratings of supported homes drawn anew with better odds."""
    own = spells["home"].isin(chosen)
    spells = spells.loc[~own | (spells["start"] <= DAY)].reset_index(drop=True)
    codes = spells["next_rating"].cat.codes.to_numpy().copy()
    for row in np.flatnonzero(spells["home"].isin(chosen) & (spells["end"] > DAY) & (spells["ended"] == "rated")):
        above = 1 - np.cumsum(NEXT_RATING[int(spells["rating"].cat.codes.iloc[row])])[:3]
        odds = odds_ratio * above / (1 - above)
        codes[row] = int((rng.random() < odds / (1 + odds)).sum())
    return spells.assign(next_rating=pd.Categorical.from_codes(codes, spells["rating"].cat.categories, ordered=True))


@pytest.mark.bench
def test_more_supported_homes_give_more_power():
    told, widths = {20: 0, 60: 0}, {20: [], 60: []}
    for run in range(16):
        for supported in told:
            rng = np.random.default_rng([run, supported])
            spells = simulate_spells(rng, 1_200, until=UNTIL, home_sd=0.0)
            chosen = standing(spells)["home"].sample(frac=1, random_state=rng).head(supported).to_numpy()
            found = beside_others(helped(rng, spells, chosen, 2.5), homes_of(range(1_200)), pd.Series(DAY, chosen))
            ratio = overall(found).set_index("term").loc[OBSERVED_EXPECTED]
            told[supported] += ratio["conf_low"] > 1
            widths[supported].append(np.log(ratio["conf_high"] / max(ratio["conf_low"], 0.01)))
    assert told[60] > told[20] + 2
    assert np.median(widths[60]) < 0.75 * np.median(widths[20])


def test_how_far_is_what_the_interval_says():
    sides = set()
    for run in range(draws(25, 12)):
        rng = np.random.default_rng([7, run])
        spells = simulate_spells(rng, 150, until=UNTIL, home_sd=1.2)
        chosen = standing(spells)["home"].head(15).to_numpy()
        spells = helped(rng, spells, chosen, (0.15, 1.0, 6.0)[run % 3])
        found = beside_others(spells, homes_of(range(150)), pd.Series(DAY, chosen))
        answer = overall(found).set_index("term")
        ratio = answer.loc[OBSERVED_EXPECTED]
        _, observed, expected, p = how_far(found)
        assert p == ratio["p_value"]
        assert expected == pytest.approx(observed / ratio["estimate"]) or not observed
        side = int(ratio["conf_low"] > 1) - int(ratio["conf_high"] < 1)
        assert (p < 0.05) == (side != 0)
        sides.add(side)
    assert sides == {-1, 0, 1}


@pytest.fixture(scope="module")
def known():
    rng = np.random.default_rng(5)
    spells = simulate_spells(rng, 240, until=UNTIL, home_sd=0.0)
    said = {
        f"h{home:03}": [(f"{row.start:%Y-%m-%d}", str(row.rating)) for row in part.itertuples()]
        for home, part in spells.groupby("home")
    }
    found = inspections(said)
    found.homes["area_name"] = ["One" if int(home[1:]) % 2 else "Two" for home in found.homes.index]
    return found


@pytest.mark.bench
def test_placebo_programmes_are_of_other_homes_and_as_many(known):
    day = pd.Timestamp("2018-05-15")
    rated = known.frame.loc[known.frame["date"] <= day].groupby("home").tail(1)
    low = rated.loc[rated["rating"] < "Good", "home"]
    started, other = pd.Series(day, index=low.head(8).tolist()), pd.Series(day, index=low.tail(5).tolist())
    found = placebos(known, started, other=other, seed=1)
    again = placebos(known, started, other=other, seed=1)
    pd.testing.assert_frame_equal(found.frame, again.frame)
    assert set(found.frame["area_name"]) == {"One", "Two"}
    assert (found.frame["began"] <= day).all()
    assert found.frame["homes"].max() <= 8
    assert found.frame.groupby(["area_name", "began"]).size().max() == 1
    assert found.as_far >= found.more + found.fewer if found.p_value >= 0.05 else True
    said = words.placebos(found, "the support")
    assert f"In {len(found.frame):,} quarters of 2 councils" in said
    assert f"{found.as_far:,} ({found.as_far / len(found.frame):.0%}) came out at least as far" in said


def test_where_no_council_has_enough_homes_that_is_said():
    few = Placebos(frame=pd.DataFrame(columns=["area_name", "observed", "expected", "p_value"]), p_value=0.5, without=0)
    assert "no programme without effect" in words.placebos(few, "the support")


def test_spells_are_described_once_as_before():
    spells = simulate_spells(np.random.default_rng(1), 30, until=UNTIL)
    assert described(spells, homes_of(range(30)))["row"].tolist() == list(range(len(spells)))
    assert RI == "Requires improvement"


def as_pandas_chooses(free, own, rng):
    """The same lots, table by table."""
    asked = own.homes.loc[own.homes["from_rating"].notna()]
    wanted = asked.groupby(["from_rating", "before"], observed=True).size()
    first, last = free["start"].min() + pd.DateOffset(years=1), asked["started"].median()
    for day in pd.date_range(first, last, freq="QS").astype("datetime64[us]"):
        for area, there in free.loc[(free["start"] <= day) & (free["end"] > day)].groupby("area_name"):
            parts = there.sample(frac=1, random_state=rng).groupby(["from_rating", "before"], observed=True)
            taken = [part["home"].head(wanted.get(kind, 0)) for kind, part in parts]
            if sum(map(len, taken)) >= max(5, len(asked) / 2):
                yield area, day, list(pd.concat(taken))


@pytest.mark.parametrize("seed", range(3))
def test_lots_are_as_pandas_draws_them(seed):
    rng = np.random.default_rng([11, seed])
    spells, homes = simulate_spells(rng, 400, until=UNTIL), homes_of(range(400), ("Two", "One", "Three"))
    every = described(spells, homes)
    started = pd.Series(DAY, standing(spells)["home"].head(12).to_numpy())
    own = beside(every, homes.index, started)
    free = every.loc[~every["home"].isin(started.index)].copy()
    free.loc[free["home"] % 7 == 0, "from_rating"] = np.nan  # of no rating: in no part
    chosen = [(area, day, list(homes)) for area, day, homes in _chosen(free, own, np.random.default_rng(seed))]
    assert chosen == [*as_pandas_chooses(free, own, np.random.default_rng(seed))]
    assert len(chosen) > 10
