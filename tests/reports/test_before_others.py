"""Before a plan about ratings or one area is locked: nothing of what came after the start, and what is told is so."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.checks.spike_before import NAME as SPIKE_BEFORE
from analysis.errors import AnalysisError
from analysis.evaluation import carry_out, material
from analysis.planning.ratings import RatingsStudy, ratings_power, smallest_better
from analysis.protocol import Protocol
from analysis.ratings.support import support_from
from analysis.ratings.supported import below_good
from analysis.reports.before_ratings import RatingsBefore
from analysis.reports.locking import fixed, seen_before, shown_before
from analysis.reports.locks import deviations
from analysis.sources import read
from analysis.store import Store
from tests.reports.test_lock import DELAYS, NOW, OF_AN_AREA, OF_RATINGS

SPIKE = "Was the year before a spike?"
RATED, AREA = (Protocol.read(text) for text in (OF_RATINGS, OF_AN_AREA))


@pytest.fixture(scope="module")
def rated(sample_store):
    return material(sample_store, RATED.outcome)


@pytest.fixture(scope="module")
def councils():
    store = Store.in_memory()
    store.load(read(DELAYS.name, DELAYS))
    return material(store, AREA.outcome)


def told(protocol, given):
    """What is seen and what is locked, as far as they hang on the data."""
    before = seen_before(protocol, given)
    shown = [(made.title, made.sentence, [table.tidy.to_csv() for table in made.tables])
             for made in shown_before(before, protocol)]  # fmt: skip
    return before.until, shown, fixed(protocol, before, given, NOW).seal


def of_other_ratings(given, *, after, by="published"):
    """The same homes with other ratings from the first start on, or before it."""
    frame = given.observed.frame.copy()
    until = pd.Timestamp(seen_before(RATED, given).until)
    change = (frame[by] >= until) == after
    codes = frame["rating"].cat.codes.to_numpy(copy=True)
    codes[change & (codes >= 0)] = 3 - codes[change & (codes >= 0)]
    frame["rating"] = pd.Categorical.from_codes(codes, dtype=frame["rating"].dtype)
    gone = change & (np.arange(len(frame)) % 3 == 0)
    return replace(given, observed=replace(given.observed, frame=frame[~gone].reset_index(drop=True), digest=""))


def of_other_counts(given, *, after):
    panel, start = given.observed.panel, np.datetime64("2021-04", "M")
    counts = panel.counts.copy()
    months = (panel.months >= start) == after
    counts[:, months] = counts[:, months][::-1] + 5
    other = replace(panel, counts=counts, digest="")
    return replace(given, observed=replace(given.observed, panel=other, returns=other))


def test_no_rating_from_the_first_start_on_moves_what_is_seen_before_the_lock(rated):
    was = told(RATED, rated)
    assert was == told(RATED, of_other_ratings(rated, after=True))
    assert was != told(RATED, of_other_ratings(rated, after=False))
    started = support_from(rated.observed, rated.spells, RATED.plan, RATED.outcome).started
    first = started[started == started.min()]  # by such counts the page sorts what can be chosen
    visited = of_other_ratings(rated, after=True, by="date")  # a visit before it is no outcome, whenever it was told
    assert below_good(rated.observed, first) == below_good(visited.observed, first) > 0


def test_no_figure_from_the_start_on_moves_what_is_seen_before_the_lock(councils):
    was = told(AREA, councils)
    assert was == told(AREA, of_other_counts(councils, after=True))
    assert was[1] != told(AREA, of_other_counts(councils, after=False))[1]


def test_how_homes_were_rated_and_how_often_the_others_moved_up_is_counted_as_by_hand(rated):
    before = seen_before(RATED, rated)
    assert isinstance(before, RatingsBefore)
    spells = rated.spells[rated.spells["intervention"] == "manager_training"]
    supported, day = set(spells["location_id"]), pd.Timestamp(before.until)
    assert day == spells["started"].min().to_period("M").to_timestamp()
    histories: dict[str, list] = {}
    frame = rated.observed.frame
    for row in frame[(frame["key_question"] == "Overall") & frame["rating"].notna()].to_dict("records"):
        if row["published"] < day:
            histories.setdefault(row["home"], []).append((row["published"], row["rating"]))
    worst_first = ["Inadequate", "Requires improvement", "Good", "Outstanding"]
    moves = []
    for home, given in histories.items():
        levels = [worst_first.index(rating) for _, rating in sorted(given, key=lambda each: each[0])]
        assert before.standing.loc[home, "rating"] == worst_first[levels[-1]]
        if home not in supported:
            moves += [later > earlier for earlier, later in pairwise(levels) if earlier < 2]
    assert sorted(before.moves.tolist()) == sorted(moves) and len(moves) >= 30
    assert set(before.standing.index) == set(histories)
    own = before.standing[before.standing["supported"]]
    assert set(own.index) == supported & set(histories)


def test_the_share_that_would_be_found_is_found_four_times_in_five():
    study = RatingsStudy(supported=120, base=0.57, per_provider=2.0)
    needed = smallest_better(study)
    assert ratings_power(study, needed) >= 0.8 > ratings_power(study, needed - 0.02)


def test_a_spike_and_a_change_where_nothing_was_done_are_told_of_the_council_that_had_them(councils):
    said = {made.title: made.sentence for made in shown_before(seen_before(AREA, councils), AREA)}
    assert said[SPIKE].endswith("areas: part of a fall from it may be the way back.")
    panel = councils.observed.panel
    own = pd.Series(panel.counts[panel.units.index.get_loc("X000")], pd.PeriodIndex(panel.months.astype(str), freq="M"))
    years = [own[f"{year}-04" : f"{year + 1}-03"] for year in range(2018, 2021)]
    whole = [year.sum() for year in years if len(year) == 12]
    assert f"was {whole[-1] / np.mean(whole[:-1]):.2f} times the average of the years before it" in said[SPIKE]
    alone = replace(AREA, methods=AREA.methods[:1], checks=("spike_before",))
    (doubt,) = carry_out(alone, councils).checks
    assert doubt.name == SPIKE_BEFORE
    assert said[SPIKE] in doubt.reading  # the doubt says the same when what came after is known
    calm = Protocol.read(OF_AN_AREA.replace("X000", "X010"))
    assert (
        "No change would have been announced"
        in {made.title: made.sentence for made in shown_before(seen_before(calm, councils), calm)}[
            "Did they run alike before?"
        ]
    )


def test_a_list_of_homes_that_was_changed_since_the_lock_is_told(rated):
    lock = fixed(RATED, seen_before(RATED, rated), rated, NOW)
    from analysis.reports.locks import who_digest  # noqa: PLC0415 - used here alone

    last = rated.spells[rated.spells["intervention"] == "manager_training"]["started"].idxmax()
    other = rated.spells.drop(index=last)
    same = deviations(lock, RATED, lock.before_sha256, lock.code_sha256, who_digest(rated.spells, RATED))
    (changed,) = deviations(lock, RATED, lock.before_sha256, lock.code_sha256, who_digest(other, RATED))
    assert same == () and changed.startswith("Other homes have the intervention")


def test_too_short_a_past_of_an_area_is_said_in_words(councils):
    short = Protocol.read(OF_AN_AREA.replace("2021-04", "2020-05"))
    with pytest.raises(AnalysisError, match="too little is known of the time before the start"):
        seen_before(short, councils)
