"""Who is inspected has changed: what is compared is of one selection, and what cannot be is left out and said."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from selected import one

from analysis.inspections import breaks, inspections_from, spells_of
from analysis.inspections.regimes import (
    BREAKS,
    KNOWN_TO,
    PERIODS,
    RETURN_TO_GOOD,
    SELECTIONS,
    STARTS,
    beyond_what_is_known,
    looked_good,
    selection,
)
from analysis.ratings.base_rates import transitions
from analysis.ratings.programme import AGAIN, CHOSEN_GOOD, programme
from analysis.sources.schema import RATINGS
from tests.ratings.test_base_rates import tables

INADEQUATE, RI, GOOD, OUTSTANDING = RATINGS
COUNTED = Path(__file__).parents[2] / "bench" / "selected.csv"


def test_the_facts_stand_in_one_table_in_order_and_end_with_what_is_known():
    listed = breaks()
    assert listed["label"].tolist()[-3:] == ["few inspections", "oldest ratings first", "Return to Good"]
    assert listed["first"].is_monotonic_increasing and len(PERIODS) == len(STARTS) + 1
    assert max(b.last for b in BREAKS) < KNOWN_TO
    assert (
        breaks(pd.Timestamp("2026-07-01")).empty
        and len(breaks(pd.Timestamp("2026-02-01"), pd.Timestamp("2026-02-28"))) == 1
    )


def test_selections_are_told_by_the_visit_and_good_homes_by_their_rating_too():
    days = pd.Series(pd.to_datetime(["2019-01-01", "2026-01-01", "2026-05-31", "2026-06-01", None]))
    assert selection(days).tolist() == [SELECTIONS[0], SELECTIONS[1], SELECTIONS[1], SELECTIONS[2], SELECTIONS[0]]
    rating = pd.Series([GOOD, OUTSTANDING, GOOD, GOOD, RI])
    assert looked_good(rating, days).tolist() == [False, False, False, True, False]


def test_a_file_beyond_what_is_known_is_told_so():
    assert beyond_what_is_known(pd.Series(pd.to_datetime([KNOWN_TO]))) == ""
    said = beyond_what_is_known(pd.Series(pd.to_datetime(["2020-01-01", "2027-02-03", "2027-02-04"])))
    assert said.startswith("2 ratings are from visits after 30 November 2026, the first on 3 February 2027")


@pytest.fixture(scope="module")
def homes():
    """Forty homes rated in 2025 and again in 2026, half of each rating before June and half from it on."""
    before, after = "2026-02-01", "2026-07-01"
    rows = {}
    for number in range(20):
        later = after if number % 2 else before
        rows[f"good{number:02d}"] = [("2020-01-10", 30, GOOD), (later, 30, GOOD if number % 4 else RI)]
        rows[f"poor{number:02d}"] = [("2025-01-10", 30, RI), (later, 30, GOOD if number % 4 else RI)]
    return rows


@pytest.fixture(scope="module")
def known(homes):
    return inspections_from(*tables({name: ("Torbay", False, visits) for name, visits in homes.items()}))


def test_base_rates_leave_out_good_homes_that_were_visited_for_looking_good(known):
    found = transitions(known)
    assert found.selected == 10
    kept = found.pairs[found.pairs["from_rating"] == GOOD]
    assert len(kept) == 10 and (kept["to_date"] < RETURN_TO_GOOD).all()
    assert (found.pairs["from_rating"] == RI).sum() == 20


def test_models_of_all_ratings_see_until_the_day_before_and_say_what_is_beyond(known):
    seen = spells_of(known)
    assert seen.until <= RETURN_TO_GOOD and seen.selected == 20
    assert "20 ratings visited from June 2026 on take no part" in seen.leaving


def test_supported_homes_below_good_are_compared_within_their_selection(known):
    started = pd.Series(pd.Timestamp("2025-06-01"), [f"poor{n:02d}" for n in range(6)] + ["good01", "good02"])
    found = programme(known, started)
    became = found.homes.set_index("home")["became"]
    assert became["good01"] == CHOSEN_GOOD and became["good02"] == AGAIN
    of = found.strata.loc[found.strata["from_rating"] == RI]
    assert set(of["selection"]) == set(SELECTIONS[1:]) and (of["others"] == 7).all()


def test_homes_that_hardly_moved_are_answered_in_words_where_no_move_can_be_told():
    moves = [row for row in one("below Good, just before", 139) if row["answer"] == "moves: ratio up"]
    assert moves
    assert all(np.isnan(row["helpful"]) for row in moves if row["how"] == "selections apart")


def test_programmes_without_effect_are_called_helpful_in_at_most_one_in_twenty():
    table = pd.read_csv(COUNTED).dropna(subset=["helpful"])
    apart = table[(table["how"] == "selections apart") & (table["answered"] >= 50)]
    assert len(apart) >= 3
    # three Monte Carlo standard errors of what chance alone gives, 2.5%
    assert (apart["helpful"] <= np.minimum(0.05, 0.025 + 3 * np.sqrt(0.025 * 0.975 / apart["answered"]))).all()
    assert table[table["how"] == "by hand"]["helpful"].max() > 0.10
