"""Doubts about an answer on ratings: where each is true, where it is not, and where it cannot say."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.checks import looked_at_until as looking
from analysis.checks.chosen_by_rating import chosen_by_rating
from analysis.checks.earlier_programmes import earlier_programmes
from analysis.checks.inspected_otherwise import inspected_otherwise
from analysis.checks.left_the_register import left_the_register
from analysis.checks.looked_at_until import looked_at_until
from analysis.checks.one_home_or_provider import one_home_or_provider
from analysis.checks.other_programmes import beside_placebos, other_programmes
from analysis.ratings import again
from analysis.ratings.placebos import COLUMNS, Placebos
from tests.checks.test_ratings_and_areas import rated
from tests.costs import draws
from tests.ratings.test_support import KNOWN

BENCH = Path(__file__).parents[2] / "bench" / "rating_doubts.py"
WORLDS = range(draws(2, 1))
"""Numbers of the counties drawn of each kind."""
EVERY = (
    chosen_by_rating, earlier_programmes, inspected_otherwise, left_the_register, looked_at_until, one_home_or_provider,
    other_programmes,
)  # fmt: skip


@pytest.fixture(scope="module")
def bench():
    given = importlib.util.spec_from_file_location("bench_rating_doubts", BENCH)
    assert given and given.loader
    module = importlib.util.module_from_spec(given)
    sys.modules[given.name] = module
    given.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def few():
    """Four supported homes: too few for most doubts."""
    return rated()


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.__name__)
def test_every_doubt_answers_or_says_why_it_cannot(few, check):
    found = check(few)
    assert found.passed in (True, False, None) and found.reading.endswith(".")
    assert "nan" not in found.reading and len(found.reading) > 40


def test_supported_homes_are_counted_beside_homes_rated_that_day(few):
    rows = again.rated_when_begun(again.rating_spells_of(KNOWN, few.design))
    assert rows.loc[rows["supported"], "home"].tolist() == ["a", "b", "c", "d"]
    assert (~rows["supported"]).sum() == 80
    assert (rows["days"] > 0).all()
    found = chosen_by_rating(few)
    assert found.passed is None and found.table["rated"].tolist() == [4, 80]


def test_without_a_home_all_is_as_if_it_had_never_been(few):
    """Brute force: leaving a home out of what was seen is leaving it out of the file."""
    every = again.rating_spells_of(KNOWN, few.design)
    left = again.compared(again.without(every, pd.Index(["a"])))
    whole = again.compared(every)
    assert (whole.homes, left.homes) == (3, 2)  # of the fourth no other home is like it
    assert whole.observed - left.observed == 1
    assert left.expected < whole.expected


def test_what_is_seen_until_a_day_ends_on_it(few):
    every = again.rating_spells_of(KNOWN, few.design)
    day = pd.Timestamp("2017-06-01")
    cut = again.seen_until(every, day).spells
    assert cut["end"].max() == day and (cut["start"] < day).all()
    assert cut.loc[cut["end"] == day, "next_rating"].isna().all()


@pytest.mark.parametrize("name", ["chosen by rating", "inspected otherwise", "left the register"])
def test_a_doubt_speaks_where_it_is_true_and_not_where_it_is_not(bench, name):
    for world in (world for world in bench.WORLDS if world.doubt == name):
        said = [bench.examine(world, number).passed is False for number in WORLDS]
        assert np.mean(said) == (1 if world.speaks else 0), world


@pytest.mark.parametrize(
    ("as_far", "claim", "passed", "said"),
    [
        (1, 2, True, "not so many separate trials"),
        (3, 3, False, "is enough for such an answer"),
        (0, 8, None, "8 (20%) would claim an effect, where 5% may. The interval of the answer is too narrow here"),
    ],
)
def test_an_answer_that_is_rare_is_no_comfort_where_one_in_five_placebos_claims_an_effect(as_far, claim, passed, said):
    """Of forty: how many came out as far as the programme (p 0.01), and how many would claim an effect (p below 0.05).

    Of homes below Good whose councils share luck, none of 45 came out as far as one programme and 11 claimed an effect;
    it was called no concern.
    """
    p_values = np.array([0.005] * as_far + [0.03] * (claim - as_far) + [0.5] * (40 - claim))
    frame = pd.DataFrame(dict.fromkeys(COLUMNS, 10.0), index=range(40))
    frame = frame.assign(area_name="A", observed=6, expected=3.0, p_value=p_values)
    found = beside_placebos(Placebos(frame=frame, p_value=0.01, without=0))
    assert found.passed is passed
    assert said in found.reading


def test_an_effect_of_the_first_half_year_alone_is_never_called_no_concern(bench):
    """Four of the first twelve such counties were: what was left half a year on stood above none by luck.

    A hundred times the odds for homes rated again within half a year, and none for the others.
    """
    early, all_along = (world for world in bench.WORLDS if world.doubt == "looked at until")
    found = [bench.examine(early, number) for number in WORLDS]
    assert all(check.passed is None for check in found), [check.reading for check in found]
    assert "not shown that it does not matter when one looks" in found[0].reading
    assert bench.examine(all_along, 1).passed is True


def test_what_rests_on_fewer_than_half_as_many_homes_is_named_and_not_told(monkeypatch):
    """Of one council 12 months on one home was left, and its 0.00 stood at a glance."""
    given = replace(again.compared(again.rating_spells_of(rated().observed, rated().design)), homes=11)
    rows = [
        ("1 year after the first start", 11, 4, 2.3, 1.75, 0.2),
        ("from 12 months after each start", 1, 0, 0.1, 0.0, 1),
    ]
    monkeypatch.setattr(looking, "compared", lambda seen: given)
    monkeypatch.setattr(looking, "_rows", lambda seen: iter(rows))
    found = looked_at_until(rated())
    low, high = sorted((given.ratio, 1.75))
    assert found.number == f"{low:.2f} to {high:.2f}"
    assert "half as many homes: from 12 months after each start (1 home)" in found.reading
    assert "0.00" not in found.reading.replace(f"{given.ratio:.2f}", "")
